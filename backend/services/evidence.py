"""The case file of a hazard for police or prosecutor: its timeline with photos and proof; each taking is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.db import Session
from backend.domain.access import Actor, may
from backend.domain.actions import Action
from backend.domain.handling import has_it
from backend.domain.proofs import Fact, path
from backend.errors import Forbidden
from backend.formats.evidence import Package, Sealed
from backend.services import handling, hazards, timeline
from backend.services.timeline import Told
from backend.store import facts

TAKE = "take_evidence"


def take(
    session: Session,
    actor: Actor,
    hazard: Any,
    *,
    now: datetime,
    readable: Callable[[Sequence[Told]], str],
    readme: str,
) -> Package:
    """Put on record who takes it, then everything but the originals' bytes; the hazard is held by this transaction.

    Forbidden for those who may see the hazard but not take its evidence.
    """
    standing = handling.standing_of(hazard)
    if not may(actor, Action.TAKE_EVIDENCE, hazard.region_code) and not has_it(standing, actor):
        raise Forbidden("post")
    timeline.add(session, hazard, TAKE, by=actor.person_id, now=now)

    chain = facts.chain(session, hazard.id)
    return Package(
        name=f"{hazards.HAZARD}-{hazard.id}",
        facts=chain,
        personal=_personal(session, hazard.id),
        seals=_seals(session, hazard.id),
        photos=_named(chain, "photos"),
        recordings=_named(chain, "recordings"),
        case=readable(timeline.of_thing(session, hazard.id)),
        readme=readme,
    )


def _personal(session: Session, hazard_id: UUID) -> list[tuple[int, str, bytes, str]]:
    beside = facts.secrets_of(session, hazard_id)
    return [(number, name, row.salt, row.value) for number, named in beside.items() for name, row in named.items()]


def _seals(session: Session, hazard_id: UUID) -> list[Sealed]:
    found = []
    for leaf, place in facts.leaves_of_thing(session, hazard_id):
        lines = [each.written() for each in facts.leaves_of(session, leaf.seal)]
        found.append(Sealed(facts.seal(session, leaf.seal), leaf, path(lines, place)))
    return found


def _named(chain: Sequence[Fact], what: str) -> list[str]:
    """The photos or recordings that facts name, by hexadecimal digest, the earliest named first."""
    named = (each["sha256"] for fact in chain for each in orjson.loads(fact.body).get(what, []))
    return list(dict.fromkeys(named))
