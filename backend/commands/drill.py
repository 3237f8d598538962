"""`hezhang drill`: a whole flood night on a scratch database, against simulated providers and people, in fast time."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, NoReturn
from uuid import UUID

import click
import numpy as np

from backend.clock import Drill, day_of
from backend.commands import keys, run, seed
from backend.commands.drill_house import READY_S, SENDERS, Place, books, scratch_place, start_gateway, start_house
from backend.config import Settings
from backend.db import Database
from backend.domain.crowds import MOST, percentile
from backend.domain.flood_warnings import CALLED, Level
from backend.services import crowds
from backend.services.crowds import Crowd
from backend.simulator import scoreboard
from backend.simulator.children import ChildDied, Children
from backend.simulator.officers import Officers
from backend.simulator.phones import Phone
from backend.store import clockwork, regions
from backend.store import crowds as figures
from backend.words import aloud

BEGIN = datetime.fromisoformat("2025-07-28T02:00+08:00")
"""Two in the morning in the key window."""
_LOOK_S = 3.0
_FIRST_CALLS_MIN = 2.0
"""After so long the board goes by calls of this night and not by what the settings say of one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    people: int
    lines: int
    speed: float
    level: str
    silent: float
    minutes: float
    dice: int


@click.command()
@click.option("--people", default=1_000, show_default=True, type=click.IntRange(10, MOST), help="How many are called.")
@click.option("--lines", default=200, show_default=True, type=click.IntRange(1, 2_000), help="Calls at once.")
@click.option("--speed", default=5.0, show_default=True, type=click.FloatRange(1, 120), help="Of the clock.")
@click.option("--level", default="red", show_default=True, type=click.Choice([str(each) for each in Level]))
@click.option("--silent", default=0.1, show_default=True, type=click.FloatRange(0, 1), help="Share that never answers.")
@click.option("--minutes", default=45.0, show_default=True, type=click.FloatRange(1, 600), help="Till the all-clear.")
@click.option("--seed", "dice", default=1, show_default=True, help="The same seed plays the same people.")
def drill(people: int, lines: int, speed: float, level: str, silent: float, minutes: float, dice: int) -> None:
    """Play a flood night among made-up people: the roll as it fills, then the report."""
    own = Settings.from_env()
    if own.stage == "production":
        raise click.ClickException(aloud("drill.production"))
    signal.signal(signal.SIGTERM, _ended)
    wish = Wish(people, lines, speed, level, silent, minutes, dice)
    try:
        with scratch_place(own) as place, Children(place.folder) as children:
            _play(wish, place, children)
    except ChildDied as died:
        raise click.ClickException(aloud("drill.died", name=died.name, said=died.said)) from None


def _play(wish: Wish, place: Place, children: Children) -> None:
    start_gateway(_script(wish), wish.speed, place, children)
    settings = Settings.from_env(place.environ(None))
    run.prepare(settings)
    database = Database.connect(settings.database_url)
    try:
        crowd = _crowd(wish, settings, database)
        click.echo(aloud("drill.ready", people=crowd.people, invented=crowd.invented, lines=wish.lines))
        clock = Drill.read(f"{BEGIN.isoformat()}*{wish.speed:g}")
        start_house(place, children, clock)
        children.wait(lambda: _are_awake(database), READY_S)
        officers = _officers(place, wish)
        try:
            found = _night(wish, crowd, officers, place, children, clock, database)
        finally:
            officers.close()
        scoreboard.report(found)
    finally:
        database.close()


def _crowd(wish: Wish, settings: Settings, database: Database) -> Crowd:
    keyring, city = keys.opened(settings, database), _account("duty_officer")["region"]
    with database.transaction() as session:
        today = day_of(BEGIN, settings.zone)
        return crowds.gathered(session, keyring, city, wish.people, now=BEGIN, today=today)


def _night(
    wish: Wish,
    crowd: Crowd,
    officers: Officers,
    place: Place,
    children: Children,
    clock: Drill,
    database: Database,
) -> scoreboard.Result:
    """Warn, look until nobody is waited for or the night is over, give the all-clear, and count."""
    said = {
        "level": wish.level,
        "headline": aloud("drill.warning.headline"),
        "instruction": aloud("drill.warning.instruction"),
        "regions": list(crowd.regions),
    }
    warning = officers.warn(said, sorted(CALLED))
    click.echo(aloud("drill.issued", number=warning["number"], level=aloud(f"warning.level.{wish.level}")))
    seen = _watched(wish, warning, officers, place, children, clock)
    officers.lift(warning["id"], aloud("drill.warning.over"))
    click.echo(aloud("drill.lifted"))
    time.sleep(_LOOK_S)
    board = officers.look(warning["id"])["board"]
    return _counted(database, warning, board, seen, wish.speed)


