"""Questions about logins: accounts by number, families, tokens, codes, tries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, insert_for, touched
from backend.domain.public_reports import PUBLIC
from backend.models.logins import LoginFamily, LoginLock, OneTimeCode, RefreshToken
from backend.models.people import Appointment, Person
from backend.store.regions import inside

_HAS_ACCOUNT = Person.id != PUBLIC.person_id
"""Everybody who is in the table but the public, as whom those without an account report."""


def account(session: Session, phone_index: bytes) -> Person | None:
    """The account of a number, by its keyed index."""
    return session.scalars(select(Person).where(Person.phone_index == phone_index)).one_or_none()


def count_try(session: Session, phone_index: bytes, now: datetime, window: timedelta) -> tuple[int, datetime]:
    """Count one more try, before it is made: tries in this window, and when the window began."""
    is_over = LoginLock.window_started_at <= now - window
    upsert = insert_for(session)(LoginLock).values(phone_index=phone_index, failures=1, window_started_at=now)
    upsert = upsert.on_conflict_do_update(
        index_elements=[LoginLock.phone_index],
        set_={
            "failures": case((is_over, 1), else_=LoginLock.failures + 1),
            "window_started_at": case((is_over, now), else_=LoginLock.window_started_at),
        },
    ).returning(LoginLock.failures, LoginLock.window_started_at)
    tries, began = session.execute(upsert).one()
    return tries, began


def forget_tries(session: Session, phone_index: bytes) -> None:
    """A right password ends the count."""
    session.execute(delete(LoginLock).where(LoginLock.phone_index == phone_index))


def add_family(session: Session, family_id: UUID, person_id: UUID, device_id: str | None, now: datetime) -> None:
    """A device signed in."""
    session.execute(insert(LoginFamily).values(id=family_id, person_id=person_id, device_id=device_id, started_at=now))


def add_token(session: Session, token_sha256: bytes, family_id: UUID, now: datetime, expires_at: datetime) -> None:
    """A refresh token was handed out, the newest of its family."""
    newest = select(func.coalesce(func.max(RefreshToken.number), 0)).where(RefreshToken.family_id == family_id)
    session.execute(
        insert(RefreshToken).values(
            token_sha256=token_sha256,
            family_id=family_id,
            number=newest.scalar_subquery() + 1,
            issued_at=now,
            expires_at=expires_at,
        )
    )


def hold_family_of(session: Session, token_sha256: bytes) -> None:
    """Nobody else uses a token of this one's family until the transaction ends."""
    family = select(RefreshToken.family_id).where(RefreshToken.token_sha256 == token_sha256).scalar_subquery()
    session.execute(select(LoginFamily.id).where(LoginFamily.id == family).with_for_update())


def held_token(session: Session, token_sha256: bytes) -> AnyRow | None:
    """A refresh token with its family and person.

    Columns: family_id, number, expires_at, replaced_at, is_void, is_newer_used, ended_at, person_id, is_active,
    is_demo, token_version.
    """
    newer = aliased(RefreshToken)
    is_newer_used = exists().where(
        newer.family_id == RefreshToken.family_id,
        newer.number > RefreshToken.number,
        newer.replaced_at.is_not(None),
    )
    question = (
        select(
            RefreshToken.family_id,
            RefreshToken.number,
            RefreshToken.expires_at,
            RefreshToken.replaced_at,
            RefreshToken.voided_at.is_not(None).label("is_void"),
            is_newer_used.label("is_newer_used"),
            LoginFamily.ended_at,
            LoginFamily.person_id,
            Person.is_active,
            Person.is_demo,
            Person.token_version,
        )
        .join(LoginFamily, LoginFamily.id == RefreshToken.family_id)
        .join(Person, Person.id == LoginFamily.person_id)
        .where(RefreshToken.token_sha256 == token_sha256)
    )
    return session.execute(question).one_or_none()


def replaced(session: Session, token_sha256: bytes, now: datetime) -> None:
    """A successor of a token was handed out; its grace runs from here."""
    session.execute(update(RefreshToken).where(RefreshToken.token_sha256 == token_sha256).values(replaced_at=now))


def void_after(session: Session, family_id: UUID, number: int, now: datetime) -> None:
    """What was handed out after that token of a family is good for nothing but to betray whoever uses it."""
    newer = (RefreshToken.family_id == family_id, RefreshToken.number > number, RefreshToken.voided_at.is_(None))
    session.execute(update(RefreshToken).where(*newer).values(voided_at=now))


def end_family(session: Session, family_id: UUID, why: str, now: datetime) -> None:
    """End one device's login."""
    session.execute(
        update(LoginFamily)
        .where(LoginFamily.id == family_id, LoginFamily.ended_at.is_(None))
        .values(ended_at=now, ended_why=why)
    )


