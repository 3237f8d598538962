"""Commands run as an operator runs them, against a database of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli import main


@pytest.fixture
def environ(tmp_path: Path, fresh_url: str) -> dict[str, str]:
    """A house in a folder and database of its own; the terminal speaks English."""
    return {
        "HEZHANG_DATA": str(tmp_path / "house"),
        "DATABASE_URL": fresh_url,
        "HEZHANG_LOG": "ERROR",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def hezhang(environ: dict[str, str]) -> Callable[..., Result]:
    """`hezhang …` in this process."""

    def command(*words: object, **more: str) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], env=environ | more, catch_exceptions=False)

    return command
