"""Call-outs as rules: what is due when, and that whatever people answer nothing is missed, early, doubled or undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.callout_plans import DEFAULTS, DOOR, Plan, Rung
from backend.domain.callouts import (
    RING_AGAIN,
    Answer,
    Line,
    Move,
    Standing,
    State,
    answered,
    begin,
    ended,
    expected,
    forecast,
    hushed,
    move,
    next_at,
    priority,
    resumed,
)
from backend.domain.flood_warnings import Level

T = datetime(2025, 7, 27, 18, 0, tzinfo=UTC)
RED, ORANGE, YELLOW, BLUE = (DEFAULTS[level] for level in (Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE))
MINUTE = timedelta(minutes=1)


def night(plan: Plan, minutes: float, *, every: timedelta = timedelta(seconds=5)) -> list[tuple[float, Move]]:
    """Looks at a person who never answers, as often as each look asks for or at least every so often."""
    standing, now, looks = begin(T), T, []
    while now <= T + minutes * MINUTE:
        found = move(plan, standing, now)
        if found.call or found.steps or found.after.state is not standing.state:
            looks.append(((now - T) / MINUTE, found))
        standing = found.after
        if found.next_at is None:
            break
        now = max(found.next_at, now + every)
    return looks


def steps_of(looks: list[tuple[float, Move]]) -> list[tuple[str, float]]:
    return [(step.what, round(minute)) for minute, look in looks for step in look.steps]


def test_a_silent_person_under_red_is_called_three_times_climbed_over_and_somebody_knocks():
    looks = night(RED, 40)
    calls = [(minute, look.call) for minute, look in looks if look.call]
    assert [call for _, call in calls] == [RED.first, RED.again, RED.again]
    assert calls[-1][0] < 5
    assert steps_of(looks) == [
        (Rung.SUBSTITUTE, 3),
        (Rung.SUPERIOR, 5),
        (Rung.TOWN, 7),
        (DOOR, 10),
        (Rung.COUNTY_DUTY, 12),
        (Rung.CITY_DUTY, 20),
    ]
    minute, last = looks[-1]
    assert (minute, last.after.state, last.next_at) == (30, State.UNREACHED, None)


@pytest.mark.parametrize(
    ("plan", "superior", "closed"), [(ORANGE, 15, 60), (YELLOW, 45, 120), (BLUE, None, 120)], ids=lambda each: str(each)
)
def test_milder_levels_climb_later_and_blue_is_only_listed(plan, superior, closed):
    looks = night(plan, 130)
    assert dict(steps_of(looks)).get(Rung.SUPERIOR) == superior
    assert (looks[-1][0], looks[-1][1].after.state) == (closed, State.UNREACHED)
    calls = [look.call for _, look in looks if look.call]
    assert calls == [plan.first] + [plan.again] * (plan.tries - 1)


def test_a_house_that_slept_for_two_hours_takes_every_step_once_and_calls_once():
    found = move(RED, begin(T), T + timedelta(hours=2))
    assert found.call == RED.first
    assert found.steps == RED.steps
    again = move(RED, found.after, T + timedelta(hours=2, seconds=1), Line.RINGING)
    assert (again.call, again.steps) == ((), ())


def test_while_a_call_rings_no_other_stands_behind_it_and_nobody_is_given_up():
    begun = move(RED, begin(T), T).after
    ringing = move(RED, begun, T + 2 * MINUTE, Line.RINGING)
    assert ringing.call == ()
    assert ringing.next_at == T + 3 * MINUTE, "that of the next step, or a minute later"
    tried = replace(begun, tries=3, taken=len(RED.steps))
    late = move(RED, tried, T + 31 * MINUTE, Line.RINGING)
    assert (late.after.state, late.next_at) == (State.OPEN, T + 31 * MINUTE + RING_AGAIN)
    assert move(RED, tried, T + 31 * MINUTE).after.state is State.UNREACHED


def test_received_without_a_report_is_asked_again_and_the_ladder_begins_anew():
    heard = answered(RED, move(RED, begin(T), T).after, Answer.RECEIVED, T + MINUTE)
    assert heard is not None
    wait = move(RED, heard, T + 2 * MINUTE)
    assert (wait.call, wait.next_at) == ((), T + 31 * MINUTE)
    asked = move(RED, heard, T + 31 * MINUTE)
    assert asked.asks_report
    assert asked.call == RED.first
    assert (asked.after.state, asked.after.round, asked.after.tries) == (State.OPEN, 2, 1)
    climbing = move(RED, asked.after, T + 36 * MINUTE)
    assert [step.what for step in climbing.steps] == [Rung.SUBSTITUTE, Rung.SUPERIOR]


def test_a_milder_warning_that_was_heard_asks_for_no_report():
    heard = answered(YELLOW, begin(T), Answer.RECEIVED, T + MINUTE)
    assert heard is not None
    assert move(YELLOW, heard, T + timedelta(days=1)) == Move(heard)
    assert next_at(YELLOW, heard, T + MINUTE) is None


def test_cannot_climbs_at_once_and_nobody_knocks_there():
    called = move(RED, begin(T), T).after
    unable = answered(RED, called, Answer.UNABLE, T + MINUTE)
    assert unable is not None
    assert next_at(RED, unable, T + MINUTE) == T + MINUTE
    first = move(RED, unable, T + MINUTE)
    assert [step.what for step in first.steps] == [Rung.SUBSTITUTE]
    assert first.call == ()
    at, standing, told = first.next_at, first.after, []
    while at is not None:
        look = move(RED, standing, at)
        told += [(step.what, (at - T) / MINUTE) for step in look.steps]
        standing, at = look.after, look.next_at
    assert told == [(Rung.SUPERIOR, 3), (Rung.TOWN, 5), (Rung.COUNTY_DUTY, 10), (Rung.CITY_DUTY, 18)]
    assert standing.state is State.UNABLE


def test_cannot_said_while_a_step_is_overdue_never_puts_it_off():
    called = move(RED, begin(T), T).after
    unable = answered(RED, called, Answer.UNABLE, T + 6 * MINUTE)
    assert unable is not None
    assert unable.climbs_from == T
    late = answered(RED, replace(called, taken=len(RED.steps)), Answer.UNABLE, T + 25 * MINUTE)
    assert late is not None
    assert late.climbs_from == T
    assert move(RED, late, T + 25 * MINUTE).next_at is None


def test_what_is_over_asks_for_nothing_and_keeps_what_was_answered():
    assert ended(begin(T)).state is State.ENDED
    acting = answered(RED, begin(T), Answer.ACTING, T)
    assert acting is not None
    assert ended(acting) is acting
    over = ended(begin(T))
    assert answered(RED, over, Answer.ACTING, T) is None
    assert move(RED, over, T + timedelta(days=1)) == Move(over)
    assert next_at(RED, over, T) is None
    assert expected(RED, over, T + timedelta(days=1)) == 0


def test_what_must_have_been_taken_is_counted_without_asking_what_was():
    assert expected(RED, begin(T), T) == 0
    assert expected(RED, begin(T), T + 5 * MINUTE) == 2
    assert expected(RED, begin(T), T + timedelta(hours=1)) == len(RED.steps)
    unable = answered(RED, begin(T), Answer.UNABLE, T)
    assert unable is not None
    assert expected(RED, unable, T) == 1
    assert expected(RED, unable, T + timedelta(hours=1)) == len(RED.steps) - 1, "but for the door"


def test_the_order_of_calls_and_how_long_a_round_of_them_takes():
    assert priority(is_inside=True, is_first=False) < priority(is_inside=False, is_first=True)
    assert priority(is_inside=False, is_first=True) < priority(is_inside=False, is_first=False)
    assert forecast(6_600, 200, 30.0) == timedelta(seconds=990)
    assert forecast(6_600, 0, 30.0) == timedelta()


STEP = st.tuples(
    st.integers(0, 400),
    st.sampled_from(["look", "ringing", "back", *Answer]),
    st.integers(-900, 60),
)
LEVELS = st.sampled_from([Level.RED, Level.ORANGE, Level.YELLOW, Level.BLUE])


def _play(plan: Plan, story: list[tuple[int, str, int]], now: datetime) -> None:
    standing, begun = begin(now), {1: now}
    taken: dict[int, list[int]] = {1: []}
    calls: dict[int, list[datetime]] = {1: []}
    for seconds, what, said_before in story:
        now += timedelta(seconds=-seconds if what == "back" else seconds)
        if what in list(Answer):
            said_at = now + timedelta(seconds=min(0, said_before))
            after = answered(plan, standing, Answer(what), said_at)
            _check_answer(standing, after, Answer(what), said_at)
            standing = after or standing
            continue
        found = move(plan, standing, now, Line.RINGING if what == "ringing" else Line.FREE)
        number = found.after.round
        assert number - standing.round in (0, 1)
        if number > standing.round:
            begun[number], taken[number], calls[number] = now, [], []
            assert standing.state is State.RECEIVED
            assert found.asks_report
        for step in found.steps:
            place = plan.steps.index(step)
            assert place not in taken[number], "each step once"
            assert found.after.climbs_from + step.after <= now, "none early"
            assert step.what != DOOR or found.after.state is State.OPEN or found.after.state is State.UNREACHED
            taken[number].append(place)
        assert taken[number] == sorted(taken[number])
        if found.call:
            assert what != "ringing"
            calls[number].append(now)
            assert len(calls[number]) <= plan.tries
            assert now >= begun[number] + plan.every * (len(calls[number]) - 1)
        assert found.next_at is None or found.next_at > now
        if found.after.state in (State.OPEN, State.UNABLE) and found.next_at is not None:
            assert len(taken[number]) >= expected(plan, found.after, now) - (DOOR not in _names(plan, taken[number]))
        standing = found.after
    _nothing_is_left(plan, standing, now)


def _names(plan: Plan, taken: list[int]) -> set[str]:
    return {plan.steps[place].what for place in taken}


def _check_answer(before: Standing, after: Standing | None, answer: Answer, said_at: datetime) -> None:
    if after is None:
        is_older = before.said_at is not None and said_at < before.said_at
        says_no_more = answer is Answer.RECEIVED and before.state in (State.ACTING, State.UNABLE)
        assert is_older or says_no_more or before.state == answer.value
        return
    assert (after.state.value, after.said_at) == (answer.value, said_at)
    assert before.said_at is None or said_at >= before.said_at, "the later one wins"
    assert after.climbs_from <= before.climbs_from, "an answer never puts a step off"
    assert (after.round, after.taken, after.tries) == (before.round, before.taken, before.tries)


def _nothing_is_left(plan: Plan, standing: Standing, now: datetime) -> None:
    """Left to itself it comes to an end, in looks of which there are not many."""
    for _ in range(60):
        found = move(plan, standing, now)
        standing = found.after
        if found.next_at is None:
            assert standing.state in (State.UNREACHED, State.UNABLE, State.ACTING, State.RECEIVED)
            return
        now = found.next_at
    raise AssertionError(standing)


@given(LEVELS, st.lists(STEP, max_size=40))
def test_in_any_sequence_of_looks_and_answers_every_step_is_taken_once_and_none_early(level, story):
    _play(DEFAULTS[level], story, T)


@given(LEVELS, st.lists(st.tuples(st.sampled_from(Answer), st.integers(0, 600)), min_size=1, max_size=6))
def test_the_answer_that_was_given_last_stands_but_received_takes_nothing_back(level, said):
    standing, plan = begin(T), DEFAULTS[level]
    for answer, seconds in said:
        standing = answered(plan, standing, answer, T + timedelta(seconds=seconds)) or standing
    more = [each for each in said if each[0] is not Answer.RECEIVED]
    assert standing.said_at is not None
    if standing.state is State.RECEIVED:
        assert all(T + timedelta(seconds=seconds) < standing.said_at for _, seconds in more)
    elif more:
        assert standing.said_at >= T


def test_nobody_is_silent_while_their_first_call_waits_for_a_line_and_no_longer_than_the_roll_lasts():
    begun = move(RED, begin(T), T).after
    for minutes in (3, 10, 29):
        waits = move(RED, begun, T + minutes * MINUTE, Line.QUEUED)
        assert (waits.steps, waits.after.climbs_from) == ((), T + minutes * MINUTE)
    rang = move(RED, waits.after, T + 31 * MINUTE, Line.RINGING)
    assert (rang.steps, rang.after.taken) == ((), 0)
    assert [step.what for step in move(RED, rang.after, T + 34 * MINUTE, Line.RINGING).steps] == [
        "substitute",
        "superior",
    ]
    for_ever = move(RED, begun, T + 31 * MINUTE, Line.QUEUED)
    assert for_ever.after.taken == len(RED.steps)


def test_a_silence_puts_off_whoever_was_not_called_and_leaves_alone_whoever_was():
    uncalled, later = begin(T), T + timedelta(hours=2)
    assert hushed(uncalled, later) == begin(later)
    assert resumed(hushed(uncalled, later), T) == uncalled
    assert resumed(uncalled, later) == uncalled, "a look that comes late puts nothing off"
    called = replace(uncalled, tries=1)
    assert (hushed(called, later), resumed(called, later)) == (called, called)
