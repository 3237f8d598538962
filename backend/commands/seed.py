"""`hezhang seed`: load the seed city through the same importers as any other city."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import click

from backend.clock import day_of, utcnow
from backend.commands import keys
from backend.commands.imports import bring
from backend.config import Settings
from backend.db import Database, Session
from backend.domain.regions import cut
from backend.formats import shapes, sheets
from backend.services import bank_import, imports, people_import, rules, seeding, signs, station_import
from backend.services.imports import Imported
from backend.services.passwords import hashed
from backend.services.people_checks import Terms
from backend.store import imports as imports_there
from backend.store import logins
from backend.words import aloud

FOLDER = Path(__file__).parents[2] / "seed_data"
_BARE = 20
"""Of so many notice boards one has no sheet yet, so that there is something to do."""


class NotInProduction(click.ClickException):
    """Made-up people have no place there."""

    def __init__(self) -> None:
        super().__init__(aloud("seed.not_in_production"))


@click.command()
def seed() -> None:
    """Load the seed city with its fictional people."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    try:
        load(settings, database)
    finally:
        database.close()
    click.echo(aloud("seed.done"))


def load(settings: Settings, database: Database) -> None:
    """Load everything, each file in one transaction; what is there already is altered, never doubled."""
    if settings.stage == "production":
        raise NotInProduction
    keyring, now = keys.opened(settings, database), utcnow()
    terms = Terms(today=day_of(now, settings.zone), now=now)

    def people(session: Session, rows: Iterable[Any]) -> Imported:
        return people_import.people(session, keyring, rows, terms)

    def stations(session: Session, rows: Iterable[Any]) -> Imported:
        return station_import.station_rows(session, rows, today=terms.today)

    def boards(session: Session, found: Iterable[Any]) -> Imported:
        return bank_import.boards(session, found, today=terms.today)

    for importer, rows in (
        (imports.regions, sheets.rows(FOLDER / "regions.csv")),
        (imports.rivers, sheets.rows(FOLDER / "rivers.csv")),
        (imports.units, sheets.rows(FOLDER / "units.csv")),
        (imports.segments, shapes.features(FOLDER / "segments.geojson")),
        (bank_import.checkpoints, shapes.features(FOLDER / "checkpoints.geojson")),
        (boards, shapes.features(FOLDER / "notice_boards.geojson")),
        (stations, sheets.rows(FOLDER / "stations.csv")),
        (people, sheets.rows(FOLDER / "people.csv")),
    ):
        done = bring(database, importer, rows)
        if done.flaws:
            first = done.flaws[0]
            raise click.ClickException(aloud("import.flaw", row=first.row, column=first.column, why=first.text))
    accounts = demo_accounts()
    hashes = {account["password"]: hashed(account["password"]) for account in accounts}
    with database.transaction() as session:
        seeding.open_accounts(session, keyring, accounts, hashes)
        rules.ensure_defaults(session, now=utcnow())
        signs.hang(session, lambda code: not crc32(code.encode()) % _BARE, today=terms.today, now=now)


def may_come(session: Session) -> bool:
    """Whether nobody is there, nor any place but those of the seed city, of which a part may be loaded already."""
    if logins.is_anybody_there(session):
        return False
    own = imports_there.region_codes(session) - {cut(row["code"]) for _, row in sheets.rows(FOLDER / "regions.csv")}
    rivers = imports_there.river_codes(session) - {row["code"] for _, row in sheets.rows(FOLDER / "rivers.csv")}
    return not own and not rivers


def demo_accounts() -> Sequence[dict[str, str]]:
    """The demo logins as listed."""
    with (FOLDER / "demo_accounts.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


COMMANDS = [seed]
