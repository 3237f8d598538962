"""`hezhang codes`: lists of one-time codes to print and hand out."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

import click

from backend.clock import day_of, utcnow
from backend.commands import keys
from backend.config import Settings
from backend.db import Database
from backend.domain.regions import BadRegionCode, cut
from backend.errors import NotFound
from backend.formats.city_tables import POST_NAMES
from backend.services import activation
from backend.services.activation import Slip
from backend.words import aloud

_HEADINGS = ("区划代码", "区划", "职务", "姓名", "手机号", "责任河段", "激活码", "有效期至")
_AND = "、"


def _cut(_context: click.Context, _option: click.Parameter, padded: str) -> str:
    """A division code at the length of its level."""
    try:
        return cut(padded)
    except BadRegionCode:
        raise click.BadParameter(aloud("flaw.region")) from None


@click.group("codes")
def group() -> None:
    """One-time activation codes."""


@group.command()
@click.option("--region", required=True, callback=_cut, help="For people with a post in this region, padded or not.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A list to print (csv).")
@click.option("--replace", is_flag=True, help="Write over a list that is there.")
def issue(region: str, out: Path, replace: bool) -> None:
    """Make a code for everybody who has never signed in; it is said here and nowhere else.

    Codes of an earlier list for the same people are worth nothing any more.
    """
    if out.exists() and not replace:
        raise click.ClickException(aloud("codes.there", file=out))
    settings, now = Settings.from_env(), utcnow()
    keyring, database = keys.present(settings), Database.connect(settings.database_url)
    part = out.with_name(f".{out.name}.part")
    try:
        with database.transaction() as session:
            slips = activation.slips(session, keyring, region, day_of(now, settings.zone), now=now)
            # Before the commit: codes that nobody could read must not end those of an earlier list.
            _write(part, (_row(slip, settings) for slip in slips))
    except NotFound:
        raise click.ClickException(aloud("import.unknown_region", code=region)) from None
    finally:
        database.close()
    part.replace(out)
    click.echo(aloud("codes.done", file=out, count=len(slips)))


def _row(slip: Slip, settings: Settings) -> list[str]:
    return [
        _AND.join(seat.region for seat in slip.seats),
        _AND.join(seat.place for seat in slip.seats),
        _AND.join(POST_NAMES[seat.post] for seat in slip.seats),
        slip.name,
        slip.phone,
        _AND.join(slip.segments),
        slip.code,
        day_of(slip.until, settings.zone).isoformat(),
    ]


def _write(file: Path, rows: Iterable[list[str]]) -> None:
    """For its owner's eyes only, with a mark by which spreadsheets know UTF-8."""
    file.unlink(missing_ok=True)
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline=""
    ) as opened:
        listed = csv.writer(opened)
        listed.writerow(_HEADINGS)
        listed.writerows(rows)


COMMANDS = [group]
