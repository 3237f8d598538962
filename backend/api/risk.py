"""The door for the risk of reaches: now, at any past moment, and change by change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer
from backend.api.paging import PageArguments, next_path, number_in
from backend.api.schemas.risk import RiskArguments, RiskChangePage, RiskPage
from backend.api.segments import after_code, level_of
from backend.api.shown import moment
from backend.clock import day_of
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.domain.flood import factor_text
from backend.services import segments
from backend.store import risk_history as store
from backend.words import say

door = Door("risk", "Risk of reaches (河段风险): low, moderate, high or extreme, with everything that made it.")


@door.get("/flood/risk")
@needs(Action.SEE_RISK)
@door.arguments(RiskArguments, location="query")
@door.response(200, RiskPage)
def listed(asked: dict[str, Any]) -> Response:
    """The risk of every reach of one's part of the world, now or as it was known at a past moment."""
    limit, zone = asked["limit"], house().settings.zone
    at = asked["at"] if "at" in asked and asked["at"] < now() else None
    with house().database.reading() as session:
        rows = store.listed(
            session,
            segments.scope(session, actor(), today()),
            day_of(at or now(), zone),
            at=at,
            limit=limit,
            after=after_code(asked["cursor"]),
            region=asked["region"],
            river=asked.get("river"),
            level=level_of(asked.get("level")),
        )
    last = [rows[limit - 1].code] if len(rows) > limit else None
    items = [_shown(row) for row in rows[:limit]]
    return answer({"at": moment(at or now(), zone), "items": items, "next": next_path(last)})


@door.get("/flood/risk/<ref>")
@needs(Action.SEE_RISK)
@door.arguments(PageArguments, location="query")
@door.response(200, RiskChangePage)
def history(asked: dict[str, Any], ref: str) -> Response:
    """Every change of one reach, by id or code, the newest first."""
    limit = asked["limit"]
    with house().database.reading() as session:
        reach = segments.one(session, actor(), ref, today=today())
        rows = store.changes(session, reach.id, limit=limit, after=number_in(asked["cursor"]))
    last = [rows[limit - 1].seq] if len(rows) > limit else None
    return answer({"items": [_change(row) for row in rows[:limit]], "next": next_path(last)})


def _shown(row: Any) -> dict[str, Any]:
    return {
        "segment": {"id": str(row.id), "code": row.code, "name": row.name},
        "region": row.region_code,
        "river": row.river_code,
        "level": row.level,
        "score": row.score,
        "factors": _in_words(row.factors),
        "since": moment(row.at, house().settings.zone),
        "last_patrol_at": row.last_patrol_at and moment(row.last_patrol_at, house().settings.zone),
    }


def _change(row: Any) -> dict[str, Any]:
    return {
        "at": moment(row.at, house().settings.zone),
        "was": row.from_level,
        "level": row.level,
        "score": row.score,
        "factors": _in_words(row.factors),
        "because": row.because,
        "rule_version": row.rule_version,
    }


def _in_words(factors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "text": say(factor_text(each), language())} for each in factors]
