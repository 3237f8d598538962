"""Handovers at a desk: what goes over is shown first, then made, and stands on record."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import update

from backend.domain.terms import Post
from backend.models.people import Person
from tests.api.hazard_cases import Case
from tests.cast import VILLAGE, add_appointment, add_person
from tests.counting import PAYLOAD

WANGS, TODAY = "TUHAI-371502-001", "2025-07-02"


@pytest.fixture
def next_one(session, keyring, cast):
    person = add_person(session, keyring, "next", "新村长", 700)
    add_appointment(session, person, Post.VILLAGE_CHIEF, VILLAGE)
    return person


@pytest.fixture
def path(cast):
    return f"/console/people/{cast.wang}/handover"


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return unescape(found[1])


def looked(desk, path: str, taker) -> dict[str, str]:
    """The fields of the form under what goes over."""
    page = desk.get(f"{path}?taker={taker}&from={TODAY}&segments={WANGS}")
    assert page.status_code == 200, page.text
    fields = {name: hidden(page.text, name) for name in ("id", "taker", "from", "seen")}
    return fields | {"segments": WANGS, "reason": "换届接任"}


def test_one_looks_for_a_successor_then_sees_what_goes_over(desk_of, cast, path, next_one, phone_of):
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING", person=str(cast.wang))
    desk = desk_of(cast.sun)
    assert "徒骇河兴华村段" in desk.get(path).text
    assert "新村长" in desk.get(f"{path}?q=新&segments={WANGS}").text
    text = desk.get(f"{path}?q=新&taker={next_one}&from={TODAY}&segments={WANGS}").text
    for word in ("村级河长", "待整改的问题 1 个", f"/console/hazards/{case.id}", "名下不再有河段"):
        assert word in text


def test_it_is_made_as_it_was_seen_and_stands_on_record(desk_of, cast, path, next_one, phone_of):
    desk = desk_of(cast.sun)
    fields = looked(desk, path, next_one)
    done = desk.submit(path, **fields)
    assert (done.status_code, done.headers["Location"]) == (303, f"{path}?kept=console.did.handed_over")
    assert "没有可以交出的河段" in desk.get(path).text
    text = desk.get(f"{path}s").text
    for word in ("换届接任", "新村长", "孙科员", "徒骇河兴华村段"):
        assert word in text
    held = desk.get(f"/console/segments/{WANGS}/held").text
    for word in ("由王村长交接，孙科员办理", "换届接任", "新村长", "何巡河", f"2020-01-01 至 {TODAY}"):
        assert word in held


def test_what_has_changed_meanwhile_is_shown_anew_and_the_reason_kept(desk_of, cast, path, next_one, phone_of):
    desk = desk_of(cast.sun)
    fields = looked(desk, path, next_one)
    Case(phone_of, cast.wang)
    page = desk.submit(path, **fields)
    assert page.status_code == 412
    assert 'value="换届接任"' in page.text
    again = fields | {"seen": hidden(page.text, "seen")}
    assert desk.submit(path, **again).status_code == 303


def test_a_form_that_fails_says_why_beside_its_field(desk_of, cast, path, next_one):
    desk = desk_of(cast.sun)
    for query, words in [
        (f"taker={cast.chen}&segments={WANGS}", "没有能负责"),
        (f"taker={next_one}", "请至少选一个河段"),
        (f"taker={next_one}&segments={WANGS}&from=2020-01-01", "生效日期"),
        (f"taker=nonsense&segments={WANGS}", ""),
        (f"taker={next_one}&segments={WANGS}&from=x", ""),
    ]:
        page = desk.get(f"{path}?{query}")
        assert page.status_code == 422, query
        assert 'class="summary"' in page.text
        assert words in page.text
    fields = looked(desk, path, next_one) | {"reason": ""}
    page = desk.submit(path, **fields)
    assert (page.status_code, 'id="e-reason"' in page.text) == (422, True)


def test_another_county_and_other_posts_hand_nothing_over(desk_of, cast, path, next_one):
    for person in ("li", "feng", "wu"):
        assert desk_of(cast.people[person]).get(path).status_code == 403
    assert desk_of(cast.sun).get(f"/console/people/{cast.wu}/handover").status_code == 404


def test_what_people_typed_is_shown_as_typed_and_english_is_spoken(desk_of, cast, session, path, next_one):
    desk = desk_of(cast.sun)
    desk.submit(path, **(looked(desk, path, next_one) | {"reason": PAYLOAD}))
    session.execute(update(Person).where(Person.id == next_one).values(name=PAYLOAD))
    for page in (f"{path}s", f"/console/people/{next_one}/handover?q=%3Cimg", f"/console/segments/{WANGS}/held"):
        text = desk.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    desk.submit("/console/language", language="en")
    assert "Record of handovers" in desk.get(f"{path}s").text


def test_no_page_of_a_handover_asks_more_than_twelve_times(desk_of, cast, path, next_one, questions):
    desk = desk_of(cast.sun)
    for query in ("", f"?q=新&taker={next_one}&from={TODAY}&segments={WANGS}"):
        questions.clear()
        assert desk.get(path + query).status_code == 200
        assert len(questions) <= 12, (query, len(questions))
    for other in (f"/console/segments/{WANGS}/held", f"{path}s"):
        questions.clear()
        assert desk.get(other).status_code == 200
        assert len(questions) <= 12, other
