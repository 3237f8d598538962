"""A city as `make run` starts it: web server, clockwork and watch, on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rig.serving import free_port

END_S = 90


@dataclass
class Running:
    """A running city: its process, address, and what it printed when it was ready."""

    process: subprocess.Popen[str]
    address: str
    greeting: str


@contextmanager
def started(environ: dict[str, str], until: str) -> Iterator[Running]:
    """The house, when it has said that word; `PORT` of its settings is a free one from then on."""
    port = free_port()
    environ["PORT"] = str(port)
    hezhang = str(Path(sys.executable).with_name("hezhang"))
    process = subprocess.Popen(
        [hezhang, "run"], env=os.environ | environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if until in line:
            break
    try:
        yield Running(process, f"http://127.0.0.1:{port}", "".join(lines))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=END_S)
