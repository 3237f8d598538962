"""Lists taken as files: every one of them, what their cells hold, what they are for, and nobody else's rows in them."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import openpyxl
import pytest
from sqlalchemy import select

from backend.domain.alarms import Alarm
from backend.formats import cap_out
from backend.models.changes import Record
from backend.services import alarms
from backend.words import Text, say
from tests.api.flood_cases import declare
from tests.api.signal_cases import SIGNALS, XML, message
from tests.api.test_roster import ROSTER, shift
from tests.api.warning_cases import Night
from tests.cast import COUNTY, LINE, NOON, OTHER_COUNTY, TOWN
from tests.makers import new_id, patrol_body
from tests.web.warning_desks import BASE


def rows_of(answer) -> list[list[object]]:
    """The rows of the first sheet."""
    assert answer.status_code == 200, answer.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet]


def lines_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def records(session, what: str) -> list[Record]:
    session.expire_all()
    return list(session.scalars(select(Record).where(Record.act == "export", Record.thing_id == what)))


@pytest.fixture
def walk(phone_of, cast):
    """A walk of Wang's."""
    made = phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE))
    assert made.status_code == 201


def test_walks_are_taken_with_moments_and_numbers_as_such(desk_of, cast, walk, session):
    desk = desk_of(cast.sun)
    asked = "region=371502001&outcome=valid&from=2025-07-02"
    assert f"/console/patrols/export.xlsx?{asked}".replace("&", "&amp;") in desk.get(f"/console/patrols?{asked}").text
    answer = desk.get(f"/console/patrols/export.xlsx?{asked}")
    heading, row = rows_of(answer)
    told = dict(zip(heading, row, strict=True))
    assert (told["河段"], told["结论"]) == ("徒骇河兴华村段", "算数")
    assert f"{told['什么时候']:%Y-%m-%d %H:%M}" == "2025-07-02 08:00"
    assert isinstance(told["走过（米）"], int)
    about = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[1]
    asked_for = {row[0].value: row[1].value for row in about}
    assert {name: asked_for[name] for name in ("结论", "地区", "行数")} == {
        "结论": "算数",
        "地区": "古楼街道",
        "行数": 1,
    }
    (record,) = records(session, "patrols")
    assert (record.actor_id, record.body["rows"], record.body["asked"]["outcome"]) == (cast.sun, 1, "valid")
    assert len(rows_of(desk.get("/console/patrols/export.xlsx?outcome=invalid"))) == 1
    assert len(rows_of(desk_of(cast.wu).get("/console/patrols/export.xlsx"))) == 1


def test_reaches_are_taken_as_they_are_filtered(desk_of, cast, walk):
    desk = desk_of(cast.sun)
    every = lines_of(desk.get("/console/segments/export.csv?level=village"))
    idle = lines_of(desk.get("/console/segments/export.csv?level=village&idle=7"))
    assert "徒骇河兴华村段" in [line[0] for line in every if line]
    assert "徒骇河兴华村段" not in [line[0] for line in idle if line]
    assert ["未巡时间", "7 天以上没巡"] in idle
    assert "徒骇河兴华村段" not in desk_of(cast.wu).get("/console/segments/export.csv").data.decode("utf-8-sig")


def test_who_has_not_walked_is_a_list_and_a_file(desk_of, cast, walk):
    desk = desk_of(cast.sun)
    page = desk.get(f"/console/duties?region={TOWN}")
    assert "陈村长" in page.text
    assert "/console/duties/export.csv?region=371502001" in page.text
    lines = lines_of(desk.get(f"/console/duties/export.csv?region={TOWN}"))
    chen = dict(zip(lines[0], next(line for line in lines if line and line[0] == "陈村长"), strict=True))
    assert (chen["应巡次数"], chen["已巡次数"], chen["还差次数"], chen["周期结束"]) == ("1", "0", "1", "2025-07-06")
    assert "王村长" not in [line[0] for line in lines if line]
    everybody = lines_of(desk.get(f"/console/duties/export.csv?region={TOWN}&all=1"))
    assert "王村长" in [line[0] for line in everybody if line]
    for day in ("nonsense", "0001-01-01", "9999-12-31"):
        assert desk.get(f"/console/duties?day={day}").status_code == 200, day
    assert desk_of(cast.wang).get("/console/duties").status_code == 404
    assert "陈村长" not in desk_of(cast.wu).get(f"/console/duties/export.csv?region={TOWN}").data.decode("utf-8-sig")


