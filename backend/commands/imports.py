"""`hezhang import`: sheets and shapes of an operator; every wrong row is named, and one stops it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text as Cell

from backend.clock import day_of, utcnow
from backend.commands import keys
from backend.config import Settings
from backend.db import Database, Session
from backend.domain.imports import Column, RowFlaw
from backend.formats import shapes, sheets
from backend.formats.shapes import NotShapes, Said
from backend.formats.sheets import NotASheet
from backend.services import bank_import, imports, people_import, station_import
from backend.services.imports import Imported
from backend.services.people_checks import Terms
from backend.words import LANGUAGES, Language, Text, aloud, of_terminal, say
from geo.datum import Crs

Row = TypeVar("Row")
Importer = Callable[[Session, Iterable[Any]], Imported]
_MOST_SHOWN = 500

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_check = click.option("--check", is_flag=True, help="Only report what is wrong; write nothing.")
_lang = click.option(
    "--lang", type=click.Choice(LANGUAGES), default=of_terminal, help="Language of the report, else the terminal's."
)
_epsg = click.option("--epsg", type=int, help="The system of the coordinates, when the file does not name it.")
_crs = click.option("--crs", type=click.Choice(list(Crs)), default=Crs.WGS84.value, help="Turn degrees of this datum.")
_encoding = click.option("--encoding", help="How a Shapefile writes its text (GBK, UTF-8), where that is unclear.")
_layer = click.option("--layer", help="The layer to read, of a file with several.")
_map = click.option("--map", "renames", multiple=True, metavar="NAME=COLUMN", help="Read NAME from another column.")


@click.group("import")
def group() -> None:
    """Bring in regions, rivers, units, segments, checkpoints, boards, stations, readings or people."""


@group.command()
@_file
@_check
@_lang
@click.option("--rename", is_flag=True, help="Let a known number take the name in the sheet.")
def people(file: Path, check: bool, lang: Language, rename: bool) -> None:
    """People with their posts and segments, from xlsx or csv."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    now = utcnow()
    terms = Terms(
        today=day_of(now, settings.zone),
        is_live=settings.stage == "production",
        may_rename=rename,
        now=now,
    )
    try:
        keyring = keys.opened(settings, database)
    finally:
        database.close()

    def importer(session: Session, rows: Iterable[Any]) -> Imported:
        return people_import.people(session, keyring, rows, terms)

    _run(settings, importer, file, sheets.rows(file), check, lang)


def _of_sheet(name: str, importer: Importer, about: str) -> None:
    @group.command(name, help=about)
    @_file
    @_check
    @_lang
    def command(file: Path, check: bool, lang: Language) -> None:
        _run(Settings.from_env(), importer, file, sheets.rows(file), check, lang)


def _stations(session: Session, rows: Iterable[Any]) -> Imported:
    return station_import.station_rows(session, rows, today=day_of(utcnow(), Settings.from_env().zone))


def _readings(session: Session, rows: Iterable[Any]) -> Imported:
    return station_import.reading_rows(session, rows, now=utcnow(), zone=Settings.from_env().zone)


def _boards(session: Session, found: Iterable[Any]) -> Imported:
    return bank_import.boards(session, found, today=day_of(utcnow(), Settings.from_env().zone))


def _of_shapes(name: str, importer: Importer, columns: Iterable[Column], about: str) -> None:
    @group.command(name, help=about)
    @_file
    @_check
    @_lang
    @_epsg
    @_crs
    @_encoding
    @_layer
    @_map
    def command(file: Path, check: bool, lang: Language, crs: str, renames: tuple[str, ...], **said: Any) -> None:
        names = pairs(renames, [column.heading for column in columns])
        found = renamed(shapes.features(file, Said(crs=Crs(crs), **said)), names)
        _run(Settings.from_env(), importer, file, found, check, lang)


_of_sheet("regions", imports.regions, "Regions with their official codes, from csv or xlsx.")
_of_sheet("rivers", imports.rivers, "Rivers, from csv or xlsx.")
_of_sheet("units", imports.units, "Responsible units, from csv or xlsx.")
_of_sheet("stations", _stations, "Gauges and sluices (测站) with their levels, from csv or xlsx.")
_of_sheet("readings", _readings, "What stations measured before, from csv or xlsx; nobody is called for what is old.")
_of_shapes(
    "segments", imports.segments, imports.SEGMENT, "Segments from GeoJSON, Shapefile (.shp or .zip), GeoPackage or KML."
)
_of_shapes(
    "levees",
    bank_import.levees,
    bank_import.LEVEE,
    "Levees that are walked instead of the bank, by segment.",
)
_of_shapes("checkpoints", bank_import.checkpoints, bank_import.ON_THE_BANK, "Checkpoints, from such files.")
_of_shapes("boards", _boards, bank_import.BOARD, "Notice boards (公示牌) with what they say, from such files.")


