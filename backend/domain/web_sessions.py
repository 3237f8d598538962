"""Web sessions (登录会话): how long somebody at a desk stays signed in, and when the password is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
"""Nobody's desk stays open for longer, used or not: a shift (OWASP ASVS 5, 7.3; our judgement)."""
PROOF = timedelta(minutes=10)
"""So long after the password was typed is nobody asked for it again before a dangerous act (our judgement)."""
TOUCH = timedelta(minutes=1)
"""A sign of life is written down at most so often: boards ask every few seconds."""


class Stage(StrEnum):
    """How far somebody has come in."""

    CODE = "code"
    """The password was right; the one-time code of the second factor is still to come."""
    ENROL = "enrol"
    """The same, but there is no second factor yet, and this post needs one."""
    IN = "in"


def is_over(begun_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself: idle for too long, or simply old."""
    return now - seen_at >= IDLE or now - begun_at >= LIFE


def is_proven(proved_at: datetime, now: datetime) -> bool:
    """Whether the password was typed so lately that a dangerous act needs no other."""
    return now - proved_at < PROOF


def stage_of(*, needs_code: bool, has_given_code: bool, has_factor: bool) -> Stage:
    """How far in somebody is; asked at every step, for a post may begin while its holder sits there."""
    if has_given_code or not needs_code:
        return Stage.IN
    return Stage.CODE if has_factor else Stage.ENROL
