"""Questions about facts and seals; there is no question that alters one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, Text, and_, delete, exists, func, insert, literal, or_, select, tuple_
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from backend.db import AnyRow, BigKey, among, insert_for, touched
from backend.domain.proofs import Break, Fact, Leaf, Seal
from backend.models import facts
from backend.models.hazards import Hazard
from backend.models.people import Person
from backend.store.bulk import insert_all
from backend.store.changes import newest as newest_place

_fact = cast(Table, facts.Fact.__table__)
_later = _fact.alias("later")
_secret = cast(Table, facts.FactSecret.__table__)
_seal = cast(Table, facts.Seal.__table__)
_leaf = cast(Table, facts.SealLeaf.__table__)
_until = cast(Table, facts.SealedUntil.__table__)
_check = cast(Table, facts.ProofCheck.__table__)
_person = cast(Table, Person.__table__)
_CHAINED = {"hazard": cast(Table, Hazard.__table__)}
"""Which things have a timeline, and where the end of it stands."""
_CHUNK = 2_000
_FACT = ("thing_type", "thing_id", "number", "at", "actor_id", "act", "body", "before", "hash")
Secret = tuple[UUID, int, str, bytes, str]
"""Of which thing and fact, its name, its salt and its value."""


def add(session: Session, written: Sequence[Fact], secrets: Sequence[Secret]) -> None:
    """Write facts and the personal values beside them; a chain that grew meanwhile refuses by its key."""
    postgres = session.get_bind().dialect.name == "postgresql"
    transaction_id: Any = sql_cast(sql_cast(func.pg_current_xact_id(), Text), BigKey) if postgres else 0
    rows = [
        dict(zip(_FACT, (f.thing_type, f.thing_id, f.number, f.at, f.by, f.act, f.body, f.before, f.hash), strict=True))
        for f in written
    ]
    insert_all(session, _fact, rows, transaction_id=transaction_id)
    names = ("thing_id", "number", "name", "salt", "value")
    insert_all(session, _secret, [dict(zip(names, each, strict=True)) for each in secrets])


def of_thing(session: Session, thing_id: UUID, *, after: int = 0, limit: int | None = None) -> list[AnyRow]:
    """The facts of one thing in their order, each with the name of whoever did it."""
    question = select(_fact, _person.c.name.label("actor_name"))
    question = question.select_from(_fact.outerjoin(_person, _person.c.id == _fact.c.actor_id))
    question = question.where(_fact.c.thing_id == thing_id, _fact.c.number > after).order_by(_fact.c.number)
    return list(session.execute(question.limit(limit)).all())


def newest_of(session: Session, things: Collection[UUID], acts: Collection[str]) -> list[AnyRow]:
    """The newest fact of each of these acts of each of these things."""
    of_these = and_(among(session, _fact.c.thing_id, things), _fact.c.act.in_(acts))
    newest = select(_fact.c.thing_id, _fact.c.act, func.max(_fact.c.number).label("number")).where(of_these)
    last = newest.group_by(_fact.c.thing_id, _fact.c.act).subquery()
    question = select(_fact, literal(None).label("actor_name"))
    same = and_(_fact.c.thing_id == last.c.thing_id, _fact.c.number == last.c.number)
    return list(session.execute(question.join(last, same)).all())


def chain(session: Session, thing_id: UUID) -> list[Fact]:
    """The facts of one thing as they were hashed."""
    question = select(*(_fact.c[name] for name in _FACT)).where(_fact.c.thing_id == thing_id)
    return [Fact(*row) for row in session.execute(question.order_by(_fact.c.number))]


def secrets_of(session: Session, thing_id: UUID, numbers: Iterable[int] | None = None) -> dict[int, dict[str, AnyRow]]:
    """The personal values of one thing that are still there: by number of the fact, then by name."""
    question = select(_secret).where(_secret.c.thing_id == thing_id)
    if numbers is not None:
        question = question.where(_secret.c.number.in_(list(numbers)))
    found: dict[int, dict[str, AnyRow]] = {}
    for row in session.execute(question.order_by(_secret.c.number, _secret.c.name)):
        found.setdefault(row.number, {})[row.name] = row
    return found


def forget_secrets(session: Session, thing_id: UUID) -> int:
    """Delete the personal values of one thing; how many there were."""
    return touched(session.execute(delete(_secret).where(_secret.c.thing_id == thing_id)))


def in_order(session: Session) -> Iterator[Fact]:
    """Every fact, chain after chain."""
    order = (_fact.c.thing_id, _fact.c.thing_type, _fact.c.number)
    question = select(*(_fact.c[name] for name in _FACT)).order_by(*order)
    with session.execute(question.execution_options(yield_per=_CHUNK)) as rows:
        for row in rows:
            yield Fact(*row)


def secrets_in_order(session: Session) -> Iterator[AnyRow]:
    """Every personal value, in the same order of things."""
    question = select(_secret).order_by(_secret.c.thing_id, _secret.c.number, _secret.c.name)
    with session.execute(question.execution_options(yield_per=_CHUNK)) as rows:
        yield from rows


def rows_in_order(session: Session) -> Iterator[AnyRow]:
    """Every thing that has a timeline, in the same order: thing_id, state, description."""
    hazard = _CHAINED["hazard"]
    question = select(hazard.c.id.label("thing_id"), hazard.c.state, hazard.c.description)
    question = question.where(hazard.c.facts > 0).order_by(hazard.c.id)
    with session.execute(question.execution_options(yield_per=_CHUNK)) as rows:
        yield from rows


def unsealed(session: Session, limit: int) -> list[AnyRow]:
    """Facts that no seal covers, in an order that no late commit can slip behind: transaction_id, seq and the head."""
    place = session.execute(select(_until.c.transaction_id, _until.c.seq)).one_or_none()
    question = select(_fact.c.transaction_id, _fact.c.seq, *(_fact.c[name] for name in _FACT))
    order = tuple_(_fact.c.transaction_id, _fact.c.seq)
    if place is not None:
        question = question.where(order > tuple(place))
    if session.get_bind().dialect.name == "postgresql":
        question = question.where(_fact.c.transaction_id <= newest_place(session)[0])
    return list(session.execute(question.order_by(_fact.c.transaction_id, _fact.c.seq).limit(limit)).all())


def sealed_until(session: Session, transaction_id: int, seq: int) -> None:
    """Everything up to there is sealed."""
    row = {"id": 1, "transaction_id": transaction_id, "seq": seq}
    upsert = insert_for(session)(_until).values(row)
    session.execute(upsert.on_conflict_do_update(index_elements=[_until.c.id], set_=row))


def begin_anew(session: Session) -> None:
    """After a restore, where transactions have no numbers any more: go on before the first fact beyond its seals."""
    last = select(_leaf.c.thing_id, func.max(_leaf.c.number).label("number")).group_by(_leaf.c.thing_id).subquery()
    beyond = _fact.outerjoin(last, last.c.thing_id == _fact.c.thing_id)
    first = select(func.min(_fact.c.seq)).select_from(beyond)
    session.execute(delete(_until))
    newest_seq = session.scalar(select(func.max(_fact.c.seq)))
    if newest_seq is not None:
        seq = session.scalar(first.where(_fact.c.number > func.coalesce(last.c.number, 0)))
        sealed_until(session, 0, newest_seq if seq is None else seq - 1)


def last_seal(session: Session) -> Seal | None:
    """The newest seal."""
    row = session.execute(select(_seal).order_by(_seal.c.number.desc()).limit(1)).one_or_none()
    return Seal(*row) if row else None


def add_seal(session: Session, seal: Seal, leaves: Sequence[Leaf]) -> None:
    """Write a seal and what it covers; of two at once the key refuses one."""
    columns = {name: getattr(seal, name) for name in _seal.columns.keys()}  # noqa: SIM118 - a collection of columns
    session.execute(insert(_seal), columns)
    rows = [
        {
            "seal": leaf.seal,
            "place": place,
            "thing_type": leaf.thing_type,
            "thing_id": leaf.thing_id,
            "number": leaf.number,
            "hash": leaf.hash,
        }
        for place, leaf in enumerate(leaves)
    ]
    insert_all(session, _leaf, rows)


def sealed_heads(session: Session, things: Iterable[UUID]) -> dict[UUID, int]:
    """How far these chains are sealed."""
    question = select(_leaf.c.thing_id, func.max(_leaf.c.number)).where(_leaf.c.thing_id.in_(list(things)))
    return {row[0]: row[1] for row in session.execute(question.group_by(_leaf.c.thing_id))}


def seals(session: Session, *, after: int = 0) -> Iterator[Seal]:
    """Seals in their order, in questions of a few thousand each."""
    while rows := session.execute(
        select(_seal).where(_seal.c.number > after).order_by(_seal.c.number).limit(_CHUNK)
    ).all():
        for row in rows:
            yield Seal(*row)
        after = rows[-1].number


def seal(session: Session, number: int) -> Seal:
    """The seal of that number."""
    return Seal(*session.execute(select(_seal).where(_seal.c.number == number)).one())


def leaves_of(session: Session, seal: int) -> list[Leaf]:
    """What a seal covers, in the order of its tree."""
    question = select(_leaf).where(_leaf.c.seal == seal).order_by(_leaf.c.place)
    return [_read_leaf(row) for row in session.execute(question)]


def leaves_of_thing(session: Session, thing_id: UUID) -> list[tuple[Leaf, int]]:
    """Where one thing was sealed: each leaf and its place in the tree of its seal."""
    question = select(_leaf).where(_leaf.c.thing_id == thing_id).order_by(_leaf.c.seal)
    return [(_read_leaf(row), row.place) for row in session.execute(question)]


def lost_leaf(session: Session) -> AnyRow | None:
    """A sealed fact that is not there, or is another one now: thing_type, thing_id, number; the earliest sealed."""
    same = and_(_fact.c.thing_id == _leaf.c.thing_id, _fact.c.number == _leaf.c.number, _fact.c.hash == _leaf.c.hash)
    question = select(_leaf.c.thing_type, _leaf.c.thing_id, _leaf.c.number)
    question = question.select_from(_leaf.outerjoin(_fact, same)).where(_fact.c.seq.is_(None))
    return session.execute(question.order_by(_leaf.c.seal, _leaf.c.place).limit(1)).one_or_none()


def loose_end(session: Session) -> AnyRow | None:
    """A thing that names another end of its chain than its facts: thing_type, thing_id, number."""
    for kind, table in _CHAINED.items():
        same = and_(_fact.c.thing_id == table.c.id, _fact.c.number == table.c.facts, _fact.c.hash == table.c.head)
        further = exists().where(_later.c.thing_id == table.c.id, _later.c.number > table.c.facts)
        question = select(
            literal(kind).label("thing_type"), table.c.id.label("thing_id"), table.c.facts.label("number")
        )
        question = question.select_from(table.outerjoin(_fact, same))
        wrong = or_(and_(table.c.facts > 0, _fact.c.seq.is_(None)), further)
        found = session.execute(question.where(wrong).order_by(table.c.id).limit(1)).one_or_none()
        if found is not None:
            return found
    return None


def sealed_in_all(session: Session) -> int:
    """How many facts all leaves together cover."""
    last = select(func.max(_leaf.c.number).label("number")).group_by(_leaf.c.thing_id).subquery()
    return session.scalar(select(func.coalesce(func.sum(last.c.number), 0))) or 0


def count_unsealed(session: Session) -> int:
    """How many facts no seal covers yet."""
    place = session.execute(select(_until.c.transaction_id, _until.c.seq)).one_or_none()
    question = select(func.count()).select_from(_fact)
    if place is not None:
        question = question.where(tuple_(_fact.c.transaction_id, _fact.c.seq) > tuple(place))
    return session.scalar(question) or 0


def add_check(
    session: Session, chains: int, facts_seen: int, seals_seen: int, wrong: Break | None, now: datetime
) -> None:
    """Keep what a look at everything has found; of two at one moment the first."""
    row = {"at": now, "chains": chains, "facts": facts_seen, "seals": seals_seen}
    found = {"broken": wrong.what, "number": wrong.number, "why": wrong.why} if wrong else {}
    session.execute(
        insert_for(session)(_check).values(row | found).on_conflict_do_nothing(index_elements=[_check.c.at])
    )


def checks(session: Session, limit: int) -> list[AnyRow]:
    """The last looks, the newest first."""
    return list(session.execute(select(_check).order_by(_check.c.at.desc()).limit(limit)).all())


def _read_leaf(row: AnyRow) -> Leaf:
    return Leaf(row.seal, row.thing_type, row.thing_id, row.number, row.hash)
