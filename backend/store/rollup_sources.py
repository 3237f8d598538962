"""What is counted: for each noun its table of rollups, and the rows that a day of it is counted from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Select, Table, and_, case, func, literal, or_, select
from sqlalchemy import cast as sql_cast

from backend.domain.hazards import OPEN, Act, State
from backend.domain.stats import ACTS, FIGURES, Noun
from backend.domain.terms import CHIEFS, Level, Outcome, Post
from backend.models.callouts import Callout
from backend.models.campaigns import CampaignSegment
from backend.models.hazards import Hazard, HazardAct
from backend.models.patrols import Patrol
from backend.models.segments import Segment
from backend.models.stats import RollupCallout, RollupCampaign, RollupHazard, RollupPatrol

_patrol, _hazard = cast(Table, Patrol.__table__), cast(Table, Hazard.__table__)
_act, _callout = cast(Table, HazardAct.__table__), cast(Table, Callout.__table__)
_answer, _segment = cast(Table, CampaignSegment.__table__), cast(Table, Segment.__table__)
Part = Select[Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A noun: where its figures are kept, by what beside region, day and level, and what they are counted from."""

    noun: Noun
    table: Table
    keys: tuple[str, ...]
    moments: tuple[ColumnElement[Any], ...]
    """Which moments decide of what day a row is; one for each part."""
    parts: Callable[[], Sequence[Part]]
    """Rows to be added up: region_code, level, keys, figures; each narrowed by its moment."""
    region: ColumnElement[str]

    @property
    def figures(self) -> tuple[str, ...]:
        """What is counted."""
        return FIGURES[self.noun]

    def rows(self, begin: datetime, end: datetime, where: Sequence[ColumnElement[bool]] = ()) -> list[Part]:
        """The parts between two moments."""
        pairs = zip(self.parts(), self.moments, strict=True)
        return [part.where(moment >= begin, moment < end, *where) for part, moment in pairs]


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _whole(tenths: ColumnElement[Any]) -> ColumnElement[int]:
    """A figure that is kept to a tenth, without it: a walk's metres are then the same number in any sum.

    By a quarter more a conversion comes to the same whether it rounds (PostgreSQL) or cuts off (SQLite).
    """
    return sql_cast(tenths * 10 + 0.25, BigInteger()) // 10


def _figures(noun: Noun, given: dict[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [given.get(figure, literal(0)).label(figure) for figure in FIGURES[noun]]


def _level_of_post(column: ColumnElement[Any]) -> ColumnElement[str]:
    words = {post.value: level.word for post, level in CHIEFS.items()} | {Post.WARDEN.value: "warden"}
    return case(words, value=column, else_="other").label("level")


def _level_of_reach() -> ColumnElement[str]:
    words = {int(level): level.word for level in Level}
    return case(words, value=_segment.c.level, else_="other").label("level")


def _patrols() -> list[Part]:
    counts, is_there = _patrol.c.counts, _patrol.c.withdrawn_at.is_(None)
    is_doubtful = func.coalesce(_patrol.c.review_outcome, _patrol.c.outcome) == Outcome.DOUBTFUL.value
    seconds = func.coalesce(_patrol.c.verdict[("figures", "duration_s")].as_float(), 0.0)
    given = {
        "handed_in": literal(1),
        "counted": _one(counts),
        "doubtful": _one(and_(counts, is_doubtful)),
        "not_counted": _one(and_(is_there, ~counts)),
        "withdrawn": _one(~is_there),
        "metres": case((counts, _whole(_patrol.c.covered_m)), else_=0),
        "seconds": case((counts, _whole(seconds)), else_=0),
    }
    return [select(_patrol.c.region_code, _level_of_post(_patrol.c.post), *_figures(Noun.PATROLS, given))]


def _hazards() -> list[Part]:
    dims = (_hazard.c.region_code, _level_of_reach(), _hazard.c.kind, _hazard.c.severity)
    on_reach = _hazard.join(_segment, _segment.c.id == _hazard.c.segment_id)
    stands = {
        "reported": literal(1),
        "standing": _one(_hazard.c.state.in_([state.value for state in OPEN])),
        "cleared": _one(_hazard.c.state == State.CLOSED.value),
        "rejected": _one(_hazard.c.state == State.REJECTED.value),
        "merged": _one(_hazard.c.state == State.MERGED.value),
    }
    acts: dict[str, ColumnElement[Any]] = {name: _one(_act.c.act == act.value) for name, act in ACTS.items()}
    counted = _act.c.act.in_([act.value for act in Act if act in ACTS.values()])
    return [
        select(*dims, *_figures(Noun.HAZARDS, cast(Any, stands))).select_from(on_reach),
        select(*dims, *_figures(Noun.HAZARDS, acts))
        .select_from(on_reach.join(_act, _act.c.hazard_id == _hazard.c.id))
        .where(counted),
    ]


def _callouts() -> list[Part]:
    is_answered = _callout.c.answered_at.is_not(None)
    nobody_heard = or_(_callout.c.climbed_at.is_(None), _callout.c.answered_at <= _callout.c.climbed_at)
    given = {
        "called": literal(1),
        "answered": _one(is_answered),
        "in_time": _one(and_(is_answered, nobody_heard)),
    }
    is_drill = _one(_callout.c.is_drill).label("is_drill")
    figures = _figures(Noun.CALLOUTS, cast(Any, given))
    return [select(_callout.c.region_code, _level_of_post(_callout.c.post), is_drill, *figures)]


def _campaigns() -> list[Part]:
    given = {
        "answered": literal(1),
        "late": _one(_answer.c.is_late),
        "found": _one(_answer.c.is_found.is_(True)),
        "on_behalf": _one(_answer.c.is_on_behalf.is_(True)),
    }
    on_reach = _answer.join(_segment, _segment.c.id == _answer.c.segment_id)
    figures = _figures(Noun.CAMPAIGNS, cast(Any, given))
    return [select(_answer.c.region_code, _level_of_reach(), *figures).select_from(on_reach)]


SOURCES: dict[Noun, Source] = {
    Noun.PATROLS: Source(
        Noun.PATROLS,
        cast(Table, RollupPatrol.__table__),
        (),
        (_patrol.c.walked_at,),
        _patrols,
        _patrol.c.region_code,
    ),
    Noun.HAZARDS: Source(
        Noun.HAZARDS,
        cast(Table, RollupHazard.__table__),
        ("kind", "severity"),
        (_hazard.c.reported_at, _act.c.at),
        _hazards,
        _hazard.c.region_code,
    ),
    Noun.CALLOUTS: Source(
        Noun.CALLOUTS,
        cast(Table, RollupCallout.__table__),
        ("is_drill",),
        (_callout.c.begun_at,),
        _callouts,
        _callout.c.region_code,
    ),
    Noun.CAMPAIGNS: Source(
        Noun.CAMPAIGNS,
        cast(Table, RollupCampaign.__table__),
        (),
        (_answer.c.answered_at,),
        _campaigns,
        _answer.c.region_code,
    ),
}
