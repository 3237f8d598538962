"""Questions about warnings: what is drafted, what is in force, and what waits for its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, case, false, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.flood_warnings import UNISSUED, Level, State
from backend.domain.regions import LENGTHS
from backend.models.callouts import Callout
from backend.models.flood_warnings import FloodWarning, WarningRegion
from backend.models.people import Person
from backend.models.segments import Segment
from backend.store.bulk import insert_missing
from backend.store.regions import inside

_maker, _signer = aliased(Person), aliased(Person)
_SHOWN = (
    select(*FloodWarning.__table__.columns, _maker.name.label("made_by"), _signer.name.label("signed_by"))
    .outerjoin(_maker, _maker.id == FloodWarning.made_by_id)
    .outerjoin(_signer, _signer.id == FloodWarning.signed_by_id)
)
_UNISSUED = FloodWarning.state.in_([state.value for state in UNISSUED])
_ISSUED = FloodWarning.state == State.ISSUED.value


def add(session: Session, values: dict[str, Any], regions: Iterable[str]) -> bool:
    """Insert with the regions it touches, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(FloodWarning).on_conflict_do_nothing(index_elements=[FloodWarning.id])
    if session.execute(insertion.returning(FloodWarning.seq), values).scalar_one_or_none() is None:
        return False
    rows = [{"warning_id": values["id"], "region_code": code} for code in sorted(set(regions))]
    session.execute(insert(WarningRegion), rows)
    return True


def existing(session: Session, warning_id: UUID) -> AnyRow | None:
    """The warning of that id with the names of whoever wrote and signed it, whoever may see it."""
    return session.execute(_SHOWN.where(FloodWarning.id == warning_id)).one_or_none()


def held(session: Session, warning_id: UUID) -> AnyRow | None:
    """The same, and nobody else alters it, nor any other revision of it, until the transaction ends.

    Revisions change one another, so whoever alters one holds the first of them, which never becomes another.
    """
    root = select(FloodWarning.root_id).where(FloodWarning.id == warning_id).scalar_subquery()
    session.execute(select(FloodWarning.seq).where(FloodWarning.id == root).with_for_update(key_share=True))
    return existing(session, warning_id)


def change(session: Session, warning_id: UUID, **values: Any) -> None:
    """Alter a warning, and raise its version."""
    changed = update(FloodWarning).where(FloodWarning.id == warning_id)
    session.execute(changed.values(version=FloodWarning.version + 1, **values))


def widen(session: Session, warning_id: UUID, segments: Sequence[str], regions: Iterable[str]) -> None:
    """A draft is about these segments now, and touches these regions as well."""
    change(session, warning_id, segments=list(segments))
    rows = [{"warning_id": warning_id, "region_code": code} for code in regions]
    insert_missing(session, cast(Table, WarningRegion.__table__), rows)


def revisions(session: Session, root_id: UUID) -> list[AnyRow]:
    """Every revision of a warning, the first one first."""
    return list(session.execute(_SHOWN.where(FloodWarning.root_id == root_id).order_by(FloodWarning.revision)).all())


def newest_number(session: Session, prefix: str) -> str | None:
    """The last number that was given out behind such a beginning."""
    question = select(FloodWarning.number).where(FloodWarning.number.startswith(prefix, autoescape=True))
    # The ten-thousandth has a digit more than those before it.
    return session.scalar(
        question.order_by(func.length(FloodWarning.number).desc(), FloodWarning.number.desc()).limit(1)
    )


def regions_of(session: Session, warning_id: UUID) -> tuple[str, ...]:
    """The regions that a warning touches."""
    question = select(WarningRegion.region_code).where(WarningRegion.warning_id == warning_id)
    return tuple(session.scalars(question.order_by(WarningRegion.region_code)))


def listed(
    session: Session, scope: Scope, *, states: Sequence[str], drill: bool | None, limit: int, after: int | None
) -> list[AnyRow]:
    """Warnings that touch the scope, newest first, one more than `limit`; keyset after a number."""
    question = _SHOWN.where(touches(scope.regions))
    if states:
        question = question.where(FloodWarning.state.in_(states))
    if drill is not None:
        question = question.where(FloodWarning.is_drill.is_(drill))
    if after is not None:
        question = question.where(FloodWarning.seq < after)
    return list(session.execute(question.order_by(FloodWarning.seq.desc()).limit(limit + 1)).all())


