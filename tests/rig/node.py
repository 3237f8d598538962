"""Node.js for tests of the scripts: a process that is asked in lines of JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.rig import debian

ROOT = Path(__file__).parents[2]
_IS_NEW = "process.exit(+process.versions.node.split('.')[0] < 18 ? 1 : 0)"


def node() -> str:
    """A Node.js of 18 or newer, of the machine or of the package that `.ci/web` fetches; else debian.Missing."""
    found = _found()
    if found is None:
        subprocess.run([ROOT / ".ci/web"], capture_output=True, stdin=subprocess.DEVNULL)
        found = _found()
    if found is None:
        raise debian.Missing("There is no Node.js of 18 or newer. Type: make web")
    return found


class Script:
    """A running script that answers every line with a line, `{"answer": …}` or `{"failure": "…"}`."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen([node(), path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, ask: str, **question: Any) -> Any:
        """The answer; an AssertionError with what went wrong in the script."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ask": ask, **question}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the script has ended"
        told = json.loads(line)
        assert "failure" not in told, told["failure"]
        return told["answer"]

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def _found() -> str | None:
    for path in (shutil.which("node"), str(ROOT / ".venv/bin/node")):
        if path and Path(path).exists() and not subprocess.run([path, "-e", _IS_NEW], check=False).returncode:
            return path
    return None
