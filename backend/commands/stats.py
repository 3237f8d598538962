"""`hezhang stats check`: whether the figures that are kept are what the records come to; `--repair` mends them."""

from __future__ import annotations

from datetime import datetime

import click

from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.services import rollups
from backend.services.rollups import FIRST_DAY
from backend.words import aloud

_SHOWN = 50


@click.group("stats")
def group() -> None:
    """The figures of days and regions that statistics are read from."""


@group.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day to look at; all when nothing is said.")
@click.option("--repair", is_flag=True, help="Count days anew that are wrong.")
def check(since: datetime | None, repair: bool) -> None:
    """Count every day once more from the records and name what differs: day, region, figure. Exit code 1 if any did."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    seen, wrong = 0, 0
    try:
        first = since.date() if since else FIRST_DAY
        for noun, day, found in rollups.checked(database, zone=settings.zone, since=first):
            seen += 1
            for each in found[: max(0, _SHOWN - wrong)]:
                values = {"day": day, "region": each.region, "figure": f"{noun.value}.{each.figure}"}
                click.echo(aloud("stats.differs", kept=each.kept, counted=each.counted, **values))
            wrong += len(found)
            if found and repair:
                with database.transaction() as session:
                    rollups.repair(session, noun, day, None, zone=settings.zone, now=utcnow())
    finally:
        database.close()
    click.echo(aloud("stats.checked", days=seen))
    if wrong:
        raise click.ClickException(aloud("stats.repaired" if repair else "stats.wrong", count=wrong))


COMMANDS = [group]
