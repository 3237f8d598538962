"""Division codes (区划代码) and how two regions relate; official code lengths 2, 4, 6, 9, 12."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from backend.domain.terms import Level

LENGTHS: dict[Level, int] = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWN: 9,
    Level.VILLAGE: 12,
}
_LEVELS = {length: level for level, length in LENGTHS.items()}


class Relation(StrEnum):
    """Where another region lies, seen from one's own; `around` is the one it lies in, `above` any wider one."""

    OWN = "own"
    BELOW = "below"
    AROUND = "around"
    ABOVE = "above"
    BESIDE = "beside"
    FOREIGN = "foreign"


class BadRegionCode(ValueError):
    """Not a division code of any level."""


def level_of(code: str) -> Level:
    """The level of a code cut to its length; BadRegionCode when no level has that length."""
    if code.isascii() and code.isdecimal() and len(code) in _LEVELS:
        return _LEVELS[len(code)]
    raise BadRegionCode(code)


def cut(padded: str) -> str:
    """Cut the padding zeros of a published code (371500000000 → 3715).

    It is cut only at the lengths of the levels, and only where the whole next group is zeros: ten real
    town codes end in 0, so a plain strip of zeros would ruin them. BadRegionCode when it is no code.
    """
    if not (padded.isascii() and padded.isdecimal()) or len(padded) not in (2, 4, 6, 9, 12):
        raise BadRegionCode(padded)
    code = padded
    lengths = [length for length in sorted(_LEVELS, reverse=True) if length <= len(padded)]
    for longer, shorter in pairwise(lengths):
        if code[shorter:longer].strip("0"):
            break
        code = code[:shorter]
    return code


def parent_of(code: str) -> str | None:
    """The region around it; None for a province."""
    level = level_of(code)
    return None if level is Level.PROVINCE else code[: LENGTHS[Level(level + 1)]]


def around(first: str, last: str) -> str:
    """The smallest region that holds both codes, and so all between them in order; empty when only a country does."""
    lengths = sorted(_LEVELS, reverse=True)
    return next((last[:n] for n in lengths if n <= min(len(first), len(last)) and first[:n] == last[:n]), "")


def widest(codes: Iterable[str]) -> tuple[str, ...]:
    """The same without those that lie inside others, in order."""
    every = set(codes)
    return tuple(sorted(one for one in every if not any(one != other and one.startswith(other) for other in every)))


def overlap(mine: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """Where two sets of regions overlap: of each pair that does, the inner one."""
    others = tuple(theirs)
    inner = (one if one.startswith(other) else other for one in mine for other in others if _meet(one, other))
    return widest(inner)


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def below_length(code: str) -> int:
    """The length of the codes directly below a region; of a village its own. Empty is the whole country."""
    return min((length for length in _LEVELS if length > len(code)), default=len(code))


def way_to(code: str) -> list[str]:
    """The regions around one, the widest first, and itself; of nothing, nothing."""
    return [code[:length] for length in sorted(_LEVELS) if length <= len(code)]


def relation(own: str, other: str) -> Relation:
    """How `other` lies to `own`; beside means the same parent."""
    if own == other:
        return Relation.OWN
    if other.startswith(own):
        return Relation.BELOW
    if own.startswith(other):
        return Relation.AROUND if other == parent_of(own) else Relation.ABOVE
    if len(own) == len(other) and parent_of(own) == parent_of(other):
        return Relation.BESIDE
    return Relation.FOREIGN
