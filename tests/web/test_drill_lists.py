"""Drill lists at a desk: made, people asked, papers entered, and the monthly roll-call."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.models.flood_warnings import DrillList, DrillMember
from tests.cast import COUNTY, OTHER_COUNTY, TOWN
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.makers import new_id
from tests.web.test_people import hidden

DRILLS = "/console/warnings/drills"


@pytest.fixture
def made(desk_of, cast):
    """A desk of the clerk's, and the address of a list that was made there."""
    desk = desk_of(cast.sun)
    said = {"id": hidden(desk.get(DRILLS), "id"), "name": "古楼街道演练", "region": TOWN, "day": "5", "hour": "9"}
    for _ in range(2):
        kept = desk.submit(DRILLS, **said)
        assert kept.status_code == 303, kept.text
    return desk, kept.headers["Location"].partition("?")[0]


def test_a_list_is_made_once_and_shown_with_the_name_of_its_region(made, session):
    desk, address = made
    page = desk.get(DRILLS).text
    for word in ("古楼街道演练", "<td>古楼街道</td>", "每月 5 日 9:00", "0/0", address):
        assert word in page
    (row,) = session.scalars(select(DrillList)).all()
    assert (row.region_code, row.monthly_day, row.monthly_hour) == (TOWN, 5, 9)


def test_people_are_looked_for_asked_and_their_papers_entered(made, cast, session):
    desk, address = made
    page = desk.get(f"{address}?post=village_chief")
    assert f'name="people" value="{cast.wang}" checked' in page.text
    assert "赵区长" not in page.text
    assert "#f-people" in desk.submit(f"{address}/ask").text
    for _ in range(2):
        assert desk.submit(f"{address}/ask", people=[str(cast.wang), str(cast.chen)]).status_code == 303
    assert "还没回复" in desk.get(address).text
    paper = f"{address}/people/{cast.wang}"
    refused = desk.submit(paper, agree="1", note=" ")
    assert (refused.status_code, "#f-note" in refused.text) == (422, True)
    assert desk.submit(paper, agree="1", note="镇档案第12号").status_code == 303
    page = desk.get(address).text
    assert "镇档案第12号" in page
    assert "<b>1</b>" in page
    taken = desk.get(f"{address}/export.csv").data.decode("utf-8-sig")
    assert "王村长,同意参加" in taken
    desk.get(address)
    assert desk.submit(paper, agree="0", note="本人来电").status_code == 303
    assert session.scalar(select(DrillMember.left_at).where(DrillMember.person_id == cast.wang)) is not None
    far = desk.submit(f"{address}/ask", people=[str(cast.wu)])
    assert far.status_code == 422
    assert "#f-people" in far.text


def test_the_monthly_roll_call_is_set_and_taken_back(made, session):
    desk, address = made
    assert desk.submit(f"{address}/monthly", day="7", hour="10").status_code == 303
    assert (session.scalars(select(DrillList)).one()).monthly_day == 7
    for said in ({"day": "30", "hour": "10"}, {"day": "x", "hour": "10"}, {"day": "3", "hour": "3"}):
        page = desk.submit(f"{address}/monthly", **said)
        assert page.status_code == 422
        assert "#f-monthly" in page.text
    assert desk.submit(f"{address}/monthly", day="", hour="10").status_code == 303
    session.expire_all()
    assert session.scalars(select(DrillList)).one().monthly_day is None


def test_another_county_and_another_post_get_nothing(made, desk_of, cast):
    _, address = made
    assert desk_of(cast.li).get(DRILLS).status_code == 403
    assert desk_of(cast.wu).get(DRILLS).status_code == 403
    assert desk_of(cast.deng).get(address).status_code == 200
    desk = desk_of(cast.sun)
    desk.get(DRILLS)
    assert desk.get(f"{DRILLS}/{new_id()}").status_code == 404
    refused = desk.submit(DRILLS, id=str(new_id()), name="x", region=OTHER_COUNTY)
    assert (refused.status_code, "#f-region" in refused.text) == (422, True)
    assert desk.submit(DRILLS, id=str(new_id()), name="", region=COUNTY).status_code == 422


@pytest.mark.parametrize("text", HARMFUL)
def test_names_are_text_and_the_pages_ask_few_questions(desk_of, cast, text):
    desk = desk_of(cast.sun)
    desk.get(DRILLS)
    kept = desk.submit(DRILLS, id=str(new_id()), name=text, region=TOWN)
    address = kept.headers["Location"].partition("?")[0]
    desk.submit(f"{address}/ask", people=[str(cast.wang)])
    for path, said in ((DRILLS, "Drill lists"), (f"{address}?post=village_chief", "Ask more people")):
        with questions() as asked:
            page = desk.get(path, headers={"Accept-Language": "en"})
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in page.text
        assert is_harmless(page.text)


@pytest.mark.parametrize("day", ["9" * 20, "-1", "初五", "0"])
def test_a_day_that_no_month_has_is_told_in_the_form(made, day):
    desk, address = made
    assert desk.submit(DRILLS, id=str(new_id()), name="柳园街道演练", region=TOWN, day=day, hour="9").status_code == 422
    assert desk.submit(f"{address}/monthly", day=day, hour="9").status_code == 422
