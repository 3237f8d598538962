"""Which act is news to whom, and how a step of a ladder is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.escalation import Channel, LadderRule, Rung, Step
from backend.domain.hazards import Act, Severity, State
from backend.domain.lanes import Lane
from backend.domain.tidings import Tiding, Whom, channels_of, key_of, lane_of, of_act
from backend.words import catalogue

TEXT = (Channel.APP, Channel.SMS)


def test_an_assignment_is_news_to_those_who_mend_it_and_a_comment_to_nobody():
    assert of_act(Act.ASSIGN, State.ACCEPTED, Severity.ORDINARY) == [Tiding(Whom.MENDERS, "assigned")]
    assert of_act(Act.COMMENT, State.ACCEPTED, Severity.CRITICAL) == []


def test_sent_back_by_those_it_was_given_to_it_is_for_those_who_give_it_out():
    assert of_act(Act.RETURN, State.DONE_REPORTED, Severity.MINOR) == [Tiding(Whom.MENDERS, "returned")]
    assert of_act(Act.RETURN, State.IN_HAND, Severity.MINOR) == [Tiding(Whom.CLERKS, "declined")]


def test_one_that_comes_back_has_menders_only_after_it_was_closed():
    assert of_act(Act.REOPEN, State.CLOSED, Severity.MINOR) == [Tiding(Whom.MENDERS, "reopened")]
    assert of_act(Act.REOPEN, State.REJECTED, Severity.MINOR) == []


def test_news_of_a_crisis_waits_for_nothing_and_goes_by_text_too():
    (news,) = of_act(Act.CLOSE, State.VERIFIED, Severity.CRITICAL)
    assert news.lane is Lane.URGENT
    assert channels_of(news.lane) == ("app", "sms")
    assert channels_of(Lane.NORMAL) == ("app",)


def test_a_step_before_the_deadline_waits_for_the_digest_and_one_after_it_does_not():
    soon, late = Step((Rung.OWNER,), share=0.8), Step((Rung.OWNER,), TEXT)
    above = Step((Rung.COUNTY_CHIEF,), TEXT, late=timedelta(days=7))
    assert [lane_of(each, Severity.MAJOR) for each in (soon, late, above)] == [Lane.DIGEST, Lane.NORMAL, Lane.NORMAL]
    assert [key_of(soon, Rung.OWNER), key_of(late, Rung.OWNER), key_of(above, Rung.COUNTY_CHIEF)] == [
        "climb_soon",
        "climb_late",
        "climb_above",
    ]


def test_every_step_of_a_crisis_is_urgent_by_the_built_in_ladder_and_none_of_the_others():
    for severity, ladder in LadderRule().ladders.items():
        lanes = {lane_of(step, severity) for step in ladder}
        assert (lanes == {Lane.URGENT}) == (severity is Severity.CRITICAL)
    assert lane_of(Step((Rung.OWNER,)), Severity.CRITICAL) is Lane.NORMAL


@pytest.mark.parametrize("act", Act)
def test_every_piece_of_news_has_its_words_and_a_title(act):
    for before in State:
        for news in of_act(act, before, Severity.MAJOR):
            assert f"notice.{news.key}" in catalogue("zh-CN")
            assert f"notice.{news.key}.title" in catalogue("en")
