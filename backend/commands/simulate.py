"""`hezhang simulate`: play a city against a running server, and compare what it decided with what was played."""

from __future__ import annotations

import csv
import http.client
import json
import ssl
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from backend import listening
from backend.clock import utcnow
from backend.commands import bureau
from backend.config import Settings
from backend.simulator.bureau.cast import Stage
from backend.simulator.bureau.day import Day
from backend.simulator.city import Plan, Played, play
from backend.simulator.phones import reached
from backend.simulator.walks import Kind
from backend.words import aloud

_OUTCOMES = ("valid", "doubtful", "invalid")


@click.command()
@click.option("--url", help="The running server; the one of this machine when not said.")
@click.option("--chiefs", default=50, show_default=True, help="How many people walk.")
@click.option("--days", default=3, show_default=True, help="On how many days, ending yesterday.")
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same walks.")
@click.option("--share-gcj02", default=0.4, show_default=True, help="Share of phones that record GCJ-02 and say so.")
@click.option("--accounts", type=click.Path(exists=True, path_type=Path), help="A csv with phone,password.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the result as JSON, too.")
def simulate(
    url: str | None, chiefs: int, days: int, seed: int, share_gcj02: float, accounts: Path | None, out: Path | None
) -> None:
    """Play the city, and a day of the bureau where the seed city is; exit 1 when the promised figures are missed."""
    settings = Settings.from_env()
    if settings.stage == "production" and accounts is None:
        raise click.ClickException(aloud("simulate.accounts"))
    address = (url or _own(settings)).rstrip("/")
    trust = _trust(settings)
    # Before anybody's password is touched.
    _refuse_silent(address, trust)
    people = _read(accounts) if accounts else bureau.opened(settings, chiefs)
    plan = Plan(address, days, seed, settings.zone, gcj02_share=share_gcj02, trust=trust)
    console, began = Console(), time.monotonic()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(f"{len(people)} × {days}", total=len(people) * days)
        played = play(plan, people, utcnow(), lambda: progress.advance(task))
    _show(console, played, time.monotonic() - began)
    day = None if accounts else _day(settings, Stage(address, seed, settings.zone, utcnow(), trust))
    if day is not None:
        bureau.show(console, day)
    if out is not None:
        out.write_text(json.dumps(_as_json(played, day), ensure_ascii=False, indent=1), "utf-8")
    raise SystemExit(0 if played.holds() and not (day and day.broken) else 1)


def _day(settings: Settings, stage: Stage) -> Day | None:
    """A day of the bureau, with what is played now on one line."""
    with Console(stderr=True).status("") as status:
        return bureau.played(settings, stage, lambda noun: status.update(aloud(f"simulate.bureau.{noun}")))


def _own(settings: Settings) -> str:
    """The server of this machine."""
    return f"{'https' if settings.tls else 'http'}://{listening.from_here(settings.host)}:{settings.port}"


def _trust(settings: Settings) -> ssl.SSLContext:
    """Whom everybody trusts, and the certificate that this house made for itself."""
    trust, own = ssl.create_default_context(), settings.home / "tls" / "certificate.pem"
    if own.exists():
        trust.load_verify_locations(own)
    return trust


def _refuse_silent(address: str, trust: ssl.SSLContext) -> None:
    try:
        reached(address, trust)
    except (OSError, http.client.HTTPException, ValueError) as nobody:
        reason = getattr(nobody, "strerror", None) or str(nobody) or type(nobody).__name__
        raise click.ClickException(aloud("simulate.nobody", address=address, reason=reason)) from None


def _read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["phone"], row["password"]) for row in csv.DictReader(file)]


def _show(console: Console, played: Played, seconds: float) -> None:
    headings = (aloud(f"simulate.heading.{each}") for each in ("played", *_OUTCOMES, "right"))
    table = Table(*headings, title=aloud("simulate.title"))
    for kind in Kind:
        counts = played.table[kind]
        if sum(counts.values()):
            table.add_row(
                aloud(f"simulate.kind.{kind}"), *(str(counts[each]) for each in _OUTCOMES), f"{played.share(kind):.1%}"
            )
    console.print(table)
    total = len(played.kinds)
    click.echo(aloud("simulate.sum", count=total, elapsed_s=seconds, lost=played.lost, doubled=played.doubled))
    for each in played.broken[:5]:
        click.echo(aloud("simulate.broken", what=each))
    for wrong in played.misjudged[:10]:
        reasons = ", ".join(wrong["reasons"]) or aloud("simulate.no_reason")
        kind_said = aloud(f"simulate.kind.{wrong['kind']}")
        click.echo(aloud("simulate.misjudged", kind=kind_said, id=wrong["id"], reasons=reasons))


def _as_json(played: Played, day: Day | None) -> dict[str, object]:
    return {
        "walks": len(played.kinds),
        "table": {kind.value: dict(counts) for kind, counts in played.table.items()},
        "right": {kind.value: round(played.share(kind), 4) for kind in played.table},
        "lost": played.lost,
        "doubled": played.doubled,
        "misjudged": played.misjudged,
        "broken": played.broken + (day.broken if day else []),
        "bureau": day.made if day else {},
    }


COMMANDS = [simulate]
