"""Lists that people type with a day at the head of each line: what is due when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from backend.errors import BadInput, Flaw, Problem
from backend.web import exports
from backend.web.forms import Flaws, flaws_of
from backend.words import Text

_DAY = re.compile(
    r"(\d{4})\s*[-/.年－／．]\s*(\d{1,2})\s*[-/.月－／．]\s*(\d{1,2})(?!\d)(?:\s*[日号](?:之前|以前|前(?!期))?)?[\s：:，,、]*"
)
"""As days are written here, with full-width digits, too: 2026-03-31, 2026/3/31, 2026.3.31, 2026年3月31日."""


@dataclass(frozen=True, slots=True)
class Due:
    """One line: the day, and what is due by then."""

    day: date
    text: str


def dues_of(typed: str, field: str) -> list[Due]:
    """The lines in which something stands; BadInput with a sentence for each that does not begin with a day."""
    dues, flaws = [], []
    for number in _numbers(typed):
        line = typed.splitlines()[number - 1].strip()
        found = _DAY.match(line)
        day = _day(found) if found else None
        if found is None or day is None:
            flaws.append(Flaw(f"/{field}", Text.of("dated.flaw", line=number)))
        else:
            dues.append(Due(day, line[found.end() :].strip()))
    if flaws:
        raise BadInput(*flaws)
    return dues


def flaws_by_line(problem: Problem | None, field: str, typed: str) -> Flaws:
    """What the API says of a form; of an item of this field with the number of its line."""
    found, lines = flaws_of(problem), _numbers(typed)
    for flaw, each in zip(found, problem.flaws if problem else (), strict=False):
        name, _, rest = each.pointer.strip("/").partition("/")
        place = rest.partition("/")[0]
        if name == field and place.isdecimal() and int(place) < len(lines):
            flaw["text"] = exports.word("dated.line", line=lines[int(place)], flaw=flaw["text"])
    return found


def _numbers(typed: str) -> list[int]:
    """The numbers, from one, of the lines in which something stands."""
    return [number for number, line in enumerate(typed.splitlines(), start=1) if line.strip()]


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:  # the thirtieth of February
        return None
