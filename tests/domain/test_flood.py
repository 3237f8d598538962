"""Risk is a transparent sum: every factor by its name and points, levels by marks, and nothing hidden between."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import flood
from backend.domain.flood import Circumstances, Factor, Gauge, InForce, Near, Risk, Setting, Weighed, factor_text, weigh
from backend.domain.hazards import Severity
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.risk_rules import BOUNDS, RiskRule, risk_rule
from backend.domain.stations import Band
from backend.words import LANGUAGES, say

RULE = RiskRule()
WALKED = 1
"""Days since the last walk, of a reach that is looked after."""


def known(**more: Any) -> Circumstances:
    orders, hazards = more.pop("orders", {}), more.pop("hazards", ())
    return Circumstances(tuple(orders.items()), hazards=tuple(hazards), **{"days_unwalked": WALKED} | more)


def gauge(band: Band = Band.NORMAL, *, is_fast: bool = False, is_silent: bool = False, steps: int = 0) -> Gauge:
    return Gauge("LC", "聊城站", band, is_fast, is_silent, steps)


def points(circumstances: Circumstances) -> dict[str, int]:
    return {factor.name: factor.points for factor in weigh(RULE, circumstances).factors}


@pytest.mark.parametrize(
    ("circumstances", "level"),
    [
        (known(), Risk.LOW),
        (
            known(orders={"season": "window"}, weak_points=9, days_unwalked=None),
            Risk.MODERATE,
        ),  # nobody has ever walked it
        (known(orders={"season": "window"}, weak_points=9), Risk.LOW),
        (known(orders={"season": "window", "signal": "yellow"}), Risk.MODERATE),
        (known(orders={"season": "window", "signal": "orange", "response": "IV"}), Risk.HIGH),
        (known(orders={"season": "window", "signal": "red"}), Risk.HIGH),
        (known(orders={"season": "window", "signal": "red", "response": "II"}), Risk.EXTREME),
        (known(gauge=gauge(Band.WARNING)), Risk.MODERATE),
        (known(gauge=gauge(Band.GUARANTEED)), Risk.EXTREME),
        (known(hazards=[Near(Severity.CRITICAL, 0)]), Risk.HIGH),
        (known(hazards=[Near(Severity.CRITICAL, 1)]), Risk.MODERATE),
    ],
)
def test_the_built_in_numbers_come_to_the_levels_that_people_of_the_trade_would_name(circumstances, level):
    assert weigh(RULE, circumstances).level is level


def test_every_factor_says_its_points_and_what_it_is_about():
    weighed = weigh(
        RULE,
        known(
            orders={"season": "season", "signal": "red", "response": "III"},
            gauge=gauge(Band.WARNING, is_fast=True, is_silent=True, steps=3),
            hazards=[Near(Severity.MAJOR, 0), Near(Severity.MINOR, 1)],
            weak_points=2,
            days_unwalked=15,
        ),
    )
    named = {"station": "LC", "name": "聊城站", "steps": 3}
    assert weighed.factors == (
        Factor("season", 5, {"level": "season"}),
        Factor("response", 20, {"level": "III"}),
        Factor("signal", 40, {"level": "red"}),
        Factor("gauge", 30, named | {"level": "warning"}),
        Factor("rising", 10, named),
        Factor("silent_gauge", 5, named),
        Factor("hazards", 22, {"here": 1, "above": 1, "level": "major"}),
        Factor("weak_points", 6, {"count": 2}),
        Factor("unwalked", 6, {"days": 14}),
    )
    assert weighed.score == sum(factor.points for factor in weighed.factors) == 144


@pytest.mark.parametrize(
    ("name", "values"),
    [("gauge", {"level": "warning"}), ("gauge", {"level": "guaranteed"}), ("rising", {}), ("silent_gauge", {})],
)
def test_a_gauge_of_the_reach_itself_is_not_called_one_upstream(name, values):
    said = {"name": name, "values": values | {"station": "LC", "name": "聊城站", "steps": 0}}
    assert say(factor_text(said), "zh-CN").startswith("聊城站（LC，就在本河段）")
    assert "0 reaches" not in say(factor_text(said), "en")
    assert "上游 2 个河段" in say(factor_text(said | {"values": said["values"] | {"steps": 2}}), "zh-CN")


def test_what_lies_too_far_up_counts_no_more():
    assert points(known(gauge=gauge(Band.GUARANTEED, steps=21), hazards=[Near(Severity.CRITICAL, 6)])) == {}


def test_many_hazards_weak_points_and_weeks_count_up_to_their_most():
    many = known(hazards=[Near(Severity.MAJOR, 0)] * 9, weak_points=50, days_unwalked=365)
    assert points(many) == {"hazards": 60, "weak_points": 9, "unwalked": 9}
    assert weigh(RULE, many).factors[-1].values == {"days": 21}
    assert points(Circumstances()) == {"never_walked": 9}


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_longer_nobody_walks_the_higher_the_risk(fewer, more):
    fewer, more = sorted((fewer, more))
    assert weigh(RULE, known(days_unwalked=fewer)).score <= weigh(RULE, known(days_unwalked=more)).score


@given(st.lists(st.builds(Near, st.sampled_from(Severity), st.integers(0, 9)), max_size=6), st.sampled_from(Severity))
def test_one_more_hazard_never_lowers_the_risk(hazards, severity):
    with_more = [*hazards, Near(severity, 0)]
    assert weigh(RULE, known(hazards=hazards)).score <= weigh(RULE, known(hazards=with_more)).score


def test_a_reach_that_others_lie_in_is_as_bad_as_the_worst_and_by_its_own_hazards():
    worst = Weighed(Risk.LOW, 10, (Factor("season", 10, {"level": "window"}),))
    both = flood.with_own(RULE, worst, [Near(Severity.CRITICAL, 0)])
    assert (both.level, both.score, [each.name for each in both.factors]) == (Risk.HIGH, 60, ["season", "hazards"])
    assert flood.with_own(RULE, worst, []) == worst


def test_an_order_holds_in_its_regions_narrowed_to_rivers_or_reaches():
    one, other = uuid4(), uuid4()
    signal = InForce("signal", "yellow", ("371502",))
    response = InForce("response", "III", ("3715",), rivers=frozenset({"TUHAI"}))
    local = InForce("signal", "red", ("371502",), segments=frozenset({one}))
    setting = Setting((signal, response, local))
    assert setting.highest("371502001001", "TUHAI", one) == {"signal": "red", "response": "III"}
    assert setting.highest("371502001001", "HUANG", other) == {"signal": "yellow"}
    assert setting.highest("371503001001", "TUHAI", other) == {"response": "III"}
    assert setting.highest("370100000000", "TUHAI", other) == {}


def test_of_several_orders_the_highest_holds():
    orders = [InForce("response", level, ("3715",)) for level in ("II", "IV", "III")]
    assert Setting(tuple(orders)).highest("371502", "TUHAI", uuid4()) == {"response": "II"}


def test_the_innermost_word_on_the_season_holds():
    setting = Setting(phases={"3715": "window", "371503": "none", "371502001": "season"})
    seasons = [
        setting.highest(code, "TUHAI", uuid4()) for code in ("371502002001", "371502001001", "371503001001", "37")
    ]
    assert seasons == [{"season": "window"}, {"season": "season"}, {}, {}]


def test_a_level_that_its_scale_does_not_know_is_no_order():
    assert flood.in_force("signal", "III", ("3715",)) is None
    assert flood.in_force("response", "none", ("3715",)) is None
    assert flood.in_force("signal", None, ("3715",)) is None
    assert flood.in_force("signal", "red", ("3715",)) == InForce("signal", "red", ("3715",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_factor_has_its_sentence(language):
    factors: list[Factor] = []
    for orders in ({"season": s} for s in flood.SEASONS):
        factors += weigh(RULE, known(orders=orders, weak_points=1, days_unwalked=None)).factors
    for kind, levels in (("response", flood.RESPONSES), ("signal", flood.SIGNALS)):
        factors += [each for level in levels for each in weigh(RULE, known(orders={kind: level})).factors]
    for band in Band:
        factors += weigh(RULE, known(gauge=gauge(band, is_fast=True, is_silent=True), days_unwalked=9)).factors
    factors += [each for severity in Severity for each in weigh(RULE, known(hazards=[Near(severity, 0)])).factors]
    for factor in factors:
        sentence = say(factor_text(factor.written()), language)
        assert "risk.factor" not in sentence
        assert "{" not in sentence


def test_ranks_go_up():
    assert [level.rank for level in Risk] == [0, 1, 2, 3]


def test_a_rule_is_data_and_what_is_not_named_stays():
    rule = risk_rule(3, {"signal_red": 45}, risk_rule(2, {"unwalked_days": 3}))
    assert (rule.version, rule.signal_red, rule.unwalked_days, rule.signal_blue) == (3, 45, 3, 5)
    assert risk_rule(3, rule.body()) == rule
    assert rule.body().keys() == BOUNDS.keys()
    assert rule.reaches == 20


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"signal_green": 1}, "signal_green"),
        ({"signal_red": "many"}, "signal_red"),
        ({"signal_red": True}, "signal_red"),
        ({"signal_red": -1}, "signal_red"),
        ({"hazard_decay": 1.5}, "hazard_decay"),
        ({"unwalked_days": 0}, "unwalked_days"),
        ({"moderate": 50}, "high"),
        ({"extreme": 45}, "extreme"),
    ],
)
def test_a_rule_that_cannot_be_meant_names_the_number(body, name):
    with pytest.raises(ImpossiblePolicy) as refused:
        risk_rule(1, body)
    assert refused.value.name == name