def test_warnings_rolls_and_doors_are_taken(desk_of, night: Night, session):
    deng, red = desk_of(night.cast.deng), night.red(headline="=1+1")
    night.at(11)
    listed = rows_of(deng.get(f"{BASE}/export.xlsx?drill=false"))
    assert (listed[1][1], listed[1][2], listed[1][5]) == ("=1+1", "红色预警", "古楼街道")
    assert isinstance(listed[1][10], datetime)
    roll = f"{BASE}/{red}/people/export.xlsx?state=silent"
    assert (
        f"/console/warnings/{red}/people/export.xlsx?state=silent" in deng.get(f"{BASE}/{red}/people?state=silent").text
    )
    assert "请先写明用途" in deng.get(roll).text
    assert deng.submit(roll, purpose="").status_code == 422
    people = rows_of(deng.submit(roll, purpose="逐个电话联系"))
    wang = dict(zip(people[0], next(row for row in people if row[0] == "王村长"), strict=True))
    assert (wang["超时未应"], wang["电话"]) == ("是", "123****0006")
    assert isinstance(wang["呼叫"], datetime)
    (record,) = records(session, "roll")
    assert (record.body["purpose"], record.body["asked"]) == ("逐个电话联系", {"state": "silent"})
    doors = lines_of(deng.get(f"{BASE}/{red}/doors/export.csv"))
    assert "王村长" in [line[0] for line in doors if line]
    wu = desk_of(night.cast.wu)
    assert len(rows_of(wu.get(f"{BASE}/export.xlsx"))) == 1
    assert wu.get(f"{BASE}/{red}/doors/export.csv").status_code == 404
    wu.get(BASE)
    assert wu.submit(f"{BASE}/{red}/people/export.csv", purpose="看看").status_code == 404


def test_signals_responses_and_shifts_are_taken(desk_of, cast, phone_of):
    deng = phone_of(cast.deng)
    assert deng.post(SIGNALS, data=cap(colour="orange"), headers=XML).status_code == 201
    declare(deng, "III", [COUNTY], reason="上游来水")
    phone_of(cast.sun).put(f"{ROSTER}/{new_id()}", json=shift(cast.zhao))
    desk = desk_of(cast.sun)
    page = desk.get("/console/flood").text
    for noun, said in (("signals", "橙色预警信号"), ("responses", say(Text("response.level.III"), "zh-CN"))):
        assert f"/console/flood/{noun}/export.xlsx" in page
        assert rows_of(desk.get(f"/console/flood/{noun}/export.xlsx"))[1][0] == said
    assert "/console/flood/duty/export.csv?day=2025-07-02" in desk.get("/console/flood/duty?day=2025-07-02").text
    shifts = rows_of(desk.get("/console/flood/duty/export.xlsx?day=2025-07-01&span=7"))
    name, place, begin, until = map(str, shifts[1])
    assert (name, place, begin, until) == ("赵区长", "东昌府区", "2025-07-02 11:00:00", "2025-07-02 23:00:00")
    assert len(rows_of(desk.get("/console/flood/duty/export.xlsx?day=2025-07-04"))) == 1
    assert len(rows_of(desk.get(f"/console/flood/responses/export.xlsx?region={OTHER_COUNTY}"))) == 1


def cap(**changed) -> bytes:
    return cap_out.write(message(**changed))


def test_a_list_of_several_pages_is_taken_whole(desk_of, cast, session):
    for number in range(510):
        alarms.sound(session, Alarm.NOBODY, f"S{number}", now=NOON, region=TOWN, what=f"S{number}")
    desk = desk_of(cast.sun)
    lines = lines_of(desk.get("/console/system/alarms/export.csv"))
    assert len([line for line in lines if line and line[1] == "古楼街道"]) == 510
    assert ["行数", "510"] in lines
    assert records(session, "alarms")[0].body["rows"] == 510
    assert desk_of(cast.wang).get("/console/system/alarms/export.csv").status_code == 403
    assert lines_of(desk.get("/console/deliveries/export.csv"))[0][0] == "收信人"


@pytest.mark.parametrize("path", ["patrols", "segments", "duties", "warnings", "campaigns", "flood/signals"])
def test_nobody_without_a_session_takes_anything_and_there_are_two_forms(desk_of, cast, path):
    assert desk_of(None).get(f"/console/{path}/export.csv").status_code == 302
    assert desk_of(cast.sun).get(f"/console/{path}/export.pdf").status_code == 404


@pytest.mark.parametrize("value", ["{0}", "{x}", "{x.__class__}", "{", "%s"])
def test_a_filter_that_somebody_typed_is_refused_or_said_as_it_is(desk_of, cast, administrator, value):
    clerk, query = desk_of(cast.sun), {"query_string": {"severity": value, "level": value, "outcome": value}}
    for noun in ("hazards", "segments", "patrols"):
        assert clerk.get(f"/console/{noun}/export.csv", **query).status_code == 422
    assert administrator.get("/console/deliveries/export.csv", query_string={"lane": value}).status_code == 422
