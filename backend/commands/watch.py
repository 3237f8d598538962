"""`hezhang watch`: looks after the house from beside it, and says by another way when a part of it is gone."""

from __future__ import annotations

import signal
import threading
import urllib.error
import uuid
from collections.abc import Mapping
from datetime import timedelta

import click
import structlog

from backend import listening, logs
from backend.channels.known import open_channels
from backend.channels.outside import Outside, refuse
from backend.channels.sending import DeliveryFailed, Letter
from backend.clock import outside
from backend.config import Settings
from backend.db import AWAY, Database
from backend.services import watching
from backend.words import Text, say

log = structlog.get_logger("watch")
LOOK_S = 10.0
SURE = 2
"""Looks in a row that find a part gone before anybody is told: one may fall into a restart."""
AGAIN = timedelta(minutes=10)
CHANNEL = "watch"
"""The channel of the settings by which it speaks, best one that nothing else uses; `to` names who is told."""
WEB, DATABASE, ENGINE = "web", "database", "engine"


@click.command()
@click.option("--web", help="The address of the web server, else that of HOST and PORT.")
def watch(web: str | None) -> None:
    """Look every ten seconds whether web, database, jobs and deadlines are alive, and raise the alarm when not."""
    settings = Settings.from_env()
    logs.configure(settings.log_level)
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    scheme = "https" if settings.tls else "http"
    watchman = Watchman(settings, web or f"{scheme}://{listening.from_here(settings.host)}:{settings.port}")
    while not ended.wait(LOOK_S):
        watchman.look()
    watchman.leave()


class Watchman:
    """Whoever looks, and what they have seen and said so far."""

    def __init__(self, settings: Settings, web: str) -> None:
        self._settings, self._web = settings, web
        self._database = Database.connect(settings.database_url)
        clock = outside(settings.clock)
        self._channel = open_channels(settings, clock).get(CHANNEL)
        self._outside = Outside(clock, settings.doors)
        self._seen: dict[str, int] = {}
        self._told: dict[str, float] = {}
        self._since_told_s = 0.0
        self._to: list[str] = settings.channels.get(CHANNEL, {}).get("to") or [""]
        self._deaf: list[str] = []
        """Who could not be told of the last news; tried again at the next look, and nobody else with them."""

    def look(self) -> Mapping[str, float]:
        """Look once, and say what is to be said; the parts that are gone, each with for how many seconds."""
        wrong = self._wrong()
        self._seen = {part: self._seen.get(part, 0) + 1 for part in wrong}
        sure = {part: seconds for part, seconds in wrong.items() if self._seen[part] >= SURE}
        self._tell(sure)
        self._note(sure)
        self._beat_outside(is_well=not sure)
        return sure

    def leave(self) -> None:
        """End, and be missed by nobody."""
        try:
            with self._database.transaction() as session:
                watching.leave(session, self._part)
        except AWAY:
            log.warning("database_away")
        self._database.close()

    @property
    def _part(self) -> str:
        return f"watch@{self._settings.part}"

    def _wrong(self) -> dict[str, float]:
        found = {} if self._answers() else {WEB: self._seen.get(WEB, 0) * LOOK_S}
        drill = self._settings.drill
        try:
            with self._database.transaction() as session:
                watching.beat(session, self._part)
                found |= watching.silent(session)
                now = self._settings.clock()
                engine = watching.engine(session, now=now, speed=drill.speed if drill else 1.0)
        except AWAY:
            return found | {DATABASE: self._seen.get(DATABASE, 0) * LOOK_S}
        if not engine.runs:
            found[ENGINE] = max(engine.sweep_s or 0.0, engine.waits_s)
        return found

    def _answers(self) -> bool:
        """Whether the web server is ready; it is our own, on this machine, so its certificate is not looked at."""
        try:
            with listening.unchecked().open(f"{self._web}/readyz", timeout=5):
                return True
        except urllib.error.HTTPError as refused:
            refused.close()
            return False
        except (urllib.error.URLError, OSError):
            return False

    def _tell(self, sure: Mapping[str, float]) -> None:
        """What is newly gone or back, and every ten minutes what still is."""
        self._since_told_s += LOOK_S
        is_time = bool(sure) and self._since_told_s >= AGAIN.total_seconds()
        if set(sure) == set(self._told) and not is_time:
            return
        gone = [Text.of("alarm.silent", part=part, seconds=round(age)) for part, age in sorted(sure.items())]
        lines = [say(each, "zh-CN") for each in gone or [Text("watch.well")]]
        log.warning("house", gone=sorted(sure)) if sure else log.info("house", gone=[])
        if self._said("\n".join(lines)):
            self._told, self._since_told_s = dict(sure), 0.0

    def _said(self, text: str) -> bool:
        """Whether everybody who is to be told was; where nobody is named, the log is all there is."""
        if self._channel is None:
            return True
        title = say(Text("watch.title"), "zh-CN")
        self._deaf = [each for each in self._deaf or self._to if not self._reached(each, title, text)]
        return not self._deaf

    def _reached(self, address: str, title: str, text: str) -> bool:
        assert self._channel is not None
        try:
            self._channel.send(Letter(uuid.uuid4(), address, title, text, is_urgent=True))
        except DeliveryFailed as failed:
            log.warning("not_told", reason=failed.reason)
            return False
        return True

    def _note(self, sure: Mapping[str, float]) -> None:
        """An alarm in the house, for as long as it has a database."""
        try:
            with self._database.transaction() as session:
                watching.note(session, sure, now=self._settings.clock())
        except AWAY:
            log.warning("database_away")

    def _beat_outside(self, *, is_well: bool) -> None:
        """Let somebody outside know that we look, and whether all is well; our own death they notice by silence."""
        if self._settings.heartbeat is None:
            return
        try:
            refuse(self._outside.ask("GET", self._settings.heartbeat + ("" if is_well else "/fail")))
        except DeliveryFailed as failed:
            log.warning("no_heartbeat", reason=failed.reason)


COMMANDS = [watch]
