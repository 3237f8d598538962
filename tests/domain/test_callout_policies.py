"""Plans of call-outs as data: written and read again they are the same, and what cannot be meant is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain.callout_plans import DEFAULTS, DOOR, CalloutRule, Rung
from backend.domain.callout_policies import body_of, callout_rule, changed
from backend.domain.flood_warnings import Level
from backend.domain.proposals import ImpossiblePolicy

SUBSTITUTE = {"what": "substitute", "after": "1min"}


def test_the_built_in_plans_are_those_of_the_city_and_survive_being_written_down():
    rule = CalloutRule()
    again = callout_rule(0, json.loads(json.dumps(body_of(rule))))
    assert again.plans == rule.plans
    red = rule.plans[Level.RED]
    assert (red.tries, red.every * red.tries <= timedelta(minutes=5)) == (3, True)
    after = {step.what: step.after for step in red.steps}
    assert (after[Rung.SUPERIOR], after[DOOR]) == (timedelta(minutes=5), timedelta(minutes=10))
    assert (red.closes, red.report) == (timedelta(minutes=30), timedelta(minutes=30))
    assert rule.plans[Level.BLUE].steps == ()


def test_a_change_names_only_what_changes_and_keeps_the_rest():
    next_rule = changed(CalloutRule(), 1, {"plans": {"red": {"tries": 5, "every": "1min"}}})
    assert next_rule.version == 1
    assert next_rule.plans[Level.RED] == replace(DEFAULTS[Level.RED], tries=5, every=timedelta(minutes=1))
    assert next_rule.plans[Level.ORANGE] == DEFAULTS[Level.ORANGE]
    third = changed(next_rule, 2, {"plans": {"blue": {"report": "2h", "first": ["sms", "sms"]}}})
    assert third.plans[Level.RED].tries == 5
    assert third.plans[Level.BLUE].report == timedelta(hours=2)
    assert third.plans[Level.BLUE].first == ("sms",)
    assert changed(third, 3, {}).plans == third.plans


def test_a_plan_may_call_once_and_climb_nowhere():
    made = callout_rule(1, {"plans": {"yellow": {"tries": 1, "again": [], "steps": [], "closes": "0s"}}})
    plan = made.plans[Level.YELLOW]
    assert (plan.tries, plan.again, plan.steps, plan.closes) == (1, (), (), timedelta())


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"plan": {}}, "plan"),
        ({"plans": []}, "plans"),
        ({"plans": {"purple": {}}}, "plans/purple"),
        ({"plans": {"red": 3}}, "plans/red"),
        ({"plans": {"red": {"colour": 1}}}, "plans/red/colour"),
        ({"plans": {"red": {"tries": 0}}}, "plans/red/tries"),
        ({"plans": {"red": {"tries": 11}}}, "plans/red/tries"),
        ({"plans": {"red": {"tries": True}}}, "plans/red/tries"),
        ({"plans": {"red": {"tries": 2.5}}}, "plans/red/tries"),
        ({"plans": {"red": {"again": []}}}, "plans/red/again"),
        ({"plans": {"red": {"again": ["pigeon"]}}}, "plans/red/again"),
        ({"plans": {"red": {"again": "voice"}}}, "plans/red/again"),
        ({"plans": {"red": {"first": []}}}, "plans/red/first"),
        ({"plans": {"red": {"first": [["voice"]]}}}, "plans/red/first"),
        ({"plans": {"red": {"every": 100}}}, "plans/red/every"),
        ({"plans": {"red": {"every": "-1s"}}}, "plans/red/every"),
        ({"plans": {"red": {"every": "１s"}}}, "plans/red/every"),
        ({"plans": {"red": {"every": "25h"}}}, "plans/red/every"),
        ({"plans": {"red": {"every": None}}}, "plans/red/every"),
        ({"plans": {"red": {"report": "soon"}}}, "plans/red/report"),
        ({"plans": {"red": {"closes": "19min"}}}, "plans/red/closes"),
        ({"plans": {"red": {"steps": {}}}}, "plans/red/steps"),
        ({"plans": {"red": {"steps": [SUBSTITUTE] * 21}}}, "plans/red/steps"),
        ({"plans": {"red": {"steps": [SUBSTITUTE, SUBSTITUTE]}}}, "plans/red/steps/1"),
        ({"plans": {"red": {"steps": [SUBSTITUTE, {"what": "door", "after": "30s"}]}}}, "plans/red/steps/1"),
        ({"plans": {"red": {"steps": ["door"]}}}, "plans/red/steps/0"),
        ({"plans": {"red": {"steps": [{"after": "1min"}]}}}, "plans/red/steps/0/what"),
        ({"plans": {"red": {"steps": [{"what": "king", "after": "1min"}]}}}, "plans/red/steps/0/what"),
        ({"plans": {"red": {"steps": [{"what": "door"}]}}}, "plans/red/steps/0/after"),
        ({"plans": {"red": {"steps": [SUBSTITUTE | {"channels": []}]}}}, "plans/red/steps/0/channels"),
        ({"plans": {"red": {"steps": [SUBSTITUTE | {"by": "voice"}]}}}, "plans/red/steps/0/by"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_place(body, name):
    with pytest.raises(ImpossiblePolicy) as wrong:
        callout_rule(1, body)
    assert wrong.value.name == name
    with pytest.raises(ImpossiblePolicy):
        changed(CalloutRule(), 1, body)


def test_an_answer_is_late_after_what_the_city_says():
    minutes = {level: plan.answer_within / timedelta(minutes=1) for level, plan in DEFAULTS.items()}
    assert minutes == {Level.RED: 5, Level.ORANGE: 15, Level.YELLOW: 30, Level.BLUE: 120}
