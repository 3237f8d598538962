"""Deliveries at a desk: the queues, why something failed, one letter's story, and sending one or many again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import update

from backend.channels.sending import DeliveryFailed
from backend.domain.lanes import Lane
from backend.models.notices import Notice
from jobs import delivery
from tests.carriers import letters
from tests.cast import NOON
from tests.counting import HARMFUL, LONG, MOST, is_harmless, questions
from tests.makers import new_id

DELIVERIES = "/console/deliveries"


@pytest.fixture
def dead(tell, office, sms, cast):
    """Texts that did not go out: two to Wang, one to Wu of another county."""
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    wanted = [tell("1"), tell("2", lane=Lane.NORMAL), tell("3", person=cast.wu)]
    delivery.run(office, now=NOON)
    return wanted


def chosen(page) -> list[str]:
    return re.findall(r'name="notice" value="([^"]+)"', page.text)


def test_the_queues_and_reasons_stand_above_the_letters(desk_of, cast, tell, office, sms, dead):
    sms.plan = lambda letter, nth: DeliveryFailed("no_answer")
    tell("4", at=NOON + timedelta(minutes=1))
    delivery.run(office, now=NOON + timedelta(minutes=1))
    page = desk_of(cast.sun).get(DELIVERIES)
    assert "吴区长" not in page.text
    assert page.text.count("王村长") >= 2
    assert re.search(r"<b>2</b><span>没送到", page.text)
    assert re.search(r"<b>1</b><span>没成功，还在重试", page.text)
    assert "空号" in page.text
    retrying = desk_of(cast.sun).get(f"{DELIVERIES}?state=retrying").text
    assert "渠道没有回应" in retrying
    assert "下次重试" in retrying
    assert 'name="notice"' not in retrying


def test_those_that_are_chosen_are_sent_again(desk_of, cast, dead, session):
    desk = desk_of(cast.sun)
    first, second = chosen(desk.get(DELIVERIES))
    none = desk.submit(f"{DELIVERIES}/retry", state="failed")
    assert (none.status_code, "请先选" in none.text) == (422, True)
    sent = desk.submit(f"{DELIVERIES}/retry", notice=[first, second], state="failed", channel="sms")
    assert sent.headers["Location"] == f"{DELIVERIES}?state=failed&channel=sms&again=2"
    page = desk.get(sent.headers["Location"])
    assert "已安排重发 2 条" in page.text
    assert chosen(page) == []
    assert sorted(row.state for row in letters(session)) == ["failed", "pending", "pending"]


def test_all_of_a_reason_are_sent_again_after_a_second_look(desk_of, cast, dead, session):
    desk = desk_of(cast.deng)
    desk.get(DELIVERIES)
    which = {"all": "1", "channel": "sms", "lane": "normal", "failure": "no_such_number"}
    asked = desk.submit(f"{DELIVERIES}/retry", **which)
    assert "重发这 3 条" in asked.text
    assert {row.state for row in letters(session)} == {"failed"}
    assert desk.submit(f"{DELIVERIES}/retry", **which, sure="1").headers["Location"] == f"{DELIVERIES}?again=3"
    assert {row.state for row in letters(session)} == {"pending"}
    late = desk.submit(f"{DELIVERIES}/retry", **which)
    assert (late.status_code, "可能别人刚重发过" in late.text) == (422, True)
    assert desk.submit(f"{DELIVERIES}/retry", all="1").status_code == 422


def test_one_letter_says_what_became_of_it(desk_of, cast, tell, office, sms):
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    tell("1", lane=Lane.URGENT, channels=("sms",))
    delivery.run(office, now=NOON)
    delivery.run(office, now=NOON + timedelta(seconds=2))
    desk = desk_of(cast.sun)
    page = desk.get(f"{DELIVERIES}?state=all&person={cast.wang}")
    paths = re.findall(rf'href="({DELIVERIES}/[0-9a-f-]+)"', page.text)
    assert len(paths) == 2
    for path in paths:
        story = desk.get(path).text
        assert "改用电话" in story
        assert "渠道已收下" in story
        assert "试了 1 次" in story
    assert f"{DELIVERIES}?state=all&amp;person={cast.wang}" in desk.get(f"/console/people/{cast.wang}").text


def test_a_call_that_nobody_takes_is_said_to_be_followed_by_others_in_words(desk_of, night):
    night.red()
    night.at(3)
    page = desk_of(night.cast.sun).get(f"{DELIVERIES}?state=all&person={night.cast.wang}")
    assert "由叫应继续呼叫" in page.text
    assert "followed" not in page.text


def test_another_countys_letters_are_not_there_and_a_chief_sees_none(desk_of, cast, dead):
    there = re.findall(rf'href="({DELIVERIES}/[0-9a-f-]+)"[^>]*>吴区长', desk_of(cast.deng).get(DELIVERIES).text)
    assert len(there) == 1
    desk = desk_of(cast.sun)
    assert desk.get(there[0]).status_code == 404
    assert desk.get(f"{DELIVERIES}/{new_id()}").status_code == 404
    assert desk_of(cast.zhao).get(DELIVERIES).status_code == 403


@pytest.mark.parametrize("asked", ["state=x", "channel=pigeon", "person=1", "state=all", "cursor=x"])
def test_an_address_that_somebody_made_up_is_told_with_the_usual_list(desk_of, cast, dead, asked):
    page = desk_of(cast.sun).get(f"{DELIVERIES}?{asked}")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert len(chosen(page)) == 2


@pytest.mark.parametrize("text", [*HARMFUL, LONG])
def test_what_a_notice_and_a_provider_say_is_shown_as_text(desk_of, cast, tell, office, sms, session, text):
    sms.plan = lambda letter, nth: DeliveryFailed(text[:40], permanent=True)
    tell("1")
    session.execute(update(Notice).values(values={"segment": text, "kind": text}))
    delivery.run(office, now=NOON)
    desk = desk_of(cast.sun)
    page = desk.get(DELIVERIES)
    assert is_harmless(page.text)
    assert escape(text) in page.text
    assert is_harmless(desk.get(re.findall(rf'href="({DELIVERIES}/[0-9a-f-]+)"', page.text)[0]).text)


def test_the_pages_ask_few_questions_and_speak_both_languages(desk_of, cast, dead):
    desk = desk_of(cast.sun)
    letter = re.findall(rf'href="({DELIVERIES}/[0-9a-f-]+)"', desk.get(DELIVERIES).text)[0]
    for path, said in ((DELIVERIES, "Why not delivered"), (letter, "What became of it")):
        with questions() as asked:
            assert desk.get(path).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in desk.get(path, headers={"Accept-Language": "en"}).text
