"""The judging rules: data with bounds, in dated versions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.domain.rules import ImpossibleRule, Minimum, PatrolRule, in_force, patrol_rule, planned
from backend.domain.terms import Level
from backend.words import say


def test_a_rule_survives_being_stored():
    rule = PatrolRule(version=4, near_m=60.0, minimums=PatrolRule().minimums | {Level.TOWN: Minimum(20, 400)})
    assert patrol_rule(4, rule.body()) == rule


def test_what_a_version_does_not_name_keeps_its_default():
    rule = patrol_rule(2, {"near_m": 80, "minimums": {"village": {"metres": 300}}})
    assert rule.near_m == 80
    assert rule.minimums[Level.VILLAGE] == Minimum(10, 300)
    assert rule.gap_s == PatrolRule().gap_s


@pytest.mark.parametrize(
    ("body", "name", "why"),
    [
        ({"near_m": -1}, "near_m", "应在 5 和 500 之间。"),
        ({"near_m": True}, "near_m", "应为数字。"),
        ({"near_m": "50"}, "near_m", "应为数字。"),
        ({"no_such_number": 1}, "no_such_number", "规则里没有这一项"),
        ({"minimums": 5}, "minimums", "应为对象。"),
        ({"minimums": {"province": {"metres": 1}}}, "minimums/province", "可用：village, town, county, city。"),
        ({"minimums": {"village": 5}}, "minimums/village", "应为对象。"),
        ({"minimums": {"village": {"metres": 1e9}}}, "minimums/village/metres", "应在 0 和 20000 之间。"),
        ({"minimums": {"village": {"miles": 1}}}, "minimums/village/miles", "可用：minutes, metres。"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_by_name_and_told_why(body, name, why):
    with pytest.raises(ImpossibleRule) as refused:
        patrol_rule(2, body)
    assert refused.value.name == name
    assert why in say(refused.value.text, "zh-CN")


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


SUMMER, AUTUMN, WINTER = (datetime(2025, month, 1, tzinfo=UTC) for month in (7, 9, 12))
FIRST = (datetime(2000, 1, 1, tzinfo=UTC), PatrolRule())


def with_change(rules, change, valid_from):
    version = max(rule.version for _, rule in rules)
    made = planned(rules, change, valid_from)
    return rules + [(at, patrol_rule(version + n, body)) for n, (at, body) in enumerate(made, start=1)]


def test_what_is_planned_for_later_is_neither_in_force_at_once_nor_lost():
    rules = with_change([FIRST], {"near_m": 20}, AUTUMN)
    rules = with_change(rules, {"gap_s": 60}, SUMMER)
    assert (in_force(rules, SUMMER).near_m, in_force(rules, SUMMER).gap_s) == (50, 60)
    assert (in_force(rules, AUTUMN).near_m, in_force(rules, AUTUMN).gap_s) == (20, 60)


def test_one_level_keeps_its_minimum_when_another_changes():
    rules = with_change([FIRST], {"minimums": {"town": {"minutes": 40}}}, SUMMER)
    rules = with_change(rules, {"minimums": {"village": {"metres": 300}}}, SUMMER)
    rule = in_force(rules, SUMMER)
    assert (rule.minimums[Level.TOWN], rule.minimums[Level.VILLAGE]) == (Minimum(40, 300), Minimum(10, 300))


def test_a_change_holds_until_the_day_on_which_that_number_was_to_change_again():
    rules = with_change([FIRST], {"near_m": 20}, WINTER)
    rules = with_change(rules, {"near_m": 40, "apart_h": 3}, SUMMER)
    rules = with_change(rules, {"near_m": 45}, AUTUMN)
    assert [in_force(rules, day).near_m for day in (SUMMER, AUTUMN, WINTER)] == [40, 45, 20]
    assert in_force(rules, WINTER).apart_h == 3


def test_a_change_made_for_an_earlier_day_than_the_first_version_holds_before_it():
    rules = with_change([(SUMMER, PatrolRule(near_m=60))], {"gap_s": 90}, datetime(2025, 6, 1, tzinfo=UTC))
    assert (in_force(rules, SUMMER).near_m, in_force(rules, SUMMER).gap_s) == (60, 90)


def test_a_change_that_cannot_be_meant_plans_nothing():
    with pytest.raises(ImpossibleRule):
        planned([FIRST], {"near_m": -1}, SUMMER)
