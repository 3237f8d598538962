"""`hezhang gateway`: providers on loopback to try the delivery with, and everything they are told, line by line."""

from __future__ import annotations

import json
import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from backend.simulator.gateway.farm import Message
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway
from backend.words import aloud

_FILE = click.Path(dir_okay=False, path_type=Path)
_LATE_S = 2.0
"""A busy machine tells of the end of a call so late, by its own clock; in fast time that is many seconds of a night."""


@click.command()
@click.option(
    "--port",
    default=9900,
    show_default=True,
    type=click.IntRange(0, 65_534),
    help="Where it listens, on 127.0.0.1; mail one above.",
)
@click.option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="How they behave (JSON).")
@click.option("--house", default="http://127.0.0.1:8000", show_default=True, help="Where reports are sent.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(1, 3600),
    help="So many times as fast do people answer: as fast as HEZHANG_CLOCK runs.",
)
@click.option("--channels-file", type=_FILE, help="Write the matching HEZHANG_CHANNELS file, and go on.")
@click.option("--quiet", is_flag=True, help="Do not print each message.")
def gateway(port: int, script: Path | None, house: str, speed: float, channels_file: Path | None, quiet: bool) -> None:
    """Play the providers of text messages, calls, robots and mail, until it is told to end."""
    wanted = Script.plain(hooks=f"{house.rstrip('/')}/api/v1/hooks", house=house.rstrip("/"), speed=speed)
    if script is not None:
        wanted = _read(script, wanted)
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    try:
        farm = Gateway(wanted, port=port, mail_port=port + 1 if port else 0, tell=_quiet if quiet else _print)
    except OSError as taken:
        raise click.ClickException(aloud("gateway.taken", port=port, why=taken.strerror)) from None
    with farm:
        if channels_file is not None:
            _furnish(channels_file, farm)
        click.echo(aloud("gateway.ready", address=farm.address, mail=farm.mail_port))
        ended.wait()


def channels(farm: Gateway) -> dict[str, Any]:
    """The settings of a house that reaches people by the farm; texts to its app go to the log."""
    here, secret = farm.address, farm.farm.script.secret

    def provider(kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "url": f"{here}/{kind}",
            "ask": f"{here}/{kind}/{{id}}",
            "secret": secret,
            "permanent": [1001],
            "throttled": [1029],
        }

    mail = {"host": "127.0.0.1", "port": farm.mail_port, "tls": "none", "from": "河长办 <office@example.cn>"}
    return {
        "app": {"kind": "log"},
        "sms": provider("sms") | {"signature": "河长办"},
        "voice": provider("voice") | _lines(farm),
        "chat": {"kind": "dingtalk", "url": f"{here}/dingtalk", "rate": {"per_minute": 20, "burst": 20}},
        "mail": {"kind": "mail"} | mail,
        "watch": {"kind": "wecom", "url": f"{here}/wecom"},
    }


def _lines(farm: Gateway) -> dict[str, Any]:
    manner = farm.farm.script.manners["voice"]
    if manner.lines is None:
        return {}
    longest = max(manner.call_s[1], manner.no_answer_s[1]) + _LATE_S * (farm.farm.script.speed - 1)
    return {"lines": max(1, manner.lines), "call_s": min(600, max(1, longest))}


def _furnish(file: Path, farm: Gateway) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(channels(farm), indent=1, ensure_ascii=False), "utf-8")
    except OSError as wrong:
        raise click.ClickException(aloud("gateway.unwritten", file=file, why=wrong.strerror)) from None
    doors = ",".join(f"127.0.0.1:{port}" for port in (urlsplit(farm.address).port, farm.mail_port))
    click.echo(aloud("gateway.channels", file=file, doors=doors))


def _read(file: Path, script: Script) -> Script:
    try:
        return script.changed(json.loads(file.read_text("utf-8")))
    except ValueError as wrong:
        raise click.ClickException(aloud("gateway.script", file=file, why=wrong)) from None


def _print(message: Message) -> None:
    at = datetime.fromisoformat(message.at).astimezone()
    outcome = aloud(f"gateway.outcome.{message.outcome}")
    click.echo(f"{at:%H:%M:%S}  {message.channel:8} {message.to:16} {outcome}  {' '.join(message.text.split())}")


def _quiet(_message: Message) -> None:
    """Say nothing."""


COMMANDS = [gateway]
