"""Call-outs (叫应): one person is called until somebody answers for them; silence climbs and ends at their door.

Pure: from the plan of the warning's level, how the call-out stands and the time follows what is to be done now and when
to look again. Times and channels are the city's own table; where it says nothing (substitute, town, county, city) the
spacing is our judgement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.callout_plans import DOOR, Plan, Step
from backend.domain.notices import ORDINARY

CALLOUT, ACK = "callout", "ack"
"""What they are called on record, in a phone's queue and in the feed of changes."""
AFTER_ALL_REAL = ORDINARY + 1
"""By so much calls of drills come later: no drill takes a line from anybody who is meant."""
RING_AGAIN = timedelta(seconds=60)
"""A call that stands in the queue for a line is looked at so often; a report on it wakes it before that."""

HUSHED = timedelta(minutes=5)
"""So often it is asked whether a silence still lies over them: it may be ended before its time (our judgement)."""


class State(StrEnum):
    """How a call-out stands."""

    OPEN = "open"
    RECEIVED = "received"
    """They heard it; what they do about it is still to be reported."""
    ACTING = "acting"
    UNABLE = "unable"
    """They cannot come; somebody else is looked for."""
    UNREACHED = "unreached"
    """All was tried."""
    ENDED = "ended"
    """The warning is over, or is about them no more."""


class Answer(StrEnum):
    """What somebody says: by key 1, 2 or 3 of a call, or by the words themselves."""

    RECEIVED = "received"
    ACTING = "acting"
    UNABLE = "unable"


class Line(StrEnum):
    """Where the last call of somebody is."""

    FREE = "free"
    """It has ended, or there was none."""
    QUEUED = "queued"
    """It waits for a line, so that another would only stand behind it."""
    RINGING = "ringing"


KEYS: Mapping[str, Answer] = {"1": Answer.RECEIVED, "2": Answer.ACTING, "3": Answer.UNABLE}


class How(StrEnum):
    """How an answer came."""

    VOICE = "voice"
    APP = "app"
    LINK = "link"
    PROXY = "proxy"
    """Somebody who reached them says it for them."""
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the call-out of one person stands."""

    begun_at: datetime
    """When this round of calls began."""
    climbs_from: datetime
    """From when the steps of silence are counted; one who cannot come brings them forward."""
    state: State = State.OPEN
    round: int = 1
    tries: int = 0
    taken: int = 0
    """How many steps of silence were taken in this round."""
    said_at: datetime | None = None
    """When the answer that stands was given."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be done now."""

    after: Standing
    call: tuple[str, ...] = ()
    """Channels by which the person is called; empty: not now."""
    steps: tuple[Step, ...] = ()
    asks_report: bool = False
    """Whether the call asks what is being done, not whether it was heard."""
    next_at: datetime | None = None
    """When to look again, later than now; None: nothing will become due by itself."""


def begin(at: datetime) -> Standing:
    """A person who is to be called."""
    return Standing(at, at)


def move(plan: Plan, standing: Standing, now: datetime, line: Line = Line.FREE) -> Move:
    """What is due at a moment; after a long silence of the house still one call only, and each step once.

    Nobody is silent while their first call waits for a line: the times of the roll hold for those whom the lines can
    carry, and a door is not knocked at before the phone has rung. But no longer than the roll lasts at the most.
    """
    if standing.state is State.RECEIVED and plan.report is not None:
        assert standing.said_at is not None
        if now < standing.said_at + plan.report:
            return Move(standing, next_at=standing.said_at + plan.report)
        standing = Standing(now, now, State.OPEN, standing.round + 1, said_at=standing.said_at)
    if standing.state not in (State.OPEN, State.UNABLE):
        return Move(standing)

    if line is Line.QUEUED and _is_first(standing) and now < standing.begun_at + plan.closes:
        standing = replace(standing, climbs_from=max(now, standing.climbs_from))
    due = _due_steps(plan, standing, now)
    steps = tuple(step for step in due if _is_for(step, standing))
    after = replace(standing, taken=standing.taken + len(due))
    call: tuple[str, ...] = ()
    if _is_call_due(plan, standing, now) and line is Line.FREE:
        call = plan.again if standing.tries else plan.first
        after = replace(after, tries=standing.tries + 1)
    if _is_exhausted(plan, after, now) and line is Line.FREE and not call:
        return Move(replace(after, state=_exhausted[after.state]), steps=steps)
    return Move(after, call, steps, after.round > 1, _next_look(plan, after, now))


def answered(plan: Plan, standing: Standing, answer: Answer, said_at: datetime) -> Standing | None:
    """How it stands after an answer; None when the answer changes nothing (what was said later, or more, stands)."""
    if standing.state is State.ENDED or (standing.said_at is not None and said_at < standing.said_at):
        return None
    if answer is Answer.RECEIVED and standing.state in (State.RECEIVED, State.ACTING, State.UNABLE):
        return None
    state = State(answer.value)
    if state is standing.state:
        return None
    told = replace(standing, state=state, said_at=said_at)
    return replace(told, climbs_from=_brought_forward(plan, told)) if state is State.UNABLE else told


