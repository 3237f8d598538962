"""The door for statistics (统计): figures of any period, each with the list of its records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response

from backend.api.auth import actor, needs
from backend.api.door import Door, answer, fails
from backend.api.schemas.stats import ReportArguments, StatsAnswer, StatsArguments
from backend.api.shown import moment
from backend.clock import end_of, start_of
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.domain.reports import month_of
from backend.domain.stats import By, Period, Records, records
from backend.errors import Conflict, NotFound
from backend.services import report_files, reports, stats
from backend.services.stats import Asked, Row, Stats
from backend.words import Text, say

door = Door("stats", "Statistics (统计): figures of any period, read from rows that are kept right.")


@door.get("/stats")
@needs(Action.SEE_STATS)
@door.arguments(StatsArguments, location="query")
@door.response(200, StatsAnswer)
@fails(NotFound)
def figures(asked: dict[str, Any]) -> Response:
    """Figures of a period of at most five years, of one's own part of the world or a region in it."""
    last = asked.get("last", today())
    period = Period(asked.get("first", last.replace(day=1)), last)
    by = By(asked["by"]) if "by" in asked else None
    wanted = Asked(period, asked.get("region"), by, asked.get("level"))
    with house().database.reading() as session:
        found = stats.of_period(session, actor(), wanted, now=now(), zone=house().settings.zone)
    return answer(_shown(found))


@door.get("/stats/report")
@needs(Action.SEE_STATS)
@door.arguments(ReportArguments, location="query")
@door.response(200, {"type": "string"}, content_type="text/html", description="A page that needs nothing beside it.")
@fails(NotFound, Conflict)
def report(asked: dict[str, Any]) -> Response:
    """The report of a month or a week as a file; it is on record who took it. Conflict where no PDF can be made."""
    form, of = asked.get("format", "html"), asked.get("of", month_of(today().replace(day=1) - timedelta(days=1)))
    with house().database.reading() as session:
        found = reports.of_place(session, actor(), of, asked.get("region"), now=now(), zone=house().settings.zone)
    written = report_files.written(found, form, language(), house().settings.zone)
    with house().database.transaction() as session:
        reports.taken_out(session, actor(), of, form, asked.get("region"), now=now())
    response = Response(written, mimetype=report_files.MEDIA_TYPES[form])
    if form != "html":
        response.headers["Content-Disposition"] = f"attachment; filename=report-{of}.{form}"
    return response


def _shown(found: Stats) -> dict[str, Any]:
    period = found.asked.period
    one = found.regions[0] if len(found.regions) == 1 else None
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "region": one,
        "name": "、".join(found.names[region] for region in found.regions),
        "by": found.asked.by,
        "level": found.asked.level,
        "as_of": moment(found.as_of, house().settings.zone),
        "waiting": found.waiting,
        "first_day": found.first_day.isoformat() if found.first_day else None,
        "note": _note(found),
        "figures": {
            group: {figure: {"value": value, "records": _list_of(found, group, figure)} for figure, value in of.items()}
            for group, of in found.total.items()
        },
        "rows": [_row(each) for each in found.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "figures": row.figures}


def _note(found: Stats) -> str | None:
    """Why there are only zeros, where it is because there was nothing yet."""
    if found.first_day is None:
        return None if found.waiting else say(Text("stats.nothing_yet"), language())
    if found.asked.period.last < found.first_day:
        return say(Text("stats.before", {"day": found.first_day.isoformat()}), language())
    return None


def _list_of(found: Stats, group: str, figure: str) -> str | None:
    """The path of the list behind a figure; None where there is none, or it cannot be narrowed to a level."""
    behind = records(group, figure)
    if behind is None or found.asked.level is not None:
        return None
    region = found.regions[0] if len(found.regions) == 1 else None
    return f"/api/v1/{behind.noun.value}?{urlencode(_filters(behind, found.asked.period, region))}"


def _filters(behind: Records, period: Period, region: str | None) -> list[tuple[str, str]]:
    zone = house().settings.zone
    ends = (start_of(period.first, zone).isoformat(), end_of(period.last, zone).isoformat())
    filters = [*behind.filters, *zip(behind.moments, ends, strict=True)]
    return filters + ([("region", region)] if region else [])
