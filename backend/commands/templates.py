"""`hezhang template`: empty sheets to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from backend.formats import sheets
from backend.services.people_import import EXAMPLE, HEADINGS, POSTS


@click.group("template")
def group() -> None:
    """Write an empty sheet to fill in."""


@group.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def people(out: Path) -> None:
    """The people sheet: headings, one example row, the posts as a drop-down list."""
    sheets.template(out, HEADINGS, EXAMPLE, {"职务": list(POSTS)})
    click.echo(str(out))


COMMANDS = [group]
