"""Statistics at a desk (统计): big numbers that lead to their lists, a table to go down in, small plots, files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response

from backend.context import today
from backend.domain.access import scope_of
from backend.domain.actions import Action
from backend.domain.regions import way_to
from backend.domain.reports import month_of, week_of
from backend.domain.stats import FIGURES, GROUPS, LEVELS, By, Noun, records
from backend.formats import reports
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value

PAGE = "/console/stats"
blueprint = desk.furnished(Blueprint("console_stats", __name__, url_prefix=PAGE))
FILTERS = ("from", "to", "region", "by", "level")
COLUMNS = (
    *(("patrols", "handed_in"), ("patrols", "counted"), ("patrols", "metres")),
    *(("hazards", "reported"), ("hazards", "cleared"), ("hazards", "standing")),
)
"""Of the table; a file has all figures."""
BIG = (
    *(("patrols", "handed_in"), ("patrols", "counted"), ("patrols", "metres"), ("patrols", "seconds")),
    *(("hazards", name) for name in ("reported", "cleared", "standing", "rejected", "merged")),
    ("four_illegal", "cleared"),
    *(("flood", "cleared"), ("callouts", "called"), ("callouts", "in_time"), ("campaigns", "answered")),
)
_HEADINGS = ("stats.key", *(f"stats.f.{group}.{figure}" for group, noun in GROUPS.items() for figure in FIGURES[noun]))
_PLOTTED = (("patrols", "counted"), ("hazards", "reported"))


@dataclass(frozen=True, slots=True)
class Big:
    """A figure with its word, the list behind it, and what has to be said beside it."""

    shown: str
    word: str
    address: str
    note: str


@blueprint.get("")
@desk.sits(Action.SEE_STATS)
def figures() -> Response:
    """A period, a place, and what it is split by; all of it stands in the address."""
    asked = {"by": By.REGION.value} | desk.filters(*FILTERS)
    found = desk.ask("/stats", asked).body
    by = By(asked["by"])
    period = {"from": found["from"], "to": found["to"]}
    return desk.page(
        "stats.html",
        found=found,
        by=by,
        splits=list(By),
        levels=LEVELS,
        way=_way(found["region"]),
        periods=_periods(today()),
        reports=_reports(today(), found["region"]),
        big=[_big(found, *each) for each in BIG],
        columns=COLUMNS,
        rows=[_row(row, by, found) for row in found["rows"]],
        plots=[_plot(found["rows"], *each) for each in _PLOTTED] if by in (By.DAY, By.MONTH) else [],
        address=lambda **changed: f"{PAGE}?{urlencode({**period, **desk.filters('region', 'by', 'level'), **changed})}",
    )


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_STATS)
def export(form: str) -> Response:
    """Every figure of every part as a file."""
    asked = {"by": By.REGION.value} | desk.filters(*FILTERS)
    said = [(exports.word(f"stats.by.{name}"), _said(name, value)) for name, value in asked.items()]
    items = Export("stats", "/stats", "console.nav.stats", _HEADINGS, _rows, asked, said, items=_items, is_whole=True)
    return exports.file_of(items, form)


@blueprint.get("/report.<form>")
@desk.sits(Action.SEE_STATS)
def report(form: str) -> Response:
    """A month or a week as a page that can be printed, a workbook or a PDF."""
    asked = desk.filters("of", "region") | {"format": form}
    response = desk.pass_on("/stats/report", query_string=asked)
    if form == "html":
        link = f'<link rel="stylesheet" href="{PAGE}/report.css">'  # no style stands in a page of ours
        page = response.get_data(as_text=True).replace(reports.inline(), link)
        return desk.guarded_page(Response(page, mimetype="text/html"))
    return response


@blueprint.get("/report.css")
@desk.sits(Action.SEE_STATS)
def report_style() -> Response:
    """How a printed report looks."""
    return Response(reports.STYLE, mimetype="text/css")


def shown(figure: str, value: int) -> str:
    """A figure as people read it: walks in kilometres and hours."""
    if figure == "metres":
        return f"{value / 1000:,.1f}"
    return f"{value / 3600:,.1f}" if figure == "seconds" else f"{value:,}"


def _big(found: Item, group: str, figure: str) -> Big:
    """A big number; that of the walks that count says how many of them are doubtful."""
    values = found["figures"][group]
    is_with_doubtful = (group, figure) == ("patrols", "counted") and values["doubtful"]["value"]
    note = (
        exports.word("stats.doubtful", count=shown("doubtful", values["doubtful"]["value"])) if is_with_doubtful else ""
    )
    return Big(
        shown(figure, values[figure]["value"]), f"stats.f.{group}.{figure}", _list_of(found, group, figure), note
    )


def _row(row: Item, by: By, found: Item) -> dict[str, Any]:
    """A row of the table: its name, where it leads, and its figures."""
    values = row["figures"]
    cells = [shown(figure, values[group][figure]) for group, figure in COLUMNS]
    return {"name": _name(row, by, found["region"]), "leads": _further(row["key"], by, found), "cells": cells}


def _name(row: Item, by: By, own: str | None) -> str:
    if by is By.REGION and row["key"] == own:
        return exports.word("stats.own", name=row["name"])
    word = {By.LEVEL: "stats.level.", By.CLASS: "stats.group."}.get(by)
    return exports.word(f"{word}{row['key']}") if word and row["key"] else row["name"]


def _further(key: str, by: By, found: Item) -> dict[str, str]:
    """What of the address changes when one goes into a part; nothing where there is nothing below."""
    if by is By.REGION and key != found["region"]:
        return {"region": key}
    if by is By.DAY:
        return {"from": key, "to": key, "by": By.REGION.value}
    if by is By.MONTH:
        first = date.fromisoformat(f"{key}-01")
        last = _last_of_month(first)
        return {"from": max(str(first), found["from"]), "to": min(str(last), found["to"]), "by": By.DAY.value}
    return {"level": key, "by": By.REGION.value} if by is By.LEVEL else {}


def _list_of(found: Item, group: str, figure: str) -> str:
    """The page of the list behind a figure, for the same days and place; nothing where there is none."""
    behind = records(group, figure)
    if behind is None or found["level"]:
        return ""
    asked = dict(zip(behind.moments, (found["from"], found["to"]), strict=True))
    asked |= {"region": found["region"]} if found["region"] else {}
    states = [value for name, value in behind.filters if name == "status"]
    asked |= {name: value for name, value in behind.filters if name != "status"}
    if behind.noun is Noun.PATROLS:
        return f"/console/patrols?{urlencode(asked)}"
    # Without a word the list shows what stands open.
    asked |= {} if len(states) > 1 else {"status": states[0] if states else "all"}
    return f"/console/hazards?{urlencode(asked)}"


def _way(region: str | None) -> list[dict[str, Any]]:
    """The regions around one that the reader sees, the widest first."""
    mine = scope_of(desk.actor(), Action.SEE_STATS)
    return [each for each in places.named(way_to(region or "")) if mine.holds(each["code"])]


def _periods(now: date) -> list[tuple[str, str, str]]:
    """Periods that are asked for again and again: word, first and last day."""
    month, year = now.replace(day=1), now.replace(month=1, day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    week = now - timedelta(days=now.weekday())
    return [
        ("stats.period.week", str(week), str(now)),
        ("stats.period.month", str(month), str(now)),
        ("stats.period.last_month", str(before), str(month - timedelta(days=1))),
        ("stats.period.year", str(year), str(now)),
    ]


def _reports(now: date, region: str | None) -> list[tuple[str, str, str]]:
    """The reports that are asked for most, in every form: word, form and address."""
    month, week = month_of(now.replace(day=1) - timedelta(days=1)), week_of(now - timedelta(days=7))
    return [
        (
            f"report.{kind}",
            form,
            f"{PAGE}/report.{form}?{urlencode({'of': of} | ({'region': region} if region else {}))}",
        )
        for kind, of in (("month", month), ("week", week))
        for form in ("html", "xlsx", "pdf")
    ]


def _last_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _plot(rows: Iterable[Item], group: str, figure: str) -> dict[str, Any]:
    """A bar for each day or month, from zero, in parts of the highest; also for those on which nothing happened."""
    values = [(row["key"], row["figures"][group][figure]) for row in rows]
    most = max((value for _, value in values), default=0)
    bars = [{"key": key, "value": value, "high": value / (most or 1)} for key, value in values]
    return {"word": f"stats.f.{group}.{figure}", "most": most, "bars": bars}


def _items(body: Item) -> list[Item]:
    whole = {group: {figure: each["value"] for figure, each in of.items()} for group, of in body["figures"].items()}
    rows = [row | {"shown": _name(row, By(body["by"]), body["region"])} for row in body["rows"]]
    return [*rows, {"shown": exports.word("stats.total"), "figures": whole}]


def _rows(item: Item) -> list[list[Value]]:
    of = item["figures"]
    return [[item["shown"], *(of[group][figure] for group, noun in GROUPS.items() for figure in FIGURES[noun])]]


def _said(name: str, value: str) -> str:
    if name == "region":
        return places.around(value, Action.SEE_STATS).name or value
    key = {"by": "stats.split.", "level": "stats.level."}.get(name)
    return exports.word(f"{key}{value}") if key else value
