"""Questions about web sessions and second factors."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.db import AnyRow, insert_for
from backend.models.logins import LoginFamily, SecondFactor, WebSession
from backend.models.people import Person


def add(session: Session, token_sha256: bytes, family_id: UUID, now: datetime) -> None:
    """Somebody signed in at a desk."""
    moments = {"begun_at": now, "seen_at": now, "proved_at": now}
    session.execute(insert(WebSession).values(token_sha256=token_sha256, family_id=family_id, **moments))


def found(session: Session, token_sha256: bytes) -> AnyRow | None:
    """A session with its person: begun_at, seen_at, proved_at, code_at, family_id, person_id, token_version."""
    question = (
        select(
            WebSession.begun_at,
            WebSession.seen_at,
            WebSession.proved_at,
            WebSession.code_at,
            WebSession.family_id,
            LoginFamily.person_id,
            Person.token_version,
        )
        .join(LoginFamily, LoginFamily.id == WebSession.family_id)
        .join(Person, Person.id == LoginFamily.person_id)
        .where(WebSession.token_sha256 == token_sha256)
    )
    return session.execute(question).one_or_none()


def change(session: Session, token_sha256: bytes, /, **values: Any) -> None:
    """A sign of life, a password typed again, or a code given, which also gives it another name."""
    session.execute(update(WebSession).where(WebSession.token_sha256 == token_sha256).values(**values))


def forget(session: Session, token_sha256: bytes) -> None:
    """A session is over."""
    session.execute(delete(WebSession).where(WebSession.token_sha256 == token_sha256))


def tidy(session: Session, begun_before: datetime, seen_before: datetime) -> int:
    """Delete sessions that are over by themselves; how many."""
    is_over = or_(WebSession.begun_at < begun_before, WebSession.seen_at < seen_before)
    return len(session.execute(delete(WebSession).where(is_over).returning(WebSession.family_id)).all())


def factor(session: Session, person_id: UUID) -> AnyRow | None:
    """Somebody's second factor: secret_sealed, confirmed_at, used_step; held until the transaction ends."""
    question = select(SecondFactor.secret_sealed, SecondFactor.confirmed_at, SecondFactor.used_step)
    return session.execute(question.where(SecondFactor.person_id == person_id).with_for_update()).one_or_none()


def has_factor(session: Session, person_id: UUID) -> bool:
    """Whether somebody has a second factor that has worked once."""
    question = select(SecondFactor.person_id)
    question = question.where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    return session.execute(question).first() is not None


def propose_factor(session: Session, person_id: UUID, secret_sealed: bytes) -> None:
    """A secret that still has to work once; in place of an earlier one that never has."""
    upsert = insert_for(session)(SecondFactor).values(person_id=person_id, secret_sealed=secret_sealed)
    upsert = upsert.on_conflict_do_update(
        index_elements=[SecondFactor.person_id],
        set_={"secret_sealed": secret_sealed},
        where=SecondFactor.confirmed_at.is_(None),
    )
    session.execute(upsert)


def code_used(session: Session, person_id: UUID, step: int, now: datetime) -> None:
    """A code worked; neither it nor an earlier one works again."""
    session.execute(
        update(SecondFactor).where(SecondFactor.person_id == person_id).values(used_step=step, confirmed_at=now)
    )


def forget_factor(session: Session, person_id: UUID) -> None:
    """The next sign-in at a desk sets up another."""
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
