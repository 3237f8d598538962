"""Tidings of a hazard: which act is news to whom, and how a step of its ladder is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.escalation import Channel, Rung, Step
from backend.domain.hazards import MENDING, Act, Severity, State
from backend.domain.lanes import Lane
from backend.domain.notices import APP, SMS


class Whom(StrEnum):
    """Who is told, seen from the hazard."""

    REPORTER = "reporter"
    MENDERS = "menders"
    """The person it was given to, else whoever speaks for the unit."""
    CLERKS = "clerks"
    """Who gives it out and verifies it: the bureau of the county, else its office."""
    LAW = "law"
    """The post it was handed over to."""
    ASKER = "asker"
    """Who asked for more time."""
    HELPERS = "helpers"
    """The chief and the office of the level whose help was asked for."""
    HELPED = "helped"
    """Who asked for it."""


@dataclass(frozen=True, slots=True)
class Tiding:
    """One piece of news: to whom, in which sentence, and how much it presses."""

    whom: Whom
    key: str
    lane: Lane = Lane.NORMAL


_TABLE: Mapping[Act, Sequence[Tiding]] = {
    Act.REJECT: (Tiding(Whom.REPORTER, "rejected"),),
    Act.ASSIGN: (Tiding(Whom.MENDERS, "assigned"),),
    Act.REPORT_DONE: (Tiding(Whom.CLERKS, "done", Lane.DIGEST),),
    Act.RETURN: (Tiding(Whom.MENDERS, "returned"),),
    Act.CLOSE: (Tiding(Whom.REPORTER, "closed", Lane.DIGEST),),
    Act.REOPEN: (Tiding(Whom.MENDERS, "reopened"),),
    Act.TRANSFER: (Tiding(Whom.LAW, "transferred"),),
    Act.HAND_BACK: (Tiding(Whom.CLERKS, "handed_back"),),
    Act.SUPERVISE: (Tiding(Whom.MENDERS, "supervised"),),
    Act.ASK_EXTENSION: (Tiding(Whom.CLERKS, "extension_asked"),),
    Act.GRANT_EXTENSION: (Tiding(Whom.ASKER, "extension_granted"),),
    Act.REFUSE_EXTENSION: (Tiding(Whom.ASKER, "extension_refused"),),
    Act.ASK_COORDINATION: (Tiding(Whom.HELPERS, "help_asked"),),
    Act.ANSWER_COORDINATION: (Tiding(Whom.HELPED, "help_answered"),),
    Act.MERGE: (Tiding(Whom.REPORTER, "merged", Lane.DIGEST),),
}
"""What is not in it is no news: the phones see it at their next sync all the same."""


LANE_OF_REPORT: Mapping[Severity, Lane] = {
    Severity.CRITICAL: Lane.URGENT,
    Severity.MAJOR: Lane.NORMAL,
    Severity.ORDINARY: Lane.DIGEST,
    Severity.MINOR: Lane.DIGEST,
}
"""How much a report presses: a crisis (险情) has minutes, a heap of rubbish the morning (our judgement)."""


ABOVE = "climb_above"
"""The sentence for whoever sits above those on whom it waits."""


def of_act(act: Act, before: State, severity: Severity) -> Sequence[Tiding]:
    """The news of an act; those of a critical hazard (险情) wait for nothing."""
    news = _TABLE.get(act, ())
    if act is Act.RETURN and before in MENDING:
        news = (Tiding(Whom.CLERKS, "declined"),)
    if act is Act.REOPEN and before is State.REJECTED:
        news = ()
    return [Tiding(each.whom, each.key, Lane.URGENT) if severity is Severity.CRITICAL else each for each in news]


def channels_of(lane: Lane) -> tuple[str, ...]:
    """By what news of an act goes out."""
    return (APP, SMS) if lane is Lane.URGENT else (APP,)


def lane_of(step: Step, severity: Severity) -> Lane:
    """How much a step presses: one before the deadline waits for the digest, a call about a crisis for nothing."""
    if severity is Severity.CRITICAL and {Channel.SMS, Channel.VOICE} & set(step.channels):
        return Lane.URGENT
    return Lane.NORMAL if is_late(step) else Lane.DIGEST


def is_late(step: Step) -> bool:
    """Whether the deadline has passed when it is taken."""
    return step.share >= 1


def key_of(step: Step, rung: Rung | None) -> str:
    """The sentence of a step for whoever was found on a rung; None: the last resort."""
    if not is_late(step):
        return "climb_soon"
    return "climb_late" if rung is Rung.OWNER else ABOVE
