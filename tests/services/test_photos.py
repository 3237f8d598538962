"""Photos that are named, brought and tidied away at the same moment, on connections of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from backend.db import Database
from backend.domain.access import Actor
from backend.domain.photos import UNNAMED_LIFE
from backend.files.images import Opened
from backend.files.store import Incoming
from backend.keyring import KeyRing
from backend.services import photos
from tests.cast import NOON, VILLAGE, Cast, assemble
from tests.makers import new_id

ROUNDS = 12
LATER = NOON + 2 * UNNAMED_LIFE
SEEN = Opened("image/jpeg", 640, 480, None, {})


@pytest.fixture
def cast(fresh_database: Database, tmp_path: Path) -> Cast:
    """Everybody is there for all connections."""
    with fresh_database.transaction() as session:
        return assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))


@pytest.fixture
def wang(cast: Cast) -> Actor:
    """The village chief."""
    return Actor(cast.wang, "王村长", ())


def brought(number: int) -> Incoming:
    return Incoming(Path("gone"), hashlib.sha256(bytes([number])).digest(), 1)


def at_once(database: Database, *acts: Callable[[Session], object]) -> list[object]:
    """Each in a transaction of its own, all begun at the same moment."""
    together = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> object:
        together.wait()
        with database.transaction() as session:
            return act(session)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_photo_that_a_receipt_calls_stored_is_not_tidied_away(fresh_database, wang, number):
    incoming = brought(number)
    with fresh_database.transaction() as session:
        photos.keep(session, wang, incoming, SEEN, now=NOON, zone=UTC)

    def name(session: Session) -> str:
        where = ("patrol", new_id(), wang.person_id, VILLAGE)
        photos.name(session, wang, [incoming.sha256], *where, now=LATER, today=LATER.date())
        return "stored" if photos.stored(session, [incoming.sha256], [wang.person_id]) else "pending"

    state, was_forgotten = at_once(
        fresh_database, name, lambda session: photos.forget(session, incoming.sha256, now=LATER)
    )
    with fresh_database.reading() as session:
        is_here = photos.is_here(session, incoming.sha256)
    assert (state, was_forgotten, is_here) in [("stored", False, True), ("pending", True, False)]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_photo_brought_again_while_it_is_tidied_away_is_kept_or_asked_for(fresh_database, wang, number):
    incoming = brought(number)
    with fresh_database.transaction() as session:
        photos.keep(session, wang, incoming, SEEN, now=NOON, zone=UTC)
    was_here, was_forgotten = at_once(
        fresh_database,
        lambda session: photos.brought_again(session, wang, incoming.sha256, now=LATER),
        lambda session: photos.forget(session, incoming.sha256, now=LATER),
    )
    with fresh_database.reading() as session:
        assert photos.is_here(session, incoming.sha256) == was_here
    assert was_here != was_forgotten


def test_of_many_who_bring_the_same_photo_at_once_one_is_told_that_it_is_new(fresh_database, wang):
    def keep(session: Session) -> bool:
        return photos.keep(session, wang, brought(1), SEEN, now=NOON, zone=UTC)

    assert sorted(at_once(fresh_database, *[keep] * 8), key=bool) == [False] * 7 + [True]


def test_naming_nothing_is_no_question_at_all(session, wang):
    where = ("patrol", new_id(), wang.person_id, VILLAGE)
    photos.name(session, wang, [], *where, now=NOON, today=NOON.date())
    assert photos.stored(session, [], [wang.person_id]) == set()
