"""Commands speak the language of the terminal, whatever they have to say."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.commands import run, seed
from backend.words import LANGUAGES, catalogue

CHINESE = {"LC_ALL": "zh_CN.UTF-8"}


def test_what_a_command_did_is_said_in_the_language_of_the_terminal(hezhang, tmp_path):
    assert "The schema is at " in hezhang("db", "upgrade").output
    assert "数据库结构现在是 " in hezhang("db", "upgrade", **CHINESE).output
    assert "数据库结构是最新的" in hezhang("db", "check", **CHINESE).output
    assert "没有密钥文件" in hezhang("keys", "rotate", **CHINESE).output
    assert "0 judged" in hezhang("rejudge", "--since", "2025-01-01").output
    assert "重新判定 0 次巡河" in hezhang("rejudge", "--since", "2025-01-01", **CHINESE).output


@pytest.mark.only_on("sqlite")
def test_a_setting_and_a_file_out_of_reach_are_told_in_the_language_of_the_terminal(hezhang, tmp_path):
    assert hezhang("db", "check", PORT="x", **CHINESE).output == "错误：PORT='x' 不对，应为 1 到 65535 的整数\n"
    out = tmp_path / "none" / "people.xlsx"
    assert hezhang("template", "people", out, **CHINESE).output == f"错误：{out}: 没有这个文件或目录\n"
    assert hezhang("template", "people", out).output == f"Error: {out}: there is no such file or folder\n"


def test_a_report_is_in_the_language_of_the_terminal_unless_another_is_asked_for(hezhang, tmp_path):
    (tmp_path / "one.csv").write_text("code,name\nTUHAI,徒骇河\n", "utf-8")
    assert "导入完成：1 行" in hezhang("import", "rivers", tmp_path / "one.csv", **CHINESE).output
    assert "Imported 1 rows" in hezhang("import", "rivers", tmp_path / "one.csv").output
    assert "Imported 1 rows" in hezhang("import", "rivers", tmp_path / "one.csv", "--lang", "en", **CHINESE).output


@pytest.mark.only_on("sqlite")
def test_an_administrator_is_asked_for_in_the_language_of_the_terminal(environ):
    answers = "金主任\n12377778888\n3715\nqing-he-lin-jin-5\nqing-he-lin-jin-5\n"
    for more, questions in (
        (CHINESE, ("姓名: ", "手机号: ", "再输一遍密码: ")),
        ({}, ("Name: ", "Password once more: ")),
    ):
        asked = CliRunner().invoke(main, ["admin", "create"], input=answers, env=environ | more)
        assert [each for each in questions if each not in asked.output] == [], asked.output


@pytest.mark.only_on("sqlite")
def test_rows_that_a_downgrade_would_lose_are_asked_about_in_the_language_of_the_terminal(hezhang):
    asked = hezhang("db", "downgrade", "base", **CHINESE)
    assert (asked.exit_code, "继续吗？" in asked.output) == (1, True)
    assert "The schema is current." in hezhang("db", "check").output


def test_every_post_of_the_banner_has_a_name_in_both_languages():
    for language in LANGUAGES:
        for account in run._three(seed.demo_accounts()):
            assert f"run.post.{account['post']}" in catalogue(language)


def test_the_line_to_try_goes_around_a_proxy_only_where_there_is_one(monkeypatch):
    account = {"phone": "12340000109", "password": "secret"}
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "--noproxy" not in run.try_it("http://127.0.0.1:8000", account, Path("walk.json"))
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert run.try_it("http://127.0.0.1:8000", account, Path("walk.json")).count("curl -s --noproxy '*' ") == 2
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert "--noproxy" not in run.try_it("http://127.0.0.1:8000", account, Path("walk.json"))
