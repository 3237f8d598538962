"""`hezhang report`: the report of a month or a week as a file."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.errors import Problem
from backend.services import report_files, reports, rollups
from backend.words import LANGUAGES, Language, of_terminal, say


@click.command("report")
@click.argument("of")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="Code of the region, of a city for example.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="zh-CN", show_default=True)
def write(of: str, out: Path, region: str, language: str) -> None:
    """Write the report OF a month (2025-07) or week (2025-W27) to OUT, which ends in .xlsx, .html or .pdf."""
    form = out.suffix.removeprefix(".")
    if form not in report_files.MEDIA_TYPES:
        raise click.BadParameter(", ".join(f".{each}" for each in report_files.MEDIA_TYPES), param_hint="OUT")
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    try:
        with database.transaction() as session:
            while rollups.settle(session, zone=settings.zone):
                pass  # what has happened until now is in it, also where no clockwork runs
            found = reports.of_regions(session, [region], of, now=utcnow(), zone=settings.zone)
        out.write_bytes(report_files.written(found, form, cast(Language, language), settings.zone))
    except Problem as wrong:
        flaw = wrong.flaws[0].text if wrong.flaws else wrong.text
        raise click.ClickException(flaw if isinstance(flaw, str) else say(flaw, of_terminal())) from None
    finally:
        database.close()
    click.echo(str(out))


COMMANDS = [write]
