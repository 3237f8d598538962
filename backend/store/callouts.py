"""Questions about call-outs: who is to be called, which are due, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, among, insert_for, touched
from backend.domain.callouts import CALLOUT, State
from backend.domain.regions import LENGTHS
from backend.domain.stats import Noun
from backend.domain.terms import Level
from backend.models.callouts import Callout, CalloutAnswer, CalloutStep
from backend.models.flood_warnings import DrillMember, FloodWarning
from backend.models.notices import Letter, Notice
from backend.models.people import Appointment, Person
from backend.models.regions import Region
from backend.store import rollup_debts
from backend.store.bulk import insert_all, insert_missing, update_all
from backend.store.people import covers
from backend.store.regions import inside

_callout, _step = cast(Table, Callout.__table__), cast(Table, CalloutStep.__table__)
_letter, _notice = cast(Table, Letter.__table__), cast(Table, Notice.__table__)
DUE_FIRST = (_callout.c.priority, _callout.c.next_at, _callout.c.region_code, _callout.c.seq)
"""The order in which call-outs are taken up."""
Row = dict[str, Any]
_COUNTED = frozenset({"begun_at", "climbed_at", "answered_at"})
"""By these a call-out is counted."""


def of_list(session: Session, list_id: UUID) -> set[UUID]:
    """Everybody who has agreed to be called in drills of a list, and has not left it."""
    question = select(DrillMember.person_id).where(
        DrillMember.list_id == list_id, DrillMember.agreed_at.is_not(None), DrillMember.left_at.is_(None)
    )
    return set(session.scalars(question))


def add_all(session: Session, rows: Sequence[Row]) -> None:
    """Write call-outs; whoever has one of that warning keeps it."""
    insert_missing(session, _callout, rows)
    for begun_at in {row["begun_at"] for row in rows}:
        rollup_debts.owe(session, Noun.CALLOUTS, begun_at)


def people_of(session: Session, root_id: UUID) -> set[UUID]:
    """Everybody who has been called by a warning."""
    return set(session.scalars(select(_callout.c.person_id).where(_callout.c.root_id == root_id)))


def held_people_of(session: Session, root_id: UUID) -> dict[UUID, AnyRow]:
    """Everybody who has been called by a warning: person → id, seq, state and how it stands.

    Nobody else alters how they stand until the transaction ends: what is under way is waited for.
    """
    question = select(*_callout.c).where(_callout.c.root_id == root_id).order_by(_callout.c.seq)
    return {row.person_id: row for row in session.execute(question.with_for_update())}


def claim_due(session: Session, now: datetime, limit: int) -> list[AnyRow]:
    """Call-outs to be looked at now, those inside the risk area first, with level and plan of their warning.

    Nobody else looks at them until the transaction ends.
    """
    columns = (
        *_callout.c,
        FloodWarning.level,
        FloodWarning.policy_version,
        FloodWarning.number,
        FloodWarning.headline,
        FloodWarning.expires_at,
        FloodWarning.contact,
        FloodWarning.instruction,
        Person.name.label("person"),
    )
    question = select(*columns).join(FloodWarning, FloodWarning.id == _callout.c.warning_id)
    question = question.join(Person, Person.id == _callout.c.person_id)
    question = question.where(_callout.c.next_at.is_not(None), _callout.c.next_at <= now)
    question = question.order_by(*DUE_FIRST).limit(limit)
    return list(session.execute(question.with_for_update(of=_callout, skip_locked=True)).all())


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether one is to be looked at now; a look with nothing due reads one page."""
    question = select(_callout.c.seq).where(_callout.c.next_at.is_not(None), _callout.c.next_at <= now)
    return session.execute(question.limit(1)).first() is not None


def under_way(session: Session, letters: Collection[UUID], now: datetime, since: datetime) -> dict[UUID, bool]:
    """Of these letters those that wait for a line or are in one, and whether they wait; a call that was taken before
    `since` has long ended.
    """
    is_wanted = or_(_letter.c.expires_at.is_(None), _letter.c.expires_at > now)
    waits = and_(_letter.c.state == "pending", is_wanted)
    rings = or_(
        _letter.c.state.in_(("sending", "unknown")), and_(_letter.c.state == "accepted", _letter.c.accepted_at > since)
    )
    question = select(_letter.c.id, _letter.c.state).where(among(session, _letter.c.id, letters), or_(waits, rings))
    return {row.id: row.state == "pending" for row in session.execute(question)}


