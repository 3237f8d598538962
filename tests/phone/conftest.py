"""The phone's scripts, run by Node.js."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.node import Script


@pytest.fixture(scope="module")
def judge() -> Iterator[Script]:
    """The judge of the phone; without Node.js this fails, for then nobody would know whether it is right."""
    script = Script(Path(__file__).parent / "run_judge.mjs")
    yield script
    script.close()
