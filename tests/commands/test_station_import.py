"""Stations and their history from an operator's sheets: all of a file or nothing, and nobody is called for the past."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from backend.clock import utcnow
from backend.commands import seed
from backend.db import Database
from backend.formats import sheets
from backend.models.flood_events import FloodEvent
from backend.models.segments import Segment
from backend.models.stations import Reading, Station, StationValue
from tests.cast import LINE
from tests.commands.test_imports import REGIONS, collection

STATIONS = (
    "code,name,kind,river,region,lon,lat,warning_m,guaranteed_m,silent_after_min\n"
    "LC,聊城,ZQ,TUHAI,371502,115.975,36.4325,33.5,35,\nSH,四河头,DD,TUHAI,371502,115.99,36.435,,,60\n"
)


@pytest.fixture
def places(hezhang, tmp_path) -> Path:
    """Regions, a river, two reaches and two stations are there."""
    (tmp_path / "regions.csv").write_text(REGIONS, "utf-8")
    (tmp_path / "rivers.csv").write_text("code,name,kind\nTUHAI,徒骇河,river\n", "utf-8")
    (tmp_path / "segments.geojson").write_text(json.dumps(collection(LINE)), "utf-8")
    (tmp_path / "stations.csv").write_text(STATIONS, "utf-8")
    for file in ("regions.csv", "rivers.csv", "segments.geojson", "stations.csv"):
        done = hezhang("import", file.split(".")[0], tmp_path / file)
        assert done.exit_code == 0, done.output
    return tmp_path


@pytest.fixture
def there(fresh_url: str) -> Iterator[Database]:
    """To look at what was brought in."""
    database = Database.connect(fresh_url)
    yield database
    database.close()


def test_stations_come_in_with_their_reach_and_come_in_again_as_they_are(places, hezhang, there):
    with there.transaction() as session:
        rows = session.scalars(select(Station).order_by(Station.code)).all()
        segment = session.get(Segment, rows[0].segment_id)
        assert segment is not None
        assert [row.kind for row in rows] == ["river", "sluice"]
        assert [row.silent_after_min for row in rows] == [120, 60]
        assert segment.code == "TUHAI-371502-001"
        rows[0].key_sha256 = b"k"
        before = rows[0].id
    assert hezhang("import", "stations", places / "stations.csv").exit_code == 0
    with there.reading() as session:
        again = session.scalars(select(Station).where(Station.code == "LC")).one()
        assert (again.id, again.key_sha256) == (before, b"k")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("XX,某站,ZQ,NOWHERE,371502,115.9,36.4,,,", "river"),
        ("XX,某站,ZQ,TUHAI,371599,115.9,36.4,,,", "region"),
        ("XX,某站,QQ,TUHAI,371502,115.9,36.4,,,", "kind"),
        ("XX,某站,ZQ,TUHAI,371502,36.4,115.9,,,", "lat"),
        ("XX,某站,ZQ,TUHAI,371502,115.9,36.4,35,33,", "guaranteed_m"),
        ("LC,某站,ZQ,TUHAI,371502,115.9,36.4,,,", "code"),
    ],
)
def test_one_wrong_station_stops_the_whole_file(places, hezhang, there, row, column):
    (places / "more.csv").write_text(STATIONS.replace("四河头", "改名") + row + "\n", "utf-8")
    refused = hezhang("import", "stations", places / "more.csv")
    assert (refused.exit_code, column in refused.output) == (1, True), refused.output
    with there.reading() as session:
        assert set(session.scalars(select(Station.name))) == {"聊城", "四河头"}


def test_history_is_kept_and_tells_nobody_anything(places, hezhang, there):
    (places / "old.csv").write_text(
        "station,at,water_level_m,rain_mm_1h\nLC,2021/7/28 2:00,36.2,40\nLC,2021-07-28 03:00,36.5,\n", "utf-8"
    )
    checked = hezhang("import", "readings", places / "old.csv", "--check")
    assert checked.exit_code == 0, checked.output
    with there.reading() as session:
        assert session.scalars(select(Reading)).all() == []
    assert hezhang("import", "readings", places / "old.csv").exit_code == 0
    with there.reading() as session:
        assert len(session.scalars(select(Reading)).all()) == 3
        level = session.scalars(select(StationValue).where(StationValue.quantity == "water_level_m")).one()
        assert (level.value, level.rate, level.band) == (36.5, 0.3, "normal")
        assert session.scalars(select(FloodEvent)).all() == []
        assert session.scalars(select(Station.silent_at).where(Station.code == "LC")).one() is None


def test_a_workbook_keeps_the_time_of_day_and_what_is_of_now_is_told(places, hezhang, there):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["station", "at", "water_level_m"])
    sheet.append(["LC", datetime(2021, 7, 28, 2, 30), 36.2])  # noqa: DTZ001 - a sheet's cell has no zone
    sheet.append(["LC", (utcnow() - timedelta(minutes=5)).isoformat(), 35.6])
    book.save(places / "book.xlsx")
    done = hezhang("import", "readings", places / "book.xlsx")
    assert done.exit_code == 0, done.output
    with there.reading() as session:
        first = session.scalars(select(Reading.at).order_by(Reading.at)).first()
        assert first is not None
        assert first.isoformat() == "2021-07-27T18:30:00+00:00"
        assert session.scalars(select(FloodEvent.level)).all() == ["guaranteed"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("LC,2021-07-28,33,", "at"),
        ("LC,2999-07-28 02:00,33,", "at"),
        ("LC,2021-07-28 02:00,9999,", "water_level_m"),
        ("LC,2021-07-28 02:00,133,", "water_level_m"),
        ("LC,2021-07-28 02:00,,", "water_level_m"),
        ("NOWHERE,2021-07-28 02:00,33,", "station"),
    ],
)
def test_one_wrong_reading_stops_the_whole_file(places, hezhang, there, row, column):
    text = f"station,at,water_level_m,rain_mm_1h\nLC,2021-07-28 01:00,33,\n{row}\n"
    (places / "wrong.csv").write_text(text, "utf-8")
    refused = hezhang("import", "readings", places / "wrong.csv")
    assert (refused.exit_code, column in refused.output) == (1, True), refused.output
    with there.reading() as session:
        assert session.scalars(select(Reading)).all() == []


def test_the_stations_of_the_seed_city_are_on_its_rivers_and_nobody_made_up_their_levels():
    rows = [row for _, row in sheets.rows(seed.FOLDER / "stations.csv")]
    rivers = {row["code"] for _, row in sheets.rows(seed.FOLDER / "rivers.csv")}
    regions = {row["code"][:6] for _, row in sheets.rows(seed.FOLDER / "regions.csv")}
    assert len({row["code"] for row in rows}) == 12
    assert {row["river"] for row in rows} <= rivers
    assert {row["region"] for row in rows} <= regions
    assert not any(row["warning_m"] or row["guaranteed_m"] for row in rows)
