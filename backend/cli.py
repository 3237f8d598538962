"""`hezhang`: the commands of the house, one file per noun in `commands/`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import IO, Any

import click

from backend import commands, trouble
from backend.words import aloud, of_terminal


class Plain(click.Group):
    """What an operator can mend ends in one line and exit code 1; only a mistake of ours shows where it was made."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except click.UsageError:
            raise
        except click.ClickException as refused:
            raise Refused(refused.message) from None
        except Exception as wrong:
            line = trouble.told(wrong, of_terminal())
            if line is None:
                raise
            raise Refused(line) from None


class Refused(click.ClickException):
    """Ends a command in one line and exit code 1."""

    def show(self, file: IO[str] | None = None) -> None:
        """Say it in the language of the terminal."""
        click.echo(aloud("command.refused", why=self.format_message()), file=file, err=file is None)


@click.group(cls=Plain)
def main() -> None:
    """Hezhang 河长: the river-chief system."""


for found in pkgutil.iter_modules(commands.__path__):
    for command in importlib.import_module(f"{commands.__name__}.{found.name}").COMMANDS:
        main.add_command(command)
