"""What offices, the law and citizens play in `hezhang simulate`, with the demo logins of the seed city alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

import click
from rich.console import Console
from rich.table import Table

from backend.commands import keys, seed
from backend.config import Settings
from backend.db import Database
from backend.formats import phones
from backend.services import duty_periods
from backend.services.passwords import hashed
from backend.simulator.bureau import day
from backend.simulator.bureau.cast import Cast, Stage
from backend.simulator.bureau.day import Day
from backend.store import demo
from backend.words import aloud

_MOST_WALKERS = 40
"""Of the town that is assessed."""


def opened(settings: Settings, count: int, *, within: str = "") -> list[tuple[str, str]]:
    """Made-up walkers of this machine's database under one random password; the demo logins keep theirs."""
    password = secrets.token_urlsafe(12)
    password_hash = hashed(password)
    database = Database.connect(settings.database_url)
    try:
        keyring = keys.opened(settings, database)
        known = [keyring.index(number) for number in _numbers()]
        with database.transaction() as session:
            sealed = demo.open_walkers(session, count, password_hash, but=known, within=within)
        return [(keyring.open(phone), password) for phone in sealed]
    finally:
        database.close()


def played(settings: Settings, stage: Stage, tick: Callable[[str], None] = lambda _: None) -> Day | None:
    """A day of the bureau, with a tick for each noun; None in a city without the demo people."""
    if not _are_there(settings):
        return None
    accounts = seed.demo_accounts()
    town = next(each["region"] for each in accounts if each["post"] == "town_chief")
    own = [each for each in accounts if each["post"] == "village_chief" and each["region"].startswith(town)]
    walkers = [(each["phone"], each["password"]) for each in own]
    walkers += opened(settings, _MOST_WALKERS, within=town)
    return day.play(Cast(stage, accounts, walkers), lambda: _settle(settings, stage), tick)


def show(console: Console, found: Day) -> None:
    """What was made, noun by noun."""
    if found.is_known:
        click.echo(aloud("simulate.bureau.known"))
        return
    table = Table(aloud("simulate.bureau.what"), aloud("simulate.bureau.made"), title=aloud("simulate.bureau.title"))
    for noun, count in found.made.items():
        table.add_row(aloud(f"simulate.bureau.{noun}"), str(count))
    console.print(table)
    for each in found.broken:
        click.echo(aloud("simulate.broken", what=each))


def _are_there(settings: Settings) -> bool:
    database = Database.connect(settings.database_url)
    try:
        keyring = keys.opened(settings, database)
        with database.reading() as session:
            return demo.are_there(session, [keyring.index(number) for number in _numbers()])
    finally:
        database.close()


def _numbers() -> Sequence[str]:
    return [phones.normal(each["phone"]) for each in seed.demo_accounts()]


def _settle(settings: Settings, stage: Stage) -> None:
    """What is owed is settled by night; an assessment does not wait for that."""
    database = Database.connect(settings.database_url)
    try:
        duty_periods.settle_all(database, now=stage.now, zone=stage.zone)
    finally:
        database.close()


COMMANDS: list[click.Command] = []
"""None of its own."""
