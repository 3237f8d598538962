"""The people sheet in a browser: looked at row by row, and taken only as it was looked at."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from sqlalchemy import func, select

from backend.domain.terms import Post
from backend.models.people import Person
from backend.services.people_import import ALSO_CALLED, HEADINGS, POSTS
from backend.words import say
from tests.api.test_people_import import NEW, csv
from tests.cast import VILLAGE
from tests.counting import HARMFUL, is_harmless
from tests.web.test_people import PEOPLE, hidden

IMPORT = f"{PEOPLE}/import"


@pytest.fixture
def desk(proven, cast):
    """The office's desk with the form open."""
    here = proven(cast.sun)
    here.get(IMPORT)
    return here


def brought(desk, raw: bytes, name: str = "人员.csv"):
    return desk.submit(IMPORT, sheet=(io.BytesIO(raw), name))


def people(session) -> int:
    return session.scalar(select(func.count()).select_from(Person))


def test_a_sheet_is_looked_at_and_then_taken(desk, session):
    before = people(session)
    page = brought(desk, csv(NEW))
    assert "还没有写入" in page.text
    assert people(session) == before
    packed = hidden(page, "packed")
    done = desk.submit(f"{IMPORT}/apply", packed=packed, name="人员.csv")
    assert "导入完成：1 行" in done.text
    assert people(session) == before + 1


def test_every_one_of_forty_wrong_rows_is_named_and_nothing_can_be_taken(desk, session):
    wrong = range(100, 6_000, 150)
    rows = [
        f"第{row}人,123{10_000 + row:08},村级河长,{'371502999' if row in wrong else VILLAGE},,,2025-07-01,,"
        for row in range(2, 6_002)
    ]
    before = people(session)
    page = brought(desk, csv(*rows))
    assert page.status_code == 422
    assert re.findall(r'<td class="num">(\d+)</td>', page.text) == [str(row) for row in wrong]
    assert 'name="packed"' not in page.text
    assert people(session) == before


def test_six_thousand_right_rows_come_back_with_the_form_and_are_taken(desk, session):
    before = people(session)
    rows = [f"第{row}人,123{10_000 + row:08},村级河长,{VILLAGE},,,2025-07-01,," for row in range(6_000)]
    page = brought(desk, csv(*rows))
    packed = hidden(page, "packed")
    assert len(page.data) < 300_000
    assert "导入完成" in desk.submit(f"{IMPORT}/apply", packed=packed, name="人员.csv").text
    assert people(session) == before + 6_000


@pytest.mark.parametrize("packed", ["", "x", "eJw=", "eJwDAAAAAAE="])
def test_what_was_not_looked_at_is_not_taken(desk, packed):
    assert desk.submit(f"{IMPORT}/apply", packed=packed, name="a.csv").status_code == 422


def test_the_empty_sheet_to_fill_in_has_the_headings_and_the_posts(desk):
    assert "template.xlsx" in desk.get(IMPORT).text
    empty = desk.get(f"{IMPORT}/template.xlsx")
    assert empty.status_code == 200
    headings, example, *_ = openpyxl.load_workbook(io.BytesIO(empty.data)).worksheets[0].iter_rows(values_only=True)
    assert list(headings) == HEADINGS
    assert str(example[2]) in POSTS


def test_a_post_may_be_written_as_the_console_says_it():
    known = POSTS | ALSO_CALLED
    assert {post: known[say(f"post.{post}", "zh-CN")] for post in Post} == {post: post for post in Post}


@pytest.mark.parametrize(("raw", "name"), [(b"\x00", "a.csv"), (b"PK", "a.xlsx"), (csv(), "a.csv"), (b"", "")])
def test_what_is_no_sheet_is_told_at_its_field(desk, raw, name):
    page = brought(desk, raw, name)
    assert page.status_code == 422
    assert 'href="#f-sheet"' in page.text


@pytest.mark.parametrize("text", HARMFUL)
def test_what_stands_in_a_cell_or_a_name_is_text(desk, text):
    row = NEW.replace("371502001002", text.replace('"', '""') if '"' not in text else "x")
    assert is_harmless(brought(desk, csv(row), f"{text}.csv").text)


def test_the_password_comes_first_and_chiefs_do_not_come_in(desk_of, desk, cast, clock):
    assert desk_of(cast.zhao).get(IMPORT).status_code == 403
    clock.now = clock.now.replace(minute=20)
    assert desk.get(IMPORT).headers["Location"] == f"/console/prove?next={IMPORT}"
