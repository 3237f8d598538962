"""Cutting a city's rivers into segments and casting its demonstration people: files in, files out."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from backend.domain.bankside import checkpoints, notice_boards
from backend.domain.courses import CannotCut
from backend.domain.cutting import cut_rivers
from backend.domain.demo_accounts import demo_accounts
from backend.domain.demo_people import people_of
from backend.domain.demo_units import units
from backend.domain.divisions import Divisions
from backend.domain.regions import BadRegionCode
from backend.domain.town_cells import TownCells
from backend.errors import Problem
from backend.formats import city_shapes, city_tables
from backend.words import aloud

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
A_FOLDER = click.Path(file_okay=False, path_type=Path)
REGIONS_HELP = "Official regions: csv with code and name."


@click.command("cut-city")
@click.option("--regions", required=True, type=A_FILE, help=REGIONS_HELP)
@click.option("--towns", required=True, type=A_FILE, help="Town areas: GeoJSON polygons with code and quality.")
@click.option("--rivers", required=True, type=A_FILE, help="Rivers: GeoJSON lines with name and name_en or code.")
@click.option("--out", required=True, type=A_FOLDER, help="Folder for the files made.")
def cut_city(regions: Path, towns: Path, rivers: Path, out: Path) -> None:
    """Cut a city's rivers into city, county and town reaches and village segments.

    The same input gives the same bytes. Villages have no positions: pieces take the villages of their town in
    code order and are marked synthetic, as are the checkpoints and notice boards.
    """
    with in_plain_words():
        sources = city_shapes.features(rivers.read_bytes(), city_shapes.LINES)
        courses = [city_shapes.course_from(shape, properties) for shape, properties in sources]
        cells = TownCells(city_shapes.town_cells(towns.read_bytes()))
        segments = cut_rivers(courses, cells, divisions_in(regions))

        rivers_cut = city_tables.river_rows(courses, [properties for _, properties in sources], segments)
        write(out / "rivers.csv", city_tables.table(rivers_cut))
        write(out / "segments.geojson", city_shapes.collection(map(city_shapes.segment_feature, segments)))
        points = map(city_shapes.checkpoint_feature, checkpoints(segments))
        write(out / "checkpoints.geojson", city_shapes.collection(points))
        boards = map(city_shapes.board_feature, notice_boards(segments))
        write(out / "notice_boards.geojson", city_shapes.collection(boards))
    tell(Counter(f"seed.level.{segment.level.word}" for segment in segments))


@click.command("cast-city")
@click.option("--regions", required=True, type=A_FILE, help=REGIONS_HELP)
@click.option("--segments", required=True, type=A_FILE, help="What cut-city wrote as segments.geojson.")
@click.option("--example", help="County reach where most demo accounts live; else the first county's longest.")
@click.option("--out", required=True, type=A_FOLDER, help="Folder for the files made.")
def cast_city(regions: Path, segments: Path, example: str | None, out: Path) -> None:
    """Invent people for a cut city: a chief for every segment, wardens, staff, units and demo accounts."""
    with in_plain_words():
        reaches = city_shapes.segments_in(segments.read_bytes())
        offices = list(units(divisions_in(regions)))
        people = people_of(reaches, offices)
        accounts = demo_accounts(people, reaches, example)

        write(out / "units.csv", city_tables.table(list(map(city_tables.unit_row, offices))))
        # Spreadsheets take a csv for utf-8 only with a byte order mark.
        write(out / "people.csv", "\ufeff" + city_tables.table(list(map(city_tables.person_row, people))))
        write(out / "demo_accounts.csv", city_tables.table(list(map(city_tables.account_row, accounts))))
    tell(Counter(f"seed.post.{person.post}" for person in people))


COMMANDS = (cut_city, cast_city)


def divisions_in(path: Path) -> Divisions:
    """The regions of a csv file with the columns code and name; CannotCut when it is another file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return Divisions.of((row["code"], row["name"]) for row in csv.DictReader(file))
    except (KeyError, UnicodeDecodeError, BadRegionCode) as wrong:
        raise CannotCut("no_regions", file=path.name, reason=wrong) from wrong


def write(path: Path, text: str) -> None:
    """A text file with the same bytes on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def tell(counts: Counter[str]) -> None:
    """How many there are of each, in the language of the terminal."""
    for key, count in counts.items():
        click.echo(f"{count:>7}  {aloud(key)}")


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Let a problem end the command with its sentence instead of a trace."""
    try:
        yield
    except Problem as problem:
        raise click.ClickException(aloud(problem.text)) from problem
