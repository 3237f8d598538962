"""`hezhang admin`, `hezhang codes`: the first administrator, and lists of codes to print."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from uuid import uuid4

import click

from backend.clock import day_of, utcnow
from backend.commands import keys
from backend.config import Settings
from backend.db import Database
from backend.domain.logins import Purpose
from backend.domain.regions import BadRegionCode, cut
from backend.errors import Problem
from backend.formats import phones
from backend.services import founding, logins
from backend.services.passwords import hashed, too_easy
from backend.store import logins as store
from backend.words import say


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
        raise click.ClickException(say("flaw.phone", "zh-CN")) from None
    if settings.stage == "production" and phones.is_made_up(number):
        raise click.ClickException(say("flaw.made_up", "zh-CN"))
    if too_easy(password, (name, phone)):
        raise click.ClickException(say("flaw.easy_password", "zh-CN"))
    database = Database.connect(settings.database_url)
    keyring, password_hash = keys.opened(settings, database), hashed(password)
    now = utcnow()
    try:
        with database.transaction() as session:
            today = day_of(now, settings.zone)
            founding.administrator(session, keyring, uuid4(), name, number, password_hash, region, today, now=now)
    except Problem as problem:
        raise click.ClickException(say(problem.text, "zh-CN")) from None
    finally:
        database.close()
    click.echo(f"{name}: administrator of {region}")


def _cut(_context: click.Context, _option: click.Parameter, padded: str) -> str:
    """A division code at the length of its level."""
    try:
        return cut(padded)
    except BadRegionCode:
        raise click.BadParameter(say("flaw.region", "zh-CN")) from None


@click.group("codes")
def codes() -> None:
    """One-time activation codes."""


@codes.command()
@click.option("--region", required=True, callback=_cut, help="For people with a post in this region, padded or not.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A list to print.")
def issue(region: str, out: Path) -> None:
    """Make a code for everybody who has never signed in; it is said here and nowhere else."""
    settings = Settings.from_env()
    database, keyring = Database.connect(settings.database_url), keys.present(settings)
    with database.transaction() as session:
        rows = [
            (person.name, phones.masked(person.phone_head, person.phone_tail), code)
            for person in store.without_password(session, region)
            for code in [logins.issue_code(session, keyring, person.id, Purpose.ACTIVATE, None, now=utcnow())]
        ]
    database.close()
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig") as file:
        listed = csv.writer(file)
        listed.writerow(["姓名", "手机号", "激活码"])
        listed.writerows(rows)
    click.echo(f"{out}: {len(rows)}")


COMMANDS = [admin, codes]
