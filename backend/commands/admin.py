"""`hezhang admin`: the first administrator."""

from __future__ import annotations

from uuid import uuid4

import click

from backend.clock import day_of, utcnow
from backend.commands import keys
from backend.config import Settings
from backend.db import Database
from backend.errors import Problem
from backend.formats import phones
from backend.services import founding
from backend.services.passwords import hashed, too_easy
from backend.words import of_terminal, say


@click.group("admin")
def admin() -> None:
    """Administrators."""


@admin.command()
@click.option("--name", prompt=True, help="The name that others see.")
@click.option("--phone", prompt=True, help="The number to sign in with.")
@click.option("--region", prompt=True, help="The code of the city, such as 3715.")
@click.password_option(help="At least 8 characters that nobody guesses.")
def create(name: str, phone: str, region: str, password: str) -> None:
    """Create an administrator, the first one above all."""
    settings = Settings.from_env()
    try:
        number = phones.normal(phone)
    except phones.BadPhone:
        raise click.ClickException(say("flaw.phone", of_terminal())) from None
    if settings.stage == "production" and phones.is_made_up(number):
        raise click.ClickException(say("flaw.made_up", of_terminal()))
    if too_easy(password, (name, phone)):
        raise click.ClickException(say("flaw.easy_password", of_terminal()))
    database = Database.connect(settings.database_url)
    keyring, password_hash = keys.opened(settings, database), hashed(password)
    now = utcnow()
    try:
        with database.transaction() as session:
            today = day_of(now, settings.zone)
            founding.administrator(session, keyring, uuid4(), name, number, password_hash, region, today, now=now)
    except Problem as problem:
        raise click.ClickException(say(problem.text, of_terminal())) from None
    finally:
        database.close()
    click.echo(f"{name}: administrator of {region}")


COMMANDS = [admin]
