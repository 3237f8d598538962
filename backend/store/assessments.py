"""Questions about assessments: those of a scope, league tables, and how one is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from backend.db import AnyRow, insert_for
from backend.domain.access import Scope
from backend.domain.assessment_rules import Indicator
from backend.domain.assessments import Order, Ruling, State
from backend.domain.terms import CHIEFS
from backend.models.assessments import (
    Assessment,
    AssessmentAppeal,
    AssessmentEdition,
    AssessmentPlace,
    AssessmentScore,
)
from backend.models.people import Person
from backend.models.regions import Region
from backend.store.bulk import insert_all, update_all
from backend.store.regions import inside

_score, _place = cast(Table, AssessmentScore.__table__), cast(Table, AssessmentPlace.__table__)
_edition = cast(Table, AssessmentEdition.__table__)
_LAST = 2**31 - 1
"""The place of whoever has none."""
_RANKS = {post.value: -int(level) for post, level in CHIEFS.items()}
_POST = case(_RANKS, value=_score.c.post, else_=0)
_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.RANK: (_POST, func.coalesce(_score.c.rank, _LAST)),
    Order.SCORE: (func.coalesce(_score.c.score, literal(101.0)),),
    Order.REGION: (_score.c.region_code,),
}
Place = tuple[Any, ...]
"""Where a row stands in an order: what it goes by, and its running number."""


def add(session: Session, values: dict[str, Any]) -> bool:
    """Insert, or nothing when the id is taken; whether it is new."""
    insertion = insert_for(session)(Assessment).on_conflict_do_nothing(index_elements=[Assessment.id])
    return session.execute(insertion.returning(Assessment.seq), values).first() is not None


def add_edition(
    session: Session, values: dict[str, Any], scores: Sequence[dict[str, Any]], places: Sequence[dict[str, Any]]
) -> None:
    """Write figures as they were computed."""
    named = {"assessment_id": values["assessment_id"], "edition": values["number"]}
    session.execute(_edition.insert().values(**values))
    insert_all(session, _score, [named | each for each in scores])
    insert_all(session, _place, [named | each for each in places])


def existing(session: Session, assessment_id: UUID) -> AnyRow | None:
    """The assessment of that id with its maker's name, its region's and how many appeals wait, whoever may see it."""
    return session.execute(_shown().where(Assessment.id == assessment_id)).one_or_none()


def hold(session: Session, assessment_id: UUID) -> None:
    """Keep everybody else from altering it until the transaction ends."""
    session.execute(select(Assessment.seq).where(Assessment.id == assessment_id).with_for_update())


def change(session: Session, assessment_id: UUID, **values: Any) -> None:
    """Alter it, and raise its version."""
    change_of = update(Assessment).where(Assessment.id == assessment_id)
    session.execute(change_of.values(version=Assessment.version + 1, **values))


def listed(
    session: Session, offices: Scope, seen: Scope, *, state: str | None, limit: int, after: int | None
) -> list[AnyRow]:
    """Those of an office's regions, and published ones in which somebody of a scope stands; newest first, one more
    than `limit`.
    """
    question = _shown().where(_is_seen(offices, seen))
    if state is not None:
        question = question.where(Assessment.state == state)
    if after is not None:
        question = question.where(Assessment.seq < after)
    return list(session.execute(question.order_by(Assessment.seq.desc()).limit(limit + 1)).all())


def seen(session: Session, assessment_id: UUID, offices: Scope, scope: Scope) -> AnyRow | None:
    """The one of that id, if it is among those."""
    question = _shown().where(Assessment.id == assessment_id, _is_seen(offices, scope))
    return session.execute(question).one_or_none()


def editions(session: Session, assessment_id: UUID) -> list[AnyRow]:
    """Figures as they were computed, the first first: number, rule_version, people, computed_at, by, reason."""
    columns = (_edition.c.number, _edition.c.rule_version, _edition.c.people, _edition.c.computed_at, _edition.c.reason)
    question = select(*columns, Person.name.label("by")).join(Person, Person.id == _edition.c.computed_by_id)
    question = question.where(_edition.c.assessment_id == assessment_id)
    return list(session.execute(question.order_by(_edition.c.number)).all())


def scores(
    session: Session,
    assessment_id: UUID,
    edition: int,
    scope: Scope,
    *,
    region: str | None = None,
    alone: bool = False,
    post: str | None = None,
    words: str | None = None,
    order: Order = Order.RANK,
    after: Place | None = None,
    limit: int,
) -> list[AnyRow]:
    """Rows of a league table that one sees, one more than `limit`; each with its place in the order as `place`.

    `alone`: of that very region and not below it.
    """
    columns = (*_ORDERS[order], _score.c.seq)
    named = [column.label(f"by_{number}") for number, column in enumerate(columns)]
    question = select(*_score.columns, *named)
    question = question.where(_score.c.assessment_id == assessment_id, _score.c.edition == edition, _of(scope))
    if region is not None:
        own = _score.c.region_code
        question = question.where(own == region if alone else inside(own, region))
    if post is not None:
        question = question.where(_score.c.post == post)
    if words is not None:
        named_so = select(Person.id).where(Person.name.contains(words, autoescape=True))
        question = question.where(_score.c.person_id.in_(named_so))
    if after is not None:
        question = question.where(tuple_(*columns) > after)
    # The names of a page only: a join before the sort would fetch those of everybody.
    page = question.order_by(*columns).limit(limit + 1).subquery()
    shown = select(*page.columns, Person.name.label("person"), Region.name.label("region_name"))
    shown = shown.join(Person, Person.id == page.c.person_id).outerjoin(Region, Region.code == page.c.region_code)
    return list(session.execute(shown.order_by(*(page.c[column.name] for column in named))).all())


def place_of(row: Any, order: Order) -> list[Any]:
    """Where a row stands in an order."""
    return [getattr(row, f"by_{number}") for number in range(len(_ORDERS[order]) + 1)]


def of_person(session: Session, assessment_id: UUID, person_id: UUID, scope: Scope) -> list[AnyRow]:
    """What a person came to in every edition, the newest first."""
    question = _rows().where(_score.c.assessment_id == assessment_id, _score.c.person_id == person_id, _of(scope))
    return list(session.execute(question.order_by(_score.c.edition.desc(), _score.c.seq)).all())


def standings(session: Session, assessment_id: UUID, edition: int, person_id: UUID) -> list[AnyRow]:
    """As what a person stands in it, whoever asks: post, region_code; by region and post."""
    question = select(_score.c.post, _score.c.region_code).where(
        _score.c.assessment_id == assessment_id, _score.c.edition == edition, _score.c.person_id == person_id
    )
    return list(session.execute(question.order_by(_score.c.region_code, _score.c.post)).all())


def group(session: Session, assessment_id: UUID, edition: int, post: str) -> list[AnyRow]:
    """Everybody of a post, for placing them anew; nobody else alters them until the transaction ends."""
    question = select(_score).where(
        _score.c.assessment_id == assessment_id, _score.c.edition == edition, _score.c.post == post
    )
    return list(session.execute(question.order_by(_score.c.seq).with_for_update()).all())


def newest_out(session: Session) -> AnyRow | None:
    """The assessment that was published last: id, name, edition."""
    question = select(Assessment.id, Assessment.name, Assessment.edition).where(Assessment.published_at.is_not(None))
    return session.execute(
        question.order_by(Assessment.published_at.desc(), Assessment.seq.desc()).limit(1)
    ).one_or_none()


def whole(session: Session, assessment_id: UUID, edition: int) -> list[AnyRow]:
    """Every row of a league table."""
    question = select(_score).where(_score.c.assessment_id == assessment_id, _score.c.edition == edition)
    return list(session.execute(question.order_by(_score.c.seq)).all())


def place_anew(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write figures, scores and places by the running number."""
    update_all(session, _score, "seq", rows)


