"""`hezhang lookbacks`: draw a look-back, and draw one again from what is on record."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import date, datetime
from uuid import UUID, uuid4

import click

from backend.clock import day_of, utcnow
from backend.config import Settings
from backend.db import Database
from backend.domain.lookbacks import SHARE, LookbackDraft
from backend.errors import BadInput, NotFound
from backend.services import lookbacks
from backend.store import lookbacks as store
from backend.words import aloud

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("lookbacks")
def group() -> None:
    """Look-backs (回头看): draws among closed hazards."""


@group.command("draw")
@click.option("--region", required=True, help="Code of the region.")
@click.option("--from", "begin", type=_DAY, help="First day of closing; 90 days ago when not said.")
@click.option("--to", "end", type=_DAY, help="Last day of closing; 30 days ago when not said.")
@click.option(
    "--share", type=click.FloatRange(0.001, 1), default=SHARE, help="Of those that are not major or critical."
)
@click.option("--seed", help="What the draw hangs on; the id of the look-back when not said.")
def draw(region: str, begin: datetime | None, end: datetime | None, share: float, seed: str | None) -> None:
    """Draw, keep it, and say what was drawn."""
    settings, lookback_id = Settings.from_env(), uuid4()
    digest = hashlib.sha256(lookback_id.bytes).digest()
    draft = LookbackDraft(lookback_id, digest, region, _day(begin), _day(end), share, seed)
    now = utcnow()
    with closing(Database.connect(settings.database_url)) as database:
        try:
            with database.transaction() as session:
                today = day_of(now, settings.zone)
                lookbacks.make(session, None, draft, now=now, zone=settings.zone, today=today)
                sums = store.sums(session, lookback_id, [region])
        except BadInput as wrong:
            raise click.UsageError(aloud("lookbacks.days", why=aloud(wrong.flaws[0].text))) from None
        except NotFound:
            raise click.UsageError(aloud("lookbacks.region", region=region)) from None
    counts = {"candidates": sums.candidates, "drawn": sums.drawn, "severe": sums.severe}
    counts |= {"citizen": sums.citizen}
    click.echo(aloud("lookbacks.drawn", lookback=lookback_id, **counts))


@group.command("redo")
@click.argument("lookback_id", type=click.UUID)
def redo(lookback_id: UUID) -> None:
    """Draw again from the candidates and the seed on record, and say whether the draw is the same."""
    with closing(Database.connect(Settings.from_env().database_url)) as database:
        try:
            with database.reading() as session:
                is_same = lookbacks.is_same(session, lookback_id)
        except NotFound:
            raise click.UsageError(aloud("lookbacks.unknown", lookback=lookback_id)) from None
    if not is_same:
        raise click.ClickException(aloud("lookbacks.differs"))
    click.echo(aloud("lookbacks.same"))


def _day(at: datetime | None) -> date | None:
    return at.date() if at is not None else None


COMMANDS = (group,)
