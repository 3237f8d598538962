"""The judging rules: data with bounds, in dated versions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.domain.rules import ImpossibleRule, Minimum, PatrolRule, in_force, patrol_rule
from backend.domain.terms import Level


def test_a_rule_survives_being_stored():
    rule = PatrolRule(version=4, near_m=60.0, minimums=PatrolRule().minimums | {Level.TOWN: Minimum(20, 400)})
    assert patrol_rule(4, rule.body()) == rule


def test_what_a_version_does_not_name_keeps_its_default():
    rule = patrol_rule(2, {"near_m": 80, "minimums": {"village": {"metres": 300}}})
    assert rule.near_m == 80
    assert rule.minimums[Level.VILLAGE] == Minimum(10, 300)
    assert rule.gap_s == PatrolRule().gap_s


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"near_m": -1}, "near_m"),
        ({"near_m": True}, "near_m"),
        ({"near_m": "50"}, "near_m"),
        ({"no_such_number": 1}, "no_such_number"),
        ({"minimums": 5}, "minimums"),
        ({"minimums": {"province": {"metres": 1}}}, "minimums/province"),
        ({"minimums": {"village": 5}}, "minimums/village"),
        ({"minimums": {"village": {"metres": 1e9}}}, "metres"),
        ({"minimums": {"village": {"miles": 1}}}, "miles"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_by_name(body, name):
    with pytest.raises(ImpossibleRule) as refused:
        patrol_rule(2, body)
    assert refused.value.name == name


def test_the_length_never_asks_more_than_its_share_of_a_short_segment():
    rule = PatrolRule()
    assert rule.needed_m(Level.VILLAGE, 1000) == 200
    assert rule.needed_m(Level.VILLAGE, 100) == 80


def test_the_newest_rule_whose_day_has_come_judges():
    def day(number: int) -> datetime:
        return datetime(2025, 7, number, tzinfo=UTC)

    rules = [(day(1), PatrolRule(version=1)), (day(10), PatrolRule(version=2)), (day(5), PatrolRule(version=3))]
    assert in_force(rules, day(2)).version == 1
    assert in_force(rules, day(6)).version == 3
    assert in_force(rules, day(20)).version == 3
    assert in_force(rules, datetime(1970, 1, 1, tzinfo=UTC)).version == 1
