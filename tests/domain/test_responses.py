"""Responses: when and where one holds, and which of several counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from backend.domain.lanes import Lane
from backend.domain.responses import Response, ResponseLevel, highest, lane_of, touches

NOON = datetime(2025, 7, 28, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def response(level: str, *, is_safe: bool = False, rivers: tuple[str, ...] = (), ended_at: datetime | None = None):
    return Response(uuid4(), ResponseLevel(level), ("371502", "371503001"), rivers, is_safe, NOON, ended_at)


def test_one_holds_from_the_moment_it_was_declared_until_it_was_ended():
    ended = response("III", ended_at=NOON + HOUR)
    assert [ended.holds(NOON + n * HOUR) for n in (-1, 0, 1)] == [False, True, False]
    assert response("III").holds(NOON + 999 * HOUR)


def test_it_covers_what_lies_in_its_regions_and_of_rivers_only_those_it_names():
    everywhere, on_river = response("IV"), response("IV", rivers=("TUHAI",))
    assert everywhere.covers("371502001001", None)
    assert everywhere.covers("371503001", "TUHAI")
    assert not everywhere.covers("371503", "TUHAI")
    assert on_river.covers("371502001001", "TUHAI")
    assert not on_river.covers("371502001001", "MAJIA")
    assert not on_river.covers("371502001001", None)


def test_the_highest_counts_and_it_is_safe_only_if_all_of_that_level_say_so():
    assert highest([]) == (None, True)
    assert highest([response("IV"), response("II", is_safe=True), response("III")]) == (ResponseLevel.II, True)
    assert highest([response("II", is_safe=True), response("II")]) == (ResponseLevel.II, False)


def test_two_and_one_press_and_a_response_touches_what_lies_around_it_too():
    assert [lane_of(ResponseLevel(level)) for level in ("IV", "III", "II", "I")] == [
        Lane.NORMAL,
        Lane.NORMAL,
        Lane.URGENT,
        Lane.URGENT,
    ]
    assert touches(["371502"], "3715")
    assert touches(["371502"], "371502001")
    assert not touches(["371502"], "371503")
