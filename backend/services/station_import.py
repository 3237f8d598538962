"""Importing stations and what they measured before; all of a file or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import uuid4

from backend.db import Session
from backend.domain.imports import Column, Sheet, choice, code, moment_in, read, region_code, whole, within, words
from backend.domain.stations import (
    BOUNDS,
    OFFICIAL,
    SILENT_AFTER_MIN,
    Kind,
    Marks,
    Quantity,
    ReadingDraft,
    StationDraft,
)
from backend.errors import BadInput
from backend.models.stations import Station
from backend.services import readings, stations
from backend.services.imports import Imported, Rows, check_known, write
from backend.store import imports
from geo.datum import Crs, to_wgs84

_KINDS = {kind.value: kind for kind in Kind} | dict(OFFICIAL)
_LEVEL = within(*BOUNDS[Quantity.LEVEL])
STATION = (
    Column("code", "code", code),
    Column("name", "name", words(80)),
    Column("kind", "kind", choice(_KINDS)),
    Column("river", "river", code),
    Column("region", "region", region_code),
    Column("lon", "lon", within(-180, 180)),
    Column("lat", "lat", within(-90, 90)),
    Column("crs", "crs", choice({crs.value: crs for crs in Crs}), is_required=False),
    Column("segment", "segment", code, is_required=False),
    Column("warning_m", "warning_m", _LEVEL, is_required=False),
    Column("guaranteed_m", "guaranteed_m", _LEVEL, is_required=False),
    Column("datum", "datum", words(200), is_required=False),
    Column("hysteresis_m", "hysteresis_m", within(0, 5), is_required=False),
    Column("silent_after_min", "silent_after_min", whole(5, 10_080), is_required=False),
)


def station_rows(session: Session, rows: Rows, *, today: date) -> Imported:
    """Stations by their codes; keys and readings stay as they are."""
    sheet = read(rows, STATION)
    check_known(sheet, "region", "region", imports.region_codes(session), "import.unknown_region")
    check_known(sheet, "river", "river", imports.river_codes(session), "import.unknown_river")
    if sheet.flaws:
        return Imported(len(sheet.rows), sheet.flaws)
    written = []
    for row, values in sheet.rows:
        try:
            columns = stations.columns_of(session, _station(values), today=today)
        except BadInput as wrong:
            sheet.flaw(row, wrong.flaws[0].pointer[1:], _key(wrong))
        else:
            written.append({"id": uuid4(), "version": 1} | columns)
    return write(session, sheet, Station, written, ["code"], keep=["id", "version"])


def reading_rows(session: Session, rows: Rows, *, now: datetime, zone: tzinfo) -> Imported:
    """Readings of known stations: what is old tells nobody anything, and the latest values move forward alone."""
    sheet = read(_timed(rows), _reading(zone))
    named = [(row, ReadingDraft(v["station"], v["at"], _values(v))) for row, v in sheet.rows]
    for row, draft in named:
        if not draft.values:
            sheet.flaw(row, Quantity.LEVEL, "flaw.no_quantity", known=", ".join(Quantity))
    if not sheet.flaws:
        _take(session, sheet, named, now)
    return Imported(len(sheet.rows), sheet.flaws)


def _take(session: Session, sheet: Sheet, named: list[tuple[int, ReadingDraft]], now: datetime) -> None:
    results = readings.take(session, [draft for _, draft in named], now=now)
    for (row, _), result in zip(named, results, strict=True):
        for flaw in result.flaws:
            assert not isinstance(flaw.text, str)
            sheet.flaw(row, flaw.pointer[1:], flaw.text.key, **flaw.text.values)


def _reading(zone: tzinfo) -> tuple[Column, ...]:
    quantities = (Column(each, each, within(*bounds), is_required=False) for each, bounds in BOUNDS.items())
    return (Column("station", "station", code), Column("at", "at", moment_in(zone)), *quantities)


def _timed(rows: Rows) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """A cell of a workbook that holds a moment keeps its time of day."""
    for number, row in rows:
        at = row.get("at")
        yield number, {**row, "at": at.isoformat(sep=" ")} if isinstance(at, datetime) else row


def _values(values: Mapping[str, Any]) -> dict[Quantity, float]:
    return {quantity: values[quantity] for quantity in Quantity if values[quantity] is not None}


def _station(values: Mapping[str, Any]) -> StationDraft:
    given = {name: values[name] for name in ("warning_m", "guaranteed_m", "hysteresis_m") if values[name] is not None}
    lon, lat = to_wgs84([[values["lon"], values["lat"]]], values["crs"] or Crs.WGS84)[0]
    return StationDraft(
        code=values["code"],
        name=values["name"],
        kind=values["kind"],
        river=values["river"],
        region=values["region"],
        lonlat=(round(float(lon), 7), round(float(lat), 7)),
        segment=values["segment"],
        marks=Marks(**given),
        datum=values["datum"] or "",
        silent_after_min=values["silent_after_min"] or SILENT_AFTER_MIN,
    )


def _key(wrong: BadInput) -> str:
    text = wrong.flaws[0].text
    return text if isinstance(text, str) else text.key
