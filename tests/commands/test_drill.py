"""`hezhang drill`: a night is played beside the house and never in it, and nothing of it is left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from backend.cli import main
from backend.db import Database
from backend.models.flood_warnings import FloodWarning
from backend.models.people import Person
from backend.store import scratch
from backend.words import aloud

WORDS = ["drill", "--people", "30", "--lines", "10", "--minutes", "25", "--silent", "0.2"]


def begun(tmp_path: Path, url: str, *, speed: int) -> subprocess.Popen[str]:
    """A drill of thirty people whose scratch folder lies in one of ours.

    The faster its clock, the sooner a slow machine is late for its logins and its calls.
    """
    (tmp_path / "scratch").mkdir()
    own = {"HEZHANG_DATA": str(tmp_path / "house"), "DATABASE_URL": url, "TMPDIR": str(tmp_path / "scratch")}
    return subprocess.Popen(
        [Path(sys.executable).with_name("hezhang"), *WORDS, "--speed", str(speed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | own | {"LC_ALL": "zh_CN.UTF-8", "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"},
        preexec_fn=_heed_ctrl_c,
    )


def _heed_ctrl_c() -> None:
    """Tests that a shell began in the background would hand on that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_untouched(url: str) -> bool:
    database = Database.connect(url)
    try:
        with database.reading() as session:
            return not any(session.scalar(select(func.count()).select_from(each)) for each in (Person, FloodWarning))
    finally:
        database.close()


@pytest.mark.only_on("postgis")
def test_the_roll_fills_and_the_report_says_what_it_came_to(tmp_path, fresh_url):
    process = begun(tmp_path, fresh_url, speed=10)
    said, _ = process.communicate(timeout=600)
    assert process.returncode == 0, said
    assert "红色预警 YJ2025-0001 已发布。" in said
    looks = re.findall(r"^\d\d:\d\d:\d\d  名单 (\d+)  已呼 (\d+)  接通 (\d+)  应答 (\d+)", said, re.MULTILINE)
    assert looks
    people, called, _, answered = map(int, looks[-1])
    assert people == called == 30
    assert 0 < answered < 30
    total = re.search(r"合计 *│ *30 *│ *30 *│", said)
    assert total, said
    assert "东昌府区" in said
    voice = re.search(r"语音（到每人都呼过一次为止）：(\d+) 次呼叫，同时最多 (\d+)/10 条线路，超出 (\d+) 次", said)
    assert voice, said
    calls, lines, beyond = map(int, voice.groups())
    assert lines <= 10
    assert beyond <= calls / 5, "a slow machine hears late that a line is free, or not"
    assert "短信被运营商接收：一半在" in said
    assert "应答用时：中位" in said
    assert list((tmp_path / "scratch").iterdir()) == []
    assert is_untouched(fresh_url)


@pytest.mark.only_on("sqlite")
def test_ctrl_c_ends_everything_that_was_started(tmp_path, fresh_url):
    process, said = begun(tmp_path, fresh_url, speed=2), ""
    assert process.stdout is not None
    while "已发布" not in said:
        said += (line := process.stdout.readline())
        assert line, f"it ended before the warning was out: {said}"
    house = next((tmp_path / "scratch").iterdir())
    assert len(living_in(house)) >= 5  # providers, web server with its workers, three senders
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=180)
    assert process.returncode == 1
    assert living_in(house) == []
    assert not house.exists()


def living_in(house: Path) -> list[int]:
    """Processes whose settings name that folder."""
    wanted, found = f"HEZHANG_DATA={house}".encode(), []
    for each in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in each.read_bytes().split(b"\0"):
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


def test_there_is_none_in_production(tmp_path):
    own = {"HEZHANG_ENV": "production", "HEZHANG_DATA": str(tmp_path), "LC_ALL": "C.UTF-8"}
    refused = CliRunner().invoke(main, ["drill"], env=own)
    assert refused.exit_code == 1
    assert aloud("drill.production").rstrip(".") in refused.output or "no drill in production" in refused.output


@pytest.mark.only_on("postgis")
def test_nothing_but_a_database_of_a_drill_can_be_thrown_away(fresh_url):
    with pytest.raises(ValueError, match="hezhang_test"):
        scratch.dropped(fresh_url, fresh_url)
    made = scratch.made(fresh_url)
    scratch.dropped(made, fresh_url)
