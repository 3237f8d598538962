"""`hezhang workdays`: the holidays of a year with their shifted weekends, as deadlines count them."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta

import click

from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.domain.workdays import YearOff
from backend.services import due_dates
from backend.words import aloud

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("workdays")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--off", multiple=True, type=_DAY, help="A day from Monday to Friday that is off; may be repeated.")
@click.option("--worked", multiple=True, type=_DAY, help="A Saturday or Sunday that is worked; may be repeated.")
@click.option("--reason", help="The number of the notice; needed to bring a year in.")
def command(year: int, off: tuple[datetime, ...], worked: tuple[datetime, ...], reason: str | None) -> None:
    """Show the days of a year that differ from Monday to Friday, or bring them in from the State Council's notice."""
    settings = Settings.from_env()
    with closing(Database.connect(settings.database_url)) as database:
        if reason:
            days = YearOff(*(frozenset(_of_year(year, each)) for each in (off, worked)))
            with database.transaction() as session:
                due_dates.bring_in(session, year, days, reason=reason, now=utcnow(), zone=settings.zone)
        elif off or worked:
            raise click.UsageError(aloud("workdays.reason"))
        with database.reading() as session:
            calendar = due_dates.calendar(session)
    if not calendar.is_known(year):
        raise click.ClickException(aloud("workdays.unknown", year=year))
    for day in _days(year):
        if calendar.is_worked(day) != (day.weekday() < 5):
            click.echo(aloud("workdays.worked" if calendar.is_worked(day) else "workdays.off", day=day.isoformat()))


def _of_year(year: int, days: tuple[datetime, ...]) -> list[date]:
    for day in days:
        if day.year != year:
            raise click.UsageError(aloud("workdays.other_year", day=day.date().isoformat(), year=year))
    return [day.date() for day in days]


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


COMMANDS = (command,)
