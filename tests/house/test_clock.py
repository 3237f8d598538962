"""Time is an argument: only the edges ask what time it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.tree import Source, product

EDGES = (
    "backend/api",
    "backend/app",
    "backend/cli",
    "backend/clock",
    "backend/commands",
    "backend/simulator",
    "backend/web",
    "backend/wsgi",
    "jobs",
)
# perf_counter and monotonic are stop-watches, not clocks: they tell no moment.
READINGS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
READINGS |= {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}
NAMES = {"backend.clock.utcnow", "time.time", "time.time_ns", "time.localtime", "time.gmtime"}


def test_nobody_below_the_edge_reads_the_clock() -> None:
    readers = [
        f"{source.path}:{line} reads {what}"
        for source in product()
        if not source.is_under(*EDGES)
        for line, what in _readings(source)
    ]

    assert not readers, "\n".join(readers)


def test_a_reading_of_the_clock_is_recognised() -> None:
    code = "import datetime as dt\nfrom time import time\nnow = datetime.now(UTC)\nat = dt.datetime.utcnow()\n"
    source = Source("geo/some.py", code, ast.parse(code))

    assert sorted(line for line, _ in _readings(source)) == [2, 3, 4]


def _readings(source: Source) -> Iterator[tuple[int, str]]:
    yield from ((line, name) for line, name in source.imports() if name in NAMES)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            what = ".".join(ast.unparse(node).split(".")[-2:])
            if what in READINGS:
                yield node.lineno, what
