"""`hezhang hazards`: the rules by which hazards move, as a table to read and to print."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from backend.domain.access import NOWHERE, TABLE
from backend.domain.hazards import ACTIONS, MOVES, Act, State
from backend.domain.terms import Post
from backend.words import aloud


@click.group("hazards")
def group() -> None:
    """Hazards: how they move."""


@group.command()
def moves() -> None:
    """Print every act: from which states to which, and whose posts may take it."""
    headings = [aloud(key) for key in ("hazards.moves.act", "hazards.moves.moves", "hazards.moves.posts")]
    table = Table(*headings, show_lines=True)
    for act in Act:
        table.add_row(aloud(f"hazard.act.{act}"), _moves(act), _posts(act))
    Console().print(table)


def _moves(act: Act) -> str:
    to: dict[State, list[str]] = {}
    for begin, end in MOVES[act].items():
        to.setdefault(end if end is not begin else begin, []).append(begin.value)
    if all(begin is end for begin, end in MOVES[act].items()):
        return aloud("hazards.moves.stays", states=", ".join(MOVES[act]))
    return "\n".join(f"{', '.join(begins)} → {end}" for end, begins in to.items())


def _posts(act: Act) -> str:
    row = TABLE[ACTIONS[act]]
    return ", ".join(f"({post})" if row[post] == NOWHERE else post.value for post in Post if post in row)


COMMANDS = (group,)
