"""`hezhang run`: from nothing to a running city, and everything stopped cleanly at the end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import click

from backend import listening, schema
from backend.channels.known import open_channels
from backend.commands import seed, serve
from backend.config import Settings
from backend.db import Database
from backend.services import rules, trial
from backend.store import logins
from backend.words import aloud

_READY_S = 60.0
_STOP_S = 25.0
_LEAST_LIFE_S = 5.0
_END_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


@click.command()
@click.option("--host", help="The address to listen on, else HOST; 0.0.0.0 for phones in the same network.")
@click.option("--clock", help="For drills, among made-up people only: START*SPEED, as 2025-07-28T08:00+08:00*60.")
def run(host: str | None, clock: str | None) -> None:
    """Migrate, load the seed city where no other is, start web server and job runner, and watch over both."""
    if clock is not None:
        os.environ["HEZHANG_CLOCK"] = clock
    settings = Settings.from_env()
    host = host or settings.host
    serve.refuse_deaf(host, settings.port)
    first_walk = prepare(settings)
    serve.refuse_made_up_people(settings)
    serve.refuse_frail(settings)
    refuse_real_people(settings)
    open_channels(settings, settings.clock)  # an impossible one is said here, and not by three children in a circle
    house = House(settings, host)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, house.end)
    house.start()
    if house.wait_until_ready():
        _greet(settings, host, first_walk)
    house.watch()


def refuse_real_people(settings: Settings) -> None:
    """Time runs fast among made-up people only: nobody is called at night for a deadline that is none."""
    if settings.drill is None:
        return
    os.environ["HEZHANG_CLOCK"] = settings.drill.written()  # all children have the same time
    database = Database.connect(settings.database_url)
    try:
        with database.reading() as session:
            is_real = logins.is_anybody_real(session)
    finally:
        database.close()
    if is_real:
        raise click.ClickException(aloud("run.real_people"))


class House:
    """The children of a running city: web server, job runner, and whoever watches over both."""

    def __init__(self, settings: Settings, host: str) -> None:
        self.settings = settings
        self.host = host
        self.is_ending = False
        self.environ = serve.environ(settings)
        self.commands = {
            "web": serve.command_line(settings, host),
            "jobs": [sys.executable, "-m", "jobs"],
            "watch": [str(Path(sys.executable).with_name("hezhang")), "watch"],
        }
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.begun: dict[str, float] = {}

    def start(self) -> None:
        """Start all, each in a session of its own, so that a Ctrl-C reaches us alone and we end them in order.

        Killed ourselves, we cannot: then the system asks them to end (util-linux has setpriv on every Debian).
        """
        for name in self.commands:
            self._start(name)

    def _start(self, name: str) -> None:
        self.begun[name] = time.monotonic()
        self.children[name] = subprocess.Popen(  # noqa: S603 - our own command lines
            [*_END_WITH_US, *self.commands[name]], env=self.environ, start_new_session=True
        )

    def end(self, _sign: int, _frame: FrameType | None) -> None:
        """Asked to end: the watch ends at its next look."""
        self.is_ending = True

    def wait_until_ready(self) -> bool:
        """Whether `/readyz` answered in time; nothing waits for a child that died."""
        scheme = "https" if self.settings.tls else "http"
        direct = listening.unchecked()
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline and not self.is_ending:
            try:
                with direct.open(f"{scheme}://{listening.from_here(self.host)}:{self.settings.port}/readyz", timeout=5):
                    return True
            except (urllib.error.URLError, OSError):
                if self.children["web"].poll() is not None:
                    return False
                time.sleep(0.1)
        return False

    def watch(self) -> None:
        """Start again whatever dies, until asked to end; then end both and wait for them."""
        while not self.is_ending:
            for name, child in list(self.children.items()):
                if child.poll() is None or self.is_ending:
                    continue
                click.echo(aloud("run.again", name=name, code=child.returncode), err=True)
                # One that dies at once is not started in a circle.
                time.sleep(max(0.0, _LEAST_LIFE_S - (time.monotonic() - self.begun[name])))
                self._start(name)
            time.sleep(0.2)
        self._stop()

    def _stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + _STOP_S
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def prepare(settings: Settings) -> Path | None:
    """Bring the database up, load the seed city where there is no other; a ready-made walk to try, in development."""
    database = Database.connect(settings.database_url)
    try:
        schema.upgrade(database)
        with database.transaction() as session:
            rules.ensure_defaults(session, now=settings.clock())
        with database.reading() as session:
            is_nowhere = settings.stage != "production" and seed.may_come(session)
        if settings.stage == "production":
            return None
        if is_nowhere:
            click.echo(aloud("run.loading"))
            seed.load(settings, database)
        with database.reading() as session:
            walk = trial.walk(session, _demo()["segment"], now=settings.clock(), zone=settings.zone)
    finally:
        database.close()
    if walk is None:
        return None
    path = settings.home / "walk.json"
    path.write_text(json.dumps(walk), "utf-8")
    return path


def _demo() -> dict[str, str]:
    """The village chief of the one `curl` to try."""
    return next(account for account in seed.demo_accounts() if account["post"] == "village_chief")


def _greet(settings: Settings, host: str, walk: Path | None) -> None:
    scheme = "https" if settings.tls else "http"
    address = f"{scheme}://{listening.from_here(host)}:{settings.port}"
    click.echo("\n" + aloud("run.ready", address=address))
    for other in listening.from_network(host):
        click.echo(aloud("listening.network", address=f"{scheme}://{other}:{settings.port}"))
    serve.warn(settings, host)
    if settings.drill is not None:
        now = settings.drill().astimezone(settings.zone).strftime("%Y-%m-%d %H:%M")
        click.echo(aloud("run.drill", now=now, speed=f"{settings.drill.speed:g}"))
    if walk is None:
        return
    click.echo(aloud("run.logins"))
    for account in _three(seed.demo_accounts()):
        post = aloud(f"run.post.{account['post']}")
        click.echo(f"  {account['phone']}  {account['password']:28}  {post} {account['name']}")
    click.echo(aloud("run.try_it"))
    click.echo(try_it(address, _demo(), walk, insecure=settings.tls) + "\n")


def try_it(address: str, account: dict[str, str], walk: Path, *, insecure: bool = False) -> str:
    """One line for a shell: sign in, hand the walk in, show the answer."""
    curl = "curl -sk" if insecure else "curl -s"
    # Only where a proxy would stand in between: the line is long enough.
    place, proxies = urlsplit(address), urllib.request.getproxies()
    if {place.scheme, "all"} & set(proxies) and not urllib.request.proxy_bypass(place.hostname or ""):
        curl += " --noproxy '*'"
    said = json.dumps({"phone": account["phone"], "password": account["password"]})
    token = f"$({curl} {address}/api/v1/auth/login --json '{said}' | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')"
    number = "$(cat /proc/sys/kernel/random/uuid)"
    return (
        f'  {curl} -X PUT {address}/api/v1/patrols/{number} -H "Authorization: Bearer {token}" '
        f"-H 'Content-Type: application/json' --data-binary @{walk}"
    ).replace("--json", "-H 'Content-Type: application/json' --data")


def _three(accounts: Any) -> list[dict[str, str]]:
    wanted = ("village_chief", "town_chief", "office_clerk")
    return [next(account for account in accounts if account["post"] == post) for post in wanted]


COMMANDS = [run]