def in_force(session: Session) -> list[tuple[AnyRow, tuple[str, ...]]]:
    """Every warning in force, drills too, the newest first, with the regions that it touches: id, number, level,
    headline, is_drill, expires_at.
    """
    columns = (FloodWarning.id, FloodWarning.number, FloodWarning.level, FloodWarning.headline)
    question = select(*columns, FloodWarning.is_drill, FloodWarning.expires_at, WarningRegion.region_code)
    question = question.join(WarningRegion, WarningRegion.warning_id == FloodWarning.id).where(_ISSUED)
    found: dict[UUID, tuple[AnyRow, list[str]]] = {}
    for row in session.execute(question.order_by(FloodWarning.seq.desc(), WarningRegion.region_code)):
        found.setdefault(row.id, (row, []))[1].append(row.region_code)
    return [(row, tuple(regions)) for row, regions in found.values()]


def in_force_over(session: Session, prefixes: Iterable[str], at: datetime | None) -> list[AnyRow]:
    """Warnings that touch these regions and are in force, drills too, the mildest first; or were at a past moment."""
    question = _SHOWN.where(touches(prefixes))
    if at is None:
        question = question.where(_ISSUED)
    else:
        was_not_over = or_(FloodWarning.ended_at.is_(None), FloodWarning.ended_at > at)
        question = question.where(FloodWarning.issued_at <= at, was_not_over)
    rank = case({each.value: each.rank for each in Level}, value=FloodWarning.level)
    return list(session.execute(question.order_by(rank, FloodWarning.seq)).all())


def touches(prefixes: Iterable[str]) -> ColumnElement[bool]:
    """Whether a warning touches a region inside one of these, or around it."""
    parts: list[ColumnElement[bool]] = []
    for prefix in prefixes:
        around = [prefix[:length] for length in LENGTHS.values() if length < len(prefix)]
        parts += [inside(WarningRegion.region_code, prefix), WarningRegion.region_code.in_(around)]
    here = select(WarningRegion.region_code).where(WarningRegion.warning_id == FloodWarning.id, or_(false(), *parts))
    return here.exists()


def is_anything_due(session: Session, now: datetime) -> bool:
    """Whether a signature was waited for long enough, or the time of one in force is up."""
    unsigned = select(FloodWarning.seq).where(
        _UNISSUED, FloodWarning.asked_at.is_not(None), FloodWarning.sign_by <= now
    )
    is_over = select(FloodWarning.seq).where(_ISSUED, FloodWarning.expires_at <= now)
    return any(session.execute(each.limit(1)).first() is not None for each in (unsigned, is_over))


def is_any_roll_open(session: Session) -> bool:
    """Whether a roll is to be filled, or to be closed."""
    question = select(FloodWarning.seq).where(FloodWarning.closed_at.is_(None), FloodWarning.issued_at.is_not(None))
    return session.execute(question.limit(1)).first() is not None


def unsigned(session: Session, now: datetime) -> AnyRow | None:
    """One whose signature was waited for long enough, kept from everybody else."""
    question = select(*FloodWarning.__table__.columns).where(_UNISSUED, FloodWarning.asked_at.is_not(None))
    question = question.where(FloodWarning.sign_by <= now).order_by(FloodWarning.sign_by, FloodWarning.seq)
    return _first(session, question)


def unfilled(session: Session) -> AnyRow | None:
    """One that is issued, and of whose people not everybody has a call-out; kept from everybody else."""
    question = select(*FloodWarning.__table__.columns).where(_ISSUED, FloodWarning.filled_at.is_(None))
    return _first(session, question.order_by(FloodWarning.issued_at, FloodWarning.seq))


def over(session: Session, now: datetime) -> AnyRow | None:
    """One in force whose time is up, kept from everybody else."""
    question = select(*FloodWarning.__table__.columns).where(_ISSUED, FloodWarning.expires_at <= now)
    return _first(session, question.order_by(FloodWarning.expires_at, FloodWarning.seq))


