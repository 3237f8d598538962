"""What the commands about look-backs draw and say."""

from __future__ import annotations

from sqlalchemy import update

from backend.clock import utcnow
from backend.keyring import KeyRing
from backend.models.lookbacks import Lookback
from tests.cast import COUNTY, assemble


def test_a_look_back_is_drawn_and_drawn_again_from_what_is_on_record(hezhang, fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
    made = hezhang("lookbacks", "draw", "--region", COUNTY, "--seed", "一", LC_ALL="zh_CN.UTF-8")
    assert made.exit_code == 0, made.output
    assert made.output.endswith("：0 个已销号的问题，抽中 0 个，其中重大以上 0 个、群众不满意 0 个。\n")
    key = made.output.partition("：")[0]
    assert "完全一致" in hezhang("lookbacks", "redo", key, LC_ALL="zh_CN.UTF-8").output
    with fresh_database.transaction() as session:
        session.execute(update(Lookback).values(candidates_sha256=b"x"))
    differing = hezhang("lookbacks", "redo", key, LC_ALL="zh_CN.UTF-8")
    assert (differing.exit_code, "不一致" in differing.output) == (1, True)


def test_what_cannot_be_drawn_is_said(hezhang, fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
    tomorrow = f"{utcnow().year + 1}-01-01"
    for words, said in (
        (("draw", "--region", "99"), "There is no region 99."),
        (("draw", "--region", COUNTY, "--to", tomorrow), "The last day must not be later than today."),
        (("redo", "00000000-0000-4000-8000-000000000009"), "There is no look-back"),
    ):
        answer = hezhang("lookbacks", *words)
        assert (answer.exit_code, said in answer.output) == (2, True), answer.output
