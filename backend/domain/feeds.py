"""Feeds of signals: how often one is looked at, how it rests when it fails, and when it is missed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FEED = "feed"
"""The word for one where things of all kinds are named."""
LONGEST_REST = timedelta(minutes=15)
"""A feed that fails is still asked so often: the night on which it comes back is the one that counts."""
FIRST_RETRY = timedelta(seconds=15)
"""A document that came in half is there as a whole a moment later."""
LEASE = timedelta(minutes=2)
"""So long a feed that is being fetched is nobody else's; a runner that is killed leaves it due again after that."""
GIVE_UP = timedelta(hours=24)
"""A document that nobody can read after so long is of yesterday."""
FORGET = timedelta(days=30)
"""So long after a list named it last, a document that was dealt with is remembered."""
_JITTER = 0.2
_MOST_DOUBLINGS = 10


class Form(StrEnum):
    """What stands at the address of a feed."""

    ATOM = "atom"
    """Atom, or RSS."""
    LIST = "list"
    """An address on each line."""


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """A feed as an administrator wants it."""

    name: str
    title: str
    form: Form
    url: str | None
    every_s: int
    silent_s: int
    is_on: bool
    key_sha256: bytes | None
    """Of the secret by which it brings signals itself; None: as it was."""


def key_digest(key: str) -> bytes:
    """The form in which the key of a feed is kept; it is long and random, so it needs no slow one."""
    return hashlib.sha256(key.encode()).digest()


def rest(usual: timedelta, failures: int, name: str, now: datetime) -> timedelta:
    """How long until it is asked again: twice as long with each failure, and a little more or less.

    So that all feeds of a provider that was down do not come back to it in the same second. What is asked less
    often than the longest rest is not asked more often for failing.
    """
    if not failures:
        return usual
    longest = max(usual, LONGEST_REST)
    wait = min(usual * 2 ** min(failures, _MOST_DOUBLINGS), longest)
    return wait * (1 + _JITTER * (2 * _share(name, now) - 1))


def retry(tries: int, name: str, now: datetime) -> timedelta:
    """How long until a document that could not be read is fetched again."""
    return rest(FIRST_RETRY, tries, name, now)


def is_missed(kept_at: datetime, heard_at: datetime | None, silent_s: int, now: datetime) -> bool:
    """Whether nothing good was heard for too long, since it was put into its present form."""
    since = max(kept_at, heard_at) if heard_at is not None else kept_at
    return now - since > timedelta(seconds=silent_s)


def _share(name: str, now: datetime) -> float:
    """A number from 0 to 1 that nobody chooses and that falls the same way again."""
    digest = hashlib.sha256(f"{name} {now.timestamp()}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
