"""Spot checks: the same seed draws the same ones, and what a chief had told is known by kind, place and time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.domain.hazards import HazardDraft, Kind, Severity
from backend.domain.inspections import (
    LONGEST_AGO,
    By,
    Candidate,
    DrawDraft,
    InspectionDraft,
    Of,
    Seen,
    check,
    digest,
    draw,
    seen_before,
    window,
)
from backend.errors import BadInput
from tests.cast import NOON

TODAY = date(2025, 7, 2)
FRAME = [Candidate(UUID(int=n), "a" if n < 7 else "b") for n in range(10)]
REACH = UUID(int=99)


def ordered(**changed: Any) -> DrawDraft:
    said: dict[str, Any] = {"id": uuid4(), "body_sha256": b"", "region": "3715", "of": Of.PATROLS, "by": By.CLASS}
    return DrawDraft(**(said | {"each": 2, "begin": None, "end": None, "seed": None} | changed))


def test_a_seed_draws_the_same_ones_of_each_stratum_whatever_the_order():
    drawn = draw(FRAME, "spring", 2)
    assert drawn == draw(FRAME[::-1], "spring", 2)
    assert drawn.strata == {"a": {"frame": 7, "drawn": 2}, "b": {"frame": 3, "drawn": 2}}
    assert {each.id for each in draw(FRAME, "autumn", 2).chosen} != {each.id for each in drawn.chosen}
    assert digest(FRAME) == digest(FRAME[::-1]) != digest(FRAME[1:])
    assert draw([], "spring", 2).chosen == ()


def test_days_of_a_draw_are_in_order_and_not_to_come():
    assert window(ordered(), TODAY) == (date(2025, 6, 2), TODAY)
    assert window(ordered(begin=date(2025, 1, 1), end=date(2025, 3, 1)), TODAY)[0] == date(2025, 1, 1)
    for wrong in ({"end": date(2025, 7, 3)}, {"begin": date(2025, 7, 3)}, {"begin": date(2023, 1, 1)}):
        with pytest.raises(BadInput):
            window(ordered(**wrong), TODAY)


def test_a_record_without_a_place_or_of_a_time_to_come_is_refused():
    one = HazardDraft(uuid4(), b"", Kind.DUMP, Severity.MINOR, "", NOON, None, "S", None)
    good = InspectionDraft(uuid4(), b"", NOON, "seen", segment="S", findings=(one,))
    check(good, NOON)
    check(InspectionDraft(uuid4(), b"", NOON, "seen", draw=uuid4(), place=0), NOON)
    bad = InspectionDraft(uuid4(), b"", NOON + timedelta(hours=1), "seen", place=1, findings=(one, one))
    with pytest.raises(BadInput) as refused:
        check(bad, NOON)
    assert [each.pointer for each in refused.value.flaws] == ["/place", "/segment", "/at", "/findings/1/id"]


def test_a_record_is_of_a_year_ago_at_most():
    check(InspectionDraft(uuid4(), b"", NOON - LONGEST_AGO, "seen", segment="S"), NOON)
    with pytest.raises(BadInput) as refused:
        check(InspectionDraft(uuid4(), b"", NOON - LONGEST_AGO - timedelta(seconds=1), "seen", segment="S"), NOON)
    assert [each.pointer for each in refused.value.flaws] == ["/at"]


@pytest.mark.parametrize(
    ("kind", "lonlat", "reach", "days", "known"),
    [
        ("dump", (115.9701, 36.43), 1, 3, True),
        ("dump", (115.9701, 36.43), 1, 31, False),
        ("dump", (115.9701, 36.43), 1, -1, False),
        ("mine", (115.9701, 36.43), 1, 3, False),
        ("dump", (115.9740, 36.43), 1, 3, False),
        ("dump", None, 99, 3, True),
        ("dump", None, 98, 3, False),
    ],
)
def test_a_chief_had_seen_what_is_of_the_kind_near_and_lately_told(kind, lonlat, reach, days, known):
    found = Seen(uuid4(), "dump", (115.97, 36.43), REACH, NOON)
    told = Seen(uuid4(), kind, lonlat, UUID(int=reach), NOON - timedelta(days=days))
    assert seen_before(found, [told]) == (told if known else None)
