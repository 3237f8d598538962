"""The source files as syntax trees, for tests about how the house is built."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSES = ("backend", "geo", "jobs")


@dataclass(frozen=True)
class Source:
    """One file: its path from the root with `/`, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The module's own name; a package's is that of its folder."""
        path = Path(self.path)
        return path.parent.name if path.stem == "__init__" else path.stem

    def is_under(self, *places: str) -> bool:
        """Whether the file is one of these files or lies in one of these folders."""
        return any(self.path == f"{place}.py" or self.path.startswith(f"{place}/") for place in places)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full name of everything imported: `import a.b` is a.b, `from a import b` is a.b, too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file below these folders."""
    found = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return tuple(_read(file) for file in found)


def product() -> tuple[Source, ...]:
    """Every Python file that runs in the product."""
    return sources(*HOUSES)


def _read(file: Path) -> Source:
    text = file.read_text("utf-8")
    return Source(file.relative_to(ROOT).as_posix(), text, ast.parse(text))
