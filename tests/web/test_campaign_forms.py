"""Ordering a campaign at a desk: looked at once more with how many must answer, and ordered once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.models.campaigns import Campaign
from tests.api.campaign_cases import six_segments
from tests.cast import COUNTY, OTHER_COUNTY, TOWN
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.web.test_people import hidden

NEW = "/console/campaigns/new"


@pytest.fixture
def said(session, cast, keyring):
    """What a clerk types."""
    six_segments(session, cast, keyring)
    return {
        "name": "汛前大排查",
        "document": "聊河长办〔2025〕6号",
        "text": "逐河段排查",
        "regions": [TOWN],
        "kinds": ["flood", "four_illegal.dump"],
        "deadline": "2025-07-10T18:00",
    }


def test_one_is_ordered_after_a_second_look_and_once(desk_of, cast, session, said):
    desk = desk_of(cast.sun)
    page = desk.get(NEW)
    assert NEW in desk.get("/console/campaigns").text
    said["id"] = hidden(page, "id")
    look = desk.submit(NEW, step="look", **said)
    assert look.status_code == 200, look.text
    for word in ("<b>6</b>", "古楼街道", "防汛隐患、乱堆", "2025-07-10 18:00"):
        assert word in look.text
    assert session.scalars(select(Campaign)).all() == []
    for _ in range(2):
        ordered = desk.submit(NEW, step="order", **said)
        assert ordered.status_code == 303, ordered.text
    (made,) = session.scalars(select(Campaign)).all()
    assert (made.name, made.kinds, f"{made.deadline:%H:%M}") == ("汛前大排查", ["flood", "four_illegal.dump"], "10:00")
    listed = desk.get("/console/campaigns").text
    assert "古楼街道" in listed
    assert f">{TOWN}<" not in listed
    assert "古楼街道" in desk.get(ordered.headers["Location"]).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": " "}, "#f-name"),
        ({"regions": []}, "#f-regions"),
        ({"regions": [OTHER_COUNTY]}, "#f-regions"),
        ({"deadline": ""}, "#f-deadline"),
        ({"deadline": "2025-07-01T00:00"}, "#f-deadline"),
        ({"deadline": "bald"}, "#f-deadline"),
        ({"begins_at": "2029-07-01T00:00"}, "#f-begins_at"),
        ({"level": "moon"}, "#f-level"),
        ({"kinds": ["everything"]}, "#f-kinds"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(desk_of, cast, session, said, change, told):
    desk = desk_of(cast.sun)
    desk.get(NEW)
    for step in ("look", "order"):
        page = desk.submit(NEW, step=step, **(said | change))
        assert page.status_code == 422
        assert told in page.text
        assert 'value="聊河长办〔2025〕6号"' in page.text
    assert session.scalars(select(Campaign)).all() == []


def test_regions_are_opened_one_below_the_other_and_chosen_ones_stay(desk_of, cast, said):
    desk = desk_of(cast.sun)
    desk.get(NEW)
    page = desk.submit(NEW, **(said | {"open": [COUNTY, TOWN]}))
    assert page.status_code == 200
    assert f'value="{TOWN}" checked' in page.text
    assert "兴华村" in page.text


def test_nobody_else_orders_one(desk_of, cast, said):
    for person in (cast.deng, cast.li, cast.wang):
        desk = desk_of(person)
        assert desk.get(NEW).status_code == 403
        assert desk.submit(NEW, step="order", **said).status_code == 403


@pytest.mark.parametrize("text", HARMFUL)
def test_what_was_typed_is_shown_as_text(desk_of, cast, said, text):
    desk = desk_of(cast.sun)
    desk.get(NEW)
    for step in ("look", "", "order"):
        page = desk.submit(NEW, step=step, **(said | {"name": text, "text": text, "document": text}))
        assert is_harmless(page.text)


def test_the_pages_ask_few_questions(desk_of, cast, said):
    desk = desk_of(cast.sun)
    with questions() as asked:
        assert "Order a campaign" in desk.get(NEW, headers={"Accept-Language": "en"}).text
    assert len(asked) <= MOST, "\n".join(asked)
    with questions() as asked:
        desk.submit(NEW, step="look", **said)
    assert len(asked) <= MOST, "\n".join(asked)