def end_families(session: Session, person_id: UUID, why: str, now: datetime, keep: UUID | None) -> None:
    """End every login of a person but one."""
    question = update(LoginFamily).where(LoginFamily.person_id == person_id, LoginFamily.ended_at.is_(None))
    if keep is not None:
        question = question.where(LoginFamily.id != keep)
    session.execute(question.values(ended_at=now, ended_why=why))


def change_account(session: Session, person_id: UUID, **values: Any) -> None:
    """Alter an account; every access token of it dies at once."""
    session.execute(
        update(Person).where(Person.id == person_id).values(token_version=Person.token_version + 1, **values)
    )


def set_password(session: Session, person_id: UUID, password_hash: str) -> None:
    """Another password; the access tokens of logins that go on stay good."""
    session.execute(update(Person).where(Person.id == person_id).values(password_hash=password_hash))


def add_code(
    session: Session,
    code_index: bytes,
    person_id: UUID,
    purpose: str,
    issued_by: UUID | None,
    now: datetime,
    expires_at: datetime,
) -> None:
    """A one-time code was made; earlier ones for the same purpose are worth nothing any more."""
    session.execute(delete(OneTimeCode).where(OneTimeCode.person_id == person_id, OneTimeCode.purpose == purpose))
    session.execute(
        insert(OneTimeCode).values(
            code_index=code_index,
            person_id=person_id,
            purpose=purpose,
            issued_at=now,
            issued_by_id=issued_by,
            expires_at=expires_at,
        )
    )


def use_code(session: Session, code_index: bytes, purpose: str, now: datetime) -> UUID | None:
    """Use a code up: whose it was; None when it is unknown, used or over. Of two at once, one gets it."""
    question = (
        update(OneTimeCode)
        .where(
            OneTimeCode.code_index == code_index,
            OneTimeCode.purpose == purpose,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeCode.person_id)
    )
    return session.scalar(question)


def without_password(session: Session, region: str, day: date, limit: int = 100_000) -> list[Person]:
    """People with a number and a post in a region that is not over on a day, who have never signed in."""
    posts = select(Appointment.person_id).where(
        inside(Appointment.region_code, region), or_(Appointment.until_day.is_(None), Appointment.until_day > day)
    )
    question = select(Person).where(
        Person.password_hash.is_(None), Person.phone_index.is_not(None), Person.is_active, Person.id.in_(posts)
    )
    return list(session.scalars(question.order_by(Person.name, Person.id).limit(limit)))


def sealed_phones(session: Session, after: UUID | None, limit: int) -> list[AnyRow]:
    """Sealed numbers by person, for sealing them anew: id, phone_sealed."""
    question = select(Person.id, Person.phone_sealed).where(Person.phone_sealed.is_not(None))
    if after is not None:
        question = question.where(Person.id > after)
    return list(session.execute(question.order_by(Person.id).limit(limit)).all())


def seal_anew(session: Session, person_id: UUID, before: bytes, sealed: bytes) -> None:
    """Put a newly sealed number in place of an old one, unless it was changed meanwhile."""
    session.execute(
        update(Person).where(Person.id == person_id, Person.phone_sealed == before).values(phone_sealed=sealed)
    )


def tidy(session: Session, now: datetime, window: timedelta) -> int:
    """Delete tries, codes and tokens that can never matter again; how many rows."""
    over = (
        delete(LoginLock).where(LoginLock.window_started_at < now - window),
        delete(OneTimeCode).where(OneTimeCode.expires_at < now),
        delete(RefreshToken).where(RefreshToken.expires_at < now),
    )
    return sum(touched(session.execute(question)) for question in over)


def mark_demo(session: Session) -> None:
    """Everybody with a number that no carrier gives out (123…) is made up."""
    session.execute(update(Person).where(Person.phone_head == "123").values(is_demo=True))


def first_password(session: Session, phone_index: bytes, password_hash: str) -> None:
    """Give an account a password unless it has one."""
    wanted = (Person.phone_index == phone_index, Person.password_hash.is_(None))
    session.execute(update(Person).where(*wanted).values(password_hash=password_hash))


def is_anybody_made_up(session: Session) -> bool:
    """Whether there is a made-up person who could sign in."""
    return (
        session.scalar(select(Person.id).where(Person.is_demo, Person.password_hash.is_not(None)).limit(1)) is not None
    )


def is_anybody_real(session: Session) -> bool:
    """Whether somebody with an account is no made-up person of the seed city."""
    return (
        session.scalars(select(Person.id).where(Person.is_demo.is_(False), _HAS_ACCOUNT).limit(1)).first() is not None
    )


def is_anybody_there(session: Session) -> bool:
    """Whether there is a single account."""
    return session.scalar(select(Person.id).where(_HAS_ACCOUNT).limit(1)) is not None
