"""Whether all timelines are what they were: every fact, the personal values beside it, every seal, those outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import orjson

from backend.db import Database, Session
from backend.domain.hazards import State
from backend.domain.proofs import Break, Fact, Seal, check_chain, check_seals, secret_digest
from backend.services import seals, timeline
from backend.store import facts
from backend.store.backup import moment

Noted = TypeVar("Noted")
FIRST = State.REPORTED.value
"""Where a hazard stands before its first act."""


CHECKS_SHOWN = 10
OVERDUE_AFTER = timedelta(days=2)
"""They are looked at once a night; whoever misses two nights is not looked after (our judgement)."""


class Proof(StrEnum):
    """What can be said of the timelines."""

    WHOLE = "whole"
    BROKEN = "broken"
    UNCHECKED = "unchecked"
    OVERDUE = "overdue"
    """The last look found nothing wrong, but lies too long ago."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the timelines stand."""

    proof: Proof
    sealed: Seal | None
    """The newest seal; None: nothing has happened yet."""
    unsealed: int
    """So many facts wait for the next one."""
    checks: Sequence[Any]
    """The last looks, the newest first: at, chains, facts, seals, broken, number, why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and the first thing that does not add up."""

    chains: int
    facts: int
    seals: int
    wrong: Break | None


def verified(database: Database, kept: Sequence[bytes] = ()) -> Verified:
    """The same in one look at a whole database."""
    with moment(database) as session:
        return verify(session, kept)


def note(session: Session, found: Verified, *, now: datetime) -> None:
    """Keep what a look has found, for whoever asks when there was one."""
    facts.add_check(session, found.chains, found.facts, found.seals, found.wrong, now)


def standing(session: Session, *, now: datetime) -> Standing:
    """How the timelines stand: the newest seal, how much is not sealed yet, and what the last looks found."""
    checks, last = facts.checks(session, CHECKS_SHOWN), facts.last_seal(session)
    if not checks:
        state = Proof.UNCHECKED
    elif checks[0].broken is not None:
        state = Proof.BROKEN
    else:
        state = Proof.OVERDUE if now - checks[0].at > OVERDUE_AFTER else Proof.WHOLE
    return Standing(state, last, facts.count_unsealed(session), checks)


def verify(session: Session, kept: Sequence[bytes] = ()) -> Verified:
    """Look at every fact, every seal, and the lines that a file has kept of them: whether each is what others say.

    In one look at the whole database; the lines were read before it.
    """
    count = Counter[str]()
    try:
        wrong = _check_chains(session, count) or _check_seals(session, count)
        wrong = wrong or _check_ends(session) or _check_kept(session, kept)
    except (ValueError, TypeError):  # SQLite keeps any text for a moment or a number: put there by other hands
        what = "seal" if count["seals"] else "fact"
        wrong = Break(what, count[f"{what}s"] + 1, "altered")
    return Verified(count["chains"], count["facts"], count["seals"], wrong)


def _check_seals(session: Session, count: Counter[str]) -> Break | None:
    found = _noted(facts.seals(session), count, "seals")
    return check_seals((seal, facts.leaves_of(session, seal.number)) for seal in found)


def _check_chains(session: Session, count: Counter[str]) -> Break | None:
    """Chain after chain, with the personal values that stand beside each; both come in the order of their things."""
    beside, rows = _Beside(facts.secrets_in_order(session)), _Beside(facts.rows_in_order(session))
    for (kind, thing), chain in groupby(facts.in_order(session), key=lambda fact: (fact.thing_type, fact.thing_id)):
        count["chains"] += 1
        links = list(_noted(chain, count, "facts"))
        name = f"{kind}/{thing}"
        values = beside.of(thing)
        wrong = check_chain(name, links) or _check_personal(name, links, values)
        wrong = wrong or _check_row(name, links, values, rows.of(thing))
        if wrong is not None:
            return wrong
    return None


class _Beside:
    """Personal values, taken up thing by thing."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._groups = groupby(rows, key=lambda row: row.thing_id)
        self._next: tuple[UUID, list[Any]] | None = None
        self._step()

    def of(self, thing: UUID) -> list[Any]:
        """Those of a thing that comes after the one asked for last."""
        while self._next is not None and self._next[0] < thing:
            self._step()
        if self._next is None or self._next[0] != thing:
            return []
        return self._next[1]

    def _step(self) -> None:
        found = next(self._groups, None)
        self._next = (found[0], list(found[1])) if found else None


def _check_personal(name: str, links: Sequence[Fact], rows: Sequence[Any]) -> Break | None:
    """Each value is the one whose digest was hashed; none is missing but in a timeline that tells of an erasure."""
    there = {(row.number, row.name): secret_digest(row.salt, row.value) for row in rows}
    erased_until = max((link.number for link in links if link.act == timeline.ERASE), default=0)
    for link in links:
        for key, digest in timeline.hidden(orjson.loads(link.body)).items():
            found = there.get((link.number, key))
            if found != digest and not (found is None and link.number < erased_until):
                return Break(name, link.number, "personal")
            there.pop((link.number, key), None)
    return Break(name, min(there)[0], "personal") if there else None


def _check_row(name: str, links: Sequence[Fact], values: Sequence[Any], rows: Sequence[Any]) -> Break | None:
    """The thing that everybody looks at is there, and says of itself what its facts say: its state and its words."""
    last = len(links)
    if not rows:
        return Break(name, last, "row")
    states = [change[1] for link in links if (change := orjson.loads(link.body).get("state"))]
    words = [row.value for row in values if (row.number, row.name) == (1, "description")]
    is_so = rows[0].state == (states[-1] if states else FIRST) and (not words or rows[0].description == words[0])
    return None if is_so else Break(name, last, "row")


def _noted(each: Iterable[Noted], count: Counter[str], name: str) -> Iterator[Noted]:
    for one in each:
        count[name] += 1
        yield one


def _check_ends(session: Session) -> Break | None:
    """Every sealed fact is in its chain, every thing knows its end, and no seal counts more than it covers."""
    for why, found in (("sealed", facts.lost_leaf(session)), ("head", facts.loose_end(session))):
        if found is not None:
            return Break(f"{found.thing_type}/{found.thing_id}", found.number, why)
    last = facts.last_seal(session)
    if last is not None and last.facts != facts.sealed_in_all(session):
        return Break("seal", last.number, "count")
    return None


def _check_kept(session: Session, kept: Sequence[bytes]) -> Break | None:
    """Each line kept outside is a seal as it is here; seals that are here only were made since."""
    found = facts.seals(session)
    for number, outside in enumerate(kept, start=1):
        inside = next(found, None)
        if inside is None or seals.line(inside) != outside:
            return Break("seal", number, "file")
    return None
