"""What people are told: a drill says so first in every channel, a link is where only its reader sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.channels.sending import Accepted, DeliveryFailed
from backend.domain.calls import CALLOUT
from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.domain.ways import Way
from backend.services import notices
from jobs import delivery
from tests.cast import NOON
from tests.makers import new_id

HEADLINE = "徒骇河红色预警，请立即上堤巡查并转移低洼处人员，现场有险情先撤人"
PLACE = {"segment": "徒骇河", "kind": {"key": "hazard.kind.four_illegal.dump"}}
CALL = PLACE | {"headline": HEADLINE, "warning": "0712", "link": "/a/Ab3dE6gH9k"}


@pytest.fixture
def known(office):
    """The house as people reach it; its text messages go out behind a signature of five letters."""
    settings = replace(office.settings, address="https://hz.example.cn")
    return replace(office, settings=settings, ways={**office.ways, "sms": Way(1.0, signature_length=5)})


@pytest.fixture
def call(session, cast):
    def queue(values=CALL, **rest) -> None:
        wanted = Wanted(cast.wang, "1", "closed", values, lane=Lane.URGENT, channels=("sms", "voice"), **rest)
        notices.queue(session, [wanted], now=NOON)
        session.flush()

    return queue


def test_a_text_message_of_a_call_out_is_one_segment_with_number_repetition_and_link(known, call, sms, voice):
    call(number=2)
    delivery.run(known, now=NOON)
    (text,), (spoken,) = sms.taken, voice.taken
    assert text.text.startswith("徒骇河红色预警，请立即上堤")
    assert text.text.endswith("…（0712号第2次）https://hz.example.cn/a/Ab3dE6gH9k")
    assert len(text.text) + 5 == 70
    assert text.link is None, "it stands in the text already"
    assert "https" not in spoken.text
    assert spoken.text.startswith("（第2次提醒）您报的徒骇河")


def test_a_link_of_any_other_text_is_put_beside_it(known, call, sms, voice):
    call(PLACE | {"link": "/a/x"})
    delivery.run(known, now=NOON)
    assert [each.link for each in sms.taken] == ["https://hz.example.cn/a/x"]
    assert "https" not in sms.taken[0].text


def test_where_nobody_reaches_the_house_there_is_no_link(office, call, sms):
    call(CALL | {"headline": {"key": "hazard.kind.flood.piping"}, "warning": 712})
    delivery.run(office, now=NOON)
    assert sms.taken[0].text == "管涌（预警编号712，第1次）请登录系统回复。"
    assert sms.taken[0].link is None


def test_a_drill_says_so_first_and_once_in_every_channel_also_when_it_is_sent_again(known, call, sms, voice):
    cut = DeliveryFailed("cut", is_ambiguous=True)
    sms.plan = voice.plan = lambda letter, nth: cut if nth == 1 else Accepted()
    call(CALL | {"headline": f"【演练】{HEADLINE}", "segment": "【演练】徒骇河"}, is_drill=True, number=3)
    delivery.run(known, now=NOON)
    delivery.run(known, now=NOON.replace(minute=1))
    assert voice.sent[1].text == "【演练】（第2次发送）（第3次提醒）您报的徒骇河乱堆已整改销号，谢谢您。"
    assert "（0712号第4次）" in sms.sent[1].text
    for letter in (*sms.sent, *voice.sent):
        assert letter.text.startswith("【演练】")
        assert letter.title.startswith("【演练】")
        assert letter.text.count("演练") == 1


def test_a_push_leads_to_the_call_in_the_app_and_says_how_grave_it_is(known, push, sms, phone_of, cast, session):
    subscription = {"endpoint": "https://push.example/1", "keys": {"p256dh": "BNc", "auth": "tBH"}}
    assert phone_of(cast.wang).put(f"/api/v1/me/push/{new_id()}", json=subscription).status_code == 201
    callout, about = new_id(), "https://hz.example.cn/a/"
    said = PLACE | {"level": {"key": "warning.level.red"}, "headline": HEADLINE, "warning": "0712"}
    said |= {"instruction": "上堤", "number": "0712", "until": "明天", "contact": "12319"}
    for key, values, is_drill in (("callout", said, True), ("take_over", said | {"names": "陈村长"}, False)):
        wanted = Wanted(cast.wang, key, key, values, Lane.URGENT, ("app", "sms"), (CALLOUT, callout), is_drill=is_drill)
        notices.queue(session, [wanted], now=NOON)
    notices.queue(session, [Wanted(cast.wang, "1", "closed", PLACE, channels=("app",))], now=NOON)
    session.flush()
    delivery.run(known, now=NOON)
    told = {(each.page, each.level, each.is_drill) for each in push.taken}
    call = f"/m/#/call/{callout}"
    assert told == {(call, "red", True), (call, "red", False), ("/m/#/news", None, False)}
    assert sum(about in each.text for each in sms.taken) == 1, "the text of a call leads where no login is needed"