def take_back(session: Session, callouts: Collection[UUID], now: datetime, keys: Collection[str] = ()) -> None:
    """What still waits to be sent about these call-outs is of no use any more; `keys`: of these sentences only."""
    about = and_(_notice.c.about_type == CALLOUT, among(session, _notice.c.about_id, callouts))
    which = and_(about, _notice.c.key.in_(keys)) if keys else about
    session.execute(update(_notice).where(which, _notice.c.addressed_at.is_(None)).values(expires_at=now))
    waiting = update(_letter).where(_letter.c.state == "pending")
    session.execute(waiting.where(_letter.c.notice_id.in_(select(_notice.c.id).where(which))).values(expires_at=now))


def advance(session: Session, rows: Sequence[Row]) -> None:
    """Write how these call-outs stand now, by `seq`."""
    if any(_COUNTED & row.keys() for row in rows):
        begun = select(_callout.c.begun_at).where(_callout.c.seq.in_([row["seq"] for row in rows]))
        rollup_debts.owe_all(session, Noun.CALLOUTS, begun)
        for begun_at in {row["begun_at"] for row in rows if "begun_at" in row}:
            rollup_debts.owe(session, Noun.CALLOUTS, begun_at)
    update_all(session, _callout, "seq", rows, version=_callout.c.version + 1)


def note(session: Session, rows: Sequence[Row]) -> None:
    """Keep what was done about them."""
    insert_all(session, _step, rows)


def held(session: Session, callout_id: UUID) -> AnyRow | None:
    """A call-out with its warning's level and plan; nobody else alters it until the transaction ends."""
    session.execute(select(_callout.c.seq).where(_callout.c.id == callout_id).with_for_update())
    return one(session, callout_id)


_SHOWN = (
    select(
        *_callout.c,
        Person.name.label("person"),
        Person.phone_head,
        Person.phone_tail,
        Region.name.label("place"),
        FloodWarning.level,
        FloodWarning.number,
        FloodWarning.headline,
        FloodWarning.instruction,
        FloodWarning.contact,
        FloodWarning.expires_at,
        FloodWarning.state.label("warning_state"),
        FloodWarning.policy_version,
    )
    .join(FloodWarning, FloodWarning.id == _callout.c.warning_id)
    .join(Person, Person.id == _callout.c.person_id)
    .outerjoin(Region, Region.code == _callout.c.region_code)
)


def one(session: Session, callout_id: UUID) -> AnyRow | None:
    """A call-out with what its warning says."""
    return session.execute(_SHOWN.where(_callout.c.id == callout_id)).one_or_none()


def by_link(session: Session, link_sha256: bytes) -> AnyRow | None:
    """The same by the digest of the token of its link."""
    return session.execute(_SHOWN.where(_callout.c.link_sha256 == link_sha256)).one_or_none()


def waiting_for(session: Session, people: Sequence[UUID], limit: int) -> list[AnyRow]:
    """Call-outs of these people that wait for a word of theirs, the newest first."""
    question = _SHOWN.where(_callout.c.person_id.in_(people), _callout.c.state.in_(("open", "received", "unreached")))
    question = question.where(FloodWarning.state == "issued").order_by(_callout.c.seq.desc()).limit(limit)
    return list(session.execute(question).all())


def is_told(session: Session, callout_id: UUID, people: Collection[UUID]) -> bool:
    """Whether one of these people was called, told or sent because of it."""
    question = select(_step.c.seq).where(_step.c.callout_id == callout_id, _step.c.person_id.in_(people))
    return session.execute(question.limit(1)).first() is not None


def told_of(session: Session, root_id: UUID) -> set[UUID]:
    """Everybody who has heard of a warning: called, told of somebody's silence, or sent to a door."""
    mine = select(_callout.c.id).where(_callout.c.root_id == root_id)
    question = select(_step.c.person_id).where(_step.c.callout_id.in_(mine), _step.c.person_id.is_not(None)).distinct()
    return set(session.scalars(question))


def answer_of(session: Session, answer_id: UUID) -> AnyRow | None:
    """The answer of that id."""
    return session.execute(select(*CalloutAnswer.__table__.columns).where(CalloutAnswer.id == answer_id)).one_or_none()


def add_answer(session: Session, values: Row) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(CalloutAnswer).on_conflict_do_nothing(index_elements=[CalloutAnswer.id])
    return session.execute(insertion.returning(CalloutAnswer.seq), values).scalar_one_or_none() is not None