def next_at(plan: Plan, standing: Standing, now: datetime) -> datetime | None:
    """When to look at it after an answer or a change of plan: now where something may be due."""
    if standing.state is State.RECEIVED:
        return None if plan.report is None or standing.said_at is None else standing.said_at + plan.report
    return now if standing.state in (State.OPEN, State.UNABLE) else None


def renewed(standing: Standing, at: datetime, *, must_answer: bool, is_same: bool) -> Standing | None:
    """How it stands when the warning says something else from a moment on; None where who answered only hears of it.

    What is said anew at the same level puts off nobody's turn: the steps of silence go on where they were.
    """
    if must_answer or standing.state in (State.UNREACHED, State.ENDED):
        return Standing(at, at, State.OPEN, standing.round + 1)
    if standing.state is not State.OPEN:
        return None
    if is_same:
        return replace(standing, begun_at=at, round=standing.round + 1, tries=0)
    return Standing(at, at, State.OPEN, standing.round + 1)


def hushed(standing: Standing, until: datetime) -> Standing:
    """A silence (静默) lies over them: whoever was not called yet has, from its end on, all the time to answer."""
    return replace(standing, begun_at=until, climbs_from=until) if _is_uncalled(standing) else standing


def resumed(standing: Standing, now: datetime) -> Standing:
    """No silence lies over them; where it was ended before its time, they are called now."""
    is_early = _is_uncalled(standing) and standing.begun_at > now
    return replace(standing, begun_at=now, climbs_from=now) if is_early else standing


def ended(standing: Standing) -> Standing:
    """The warning is over: nothing is due any more, and what was answered stays."""
    return replace(standing, state=State.ENDED) if standing.state in (State.OPEN, State.UNABLE) else standing


def expected(plan: Plan, standing: Standing, until: datetime) -> int:
    """How many steps of silence must have been taken by then: what the auditor compares with."""
    if standing.state not in (State.OPEN, State.UNABLE):
        return 0
    return sum(_is_for(step, standing) and standing.climbs_from + step.after <= until for step in plan.steps)


def priority(*, is_inside: bool, is_first: bool, is_drill: bool = False) -> int:
    """Whose call goes first when there are more calls than lines: those inside the risk area, then those not called.

    Drills come behind everything that is meant.
    """
    own = 0 if is_inside else 1 if is_first else 2
    return own + AFTER_ALL_REAL if is_drill else own


def is_inside(priority: int) -> bool:
    """Whether a call-out of that priority is of somebody inside the risk area."""
    return priority in (0, AFTER_ALL_REAL)


def forecast(people: int, lines: int, call_s: float) -> timedelta:
    """How long one round of calls takes: people × seconds / lines."""
    return timedelta(seconds=people * call_s / lines) if lines else timedelta()


def _is_first(standing: Standing) -> bool:
    return standing.state is State.OPEN and standing.tries == 1 and not standing.taken


def _is_uncalled(standing: Standing) -> bool:
    return standing.state is State.OPEN and not standing.tries and not standing.taken


def _due_steps(plan: Plan, standing: Standing, now: datetime) -> tuple[Step, ...]:
    due = []
    for step in plan.steps[standing.taken :]:
        if standing.climbs_from + step.after > now:
            break
        due.append(step)
    return tuple(due)


def _is_for(step: Step, standing: Standing) -> bool:
    """Nobody knocks at the door of one who has said that they cannot come."""
    return step.what != DOOR or standing.state is State.OPEN


_exhausted = {State.OPEN: State.UNREACHED, State.UNABLE: State.UNABLE}


def _is_call_due(plan: Plan, standing: Standing, now: datetime) -> bool:
    is_wanted = standing.state is State.OPEN and standing.tries < plan.tries
    return is_wanted and standing.begun_at + plan.every * standing.tries <= now


def _is_exhausted(plan: Plan, standing: Standing, now: datetime) -> bool:
    no_steps = standing.taken >= len(plan.steps)
    if standing.state is State.UNABLE:
        return no_steps
    return no_steps and standing.tries >= plan.tries and now >= standing.begun_at + plan.closes


def _next_look(plan: Plan, standing: Standing, now: datetime) -> datetime:
    times = [standing.climbs_from + step.after for step in plan.steps[standing.taken : standing.taken + 1]]
    if standing.state is State.OPEN:
        times.append(standing.begun_at + plan.closes)
        if standing.tries < plan.tries:
            due_at = standing.begun_at + plan.every * standing.tries
            times.append(due_at if due_at > now else now + RING_AGAIN)
    return min((each for each in times if each > now), default=now + RING_AGAIN)


def _brought_forward(plan: Plan, standing: Standing) -> datetime:
    """As if the next step that is for them were due at the moment they said so, or sooner where it is overdue."""
    assert standing.said_at is not None
    left: Sequence[Step] = [step for step in plan.steps[standing.taken :] if step.what != DOOR]
    return min(standing.climbs_from, standing.said_at - left[0].after) if left else standing.climbs_from
