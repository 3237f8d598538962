"""`hezhang serve`: the web workers. The server's command line stands here and nowhere else."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import click

from backend import listening, schema
from backend.commands.tls import certificate
from backend.config import Settings
from backend.db import AWAY, Database
from backend.durability import require_durable
from backend.store import logins
from backend.words import aloud

WORKERS = 2
_MEMORY = Path("/dev/shm")  # noqa: S108 - ours alone, or not used
WAITING_THREADS = 512
"""Threads of a worker at most: nearly all of them wait for the bytes of phones with a bad signal."""


@click.command()
@click.option("--host", help="The address to listen on, else HOST; 0.0.0.0 for phones in the same network.")
def serve(host: str | None) -> None:
    """Serve the web application with two workers until it is told to end."""
    settings = Settings.from_env()
    host = host or settings.host
    refuse_deaf(host, settings.port)
    refuse_made_up_people(settings)
    refuse_frail(settings)
    warn(settings, host)
    command = command_line(settings, host)
    os.execve(command[0], command, environ(settings))  # noqa: S606 - the server takes our place and our signals


def refuse_deaf(host: str, port: int) -> None:
    """Say at once why nobody can listen there; the server itself would try for a while and say less."""
    reason = listening.why_not(host, port)
    if reason is not None:
        raise click.ClickException(aloud(reason))


def warn(settings: Settings, host: str) -> None:
    """One line for whoever lets a network read along."""
    risk = listening.risk(host, is_sealed=settings.tls, has_proxy=settings.trusted_proxies > 0)
    if risk is not None:
        click.echo(aloud(risk), err=True)


def refuse_frail(settings: Settings) -> None:
    """Do not start in production on a database that may forget, and say which setting is wrong."""
    if settings.stage != "production":
        return
    database = Database.connect(settings.database_url)
    try:
        require_durable(database)
    finally:
        database.close()


def refuse_made_up_people(settings: Settings) -> None:
    """In production nobody signs in with a password of the published list: a house full of such people stays shut."""
    if settings.stage != "production":
        return
    database = Database.connect(settings.database_url)
    try:
        with database.reading() as session:
            is_demo = schema.is_current(database) and logins.is_anybody_made_up(session)
    except AWAY:
        return  # the workers wait for the database themselves, and let nobody made up in
    finally:
        database.close()
    if is_demo:
        raise click.ClickException(aloud("serve.made_up"))


def command_line(settings: Settings, host: str) -> list[str]:
    """How the server is started; chosen by measuring, see DECISIONS.md."""
    command = [
        str(Path(sys.executable).with_name("gunicorn")),
        "--bind",
        f"{listening.in_url(host)}:{settings.port}",
        "--workers",
        str(WORKERS),
        "--worker-class",
        "backend.worker.Worker",
        "--threads",
        str(WAITING_THREADS),
        "--timeout",
        "60",
        "--graceful-timeout",
        "20",
        # A kept connection stays with the worker that took it, and one worker ends up with most of them.
        "--keep-alive",
        "0",
        "--log-level",
        "warning",
        # It would lie in the home of the account, which two houses may share and some accounts do not have.
        "--no-control-socket",
    ]
    if settings.tls:
        key, chain = certificate(settings.home / "tls", [host])
        command += ["--keyfile", str(key), "--certfile", str(chain)]
    return [*command, "backend.wsgi:app"]


def environ(settings: Settings) -> dict[str, str]:
    """The environment of the workers: their figures, and few heaps and no threads of its own for NumPy."""
    # Many threads would each get a heap of their own, and each keep what it once needed.
    thrift = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}
    return os.environ | thrift | {"PROMETHEUS_MULTIPROC_DIR": str(figures(settings))}


def figures(settings: Settings) -> Path:
    """The folder in which the workers keep their figures for `/metrics`; emptied at every start.

    In memory where the system has a place for that: every answer touches these files, and a full disk would
    kill the worker that does.
    """
    folder = _MEMORY / f"hezhang-{hashlib.sha256(str(settings.home.resolve()).encode()).hexdigest()[:16]}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        is_ours = folder.stat().st_uid == os.getuid()
    except OSError:
        is_ours = False
    if not is_ours:
        folder = settings.home / "metrics"
        folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    return folder


COMMANDS = [serve]
