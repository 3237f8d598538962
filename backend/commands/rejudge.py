"""`hezhang rejudge`: run the rules again over the walks since a day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import click
import structlog
from rich.progress import Progress

from backend.clock import start_of, utcnow
from backend.config import Settings
from backend.db import Database
from backend.services.rejudging import rejudge
from backend.store import patrols
from backend.words import aloud

log = structlog.get_logger(__name__)

CHANGED, SAME, BROKEN = "changed", "same", "broken"


@click.command("rejudge")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day, business zone.")
def rejudge_since(since: datetime) -> None:
    """Judge every walk since a day again, by the rules of its day as they are now; fails when one cannot be judged."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    begin = start_of(since.date(), settings.zone)
    done: Counter[str] = Counter()
    last = 0
    with Progress() as progress:
        task = progress.add_task(aloud("rejudge.busy"), total=None)
        while (walk := _next(database, begin, last)) is not None:
            last = walk.seq
            done[_judged(database, walk, settings)] += 1
            progress.update(task, completed=done.total())
    database.close()
    click.echo(aloud("rejudge.done", count=done.total(), changed=done[CHANGED], broken=done[BROKEN]))
    if done[BROKEN]:
        raise SystemExit(1)


def _next(database: Database, begin: datetime, after: int) -> Any:
    with database.reading() as session:
        return patrols.next_since(session, begin, after_seq=after)


def _judged(database: Database, walk: Any, settings: Settings) -> str:
    """A transaction for each, so that nobody who hands in a walk waits for more than one of them."""
    try:
        with database.transaction() as session:
            return CHANGED if rejudge(session, walk, now=utcnow(), zone=settings.zone) else SAME
    except Exception:
        # One walk that cannot be judged must not keep the thousands after it from the new rules.
        log.exception("walk_set_aside", patrol=str(walk.id))
        click.echo(aloud("rejudge.broken", id=walk.id), err=True)
        return BROKEN


COMMANDS = [rejudge_since]
