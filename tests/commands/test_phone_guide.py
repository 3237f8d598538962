"""The guide for authors of other phones' apps: every command of it is run, and must answer as it says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.rig import debian
from tests.rig.node import node
from tests.rig.running import started

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/phone.md").read_text("utf-8")
ADDRESS, ANSWER, LEFT_OUT = "http://127.0.0.1:8000", "#→", "…"
MOST_S = 300
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"\b(?:api|curl -s)\b[^|;]*?\$HOUSE(/[\w/-]*)")
"""A call of the API: what stands between the command and the path is options."""


def test_a_chiefs_day_goes_as_the_guide_says(environ):
    blocks = _BLOCK.findall(GUIDE)
    with started(environ, "curl") as city:
        told = heard(blocks, environ, city.address)
    for block, said in zip(blocks, told, strict=True):
        assert fits(promised(block), said), f"{block}\nanswered:\n{said}"


def test_the_guide_shows_the_whole_day():
    asked = {path.rstrip("/") for block in _BLOCK.findall(GUIDE) for path in _ASKED.findall(block)}
    assert asked >= {
        "/auth/login",
        "/auth/refresh",
        "/auth/logout",
        "/me",
        "/me/notices",
        "/me/push",
        "/sync",
        "/segments/TUHAI-371502-007",
        "/rules/current",
        "/hazards",
        "/photos",
        "/recordings",
        "/flood/warnings",
        "/flood/callouts",
    }
    assert all(
        f"| {status}" in GUIDE or f", {status}" in GUIDE for status in (401, 404, 409, 410, 412, 413, 422, 428, 429)
    )


def test_an_answer_that_differs_by_a_letter_does_not_fit():
    assert fits('{"id":"…","state":"open",…}', '{"id": "7",\n "state": "open", "how": null}')
    assert not fits('{"id":"…","state":"open",…}', '{"id": "7", "state": "closed", "how": null}')
    assert not fits("201", "201 and more")
    assert not fits("", "curl: (7) Failed to connect")


def heard(blocks: list[str], environ: dict[str, str], address: str) -> list[str]:
    """What each block said, typed one after the other into one shell that stops at the first failure."""
    mark = "\x1e"
    typed = "".join(f"{block}printf '{mark}'\n" for block in blocks).replace(ADDRESS, address)
    path = os.pathsep.join([str(Path(node()).parent), os.environ["PATH"]])
    debian.program("curl")
    ran = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=typed,
        cwd=ROOT,
        env=os.environ | environ | {"PATH": path, "no_proxy": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MOST_S,
    )
    assert ran.returncode == 0, f"it stopped after:\n{ran.stdout[-3000:]}"
    return ran.stdout.split(mark)[:-1]


def promised(block: str) -> str:
    """What the guide says that a block answers."""
    return "\n".join(line.removeprefix(ANSWER) for line in block.splitlines() if line.startswith(ANSWER))


def fits(promise: str, said: str) -> bool:
    """Whether that was said, but for what is left out; spaces and lines mean nothing."""
    parts = ["".join(part.split()) for part in promise.split(LEFT_OUT)]
    return re.fullmatch(".*".join(map(re.escape, parts)), "".join(said.split())) is not None
