"""`hezhang db`: the schema of the database."""

from __future__ import annotations

from contextlib import closing

import click

from backend import schema
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.services import rules


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
    click.echo(f"schema {schema.head()}")


@group.command()
@click.argument("revision")
@click.confirmation_option(prompt="Rows of tables that did not exist then are lost. Go on?")
def downgrade(revision: str) -> None:
    """Take the schema back to a revision."""
    with _opened() as database:
        schema.downgrade(database, revision)
    click.echo(f"schema {revision}")


@group.command()
def check() -> None:
    """Say whether the schema is current; exit 1 when not."""
    with _opened() as database:
        current = schema.is_current(database)
    click.echo("current" if current else f"not at {schema.head()}")
    raise SystemExit(0 if current else 1)


def _opened() -> closing[Database]:
    return closing(Database.connect(Settings.from_env().database_url))


COMMANDS = [group]
