"""The people sheet over HTTP: every wrong row is named, nothing is half taken, and nobody gives more than by hand."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from backend.formats import books
from backend.models.changes import Record
from backend.models.people import Appointment, Person
from backend.services.people_import import HEADINGS
from tests.cast import COUNTY, NEXT_VILLAGE, VILLAGE

IMPORT = "/api/v1/people/import"
NEW = "赵新村,12300009001,村级河长,371502001002,,,2025-07-01,,"


def csv(*rows: str) -> bytes:
    return "\n".join([",".join(HEADINGS), *rows]).encode("utf-8-sig")


@pytest.fixture
def bring(phone_of, cast):
    """Bring these rows as somebody; taken for good unless it is only a check."""

    def brings(raw: bytes, who: str = "jin", kind: str = "text/csv", **asked):
        query = {"dry_run": "false"} | asked
        return phone_of(cast.people[who]).post(IMPORT, data=raw, content_type=kind, query_string=query)

    return brings


def people(session) -> int:
    return session.scalar(select(func.count()).select_from(Person))


def test_a_check_says_what_would_come_of_it_and_writes_nothing(bring, session):
    before = people(session)
    said = bring(csv(NEW), dry_run="true").json
    assert said == {
        "applied": False,
        "rows": 1,
        "flaws": [],
        "said": {"new_people": 1, "known_people": 0, "new_posts": 1, "ended_posts": 0},
    }
    assert people(session) == before
    assert session.scalars(select(Record).where(Record.act == "import_people")).all() == []


def test_a_sheet_is_taken_whole_and_who_brought_it_is_on_record(bring, session, cast):
    assert bring(csv(NEW)).json["applied"] is True
    new = session.scalars(select(Person).where(Person.name == "赵新村")).one()
    assert session.scalars(select(Appointment.region_code).where(Appointment.person_id == new.id)).all() == [
        NEXT_VILLAGE
    ]
    record = session.scalars(select(Record).where(Record.act == "import_people")).one()
    assert (record.actor_id, record.body["new_people"]) == (cast.jin, 1)
    again = bring(csv(NEW.replace("2025-07-01,,", "2025-07-01,2025-07-03,"))).json["said"]
    assert again == {"new_people": 0, "known_people": 1, "new_posts": 0, "ended_posts": 1}


def test_of_six_thousand_rows_each_of_the_forty_wrong_ones_is_named_and_nothing_is_taken(bring, session):
    wrong = set(range(100, 6_000, 150))
    rows = [
        f"第{row}人,123{10_000 + row:08},村级河长,{'371502999' if row in wrong else VILLAGE},,,2025-07-01,,"
        for row in range(2, 6_002)
    ]
    before = people(session)
    said = bring(csv(*rows)).json
    assert said["applied"] is False
    assert said["rows"] == 6_000
    assert {flaw["row"] for flaw in said["flaws"]} == wrong
    assert len(wrong) == 40
    assert all(flaw["column"] == "区划代码" and "371502999" in flaw["why"] for flaw in said["flaws"])
    assert people(session) == before


def test_an_xlsx_is_read_as_well(bring):
    book = openpyxl.Workbook()
    for number, row in enumerate((HEADINGS, NEW.split(",")), start=1):
        for column, cell in enumerate(row, start=1):
            book.worksheets[0].cell(number, column, cell)
    packed = io.BytesIO()
    book.save(packed)
    assert bring(packed.getvalue(), kind=books.MEDIA_TYPE).json["rows"] == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("外县人,12300009002,村级河长,371503001001,,,2025-07-01,,", "区划代码"),
        ("新县长,12300009003,县级河长,371502,,,2025-07-01,,", "职务"),
        ("孙科员,12300000009,村级河长,371502001001,,,2025-07-01,,", "手机号"),
        ("金管理,12300000001,村级河长,371502001001,,,2025-07-01,,", "手机号"),
        ("甲,12300000015,村级河长,371502001001,,,2025-07-01,,", "手机号"),
    ],
)
def test_nobody_gives_by_a_sheet_what_they_could_not_give_by_hand(bring, session, row, column):
    said = bring(csv(row), "sun").json
    assert said["applied"] is False
    assert [flaw["column"] for flaw in said["flaws"]] == [column]
    assert "吴区长" not in str(said)  # whose number it is elsewhere is not told


def test_an_office_takes_a_sheet_of_its_own_county(bring, session):
    assert bring(csv(NEW), "sun").json["applied"] is True
    assert session.scalars(select(Appointment).where(Appointment.region_code == COUNTY)).all()


def test_a_known_number_under_another_name_is_refused_until_new_names_are_allowed(bring, session, cast):
    row = "王建国,12300000006,村级河长,371502001001,,TUHAI-371502-001,2020-01-01,,"
    (flaw,) = bring(csv(row)).json["flaws"]
    assert (flaw["column"], "王村长" in flaw["why"]) == ("姓名", True)
    assert bring(csv(row), rename="true").json["applied"] is True
    session.expire_all()
    assert session.get_one(Person, cast.wang).name == "王建国"


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"\x00\x01", books.MEDIA_TYPE, 422),
        (b"\x00\x01", "text/csv", 422),
        (csv(), "text/csv", 422),
        (b"", "text/csv", 422),
        (b"{}", "application/json", 415),
        (b"x" * (8 * 1024 * 1024 + 1), "text/csv", 413),
    ],
)
def test_what_is_no_sheet_is_refused(bring, raw, kind, status):
    assert bring(raw, kind=kind).status_code == status


def test_a_chief_brings_no_sheet(bring):
    assert bring(csv(NEW), "zhao").status_code == 403
