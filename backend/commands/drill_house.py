"""The house of a drill: a scratch folder and database, and the children that live in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from backend import listening
from backend.clock import Drill
from backend.commands import run, serve
from backend.config import Settings
from backend.simulator.children import ChildDied, Children
from backend.store import scratch
from backend.words import aloud

SENDERS = 3
READY_S = 120.0
"""So long may a child take to be ready; a machine may have other things to do."""
_OURS = ("HEZHANG_", "DATABASE_URL", "HOST", "PORT", "TLS", "TRUSTED_PROXIES", "PROMETHEUS_MULTIPROC_DIR")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and a database of their own, and where everything listens."""

    folder: Path
    url: str
    port: int
    gateway: int

    @property
    def address(self) -> str:
        """Of the house."""
        return f"http://127.0.0.1:{self.port}"

    def environ(self, clock: str | None) -> dict[str, str]:
        """Of everything that is started, without any setting of the real house."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        ours = {
            "HEZHANG_DATA": str(self.folder),
            "DATABASE_URL": self.url,
            "HEZHANG_ENV": "development",
            "HEZHANG_LOG": "WARNING",
            "HEZHANG_CHANNELS": str(self.folder / "channels.json"),
            "HEZHANG_DOORS": f"127.0.0.1:{self.gateway},127.0.0.1:{self.gateway + 1}",
            "HEZHANG_ADDRESS": self.address,
            "PORT": str(self.port),
        }
        return outside | ours | ({"HEZHANG_CLOCK": clock} if clock else {})


@contextmanager
def scratch_place(own: Settings) -> Iterator[Place]:
    """A house beside the real one, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hezhang-drill-"))
    is_server = not own.database_url.startswith("sqlite")
    url = ""
    try:
        url = scratch.made(own.database_url) if is_server else f"sqlite:///{folder / 'hezhang.sqlite'}"
        yield Place(folder, url, *_ports())
    finally:
        if url and is_server:
            scratch.dropped(url, own.database_url)
        shutil.rmtree(folder, ignore_errors=True)


def start_gateway(script: dict[str, Any], speed: float, place: Place, children: Children) -> None:
    """Start the providers and everybody whom they reach."""
    (place.folder / "script.json").write_text(json.dumps(script), "utf-8")
    file = place.folder / "channels.json"
    options = ["--port", place.gateway, "--house", place.address, "--speed", speed, "--channels-file", file]
    words = [_hezhang(), "gateway", *options, "--script", place.folder / "script.json", "--quiet"]
    children.start("gateway", [str(word) for word in words], place.environ(None))
    if not children.wait(file.exists, READY_S):
        raise ChildDied("gateway", children.said("gateway"))


def start_house(place: Place, children: Children, clock: Drill) -> None:
    """Start web server and senders, all by the same fast clock, among made-up people only."""
    environ = place.environ(clock.written())
    timed = Settings.from_env(environ)
    run.refuse_real_people(timed)
    web = serve.environ(timed)
    figures = {name: web[name] for name in ("MALLOC_ARENA_MAX", "OPENBLAS_NUM_THREADS", "PROMETHEUS_MULTIPROC_DIR")}
    children.start("web", serve.command_line(timed, "127.0.0.1"), environ | figures)
    if not children.wait(lambda: asked(f"{place.address}/healthz") is not None, READY_S):
        raise ChildDied("web", children.said("web"))
    for number in range(1, SENDERS + 1):
        children.start(f"jobs-{number}", [sys.executable, "-m", "jobs"], environ | {"HEZHANG_PART": f"sender-{number}"})


def books(place: Place) -> dict[str, Any]:
    """The books of the providers."""
    found = asked(f"http://127.0.0.1:{place.gateway}/books")
    if found is None:
        raise ChildDied("gateway", "/books")
    shown: dict[str, Any] = json.loads(found)
    return shown


def asked(url: str) -> bytes | None:
    """What answers there; None where nothing does."""
    try:
        with listening.unchecked().open(url, timeout=30) as answer:
            body: bytes = answer.read()
    except (urllib.error.URLError, OSError):
        return None
    return body


def _hezhang() -> Path:
    return Path(sys.executable).with_name("hezhang")


def _ports() -> tuple[int, int]:
    """A free port for the house, and two that follow each other for the gateway."""
    for port in range(20_000, 32_000, 3):
        if all(_is_free(port + each) for each in range(3)):
            return port, port + 1
    raise click.ClickException(aloud("drill.no_port"))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


COMMANDS: list[click.Command] = []
"""None of its own."""