def is_pressing(session: Session, region: str) -> bool:
    """Whether an orange or red warning that is meant is in force there, inside it or around it."""
    presses = FloodWarning.level.in_([level.value for level in Level if level.presses])
    question = select(FloodWarning.seq).where(_ISSUED, FloodWarning.is_drill.is_(False), presses, touches([region]))
    return session.execute(question.limit(1)).first() is not None


def unclosed(session: Session, limit: int) -> list[AnyRow]:
    """Roots of open rolls that are full and on which nobody is waited for; held until the transaction ends.

    The roll of a revision that is over is filled no more: it ends with those who are on it.
    """
    filling = aliased(FloodWarning)
    is_filling = select(filling.seq).where(
        filling.root_id == FloodWarning.id, filling.state == State.ISSUED.value, filling.filled_at.is_(None)
    )
    is_open = select(Callout.seq).where(Callout.root_id == FloodWarning.id, Callout.next_at.is_not(None))
    question = select(*FloodWarning.__table__.columns).where(
        FloodWarning.closed_at.is_(None),
        FloodWarning.issued_at.is_not(None),
        FloodWarning.id == FloodWarning.root_id,
        ~is_filling.exists(),
        ~is_open.exists(),
    )
    question = question.order_by(FloodWarning.seq).limit(limit)
    return list(session.execute(question.with_for_update(key_share=True, skip_locked=True)).all())


def close(session: Session, root_id: UUID, now: datetime) -> None:
    """The roll of a warning is closed, in all its revisions."""
    open_still = update(FloodWarning).where(FloodWarning.root_id == root_id, FloodWarning.closed_at.is_(None))
    session.execute(open_still.values(closed_at=now, version=FloodWarning.version + 1))


def reopen(session: Session, root_id: UUID) -> None:
    """Somebody is waited for again."""
    closed = update(FloodWarning).where(FloodWarning.root_id == root_id, FloodWarning.closed_at.is_not(None))
    session.execute(closed.values(closed_at=None, version=FloodWarning.version + 1))


def in_force_from(session: Session, source: str, about: UUID) -> AnyRow | None:
    """The warning of that origin that is drafted or in force: what happens next to it becomes an update."""
    question = select(*FloodWarning.__table__.columns).where(
        or_(_ISSUED, _UNISSUED),
        FloodWarning.because["source"].as_string() == source,
        FloodWarning.because["about"].as_string() == str(about),
    )
    return session.execute(question.order_by(FloodWarning.seq.desc()).limit(1)).one_or_none()


def live(session: Session) -> list[AnyRow]:
    """Warnings in force, and those whose issue was asked for; no drills."""
    on_its_way = and_(_UNISSUED, FloodWarning.asked_at.is_not(None))
    question = select(*FloodWarning.__table__.columns).where(or_(_ISSUED, on_its_way), FloodWarning.is_drill.is_(False))
    return list(session.execute(question.order_by(FloodWarning.seq)).all())


def segments_on(session: Session, regions: Sequence[str], rivers: Sequence[str]) -> list[UUID]:
    """The reaches of these rivers in these regions, those inside others left out."""
    here = or_(false(), *(inside(Segment.region_code, region) for region in regions))
    rows = session.execute(select(Segment.id, Segment.parent_id).where(here, Segment.river_code.in_(rivers))).all()
    found = {row.id for row in rows}
    return [row.id for row in rows if row.parent_id not in found]


def segments_named(session: Session, refs: Sequence[UUID | str]) -> dict[UUID | str, AnyRow]:
    """Segments by id or code: id, code, region_code."""
    ids = [ref for ref in refs if isinstance(ref, UUID)]
    codes = [ref for ref in refs if isinstance(ref, str)]
    question = select(Segment.id, Segment.code, Segment.region_code)
    rows = session.execute(question.where(or_(Segment.id.in_(ids), Segment.code.in_(codes)))).all()
    return {row.id: row for row in rows} | {row.code: row for row in rows}


def _first(session: Session, question: Select[Any]) -> AnyRow | None:
    """The first one asked for whose revisions nobody else alters, kept from everybody else, as it is by then."""
    root = aliased(FloodWarning)
    free = question.join(root, root.id == FloodWarning.root_id).limit(1)
    found = session.execute(free.with_for_update(of=root, key_share=True, skip_locked=True)).one_or_none()
    if found is None:
        return None
    return session.execute(question.where(FloodWarning.id == found.id)).one_or_none()