def sums(session: Session, assessment_id: UUID, edition: int, scope: Scope, region: str, length: int) -> list[AnyRow]:
    """The people's figures by place (so many digits): place, people, ranked, and hits and size of each indicator."""
    place = func.substr(_score.c.region_code, literal_column("1"), literal_column(str(length)))
    counts = [
        func.sum(_score.c[f"{each}_{part}"]).label(f"{each}_{part}") for each in Indicator for part in ("hits", "size")
    ]
    question = select(
        place.label("place"),
        func.count(_score.c.person_id.distinct()).label("people"),
        func.count(_score.c.rank).label("ranked"),
        func.sum(_score.c.walks).label("walks"),
        func.sum(_score.c.hazards).label("reported"),
        *counts,
    ).where(
        _score.c.assessment_id == assessment_id,
        _score.c.edition == edition,
        inside(_score.c.region_code, region),
        _inside(_score.c.region_code, scope.regions),
    )
    return list(session.execute(question.group_by(place).order_by(place)).all())


def places(session: Session, assessment_id: UUID, edition: int, scope: Scope) -> list[AnyRow]:
    """What each place of the scope came to, with its name, by code."""
    question = select(_place, Region.name).join(Region, Region.code == _place.c.region_code)
    question = question.where(
        _place.c.assessment_id == assessment_id,
        _place.c.edition == edition,
        _inside(_place.c.region_code, scope.regions),
    )
    return list(session.execute(question.order_by(_place.c.region_code)).all())


