"""Gates before what anybody may do without an account: how often from one address, how often in all.

Counted in the memory of a process, in a fixed number of places, so that no flood grows it; with several processes the
real limit is this times their number. What is kept has ceilings of its own, which the database counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import ceil
from threading import Lock
from uuid import UUID, uuid4

from backend.domain.buckets import Bucket, Rate, filled, full, taken
from backend.domain.public_reports import sender_of
from backend.domain.puzzles import LIFE, Puzzle, Standing, bits_for, judged
from backend.errors import BadInput, TooMany
from backend.keyring import KeyRing
from backend.recent import Recent

MOST_SENDERS = 20_000
"""Addresses that are remembered for each gate; about 3 MB (our judgement)."""


class Gate(Enum):
    """What is counted: for one address, and for all of them together (our judgement).

    Thousands of telephones share one address of their carrier, so an address gets as many as a village would send on a
    bad day. Whoever has not let a machine count comes through a door of their own, which is narrow.
    """

    REPORT = (Rate(30 / 3600, 10), Rate(2.0, 120))
    SLOW_REPORT = (Rate(3 / 3600, 2), Rate(20 / 3600, 10))
    """Without scripts."""
    LOOK = (Rate(0.5, 40), Rate(20.0, 400))
    """The second page of the form, which asks the database for cases nearby."""
    UNKNOWN = (Rate(0.1, 20), Rate(20.0, 600))
    """Codes of boards and reports that are not there."""

    @property
    def of_sender(self) -> Rate:
        """For one address."""
        return self.value[0]

    @property
    def of_all(self) -> Rate:
        """For all of them."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class _Key:
    gate: Gate
    sender: str


class Gates:
    """How full they are; kept in the house."""

    def __init__(self) -> None:
        self._senders: Recent[_Key, Bucket] = Recent(MOST_SENDERS * len(Gate))
        self._all: dict[Gate, Bucket] = {}
        self._lock = Lock()

    def enter(self, gate: Gate, sender: str, now: datetime) -> None:
        """Let one of that address in; TooMany where it has been in too often."""
        key = _Key(gate, sender)
        with self._lock:
            kept = self._senders.get(key) or full(gate.of_sender, now)
            bucket = filled(kept, gate.of_sender, now)
            is_free = bucket.tokens >= 1
            self._senders.keep(key, taken(bucket, gate.of_sender, 1) if is_free else bucket)
        if not is_free:
            raise TooMany(_wait_s(bucket, gate.of_sender))

    def pass_all(self, gate: Gate, now: datetime) -> None:
        """Let one in of all; TooMany where too many have been."""
        with self._lock:
            bucket = filled(self._all.get(gate) or full(gate.of_all, now), gate.of_all, now)
            is_free = bucket.tokens >= 1
            self._all[gate] = taken(bucket, gate.of_all, 1) if is_free else bucket
        if not is_free:
            raise TooMany(_wait_s(bucket, gate.of_all))

    def pass_unknown(self, address: str | None, now: datetime) -> None:
        """Count a code that is not there; TooMany where somebody tries one after the other."""
        self.enter(Gate.UNKNOWN, sender_of(address), now)
        self.pass_all(Gate.UNKNOWN, now)

    def fullness(self, gate: Gate, now: datetime) -> float:
        """How full it is: 0 idle – 1 nobody more gets through."""
        with self._lock:
            kept = self._all.get(gate)
        if kept is None:
            return 0.0
        return 1 - max(0.0, filled(kept, gate.of_all, now).tokens) / gate.of_all.burst


def _wait_s(bucket: Bucket, rate: Rate) -> int:
    return max(1, ceil((1 - bucket.tokens) / rate.per_s))


def puzzle(gates: Gates, keyring: KeyRing, *, now: datetime) -> str:
    """A puzzle for one report, the harder the more come at the moment."""
    fresh = Puzzle(uuid4(), bits_for(gates.fullness(Gate.REPORT, now)), now + LIFE)
    return fresh.written(keyring.index)


def admitted(gates: Gates, keyring: KeyRing, said: tuple[str, str], sender: str, *, now: datetime) -> UUID:
    """The report for which a puzzle and its answer are good; an address was let in before.

    Without an answer it goes through the slow door: TooMany where that is full. BadInput for a puzzle that is too old
    or none of ours.
    """
    standing, report_id = judged(*said, keyring.index, now)
    if report_id is None or standing is Standing.EXPIRED:
        raise BadInput.at("/puzzle", "report.flaw.puzzle")
    if standing is not Standing.SOLVED:
        gates.enter(Gate.SLOW_REPORT, sender, now)
    gates.pass_all(Gate.REPORT if standing is Standing.SOLVED else Gate.SLOW_REPORT, now)
    return report_id
