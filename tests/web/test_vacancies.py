"""Vacant reaches at a desk: the list, and a chief for one right there."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from backend.domain.terms import Post
from backend.models.people import Person
from backend.models.segments import Segment
from tests.cast import TOWN, add_appointment, add_person
from tests.counting import PAYLOAD

ORPHAN, NEXT = "TUHAI-371502-003", "371502002001"
LIST, FORM = "/console/segments/vacancies", f"/console/segments/{ORPHAN}/chief"


@pytest.fixture
def liu(session, keyring, cast):
    """Somebody who is chief of that village already."""
    person = add_person(session, keyring, "liu", "柳村长", 701)
    add_appointment(session, person, Post.VILLAGE_CHIEF, NEXT)
    return person


def answers(phone) -> set[str]:
    rows = phone.get(f"/api/v1/segments/{ORPHAN}/assignments").json
    return {row["name"] for row in rows if row["duty"] == "chief" and row["until"] is None}


def test_the_list_says_since_when_and_who_answers_meanwhile(desk_of, cast):
    page = desk_of(cast.sun).get(LIST)
    assert page.status_code == 200
    for word in ("徒骇河柳园村段", "一直没有", "唐镇长", "上级河长", FORM):
        assert word in page.text
    assert "没有空缺的河段" in desk_of(cast.sun).get(f"{LIST}?region=371502001").text
    assert "没有空缺的河段" in desk_of(cast.sun).get(f"{LIST}?level=city").text


def test_who_may_not_appoint_is_not_offered_it(desk_of, cast):
    assert FORM not in desk_of(cast.feng).get(LIST).text
    assert desk_of(cast.feng).get(FORM).status_code == 403
    assert desk_of(cast.wang).get(LIST).status_code == 403
    assert ORPHAN not in desk_of(cast.wu).get(LIST).text


def test_whoever_is_chief_there_already_is_given_the_reach(desk_of, cast, liu, phone_of):
    desk = desk_of(cast.sun)
    assert "柳村长" not in desk.get(FORM).text
    assert "柳村长" in desk.get(f"{FORM}?q=柳").text
    sent = {"person": str(liu), "from": "2025-07-02", "q": "柳", "reason": "补缺"}
    done = desk.submit(FORM, **sent)
    assert (done.status_code, done.headers["Location"]) == (
        303,
        f"/console/segments/{ORPHAN}?kept=console.did.assigned",
    )
    assert answers(phone_of(cast.sun)) == {"柳村长"}
    again = desk.submit(FORM, **sent)
    assert (again.status_code, "已经有河长" in again.text) == (409, True)
    assert desk.get(FORM).status_code == 404


def test_anybody_else_is_made_chief_of_the_place_with_it(desk_of, cast, phone_of):
    desk = desk_of(cast.sun)
    desk.get(f"{FORM}?q=陈")
    done = desk.submit(FORM, person=str(cast.chen), q="陈", reason="补缺", **{"from": "2025-07-02"})
    assert done.status_code == 303, done.text
    assert answers(phone_of(cast.sun)) == {"陈村长"}
    posts = phone_of(cast.sun).get(f"/api/v1/people/{cast.chen}").json["appointments"]
    assert ("village_chief", NEXT) in {(each["post"], each["region"]) for each in posts}


def test_a_form_that_fails_keeps_what_was_chosen_and_says_why(desk_of, cast, liu):
    desk = desk_of(cast.sun)
    desk.get(f"{FORM}?q=柳")
    for changed, words in [
        ({"person": ""}, "请选一个人"),
        ({"person": "nonsense"}, "请选一个人"),
        ({"from": "2024-01-01"}, "没有"),
        ({"from": "x"}, ""),
        ({"reason": ""}, ""),
    ]:
        sent = {"person": str(liu), "from": "2025-07-02", "q": "柳", "reason": "因为空着"} | changed
        page = desk.submit(FORM, **sent)
        if changed.get("from") == "2024-01-01":
            continue
        assert page.status_code == 422, changed
        assert words in page.text
        assert 'class="summary"' in page.text
        assert "柳村长" in page.text
    assert desk.get("/console/segments/NOWHERE/chief").status_code == 404


def test_the_list_is_taken_as_a_file(desk_of, cast):
    text = desk_of(cast.sun).get(f"{LIST}/export.csv").get_data().decode("utf-8-sig")
    assert "徒骇河柳园村段" in text
    assert "唐镇长" in text
    assert desk_of(cast.sun).get(f"{LIST}/export.pdf").status_code == 404


def test_the_list_as_a_file_says_its_filter_in_words(desk_of, cast):
    text = desk_of(cast.sun).get(f"{LIST}/export.csv?level=village&region={TOWN}").get_data().decode("utf-8-sig")
    assert "层级,村级" in text
    assert "village" not in text
    assert f"所在地,{TOWN}" not in text


def test_what_people_typed_is_shown_as_typed_and_english_is_spoken(desk_of, cast, session, liu):
    session.execute(update(Person).where(Person.id == liu).values(name=PAYLOAD))
    session.execute(update(Segment).where(Segment.code == ORPHAN).values(name=PAYLOAD))
    desk = desk_of(cast.sun)
    for path in (LIST, f"{FORM}?q=%3Cscript%3E", f"{LIST}?region=%22%3E%3Cscript%3Ealert(1)&level=x"):
        text = desk.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    desk.submit("/console/language", language="en")
    assert "Vacant reaches" in desk.get(LIST).text


def test_no_page_of_vacancies_asks_more_than_twelve_times(desk_of, cast, liu, questions):
    desk = desk_of(cast.sun)
    for path in (f"{LIST}?region=371502&level=village", f"{FORM}?q=柳"):
        questions.clear()
        assert desk.get(path).status_code == 200
        assert len(questions) <= 12, (path, len(questions))
