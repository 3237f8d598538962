"""`hezhang db`: the schema of the database."""

from __future__ import annotations

from contextlib import closing

import click

from backend import schema
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.services import rules
from backend.words import aloud


@click.group("db")
def group() -> None:
    """Bring the schema up, take it down, look whether it is current."""


@group.command()
def upgrade() -> None:
    """Bring the schema to the newest revision, and write the first rules where there are none."""
    with _opened() as database:
        schema.upgrade(database)
        with database.transaction() as session:
            rules.ensure_defaults(session, now=utcnow())
    click.echo(aloud("db.at", revision=schema.head()))


@group.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask whether rows may be lost.")
def downgrade(revision: str, yes: bool) -> None:
    """Take the schema back to a revision."""
    if not yes:
        click.confirm(aloud("db.ask"), abort=True)
    with _opened() as database:
        schema.downgrade(database, revision)
    click.echo(aloud("db.at", revision=revision))


@group.command()
def check() -> None:
    """Say whether the schema is current; exit 1 when not."""
    with _opened() as database:
        current = schema.is_current(database)
    click.echo(aloud("db.current" if current else "db.not_current", revision=schema.head()))
    raise SystemExit(0 if current else 1)


def _opened() -> closing[Database]:
    return closing(Database.connect(Settings.from_env().database_url))


COMMANDS = [group]
