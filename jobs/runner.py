"""How a job runs: one transaction a piece of work, until none is left; a broken piece is set aside, loudly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from backend.config import Settings
from backend.db import Database, Session
from backend.files.store import PhotoStore
from backend.services import clockwork

log = structlog.get_logger(__name__)

MOST_PIECES = 100_000
"""A job that never says it is done is ended here and told about."""


@dataclass(frozen=True)
class House:
    """What jobs work on."""

    settings: Settings
    database: Database
    photos: PhotoStore


def drain(database: Database, piece: Callable[[Session], bool]) -> int:
    """Do one piece after the other, each in a transaction of its own; how many there were."""
    for done in range(MOST_PIECES):
        with database.transaction() as session:
            if not piece(session):
                return done
    log.error("never_done", pieces=MOST_PIECES)
    return MOST_PIECES


def in_turn(database: Database, job: str, slot: datetime) -> bool:
    """Whether this runner has the turn for that slot; of any number of runners one has."""
    with database.transaction() as session:
        return clockwork.take_turn(session, job, slot)
