"""`hezhang keys`, and the keys for every other command: those of the house, or a plain word that they are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing, NoKeys
from backend.services import keys
from backend.store import devices, logins, public_reports
from backend.words import aloud

_BATCH = 200


@click.group("keys")
def group() -> None:
    """The keys that seal phone numbers."""


@group.command()
def rotate() -> None:
    """Seal with a new key from now on, and seal every number anew while the house goes on working."""
    settings = Settings.from_env()
    keyring = present(settings).rotated()
    keyring.save(settings.keys_file)
    database = Database.connect(settings.database_url)
    count = _seal_anew(database, keyring, logins.sealed_phones, logins.seal_anew)
    _seal_anew(database, keyring, devices.sealed, devices.seal_anew)
    _seal_anew(database, keyring, public_reports.sealed_phones, public_reports.seal_anew)
    database.close()
    click.echo(aloud("keys.rotated", key=keyring.current, count=count))


def _seal_anew(
    database: Database, keyring: KeyRing, ask: Callable[..., Sequence[Any]], write: Callable[..., None]
) -> int:
    """Seal everything of a kind with the newest key, a batch a transaction; how many there were to seal."""
    last, count = None, 0
    while True:
        with database.transaction() as session:
            rows = ask(session, last, _BATCH)
            for key, sealed in rows:
                if not keyring.is_current(sealed):
                    write(session, key, sealed, keyring.seal(keyring.open(sealed)))
                    count += 1
        if not rows:
            return count
        last = rows[-1].id


def opened(settings: Settings, database: Database) -> KeyRing:
    """The keys of the house; new ones only for an empty one."""
    try:
        return keys.opened(settings.keys_file, database)
    except NoKeys:
        database.close()
        raise missing(settings) from None


def present(settings: Settings) -> KeyRing:
    """The keys that are there, where new ones would be of no use."""
    try:
        return KeyRing.load(settings.keys_file)
    except FileNotFoundError:
        raise missing(settings) from None


def missing(settings: Settings) -> click.ClickException:
    """What to do about it."""
    return click.ClickException(aloud("keys.missing", file=settings.keys_file))


COMMANDS = [group]