@dataclass(slots=True)
class Seen:
    """What was seen of a night while it lasted."""

    books: Mapping[str, Any]
    """As they were when as many calls as people had begun: until then somebody always waited for a line."""
    forecast_s: float | None = None
    """What the board foretold when the first calls were over."""

    def look(self, books: Mapping[str, Any], board: Mapping[str, Any], minutes: float) -> None:
        """Keep what is shown so long after the issue, until everybody has been called once."""
        if self.books["voice"]["calls"] < board["total"]["people"]:
            self.books = books
        if self.forecast_s is None and board["forecast"] and minutes >= _FIRST_CALLS_MIN:
            self.forecast_s = board["forecast"]["round_s"]


def _watched(
    wish: Wish, warning: Mapping[str, Any], officers: Officers, place: Place, children: Children, clock: Drill
) -> Seen:
    """Look every few seconds, and show what there is, until nobody is waited for or the night is over."""
    issued_at, board = datetime.fromisoformat(warning["issued_at"]), warning["board"]
    seen = Seen(books(place))
    while _minutes(clock, issued_at) < wish.minutes and board["closed_at"] is None:
        time.sleep(_LOOK_S)
        children.check()
        board, now = officers.look(warning["id"])["board"], books(place)
        seen.look(now, board, _minutes(clock, issued_at))
        scoreboard.line(clock().astimezone(issued_at.tzinfo), board["total"], now["voice"])
    return seen


def _counted(
    database: Database,
    warning: Mapping[str, Any],
    board: Mapping[str, Any],
    seen: Seen,
    speed: float,
) -> scoreboard.Result:
    root, issued_at = UUID(warning["root"]), datetime.fromisoformat(warning["issued_at"])
    with database.reading() as session:
        letters = figures.accepted(session, root)
        ended_at = figures.round_ended_at(session, root)
        names = regions.names(session, scoreboard.by_county(board["places"]))
    took: dict[str, list[float]] = {"app": [], "sms": []}
    for row in letters:
        if row.channel in took and row.accepted_at is not None:
            took[row.channel].append((row.accepted_at - row.not_before).total_seconds() / speed)
    accepted = {name: (percentile(each, 0.5), percentile(each, 0.99)) for name, each in took.items()}
    round_s = (ended_at - issued_at).total_seconds() if ended_at else None
    return scoreboard.Result(board, names, seen.books, accepted, seen.forecast_s, round_s)


def _script(wish: Wish) -> dict[str, Any]:
    """How providers and people behave: calls of half a minute, and the same people silent in every channel."""
    dice = Random(wish.dice)  # noqa: S311 - dice that must fall the same way again
    silent = [f"{end:02}" for end in sorted(dice.sample(range(100), round(wish.silent * 100)))]
    voice = {
        "lines": wish.lines,
        "call_s": [18, 35],
        "no_answer_s": [20, 30],
        "keys": {"1": 0.45, "2": 0.4, "3": 0.03},
        "hangs_up_share": 0.03,
    }
    sms = {"opens_share": 0.3, "opens_after_s": [20, 180], "statuses": {"received": 0.4, "acting": 0.6}}
    both = {"unreachable": silent, "latency_s": [0.01, 0.04]}
    return {"seed": wish.dice, "voice": voice | both, "sms": sms | both}


def _are_awake(database: Database) -> bool:
    """Whether every sender has given a sign of life."""
    with database.reading() as session:
        return len(clockwork.pulses(session)) == SENDERS


def _officers(place: Place, wish: Wish) -> Officers:
    """The duty officer of the city writes, its chief signs."""
    phones = [
        Phone(place.address, account["phone"], account["password"], np.random.default_rng(wish.dice))
        for account in map(_account, ("duty_officer", "city_chief"))
    ]
    return Officers(*phones)


def _account(post: str) -> dict[str, str]:
    return next(account for account in seed.demo_accounts() if account["post"] == post)


def _minutes(clock: Drill, since: datetime) -> float:
    return (clock() - since).total_seconds() / 60


def _ended(_sign: int, _frame: object) -> NoReturn:
    """Asked to end: as with Ctrl-C, all children end first."""
    raise KeyboardInterrupt


COMMANDS = [drill]
