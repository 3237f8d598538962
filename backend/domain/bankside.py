"""What stands on the bank of a seed city: checkpoints and notice boards, all of them invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from shapely.geometry import Point

from backend.domain.cutting import Segment
from backend.domain.terms import Level
from geo import chainage

KINDS = {
    "sluice": ("S", "水闸"),
    "outfall": ("O", "排污口"),
    "weak_point": ("W", "险工险段"),
    "pump": ("P", "泵站"),
    "culvert": ("C", "涵洞"),
    "gauge": ("G", "水位站"),
}
"""Kind of checkpoint → letter in its code, Chinese name."""

IN_TURN = ("outfall", "weak_point", "pump", "culvert")
AREA = "0635"
"""The telephone area of the city; no number in it begins with 0."""
PUT_UP_ON = date(2025, 3, 20)
"""When the boards were put up, all on a day before the season."""
IN_TURN_PER_REACH = 2
"""So many of these on a town reach, beside the sluice at its lower end."""


@dataclass(frozen=True)
class Checkpoint:
    """A place to check in at (巡查点) on a village segment."""

    code: str
    name: str
    kind: str
    segment: str
    place: Point


@dataclass(frozen=True)
class NoticeBoard:
    """The public sign (公示牌) of a segment, with a telephone that no exchange gives out."""

    code: str
    name: str
    segment: str
    place: Point
    where: str
    office_phone: str


def checkpoints(segments: Iterable[Segment]) -> Iterator[Checkpoint]:
    """Per town reach a sluice on its last village segment and others in turn; a gauge per county reach."""
    kinds = cycle(IN_TURN)
    for villages, gauged in by_town_reach(segments):
        for place in evenly(len(villages) - 1, IN_TURN_PER_REACH):
            yield checkpoint(villages[place], next(kinds))
        yield checkpoint(villages[-1], "sluice")
        if gauged:
            yield checkpoint(villages[len(villages) // 2], "gauge")


def by_town_reach(segments: Iterable[Segment]) -> Iterator[tuple[list[Segment], bool]]:
    """Village segments reach by reach, and whether it is the first reach of its county reach."""
    villages: dict[str | None, list[Segment]] = {}
    county_of: dict[str, str | None] = {}
    for segment in segments:
        if segment.level is Level.TOWN:
            county_of[segment.code] = segment.parent
        if segment.level is Level.VILLAGE:
            villages.setdefault(segment.parent, []).append(segment)
    seen = set()
    for town, county in county_of.items():
        yield villages[town], county not in seen
        seen.add(county)


def evenly(count: int, wanted: int) -> list[int]:
    """At most `wanted` places of `count`, spread evenly."""
    chosen = min(count, wanted)
    return [(2 * nth + 1) * count // (2 * chosen) for nth in range(chosen)]


def checkpoint(segment: Segment, kind: str) -> Checkpoint:
    """One in the middle of a village segment; no segment gets two of a kind, so it is always number 1."""
    letter, word = KINDS[kind]
    return Checkpoint(
        code=f"{segment.code}-{letter}1",
        name=f"{segment.name.removesuffix('段')}{word}",
        kind=kind,
        segment=segment.code,
        place=chainage.point_at(segment.line, segment.length_m / 2),
    )


def notice_boards(segments: Iterable[Segment]) -> Iterator[NoticeBoard]:
    """One at the upper end of every town reach and every village segment."""
    for segment in segments:
        if segment.level in (Level.TOWN, Level.VILLAGE):
            yield NoticeBoard(
                code=f"{segment.code}-B1",
                name=f"{segment.name}公示牌",
                where=f"{segment.name}起点",
                office_phone=f"{AREA}-0{segment.region[:6]}",
                segment=segment.code,
                place=chainage.point_at(segment.line, 0.0),
            )