def peopled(session: Session, assessment_id: UUID, edition: int, scope: Scope, length: int) -> list[AnyRow]:
    """The places (codes of so many digits) in which somebody stands in it: code, name; by code."""
    place = func.substr(_score.c.region_code, literal_column("1"), literal_column(str(length)))
    here = (_score.c.assessment_id == assessment_id, _score.c.edition == edition)
    codes = select(place.label("code")).where(*here, _inside(_score.c.region_code, scope.regions)).distinct().subquery()
    question = select(Region.code, Region.name).join(codes, codes.c.code == Region.code)
    return list(session.execute(question.where(func.length(Region.code) == length).order_by(Region.code)).all())


def everybody(session: Session, assessment_id: UUID, edition: int) -> list[UUID]:
    """Whoever stands in it."""
    question = select(_score.c.person_id).where(_score.c.assessment_id == assessment_id, _score.c.edition == edition)
    return list(session.scalars(question.distinct()))


def _rows() -> Select[Any]:
    named = select(*_score.columns, Person.name.label("person"), Region.name.label("region_name"))
    return named.join(Person, Person.id == _score.c.person_id).outerjoin(Region, Region.code == _score.c.region_code)


def _shown() -> Select[Any]:
    waiting = select(func.count()).where(
        AssessmentAppeal.assessment_id == Assessment.id, AssessmentAppeal.state == Ruling.OPEN.value
    )
    return (
        select(
            *Assessment.__table__.columns,
            Person.name.label("made_by"),
            Region.name.label("region_name"),
            AssessmentEdition.rule_version,
            AssessmentEdition.people,
            AssessmentEdition.computed_at,
            waiting.correlate(Assessment).scalar_subquery().label("appeals_open"),
        )
        .join(Person, Person.id == Assessment.made_by_id)
        .join(Region, Region.code == Assessment.region_code)
        .join(
            AssessmentEdition,
            and_(AssessmentEdition.assessment_id == Assessment.id, AssessmentEdition.number == Assessment.edition),
        )
    )


def _is_seen(offices: Scope, seen: Scope) -> ColumnElement[bool]:
    row = aliased(AssessmentScore)
    stands = exists().where(
        row.assessment_id == Assessment.id,
        row.edition == Assessment.edition,
        or_(row.person_id.in_(seen.people), *(inside(row.region_code, each) for each in seen.regions)),
    )
    is_out = and_(Assessment.state != State.DRAFT.value, stands)
    return or_(is_out, _inside(Assessment.region_code, offices.regions))


def _of(scope: Scope) -> ColumnElement[bool]:
    return or_(_score.c.person_id.in_(scope.people), *(inside(_score.c.region_code, each) for each in scope.regions))


def _inside(column: Any, regions: Sequence[str]) -> ColumnElement[bool]:
    return or_(literal(False), *(inside(column, each) for each in regions))
