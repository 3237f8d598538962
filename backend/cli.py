"""`hezhang`: the commands of the house, one file per noun in `commands/`."""

from __future__ import annotations

import importlib
import pkgutil

import click

from backend import commands


@click.group()
def main() -> None:
    """Hezhang 河长: the river-chief system."""


for found in pkgutil.iter_modules(commands.__path__):
    for command in importlib.import_module(f"{commands.__name__}.{found.name}").COMMANDS:
        main.add_command(command)
