"""The roster of duty at a desk: several shifts entered at once, shown for some days, and one taken out."""

from __future__ import annotations

import re

from sqlalchemy import select

from backend.models.roster import FloodShift
from tests.cast import COUNTY, OTHER_COUNTY
from tests.counting import MOST, questions

DUTY = "/console/flood/duty"
NEW = f"{DUTY}/new"


def rows_of(page) -> dict[str, list[str]]:
    """What the rows of the form hold."""
    return {name: re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page.text) for name in ("id", "from", "until")}


def shifts(session) -> list[FloodShift]:
    session.expire_all()
    return list(session.scalars(select(FloodShift).order_by(FloodShift.from_at)))


def test_a_week_is_laid_out_and_entered_at_once(desk_of, cast, session):
    desk = desk_of(cast.sun)
    page = desk.get(f"{NEW}?region={COUNTY}&day=2025-07-07&count=3")
    said = rows_of(page)
    assert said["from"] == ["2025-07-07T08:00", "2025-07-08T08:00", "2025-07-09T08:00"]
    assert said["until"][:2] == said["from"][1:]
    assert "孙科员 · 河长办工作人员 · 东昌府区" in page.text
    for _ in range(2):
        kept = desk.submit(f"{NEW}?region={COUNTY}", **said, person=[str(cast.sun), "", str(cast.zhao)])
        assert kept.status_code == 303, kept.text
    assert [each.person_id for each in shifts(session)] == [cast.sun, cast.zhao]
    shown = desk.get(kept.headers["Location"]).text
    assert shown.count("撤销</button>") == 2
    halves = rows_of(desk.get(f"{NEW}?day=2025-07-07&count=2&half=1&at=20:00"))
    assert halves["until"] == ["2025-07-08T08:00", "2025-07-08T20:00"]


def test_what_is_refused_is_told_beside_its_row_and_the_others_are_kept(desk_of, cast, session):
    desk = desk_of(cast.sun)
    said = rows_of(desk.get(f"{NEW}?region={COUNTY}&day=2025-07-07&count=3"))
    said["until"][1] = "2025-07-08T07:00"
    page = desk.submit(f"{NEW}?region={COUNTY}", **said, person=[str(cast.sun), str(cast.zhao), str(cast.wu)])
    assert page.status_code == 422
    for told in ("#f-until-1", "#f-person-2", "结束时间应晚于开始时间"):
        assert told in page.text
    assert f'value="{cast.zhao}" selected' in page.text
    assert len(shifts(session)) == 1
    said["until"][1] = "2025-07-08T20:00"
    again = desk.submit(f"{NEW}?region={COUNTY}", **said, person=[str(cast.sun), str(cast.zhao), ""])
    assert again.status_code == 303
    assert len(shifts(session)) == 2


def test_nothing_chosen_and_nonsense_are_no_accident(desk_of, cast, session):
    desk = desk_of(cast.sun)
    said = rows_of(desk.get(f"{NEW}?region={COUNTY}&day=9999-12-31&count=99&at=xx"))
    assert len(said["id"]) == 31
    assert "#f-person-0" in desk.submit(f"{NEW}?region={COUNTY}", **said, person=[""] * 31).text
    odd = desk.submit(f"{NEW}?region={COUNTY}", **{"id": "x", "from": "y", "until": "", "person": "z"})
    assert odd.status_code == 422
    assert desk.submit(f"{NEW}?region={COUNTY}").status_code == 422
    assert desk.get(f"{NEW}?region={OTHER_COUNTY}").status_code == 404
    assert desk.get(f"{DUTY}?day=0001-01-01&span=31").status_code == 200
    assert desk.get(f"{DUTY}?region=nowhere").status_code == 422
    assert shifts(session) == []


def test_a_shift_is_taken_out_and_only_by_whoever_may(desk_of, cast, session):
    desk = desk_of(cast.sun)
    said = rows_of(desk.get(f"{NEW}?region={COUNTY}&day=2025-07-07&count=1"))
    desk.submit(f"{NEW}?region={COUNTY}", **said, person=[str(cast.sun)])
    (made,) = shifts(session)
    for person in (cast.wang, cast.li):
        other = desk_of(person)
        assert "撤销" not in other.get(f"{DUTY}?region={COUNTY}&day=2025-07-07").text
        assert other.get(NEW).status_code == 403
        assert other.submit(f"{DUTY}/{made.id}/withdraw").status_code == 403
    desk.get(DUTY)
    assert desk.submit(f"{DUTY}/{made.id}/withdraw", next=f"{DUTY}?day=2025-07-07").status_code == 303
    assert "这天没有排班" in desk.get(f"{DUTY}?day=2025-07-07").text
    assert shifts(session)[0].withdrawn_at is not None


def test_the_pages_ask_few_questions_and_speak_english(desk_of, cast):
    desk = desk_of(cast.sun)
    for path, said in ((f"{DUTY}?span=31", "On duty now"), (NEW, "Enter shifts")):
        with questions() as asked:
            page = desk.get(path, headers={"Accept-Language": "en"})
        assert page.status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in page.text
