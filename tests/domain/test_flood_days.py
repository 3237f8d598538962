"""What holds in a place on a day, season, window and responses taken together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from backend.domain.flood_days import FloodDays, Standing, asked_from
from backend.domain.responses import Response, ResponseLevel
from backend.domain.seasons import Phase, Season, by_default

ZONE = ZoneInfo("Asia/Shanghai")
WINDOW = ((7, 21), (8, 10))
VILLAGE, NEXT_COUNTY = ("371502001001", "TUHAI"), ("371503001001", "CHIPING")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def season(region: str, version: int, since: date, **changed: date) -> Season:
    dates = replace(by_default(2025, *WINDOW), **changed)
    return Season(uuid4(), region, 2025, version, since, dates)


def response(level: str, begun: str, ended: str | None = None, *, region: str = "371502", is_safe: bool = True):
    return Response(uuid4(), ResponseLevel(level), (region,), (), is_safe, at(begun), at(ended) if ended else None)


def days(*seasons: Season, under: tuple[Response, ...] = ()) -> FloodDays:
    return FloodDays(seasons, under, WINDOW, ZONE)


def test_where_nobody_has_set_anything_the_window_is_that_of_the_rule():
    ground = days().ground({VILLAGE})
    phases = [ground.on(day).phase for day in (date(2025, 5, 1), date(2025, 7, 20), date(2025, 7, 21))]
    assert phases == [Phase.NONE, Phase.SEASON, Phase.WINDOW]
    assert days().ground(set()).on(date(2025, 7, 21)) == Standing()


def test_days_that_are_over_stay_as_they_were_known():
    late = season("371502", 1, date(2025, 7, 24), window_begin=date(2025, 8, 1), window_end=date(2025, 8, 20))
    ground = days(late).ground({VILLAGE})
    found = {day: ground.on(date(2025, 7, day)).phase for day in (20, 21, 23, 24, 31)}
    assert found == {20: "season", 21: "window", 23: "window", 24: "season", 31: "season"}
    assert ground.on(date(2025, 8, 1)).phase is Phase.WINDOW
    assert ground.on(date(2026, 7, 24)).phase is Phase.WINDOW
    assert days(late).ground({NEXT_COUNTY}).on(date(2025, 7, 24)).phase is Phase.WINDOW


def test_of_several_places_the_highest_counts_and_grounds_alike_are_equal():
    city = season("3715", 1, date(2025, 1, 1), window_end=date(2025, 8, 20))
    own = season("371502", 1, date(2025, 1, 1))
    known = days(city, own)
    assert known.ground({VILLAGE}).on(date(2025, 8, 15)).phase is Phase.SEASON
    assert known.ground({VILLAGE, NEXT_COUNTY}).on(date(2025, 8, 15)).phase is Phase.WINDOW
    assert known.ground({VILLAGE}) == known.ground({("371502002001", "TUHAI")}) != known.ground({NEXT_COUNTY})
    assert known.dates("371503", 2025, date(2025, 7, 1)).window_end == date(2025, 8, 20)
    assert known.dates("371503", 2026, date(2025, 7, 1)).window_end == date(2026, 8, 10)


def test_a_response_asks_for_the_walks_of_a_day_when_it_holds_at_noon():
    known = days(under=(response("III", "2025-07-02T12:00", "2025-07-04T12:00"),))
    ground = known.ground({VILLAGE})
    levels = [ground.on(date(2025, 7, day)).level for day in (1, 2, 3, 4)]
    assert levels == [None, ResponseLevel.III, ResponseLevel.III, None]
    assert ground.at(at("2025-07-04T11:59")).level is ResponseLevel.III
    assert asked_from(at("2025-07-02T12:00"), ZONE) == date(2025, 7, 2)
    assert asked_from(at("2025-07-02T12:01"), ZONE) == date(2025, 7, 3)


def test_under_a_severe_response_nobody_is_sent_out_unless_it_is_safe():
    assert Standing(level=ResponseLevel.II, is_safe=False).keeps_off
    assert not Standing(level=ResponseLevel.II).keeps_off
    assert not Standing(level=ResponseLevel.III, is_safe=False).keeps_off
    assert not Standing(is_safe=False).keeps_off
    assert Standing(level=ResponseLevel.IV).is_pressing
    assert Standing(phase=Phase.WINDOW).is_pressing
    assert not Standing(phase=Phase.SEASON).is_pressing


def test_the_water_presses_in_the_window_of_the_place_or_under_a_response():
    own = season("371502", 1, date(2025, 6, 1), window_end=date(2025, 8, 20))
    inner = season("371502001", 1, date(2025, 6, 1), window_end=date(2025, 8, 12))
    unknown = season("371503", 1, date(2025, 8, 16), window_end=date(2025, 8, 20))
    river = replace(response("IV", "2025-08-15T00:00", region="3715"), rivers=("CHIPING",))
    over = response("I", "2025-08-01T00:00", "2025-08-15T00:00", region="3715")
    pressing = days(own, inner, unknown, under=(river, over)).pressing(at("2025-08-15T08:00"))
    assert pressing.windows == (("371502001", False), ("371502", True))
    assert not pressing.holds("371502001001", "TUHAI")
    assert pressing.holds("371502002001", "TUHAI")
    assert pressing.holds("371503001001", "CHIPING")
    assert not pressing.holds("371503001001", "TUHAI")
    assert days().pressing(at("2025-07-21T00:00")).usually
