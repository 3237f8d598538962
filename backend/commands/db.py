"""`hezhang db`: the schema of the database."""

from __future__ import annotations

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
    database = Database.connect(Settings.from_env().database_url)
    schema.upgrade(database)
    with database.transaction() as session:
        rules.ensure_defaults(session, now=utcnow())
    database.close()
    click.echo(f"schema {schema.head()}")


@group.command()
@click.argument("revision")
@click.confirmation_option(prompt="Rows of tables that did not exist then are lost. Go on?")
def downgrade(revision: str) -> None:
    """Take the schema back to a revision."""
    database = Database.connect(Settings.from_env().database_url)
    schema.downgrade(database, revision)
    database.close()
    click.echo(f"schema {revision}")


@group.command()
def check() -> None:
    """Say whether the schema is current; exit 1 when not."""
    database = Database.connect(Settings.from_env().database_url)
    current = schema.is_current(database)
    database.close()
    click.echo("current" if current else f"not at {schema.head()}")
    raise SystemExit(0 if current else 1)


COMMANDS = [group]
