"""Rules by which warnings follow: which line speaks for a step, what is followed by what, and what cannot be meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.flood_events import Source, What
from backend.domain.flood_warnings import Level
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.warning_rules import (
    Follows,
    Mode,
    WarningRules,
    body_of,
    changed,
    follows,
    is_new_cause,
    warning_rules,
)

RULES = WarningRules()
ORANGE = {"source": "signal", "at_least": "orange", "level": "orange", "mode": "sign"}


@pytest.mark.parametrize(
    ("source", "step", "level"),
    [
        (Source.SIGNAL, "red", Level.RED),
        (Source.SIGNAL, "blue", Level.BLUE),
        (Source.RESPONSE, "II", Level.ORANGE),
        (Source.RESPONSE, "IV", None),
        (Source.STATION, "normal", None),
        (Source.RISK, "high", None),
        (Source.SEASON, "window", None),
        (Source.SIGNAL, None, None),
    ],
)
def test_a_step_has_its_own_line_or_none(source, step, level):
    line = RULES.of(source, step)
    assert (line.level if line else None) == level


def test_a_step_without_a_line_of_its_own_takes_that_of_the_next_one_below():
    only_orange = warning_rules(1, {"lines": [ORANGE]})
    assert only_orange.of(Source.SIGNAL, "red") == only_orange.of(Source.SIGNAL, "orange")
    assert only_orange.of(Source.SIGNAL, "yellow") is None


def test_what_ends_or_has_no_line_ends_a_warning_and_a_silent_gauge_says_nothing():
    assert follows(RULES, Source.SIGNAL, What.BEGAN, "red")[0] is Follows.WARNING
    assert follows(RULES, Source.SIGNAL, What.ENDED, "red") == (Follows.END, None)
    assert follows(RULES, Source.STATION, What.FELL, "normal") == (Follows.END, None)
    assert follows(RULES, Source.STATION, What.FELL_SILENT, "guaranteed") == (Follows.NOTHING, None)
    assert follows(RULES, Source.SEASON, What.BEGAN, "window") == (Follows.NOTHING, None)


def test_what_falls_only_changes_a_warning_that_is_there():
    assert is_new_cause(Source.STATION, What.ROSE)
    assert is_new_cause(Source.SIGNAL, What.CHANGED)
    assert not is_new_cause(Source.STATION, What.FELL)
    assert not is_new_cause(Source.RISK, What.CHANGED)


def test_the_lines_are_read_as_they_were_written():
    again = warning_rules(0, body_of(RULES))
    assert body_of(again) == body_of(RULES)
    other = changed(RULES, 3, {"lines": [ORANGE | {"within": "30min"}]})
    assert (other.version, len(other.lines), other.lines[0].within) == (3, 1, timedelta(minutes=30))
    assert other.lines[0].mode is Mode.SIGN


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (None, "lines"),
        ([ORANGE] * 51, "lines"),
        ([ORANGE | {"source": "season"}], "lines/0/source"),
        ([ORANGE | {"at_least": "II"}], "lines/0/at_least"),
        ([ORANGE | {"level": "purple"}], "lines/0/level"),
        ([ORANGE | {"mode": "later"}], "lines/0/mode"),
        ([ORANGE | {"within": "31min"}], "lines/0/within"),
        ([ORANGE | {"within": 5}], "lines/0/within"),
        ([ORANGE, ORANGE | {"colour": "red"}], "lines/1/colour"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_place(lines, where):
    with pytest.raises(ImpossiblePolicy) as refused:
        warning_rules(1, {"lines": lines})
    assert refused.value.name == where
