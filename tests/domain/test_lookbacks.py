"""What a look-back draws, and that anybody can draw it again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.domain.hazards import Severity
from backend.domain.lookbacks import (
    CheckDraft,
    Closed,
    LookbackDraft,
    Outcome,
    Why,
    check_note,
    digest,
    draw,
    ordered,
    window,
)
from backend.errors import BadInput

AT = datetime(2025, 5, 1, 8, 0, tzinfo=UTC)
TODAY = date(2025, 7, 2)


def closed(number: int, severity: Severity = Severity.ORDINARY, hours: int = 0) -> Closed:
    return Closed(UUID(int=number), AT + timedelta(hours=hours), severity)


def test_a_draw_is_the_one_that_everybody_gets_by_the_rule_as_it_is_written_down():
    candidates = [closed(number, hours=number) for number in range(1, 41)]
    drawn = draw(candidates, "2025年第二季度", 0.1)
    lots = sorted((hashlib.sha256(f"2025年第二季度\n{each.id}".encode()).hexdigest(), each.id) for each in candidates)
    assert drawn == {hazard: Why.RANDOM for _, hazard in lots[:4]}
    # As `printf 'seed\nid' | sha256sum` says it too: a version of anything that would draw otherwise is noticed.
    assert sorted(hazard.int for hazard in drawn) == [15, 16, 24, 37]


def test_every_major_and_critical_one_is_drawn_beside_the_share_of_the_others():
    candidates = [closed(number) for number in range(1, 12)]
    candidates += [closed(50, Severity.MAJOR), closed(51, Severity.CRITICAL)]
    drawn = draw(candidates, "x", 0.1)
    assert list(drawn.values()).count(Why.RANDOM) == 2  # a tenth of eleven, rounded up
    assert drawn[UUID(int=50)] == drawn[UUID(int=51)] == Why.SEVERE
    assert draw([], "x", 0.1) == {}


def test_what_a_citizen_is_not_satisfied_with_is_drawn_beside_the_share_of_the_others():
    candidates = [closed(number) for number in range(1, 12)]
    disputed = [replace(closed(50), is_disputed=True), replace(closed(51, Severity.MAJOR), is_disputed=True)]
    drawn = draw([*candidates, *disputed], "x", 0.1)
    assert list(drawn.values()).count(Why.RANDOM) == 2
    assert (drawn[UUID(int=50)], drawn[UUID(int=51)]) == (Why.CITIZEN, Why.SEVERE)
    assert digest(disputed[:1]) != digest([closed(50)])
    assert digest(disputed[1:]) == digest([closed(51, Severity.MAJOR)])


@given(
    numbers=some.sets(some.integers(1, 10_000), max_size=60),
    share=some.sampled_from([0.001, 0.07, 0.1, 0.3, 0.5, 1.0]),
    seed=some.text(min_size=1, max_size=20).filter(str.isprintable),
)
def test_the_order_in_which_the_database_answers_changes_nothing(numbers, share, seed):
    candidates = [closed(number, hours=number % 7) for number in numbers]
    there, back = ordered(candidates), ordered(reversed(candidates))
    assert there == back
    assert digest(there) == digest(back)
    assert draw(there, seed, share) == draw(back, seed, share)
    assert len(draw(there, seed, share)) == ceil(round(share * len(numbers), 9))


def test_another_candidate_another_severity_or_another_moment_is_another_list():
    one = [closed(1), closed(2, hours=1)]
    others = [[*one, closed(3, hours=2)], [closed(1, Severity.MINOR), one[1]], [closed(1, hours=-1), one[1]]]
    assert len({digest(each) for each in (one, *others)}) == 4


def wanted(begin: date | None = None, end: date | None = None) -> LookbackDraft:
    return LookbackDraft(UUID(int=1), b"", "3715", begin, end, 0.1, None)


def test_a_month_to_a_quarter_after_closing_is_looked_back_unless_other_days_are_named():
    assert window(wanted(), TODAY) == (date(2025, 4, 3), date(2025, 6, 2))
    assert window(wanted(date(2025, 1, 1), date(2025, 2, 1)), TODAY) == (date(2025, 1, 1), date(2025, 2, 1))


@pytest.mark.parametrize(
    ("begin", "end", "pointer"),
    [
        (None, date(2025, 7, 3), "/to"),
        (date(2025, 6, 3), None, "/from"),
        (date(2024, 1, 1), None, "/from"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(begin, end, pointer):
    with pytest.raises(BadInput) as refused:
        window(wanted(begin, end), TODAY)
    assert [flaw.pointer for flaw in refused.value.flaws] == [pointer]


def test_a_hazard_that_came_back_is_told_with_a_word_about_it():
    check_note(CheckDraft(UUID(int=1), b"", UUID(int=2), Outcome.HOLDS))
    check_note(CheckDraft(UUID(int=1), b"", UUID(int=2), Outcome.REBOUND, "又有垃圾"))
    with pytest.raises(BadInput):
        check_note(CheckDraft(UUID(int=1), b"", UUID(int=2), Outcome.REBOUND, "  "))
