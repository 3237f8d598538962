"""`hezhang admin`: the first administrator."""

from __future__ import annotations

from typing import Any
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
from backend.words import aloud


class Asked(click.Option):
    """An option that is asked for in the language of the terminal when it is not given."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        """Ask."""
        self.prompt = aloud(f"admin.ask.{self.name}")
        if self.confirmation_prompt:
            self.confirmation_prompt = aloud("admin.ask.again")
        return super().prompt_for_value(ctx)


@click.group("admin")
def admin() -> None:
    """Administrators."""


@admin.command()
@click.option("--name", cls=Asked, prompt=True, help="The name that others see.")
@click.option("--phone", cls=Asked, prompt=True, help="The number to sign in with.")
@click.option("--region", cls=Asked, prompt=True, help="The code of the city, such as 3715.")
@click.password_option(cls=Asked, help="At least 8 characters that nobody guesses.")
def create(name: str, phone: str, region: str, password: str) -> None:
    """Create an administrator, the first one above all."""
    settings = Settings.from_env()
    try:
        number = phones.normal(phone)
    except phones.BadPhone:
        raise click.ClickException(aloud("flaw.phone")) from None
    if settings.stage == "production" and phones.is_made_up(number):
        raise click.ClickException(aloud("flaw.made_up"))
    if too_easy(password, (name, phone)):
        raise click.ClickException(aloud("flaw.easy_password"))
    database = Database.connect(settings.database_url)
    keyring, password_hash = keys.opened(settings, database), hashed(password)
    now = utcnow()
    try:
        with database.transaction() as session:
            today = day_of(now, settings.zone)
            founding.administrator(session, keyring, uuid4(), name, number, password_hash, region, today, now=now)
    except Problem as problem:
        raise click.ClickException(aloud(problem.text)) from None
    finally:
        database.close()
    click.echo(aloud("admin.made", name=name, region=region))


COMMANDS = [admin]
