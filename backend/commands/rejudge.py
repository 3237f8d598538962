"""`hezhang rejudge`: run the rules again over the walks since a day."""

from __future__ import annotations

from datetime import datetime

import click
from rich.progress import Progress

from backend.clock import start_of, utcnow
from backend.config import Settings
from backend.db import Database
from backend.services.rejudging import rejudge
from backend.store import patrols


@click.command("rejudge")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day, business zone.")
def rejudge_since(since: datetime) -> None:
    """Judge every walk since a day again, by the rules of its day as they are now."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    begin = start_of(since.date(), settings.zone)
    judged = changed = last = 0
    with Progress() as progress:
        task = progress.add_task("rejudge", total=None)
        # A transaction for each, so that nobody who hands in a walk waits for more than one of them.
        while (found := _next(database, begin, last, settings)) is not None:
            last, is_changed = found
            judged, changed = judged + 1, changed + is_changed
            progress.update(task, completed=judged)
    database.close()
    click.echo(f"{judged} judged, {changed} changed")


def _next(database: Database, begin: datetime, after: int, settings: Settings) -> tuple[int, bool] | None:
    with database.transaction() as session:
        walks = patrols.since(session, begin, after_seq=after, limit=1)
        if not walks:
            return None
        return walks[0].seq, rejudge(session, walks[0], now=utcnow(), zone=settings.zone)


COMMANDS = [rejudge_since]
