"""Season and key window of a year, and which version of it decides where and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.flood_events import What
from backend.domain.seasons import (
    Dates,
    Phase,
    Season,
    SeasonDraft,
    Stretch,
    by_default,
    check,
    deciding,
    moved,
    name_of,
    turns,
)
from backend.errors import BadInput

USUAL = by_default(2025, (7, 21), (8, 10))
TODAY = date(2025, 7, 2)


def season(region: str, version: int, since: date, **changed: date) -> Season:
    return Season(uuid4(), region, 2025, version, since, replace(USUAL, **changed))


def draft(year: int = 2025, **changed: date) -> SeasonDraft:
    return SeasonDraft(uuid4(), b"", "3715", year, replace(by_default(year, (7, 21), (8, 10)), **changed), "雨情")


@pytest.mark.parametrize(
    ("day", "phase", "turn"),
    [
        (date(2025, 5, 31), Phase.NONE, (date(2025, 6, 1), Phase.SEASON)),
        (date(2025, 6, 1), Phase.SEASON, (date(2025, 7, 21), Phase.WINDOW)),
        (date(2025, 7, 21), Phase.WINDOW, (date(2025, 8, 11), Phase.SEASON)),
        (date(2025, 8, 10), Phase.WINDOW, (date(2025, 8, 11), Phase.SEASON)),
        (date(2025, 8, 11), Phase.SEASON, (date(2025, 10, 1), Phase.NONE)),
        (date(2025, 9, 30), Phase.SEASON, (date(2025, 10, 1), Phase.NONE)),
        (date(2025, 10, 1), Phase.NONE, None),
    ],
)
def test_a_year_goes_into_the_season_through_the_window_and_out_again(day, phase, turn):
    assert USUAL.phase(day) is phase
    assert USUAL.next_turn(day) == turn


def test_a_window_that_fills_the_season_has_no_season_around_it():
    filled = replace(USUAL, window_begin=USUAL.begin, window_end=USUAL.end)
    assert filled.next_turn(TODAY) == (date(2025, 10, 1), Phase.NONE)
    assert filled.next_turn(date(2025, 5, 1)) == (date(2025, 6, 1), Phase.WINDOW)


def test_a_phase_has_its_first_and_last_day():
    assert USUAL.of(Phase.NONE) is None
    assert USUAL.of(Phase.SEASON) == (date(2025, 6, 1), date(2025, 9, 30))
    assert USUAL.of(Phase.WINDOW) == (date(2025, 7, 21), date(2025, 8, 10))


@given(st.dates(date(2025, 1, 1), date(2025, 12, 31)))
def test_the_next_turn_is_the_first_day_that_stands_elsewhere(day):
    turn = USUAL.next_turn(day)
    last = turn[0] if turn else date(2026, 1, 1)
    phases = {USUAL.phase(day + timedelta(days=n)) for n in range((last - day).days)}
    assert phases == {USUAL.phase(day)}
    assert turn is None or USUAL.phase(turn[0]) is turn[1] is not USUAL.phase(day)


def test_the_nearest_region_decides_and_of_its_versions_the_newest_that_was_known_that_day():
    city = season("3715", 5, date(2025, 3, 1))
    first, second = season("371502", 1, date(2025, 6, 1)), season("371502", 2, date(2025, 7, 1))
    every = [second, city, first]
    assert deciding(every, "371502001001", 2025, date(2025, 7, 1)) is second
    assert deciding(every, "371502001001", 2025, date(2025, 6, 30)) is first
    assert deciding(every, "371502001001", 2025, date(2025, 5, 31)) is city
    assert deciding(every, "371503", 2025, date(2025, 8, 1)) is city
    assert deciding(every, "371502", 2024, date(2025, 8, 1)) is None
    assert deciding(every, "37", 2025, date(2025, 8, 1)) is None


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        (draft(2024), ["/year"]),
        (draft(2028), ["/year"]),
        (draft(begin=date(2024, 6, 1)), ["/begin"]),
        (draft(end=date(2025, 5, 1)), ["/end", "/window_end"]),
        (draft(window_end=date(2025, 7, 1)), ["/window_end"]),
        (draft(window_begin=date(2025, 5, 20)), ["/window_end"]),
        (draft(window_end=date(2025, 10, 1)), ["/window_end"]),
    ],
)
def test_a_year_that_cannot_be_meant_is_refused_by_its_place(said, pointers):
    with pytest.raises(BadInput) as refused:
        check(said, TODAY)
    assert [flaw.pointer for flaw in refused.value.flaws] == pointers


def test_this_year_and_the_next_two_may_be_set():
    for year in (2025, 2026, 2027):
        check(draft(year), TODAY)


def test_what_is_entered_and_left_comes_in_its_order():
    assert turns(Phase.NONE, Phase.NONE) == []
    assert turns(Phase.NONE, Phase.WINDOW) == [(Phase.SEASON, What.BEGAN), (Phase.WINDOW, What.BEGAN)]
    assert turns(Phase.SEASON, Phase.WINDOW) == [(Phase.WINDOW, What.BEGAN)]
    assert turns(Phase.WINDOW, Phase.NONE) == [(Phase.WINDOW, What.ENDED), (Phase.SEASON, What.ENDED)]


def test_a_year_that_nobody_has_set_has_a_name_all_the_same():
    assert name_of("3715", 2025) == name_of("3715", 2025) != name_of("3715", 2026)
    assert Dates(*(date(2025, 6, 1),) * 4).phase(date(2025, 6, 1)) is Phase.WINDOW


def test_days_that_other_dates_move_are_named_in_rows():
    before = by_default(2025, (7, 21), (8, 10))
    after = Dates(date(2025, 5, 15), date(2025, 9, 30), date(2025, 7, 21), date(2025, 8, 20))
    assert moved(before, after, date(2025, 1, 1)) == [
        Stretch(date(2025, 5, 15), date(2025, 5, 31), Phase.NONE, Phase.SEASON),
        Stretch(date(2025, 8, 11), date(2025, 8, 20), Phase.SEASON, Phase.WINDOW),
    ]
    assert moved(before, after, date(2025, 8, 15)) == [
        Stretch(date(2025, 8, 15), date(2025, 8, 20), Phase.SEASON, Phase.WINDOW)
    ]
    assert moved(before, before, date(2025, 1, 1)) == []
    assert moved(after, before, date(2025, 8, 10))[0].after is Phase.SEASON
