"""`hezhang verify` and `hezhang erase`: whether the timelines are what they were, and personal values taken out."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.files import ledger
from backend.services import erasing, verifying
from backend.words import Text, aloud


@click.command()
@click.option("--seals", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path | None) -> None:
    """Check every fact of every timeline against its seals, and these against the file of seals (or --seals FILE)."""
    settings = Settings.from_env()
    kept = ledger.lines(file or settings.seals_file)  # before the look at the database, which may be ahead of it
    database = Database.connect(settings.database_url)
    try:
        found = verifying.verified(database, kept)
    finally:
        database.close()
    click.echo(aloud("verify.seen", chains=found.chains, facts=found.facts, seals=found.seals, kept=len(kept)))
    if found.wrong is not None:
        why = Text(f"verify.{found.wrong.why}")
        raise click.ClickException(aloud("verify.wrong", what=found.wrong.what, number=found.wrong.number, why=why))
    click.echo(aloud("verify.good"))


@click.command()
@click.argument("hazard", type=click.UUID)
@click.option("--reason", required=True, help="Which request or decision it follows; kept on record.")
def erase(hazard: UUID, reason: str) -> None:
    """Erase the personal texts of a hazard for good (PIPL article 47); its timeline keeps their digests."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    try:
        with database.transaction() as session:
            count = erasing.erase_hazard(session, hazard, reason=reason, now=utcnow())
    finally:
        database.close()
    if count is None:
        raise click.ClickException(aloud("erase.unknown", hazard=hazard))
    click.echo(aloud("erase.done", count=count))


COMMANDS = [verify, erase]
