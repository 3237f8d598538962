"""Seals over all timelines: made every few minutes over what has happened since, for a file that leaves the house."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import orjson

from backend.db import Session, lock
from backend.domain.proofs import Leaf, Seal, sealed
from backend.store import facts

BATCH = 20_000
"""Facts that one seal covers at most; more wait for the next (our judgement)."""


def seal(session: Session, *, now: datetime, limit: int = BATCH) -> Seal | None:
    """Seal what has happened since the last seal; None when nothing has."""
    lock(session, "seal")
    rows = facts.unsealed(session, limit)
    if not rows:
        return None
    before = facts.last_seal(session)
    number = before.number + 1 if before else 1
    grown: dict[tuple[str, UUID], Leaf] = {}
    for row in rows:
        known = grown.get((row.thing_type, row.thing_id))
        if known is None or known.number < row.number:
            leaf = Leaf(number, row.thing_type, row.thing_id, row.number, row.hash)
            grown[row.thing_type, row.thing_id] = leaf
    made = sealed(before, list(grown.values()), _grown(session, grown.values()), at=now)
    facts.add_seal(session, made, list(grown.values()))
    facts.sealed_until(session, rows[-1].transaction_id, rows[-1].seq)
    return made


def _grown(session: Session, leaves: Iterable[Leaf]) -> int:
    """How many facts these chains have more than were sealed."""
    sealed_before = facts.sealed_heads(session, [leaf.thing_id for leaf in leaves])
    return sum(leaf.number - sealed_before.get(leaf.thing_id, 0) for leaf in leaves)


def line(made: Seal) -> bytes:
    """A seal as it is written to the file and handed out."""
    return orjson.dumps({"seal": made.written().decode(), "hash": made.hash.hex()}) + b"\n"


def after(session: Session, number: int) -> list[Seal]:
    """The seals after one."""
    return list(facts.seals(session, after=number))
