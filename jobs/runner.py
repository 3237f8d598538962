"""How a job runs: in one transaction with its slot, or piece by piece; a broken piece is set aside, loudly."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from backend.channels.sending import Channel
from backend.config import Settings
from backend.db import AWAY, Database, Session
from backend.domain.alarms import Alarm
from backend.domain.lanes import Hours
from backend.domain.ways import Ways
from backend.files.store import PhotoStore
from backend.keyring import KeyRing
from backend.services import alarms, asides, clockwork
from backend.services.asides import Work

Piece = TypeVar("Piece")
Result = TypeVar("Result")

log = structlog.get_logger(__name__)

MOST_ASIDE = 1_000
"""With so many broken pieces it is not the pieces that are broken: the run ends and is told about."""


@dataclass(frozen=True)
class House:
    """What jobs work on."""

    settings: Settings
    database: Database
    photos: PhotoStore
    keyring: KeyRing | None = None
    """Needed by whoever opens addresses."""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    ways: Ways = field(default_factory=dict)

    @property
    def hours(self) -> Hours:
        """When people are left alone, and when their digest goes out."""
        return Hours(*self.settings.quiet, self.settings.digest_at)

    def pass_by(self, failpoint: str) -> None:
        """Die here, as if killed, where a test asks for it."""
        if self.settings.failpoint == failpoint:
            os._exit(9)


@dataclass(frozen=True)
class Job:
    """A job, and the time between its slots."""

    name: str
    run: Callable[..., int]
    every: timedelta
    lease: timedelta = clockwork.LEASE
    """So long after its last sign of life a killed run is taken up again."""
    preview: Callable[..., Iterable[str]] | None = None
    """What it would do as of a moment, a line each, without doing it."""

    def slot(self, now: datetime) -> datetime:
        """The slot in which a moment lies: the same for every runner, whenever it started."""
        seconds = int(self.every.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)

    def go(self, house: House, *, now: datetime) -> int:
        """Run it as of a moment, whosever turn it is; how many pieces of work there were."""
        raise NotImplementedError

    def turn(self, house: House, *, now: datetime) -> int | None:
        """Run it if nobody has had the present slot; None when somebody has."""
        raise NotImplementedError


class Whole(Job):
    """A job of one transaction, `run(session, *, now)`; its slot is taken in that, so both are kept or neither."""

    def go(self, house: House, *, now: datetime) -> int:
        """Run it as of a moment."""
        with house.database.transaction() as session:
            return self.run(session, now=now)

    def turn(self, house: House, *, now: datetime) -> int | None:
        """Take the slot and run, or neither."""
        with house.database.transaction() as session:
            return self.run(session, now=now) if clockwork.take_turn(session, self.name, self.slot(now)) else None


class InPieces(Job):
    """A job of many transactions, `run(house, *, now, alive)`; a claim holds its slot, so a killed run is taken up."""

    def go(self, house: House, *, now: datetime) -> int:
        """Run it as of a moment."""
        return self.run(house, now=now)

    def turn(self, house: House, *, now: datetime) -> int | None:
        """Claim the slot, run while giving signs of life, and say that it is done."""

        slot, database = self.slot(now), house.database
        with database.transaction() as session:
            if not clockwork.claim_turn(session, self.name, slot, self.lease):
                return None
        done = self.run(house, now=now, alive=lambda: self._hold(database))
        with database.transaction() as session:
            clockwork.finish_turn(session, self.name, slot)
        return done

    def _hold(self, database: Database) -> None:
        with database.transaction() as session:
            clockwork.hold_turn(session, self.name, self.lease)


@dataclass(frozen=True)
class Steady(Job):
    """A job that runs by itself beside the ticks, for what cannot wait for one; in any number of processes."""

    keep: Callable[[House, threading.Event], Sequence[threading.Thread]] | None = None
    """Start its threads, which end soon after the event is set."""

    def go(self, house: House, *, now: datetime) -> int:
        """Run it once as of a moment."""
        return self.run(house, now=now)

    def turn(self, house: House, *, now: datetime) -> int | None:
        """It needs no turn: whoever looks takes what nobody else has."""
        return self.run(house, now=now)


def drain(
    batch: Callable[[set[Piece]], Sequence[Piece]], work: Callable[[Piece], bool], alive: Callable[[], object]
) -> int:
    """Do piece after piece until a batch is empty; how many were done.

    `batch` leaves out those set aside, `work` says whether there was anything to do, `alive` is told after each batch.
    """
    aside: set[Piece] = set()
    done = 0
    while len(aside) < MOST_ASIDE and (pieces := batch(aside)):
        for piece in pieces:
            try:
                is_done = work(piece)
            except Exception:
                log.exception("set_aside", piece=piece.hex() if isinstance(piece, bytes) else str(piece))
                is_done = False
            done += is_done
            if not is_done:
                aside.add(piece)
        alive()
    if len(aside) >= MOST_ASIDE:
        log.error("too_many_set_aside", pieces=len(aside))
    return done


@dataclass(frozen=True)
class Aside:
    """A piece of work that broke and is let wait, so that it holds up no other."""

    kind: str
    """What it is, by which alarms and logs name it."""
    id: object
    what: str
    """How the alarm calls it."""


def first_aside(work: Work, called: str, *, now: datetime) -> Callable[[Session], Aside]:
    """What lets the first that is due wait; the alarm calls it by that word and its id."""

    def aside(session: Session) -> Aside:
        one = asides.set_first(session, work, now=now)
        return Aside(work.value, one, f"{called} {one}")

    return aside


def until_done(work: Callable[[], int], alive: Callable[[], object]) -> int:
    """Do batch after batch until one finds nothing, with a sign of life after each; how many in all."""
    done = 0
    while count := work():
        done += count
        alive()
    return done


def sweep(
    house: House,
    work: Callable[..., int],
    aside: Callable[[Session], Aside],
    *,
    batch: int,
    broke: str,
    now: datetime,
) -> int:
    """Do a batch in one transaction; where that breaks, one at a time, to find the one that does; how many.

    `work(session, *, limit)` takes what is due first and says how many it took; `aside` lets that wait; `broke` is
    how the log calls a broken batch. Raises AWAY.
    """

    def one_by_one() -> int:
        log.exception(broke)
        return sum(attempt(house, partial(work, limit=1), aside, now=now) for _ in range(batch))

    return _unless_broken(house, partial(work, limit=batch), one_by_one)


def attempt(house: House, work: Callable[[Session], int], aside: Callable[[Session], Aside], *, now: datetime) -> int:
    """Do one piece in a transaction; where that breaks it is set aside in another, and somebody is told to look.

    How many were done, and one that was set aside is done with. Raises AWAY.
    """

    def set_aside() -> int:
        with house.database.transaction() as session:
            broken = aside(session)
            about = f"{broken.kind}/{broken.id}"
            alarms.sound(session, Alarm.SET_ASIDE, about, now=now, what=broken.what)
        log.exception("set_aside", **{broken.kind: str(broken.id)})
        return 1

    return _unless_broken(house, work, set_aside)


def _unless_broken(house: House, work: Callable[[Session], int], otherwise: Callable[[], int]) -> int:
    """Work in a transaction; where that breaks nothing of it is kept, and this is done instead."""
    try:
        with house.database.transaction() as session:
            return work(session)
    except AWAY:
        raise  # the database is broken, and no piece of work: the next tick takes it up
    except Exception:
        return otherwise()


GATHER_S = 0.005
"""What ends within so long after the first is recorded with it, in one transaction."""
FEW = 16
"""With so few under way each is recorded at once: what is not recorded is sent again when this process is killed."""
_INSIST_S = 10.0
"""So long a record is tried again while the database is away; after that the lease runs out, and it is sent again."""


def relay(
    claim: Callable[[int], Sequence[Piece]],
    send: Callable[[Piece], Result],
    record: Callable[[Sequence[Result]], object],
    *,
    width: int,
    pool: Executor,
) -> int:
    """Claim (and commit), send side by side with no transaction open, record (and commit), until nothing is left.

    `claim` is given how many may be taken, `send` never fails. The only caller of channels; how many were sent.
    """
    under_way: set[Future[Result]] = set()
    done = 0
    while True:
        if len(under_way) <= width // 2:
            try:
                under_way |= {pool.submit(send, piece) for piece in claim(width - len(under_way))}
            except Exception:
                # What is under way has been sent, or is being: forgotten, it would be sent again.
                _insist(record, [each.result() for each in under_way])
                raise
        if not under_way:
            return done
        wait(under_way, return_when=FIRST_COMPLETED)
        ended, under_way = wait(under_way, timeout=GATHER_S if len(under_way) > FEW else 0)
        _insist(record, [each.result() for each in ended])
        done += len(ended)


def _insist(record: Callable[[Sequence[Result]], object], results: Sequence[Result]) -> None:
    """Record what was sent, also while the database is away for a moment."""
    until = time.monotonic() + _INSIST_S
    while True:
        try:
            record(results)
        except AWAY as away:
            if time.monotonic() > until:
                raise
            log.error("record_must_wait", error=type(away).__name__)
            time.sleep(0.2)
        else:
            return
