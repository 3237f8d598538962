"""`hezhang gateway`: providers on loopback to try the delivery with, and everything they are told, line by line."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Any

import click

from backend.simulator.gateway.farm import Message
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway
from backend.words import aloud

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--port", default=9900, show_default=True, help="Where it listens, on 127.0.0.1; mail one above.")
@click.option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="How they behave (JSON).")
@click.option("--house", default="http://127.0.0.1:8000", show_default=True, help="Where reports are sent.")
@click.option("--channels-file", type=_FILE, help="Write the matching HEZHANG_CHANNELS file, and go on.")
@click.option("--quiet", is_flag=True, help="Do not print each message.")
def gateway(port: int, script: Path | None, house: str, channels_file: Path | None, quiet: bool) -> None:
    """Play the providers of text messages, calls, robots and mail, until it is told to end."""
    wanted = Script.plain(hooks=f"{house.rstrip('/')}/api/v1/hooks")
    if script is not None:
        wanted = _read(script, wanted)
    if channels_file is not None:
        channels_file.parent.mkdir(parents=True, exist_ok=True)
        channels_file.write_text(json.dumps(channels(port, wanted), indent=1, ensure_ascii=False), "utf-8")
        click.echo(aloud("gateway.channels", file=channels_file, port=port))
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    tell = (lambda _: None) if quiet else _print
    try:
        with Gateway(wanted, port=port, mail_port=port + 1 if port else 0, tell=tell) as farm:
            click.echo(aloud("gateway.ready", address=farm.address, mail=farm.mail_port))
            ended.wait()
    except OSError as taken:
        raise click.ClickException(aloud("gateway.taken", port=port, why=taken.strerror)) from None


def channels(port: int, script: Script) -> dict[str, Any]:
    """The settings of a house that reaches people by the farm: its app's texts go to the log."""
    here = f"http://127.0.0.1:{port}"

    def provider(kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "url": f"{here}/{kind}",
            "ask": f"{here}/{kind}/{{id}}",
            "secret": script.secret,
            "permanent": [1001],
            "throttled": [1029],
        }

    return {"app": {"kind": "log"}, "sms": provider("sms"), "voice": provider("voice")}


def _read(file: Path, script: Script) -> Script:
    try:
        return script.changed(json.loads(file.read_text("utf-8")))
    except (ValueError, TypeError) as wrong:
        raise click.ClickException(aloud("gateway.script", file=file, why=wrong)) from None


def _print(message: Message) -> None:
    outcome = aloud(f"gateway.outcome.{message.outcome}")
    click.echo(f"{message.at[11:19]}  {message.channel:8} {message.to:16} {outcome}  {message.text}")


COMMANDS = [gateway]