def answers_of(session: Session, callout_id: UUID) -> list[AnyRow]:
    """Everything that was answered, in its order, with the name of whoever said it for another."""
    question = select(*CalloutAnswer.__table__.columns, Person.name.label("by"))
    question = question.outerjoin(Person, Person.id == CalloutAnswer.by_id)
    return list(session.execute(question.where(CalloutAnswer.callout_id == callout_id).order_by(CalloutAnswer.seq)))


def steps_of(session: Session, callout_id: UUID) -> list[AnyRow]:
    """Everything that was done about it, in its order, with the name of whoever was called, told or sent."""
    question = select(*_step.c, Person.name.label("person")).outerjoin(Person, Person.id == _step.c.person_id)
    return list(session.execute(question.where(_step.c.callout_id == callout_id).order_by(_step.c.seq)).all())


def first_step_at(session: Session, callout_id: UUID) -> datetime | None:
    """When the first thing was done about it."""
    return session.scalar(select(_step.c.at).where(_step.c.callout_id == callout_id).order_by(_step.c.seq).limit(1))


def reached(session: Session, callouts: Collection[UUID], now: datetime) -> None:
    """A channel says that it got through to them; the first time is kept."""
    here = update(_callout).where(among(session, _callout.c.id, callouts), _callout.c.reached_at.is_(None))
    session.execute(here.values(reached_at=now, version=_callout.c.version + 1))


def wake(session: Session, callouts: Collection[UUID], now: datetime) -> int:
    """Let the sweep look at them now; how many still wait for something."""
    waiting = update(_callout).where(among(session, _callout.c.id, callouts), _callout.c.next_at > now)
    return touched(session.execute(waiting.values(next_at=now)))


def wake_hushed(session: Session, region: str, until_at: datetime, now: datetime) -> None:
    """Let the sweep look now at those of a region who would have waited until a silence is over."""
    waits = and_(_callout.c.next_at.is_not(None), or_(_callout.c.begun_at == until_at, _callout.c.next_at == until_at))
    here = and_(waits, inside(_callout.c.region_code, region))
    session.execute(update(_callout).where(here).values(next_at=now))


def climbing(session: Session, before: datetime, *, after: int, limit: int) -> list[AnyRow]:
    """People of warnings in force who are silent, or cannot come, since before a moment; by number, after one."""
    question = select(*_callout.c, FloodWarning.level, FloodWarning.policy_version, FloodWarning.number)
    question = question.join(FloodWarning, FloodWarning.id == _callout.c.warning_id)
    # Written out, so that a partial index is known to fit.
    silent: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in (State.OPEN, State.UNABLE)]
    is_silent = and_(_callout.c.state.in_(silent), _callout.c.climbs_from <= before)
    question = question.where(FloodWarning.state == "issued", is_silent, _callout.c.seq > after)
    return list(session.execute(question.order_by(_callout.c.seq).limit(limit)).all())


def taken(session: Session, callouts: Collection[UUID]) -> list[AnyRow]:
    """Every step but calls that was taken about these call-outs: callout_id, what, at."""
    question = select(_step.c.callout_id, _step.c.what, _step.c.at)
    return list(session.execute(question.where(among(session, _step.c.callout_id, callouts), _step.c.what != "call")))


def rouse(session: Session, callouts: Collection[UUID], now: datetime) -> None:
    """Let the sweep look at them now, also at those at which it would never look again."""
    asleep = or_(_callout.c.next_at.is_(None), _callout.c.next_at > now)
    session.execute(update(_callout).where(among(session, _callout.c.id, callouts), asleep).values(next_at=now))


def unreached(session: Session, root_id: UUID) -> dict[str, int]:
    """How many of a roll could not be reached, by county."""
    county = func.substr(_callout.c.region_code, 1, LENGTHS[Level.COUNTY])
    question = select(county, func.count()).where(_callout.c.root_id == root_id, _callout.c.state == "unreached")
    return {row[0]: row[1] for row in session.execute(question.group_by(county))}


def substitutes_named(session: Session, people: Collection[UUID], day: date) -> dict[UUID, UUID]:
    """Who is named to take over from these people when they cannot act."""
    question = select(Appointment.person_id, Appointment.substitute_id).where(
        among(session, Appointment.person_id, people), Appointment.substitute_id.is_not(None), covers(Appointment, day)
    )
    return {row.person_id: row.substitute_id for row in session.execute(question)}