def pairs(renames: Iterable[str], known: list[str]) -> dict[str, str]:
    """Each name of ours that `--map` gives, and the column that it stands in."""
    found: dict[str, str] = {}
    for each in renames:
        ours, is_pair, theirs = (part.strip() for part in each.partition("="))
        if not (is_pair and theirs):
            raise click.BadParameter(aloud("import.map.no_pair", given=each), param_hint="--map")
        if ours not in known:
            raise click.BadParameter(aloud("import.map.unknown", name=ours, known=", ".join(known)), param_hint="--map")
        if ours in found:
            raise click.BadParameter(aloud("import.map.twice", name=ours), param_hint="--map")
        found[ours] = theirs
    return found


def renamed(found: Iterable[Any], names: dict[str, str]) -> Iterator[Any]:
    """Features with columns of other names put under ours; a column that no feature has is refused."""
    seen = dict[str, None]()
    for number, properties, shape in found:
        seen.update(dict.fromkeys(properties))
        yield number, properties | {ours: properties.get(theirs) for ours, theirs in names.items()}, shape
    for theirs in names.values():
        if seen and theirs not in seen:
            raise NotShapes("import.no_column_to_map", column=theirs, found="、".join(seen))


def bring(database: Database, importer: Importer, rows: Iterable[Any], *, check: bool = False) -> Imported:
    """Run an import in one transaction: all of it, or nothing when there is a flaw or it is only a check."""
    try:
        with database.transaction() as session:
            done = importer(session, rows)
            if check or done.flaws:
                raise _Nothing(done)
    except _Nothing as nothing:
        return nothing.done
    return done


class _Nothing(Exception):
    """Ends the transaction without keeping anything."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _run(settings: Settings, importer: Importer, file: Path, rows: Iterable[Any], check: bool, lang: Language) -> None:
    database = Database.connect(settings.database_url)
    console = Console(stderr=True)
    try:
        with Progress(console=console, disable=not console.is_terminal) as progress:
            done = bring(database, importer, _counted(rows, progress), check=check)
    except (NotASheet, NotShapes) as wrong:
        raise click.ClickException(f"{file.name}: {say(Text(wrong.key, wrong.values), lang)}") from None
    finally:
        database.close()
    if not (done.rows or done.flaws):
        raise click.ClickException(f"{file.name}: {say('import.nothing', lang)}")
    _report(console, Imported(done.rows, sorted(done.flaws, key=lambda flaw: flaw.row)), check, lang)


def _counted(rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
    task = progress.add_task("…", total=None)
    for row in rows:
        progress.advance(task)
        yield row
    progress.update(task, total=progress.tasks[0].completed)


def _report(console: Console, done: Imported, check: bool, lang: Language) -> None:
    if not done.flaws:
        key = "import.checked" if check else "import.done"
        click.echo(say(Text(key, {"rows": done.rows}), lang))
        return
    if console.is_terminal:
        console.print(_table(done.flaws[:_MOST_SHOWN], lang))
    else:
        for flaw in done.flaws:
            click.echo(
                say(Text("import.flaw", {"row": flaw.row, "column": flaw.column, "why": flaw.text}), lang), err=True
            )
    click.echo(say(Text("import.refused", {"count": len(done.flaws)}), lang), err=True)
    raise SystemExit(1)


def _table(flaws: Iterable[RowFlaw], lang: Language) -> Table:
    """For eyes: a reason is folded into as many lines as it needs, for it says what to do."""
    table = Table(expand=False)
    for name in ("row", "column", "why"):
        table.add_column(say(f"import.heading.{name}", lang), overflow="fold")
    for flaw in flaws:
        # What stands in the cells is theirs, and [brackets] in it are no markup.
        table.add_row(*map(Cell, (str(flaw.row), flaw.column, say(flaw.text, lang))))
    return table


COMMANDS = [group]
