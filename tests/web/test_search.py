"""Search at a desk, and over HTTP: reaches, people and hazards, each as far as one may see them."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from backend.models.people import Person
from tests.api.hazard_cases import Case
from tests.counting import HARMFUL, MOST, is_harmless, questions
from tests.makers import new_id

SEARCH = "/console/search"


@pytest.fixture
def heap(phone_of, cast):
    return Case(phone_of, cast.wang)


def looked(desk, words: str):
    return desk.get(SEARCH, query_string={"q": words})


def test_reaches_people_and_hazards_are_found_by_what_people_call_them(desk_of, cast, heap):
    desk = desk_of(cast.sun)
    assert "TUHAI-371502-001" in looked(desk, "tuhai-371502-0").text
    assert "徒骇河" in looked(desk, "徒骇").text
    page = looked(desk, "王村").text
    assert f"/console/people/{cast.wang}" in page
    assert "123****0006" in page
    for words in ("建筑垃圾", str(heap.id), f" {heap.id} "):
        assert f"/console/hazards/{heap.id}" in looked(desk, words).text


def test_another_countys_things_are_not_found(desk_of, cast, heap):
    desk = desk_of(cast.wu)
    for words in ("王村", "建筑垃圾", str(heap.id), "TUHAI-371502-001", str(new_id())):
        assert "没有找到" in looked(desk, words).text
    assert "CHIPING-371503" in looked(desk, "chiping").text


def test_a_village_chief_finds_reaches_and_hazards_and_nobody(desk_of, cast, heap):
    desk = desk_of(cast.wang)
    assert str(heap.id) in looked(desk, "建筑垃圾").text
    assert "没有找到" in looked(desk, "王村").text


def test_each_group_is_ten_at_most_with_the_way_to_all(desk_of, cast, phone_of):
    for _ in range(12):
        Case(phone_of, cast.wang)
    page = looked(desk_of(cast.sun), "建筑垃圾").text
    assert page.count('href="/console/hazards/') == 10
    assert "/console/hazards?status=all&amp;q=%E5%BB%BA" in page


@pytest.mark.parametrize("text", [*HARMFUL, "%", "_", "a" * 81])
def test_what_is_typed_is_text_and_no_pattern(desk_of, cast, session, text):
    session.execute(update(Person).where(Person.id == cast.wang).values(name=HARMFUL[1][:40]))
    page = looked(desk_of(cast.sun), text)
    assert page.status_code == (422 if len(text) > 80 else 200)
    assert is_harmless(page.text)
    if len(text) == 1:
        assert "没有找到" in page.text


def test_it_asks_few_questions_and_none_for_nothing(desk_of, cast, heap):
    desk = desk_of(cast.sun)
    with questions() as asked:
        looked(desk, "徒骇")
    assert len(asked) <= MOST, "\n".join(asked)
    assert "输入要找的内容" in looked(desk, " ").text
    assert "Nothing found" in desk.get(f"{SEARCH}?q=zzz", headers={"Accept-Language": "en"}).text


def test_a_phone_asks_the_same(phone_of, cast, heap):
    said = phone_of(cast.wang).get("/api/v1/search?q=建筑").json
    assert (said["people"], [each["id"] for each in said["hazards"]]) == (None, [str(heap.id)])
    assert phone_of(cast.wang).get("/api/v1/search?q=").status_code == 422
