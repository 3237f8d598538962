"""Notice boards from a survey's file: what a cell leaves empty stays, and what is new on one is noticed."""

from __future__ import annotations

from datetime import date

from shapely import Point
from sqlalchemy import select

from backend.models.segments import NoticeBoard
from backend.services import bank_import, signs
from backend.store import signs as store
from tests.cast import LINE, NOON

TODAY = date(2025, 7, 2)
AT = Point(LINE.coords[0])
SAID = {"code": "B1", "segment": "TUHAI-371502-001"}


def brought(session, **said) -> NoticeBoard:
    assert bank_import.boards(session, [(1, SAID | said, AT)], today=TODAY).flaws == []
    session.expire_all()
    return session.scalars(select(NoticeBoard)).one()


def test_a_board_keeps_its_code_and_what_the_file_does_not_say(session, cast):
    made = brought(session, place="桥头", office_phone="0635-0371502", put_up_on="2025-03-20")
    token = made.token
    assert (made.place, made.put_up_on, made.is_text_newer) == ("桥头", date(2025, 3, 20), False)
    again = brought(session)
    assert (again.token, again.place, again.office_phone) == (token, "桥头", "0635-0371502")
    assert (again.version, brought(session, place="闸口").version) == (1, 2)


def test_a_text_that_is_new_makes_a_printed_board_differ(session, cast):
    brought(session, office_phone="1", put_up_on="2025-03-20")
    assert signs.hang(session, lambda code: False, today=TODAY, now=NOON) == 1
    assert signs.hang(session, lambda code: False, today=TODAY, now=NOON) == 0
    assert brought(session, office_phone="1").is_text_newer is False
    changed = brought(session, office_phone="2")
    assert (changed.is_text_newer, changed.text_on) == (True, TODAY)


def test_what_hangs_from_the_first_day_names_the_chief_of_today(session, cast):
    made = brought(session, put_up_on="2025-03-20")
    signs.hang(session, lambda code: False, today=TODAY, now=NOON)
    (sheet,) = store.prints(session, made.id, 5)
    assert (sheet.printed_on, sheet.content["chiefs"][0]["name"], sheet.said_by) == (date(2025, 3, 20), "王村长", None)


def test_some_boards_stay_bare(session, cast):
    made = brought(session, put_up_on="2025-03-20")
    assert signs.hang(session, lambda code: code == "B1", today=TODAY, now=NOON) == 0
    assert made.printed_on is None
