"""Lists of one-time codes that a clerk can hand out."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from backend.config import Settings
from backend.db import Database
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.models.logins import OneTimeCode
from backend.models.people import Appointment
from tests.cast import COUNTY, TOWN, VILLAGE, Cast, add_appointment, assemble


@pytest.fixture
def cast(environ: dict[str, str], fresh_database: Database) -> Cast:
    """The cast lives here; Li is warden in the village, too."""
    with fresh_database.transaction() as session:
        found = assemble(session, KeyRing.load_or_make(Settings.from_env(environ).keys_file))
        add_appointment(session, found.li, Post.WARDEN, VILLAGE)
    return found


def listed(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return {row["姓名"]: row for row in csv.DictReader(opened)}


def codes_of(database: Database) -> set[bytes]:
    with database.reading() as session:
        return {row.code_index for row in session.query(OneTimeCode)}


def test_a_clerk_finds_everybody_who_never_signed_in_by_place_post_and_segment(hezhang, cast, tmp_path):
    out = tmp_path / "codes.csv"
    assert hezhang("codes", "issue", "--region", COUNTY, "--out", out).exit_code == 0
    slips = listed(out)
    assert {"王村长", "李镇长", "赵区长"} <= set(slips)
    assert "吴区长" not in slips
    assert all(len(slip["激活码"]) == 10 and "****" in slip["手机号"] for slip in slips.values())
    assert all(date.fromisoformat(slip["有效期至"]) > date(2026, 1, 1) for slip in slips.values())

    wang, li = slips["王村长"], slips["李镇长"]
    assert (wang["区划代码"], wang["区划"]) == (VILLAGE, "山东省聊城市东昌府区古楼街道兴华村")
    assert (wang["职务"], wang["责任河段"]) == ("村级河长", "TUHAI-371502-001")
    assert (li["职务"], li["区划代码"]) == ("镇级河长、河管员", f"{TOWN}、{VILLAGE}")
    assert next(iter(slips)) == "赵区长"
    assert out.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.glob(".*")] == []


def test_who_has_left_gets_no_code(hezhang, cast, fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        session.get_one(Appointment, cast.appointments["wang"]).until_day = date(2021, 1, 1)
    assert hezhang("codes", "issue", "--region", VILLAGE, "--out", tmp_path / "codes.csv").exit_code == 0
    assert set(listed(tmp_path / "codes.csv")) == {"何巡河", "李镇长"}


def test_a_list_that_is_there_is_left_alone_unless_asked_and_its_codes_hold(hezhang, cast, fresh_database, tmp_path):
    out = tmp_path / "codes.csv"
    first = hezhang("codes", "issue", "--region", COUNTY, "--out", out)
    before, codes = out.read_bytes(), codes_of(fresh_database)

    refused = hezhang("codes", "issue", "--region", COUNTY, "--out", out, LC_ALL="C.UTF-8")
    assert refused.exit_code == 1
    assert f"{out} is there already" in refused.output
    assert (out.read_bytes(), codes_of(fresh_database)) == (before, codes)

    padded = hezhang("codes", "issue", "--region", COUNTY.ljust(12, "0"), "--out", out, "--replace")
    assert padded.output == first.output
    assert not codes & codes_of(fresh_database)


def test_a_list_that_cannot_be_written_ends_no_code(hezhang, cast, fresh_database, tmp_path):
    hezhang("codes", "issue", "--region", COUNTY, "--out", tmp_path / "codes.csv")
    codes = codes_of(fresh_database)
    refused = hezhang("codes", "issue", "--region", COUNTY, "--out", tmp_path / "nowhere" / "codes.csv")
    assert refused.exit_code == 1
    assert "nowhere" in refused.output
    assert codes_of(fresh_database) == codes


def test_a_region_that_is_unknown_is_refused_by_its_name(hezhang, cast, tmp_path):
    out = tmp_path / "codes.csv"
    refused = hezhang("codes", "issue", "--region", "371599", "--out", out, LC_ALL="C.UTF-8")
    assert (refused.exit_code, "371599" in refused.output) == (1, True)
    assert hezhang("codes", "issue", "--region", "聊城", "--out", out).exit_code == 2
    assert not out.exists()
