"""A town of six reaches is searched before the season: one answers late, two never, and what was found is fixed."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
from sqlalchemy import select

from backend.models.changes import Record
from tests.api.campaign_cases import DEADLINE, Search, every, found_on, six_segments
from tests.api.hazard_cases import PLACE, Case, photo
from tests.cast import COUNTY, NOON, TOWN


def test_a_town_is_searched_and_silence_shows_as_a_gap(phone_of, cast, clock, session, keyring):
    six_segments(session, cast, keyring)
    search = Search(phone_of, cast.sun)
    assert search.answer.status_code == 201
    assert search.answer.json["totals"]["owed"] == 6

    # Whoever must answer finds it on the phone.
    mine = phone_of(cast.wang).get("/api/v1/campaigns?owing=true").json["items"]
    assert [each["name"] for each in mine] == ["汛前防洪隐患大排查"]
    (task,) = phone_of(cast.wang).get("/api/v1/me").json["tasks"]
    assert (task["type"], task["segment"], task["deadline"]) == (
        "campaign",
        "TUHAI-371502-001",
        "2025-07-07T12:00:00+08:00",
    )
    assert [each["code"] for each in search.seen_by(cast.wang).json["mine"]] == ["TUHAI-371502-001"]

    # Wang finds a heap of rubbish and a clogged drain; Chen and Zhou find nothing, which is an answer.
    clock.now += timedelta(days=1)
    heap = Case(phone_of, cast.wang, location=PLACE)
    drain = found_on(phone_of, cast.he, "TUHAI-371502-001", kind="flood.blocked_drain")
    assert search.reply(cast.wang, "TUHAI-371502-001", heap.id, drain, at=clock.now).status_code == 201
    assert search.reply(cast.chen, "TUHAI-371502-002", at=clock.now).status_code == 201
    assert search.reply(cast.chief003, "TUHAI-371502-103", at=clock.now).status_code == 201
    assert phone_of(cast.wang).get("/api/v1/campaigns?owing=true").json["items"] == []
    assert phone_of(cast.wang).get("/api/v1/me").json["tasks"] == []

    # The heap is cleared before the deadline, the drain is not.
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    heap.act(cast.yang, "report_done", photos=[photo(at=clock.now + timedelta(minutes=5))])
    heap.act(cast.sun, "verify")
    assert heap.act(cast.feng, "close").json["state"] == "closed"

    # Zheng answers a day late, the other two never.
    clock.now = DEADLINE + timedelta(days=1)
    late = search.reply(cast.chief004, "TUHAI-371502-104", at=clock.now)
    assert (late.status_code, late.json["late"], late.json["said_in_time"]) == (201, True, False)

    total = search.total(cast.sun)
    assert {name: total[name] for name in ("owed", "answered", "in_time", "late", "silent", "none_found")} == {
        "owed": 6,
        "answered": 4,
        "in_time": 3,
        "late": 1,
        "silent": 2,
        "none_found": 3,
    }
    assert (total["found"], total["fixed"], total["rate"], total["share"]) == (2, 1, 0.5, 0.6666)
    assert search.seen_by(cast.sun).json["stage"] == "expired"

    # Hazards that others fixed elsewhere never lift the rate: it is of those that were found.
    _every_number_has_its_list(phone_of(cast.sun), search)
    _read_as_a_workbook(search, cast)
    assert "export_ledger" in session.scalars(select(Record.act).where(Record.thing_type == "campaign")).all()

    # Both silent ones are named to the town chief; the office then answers for one, which is counted apart.
    silent = every(phone_of(cast.li), f"{search.path}/segments?status=silent")
    assert [each["chief"] and each["chief"]["name"] for each in silent] == ["冯村长", None]
    clock.now += timedelta(hours=1)
    said = search.reply(cast.sun, "TUHAI-371502-106", at=NOON)
    assert (said.json["on_behalf"], said.json["late"], said.json["said_in_time"]) == (True, True, True)
    assert {name: search.total(cast.li)[name] for name in ("silent", "on_behalf", "late")} == {
        "silent": 1,
        "on_behalf": 1,
        "late": 2,
    }


def _every_number_has_its_list(clerk, search):
    ledger = clerk.get(f"{search.path}/ledger?region={COUNTY}").json
    assert [row["region"] for row in ledger["rows"]] == [TOWN]
    deeper = clerk.get(f"{search.path}/ledger").json
    assert len(deeper["rows"]) == 6
    for row in (*ledger["rows"], ledger["total"], *deeper["rows"], deeper["total"]):
        for name, path in row["links"].items():
            assert len(every(clerk, path)) == row[name], (name, path)
    for name in ledger["total"]["links"]:
        assert sum(row[name] for row in deeper["rows"]) == deeper["total"][name] == ledger["total"][name]


def _read_as_a_workbook(search, cast):
    answer = search.seen_by(cast.sun, "/ledger?format=xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    numbers, silent = book["专项行动台账"], book["未回复河段"]
    headings = [cell.value for cell in numbers[1]]
    last = dict(zip(headings, [cell.value for cell in list(numbers)[-1]], strict=True))
    assert (last["区划"], last["应排查河段"], last["已回复"], last["逾期回复"], last["未回复"]) == ("合计", 6, 4, 1, 2)
    assert (last["发现问题"], last["已销号"], last["销号率"]) == (2, 1, 0.5)
    rows = list(silent.iter_rows(values_only=True))
    assert rows[0] == ("河段", "河段编码", "区划代码", "河长", "电话")
    assert [(row[1], row[3], row[4]) for row in rows[1:]] == [
        ("TUHAI-371502-105", "冯村长", "123****0502"),
        ("TUHAI-371502-106", "（空缺）", None),
    ]
