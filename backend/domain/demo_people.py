"""The people of a seed city: visibly fictional, a chief for every segment, posts, units, substitutes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from backend.domain.cutting import Segment
from backend.domain.demo_units import Unit
from backend.domain.regions import LENGTHS, level_of
from backend.domain.terms import Level, Post

T = TypeVar("T")

PHONE_GROUPS = {
    Post.ADMINISTRATOR: "00",
    Post.CITY_CHIEF: "10",
    Post.COUNTY_CHIEF: "20",
    Post.TOWN_CHIEF: "30",
    Post.VILLAGE_CHIEF: "40",
    Post.WARDEN: "50",
    Post.OFFICE_CLERK: "60",
    Post.BUREAU_CLERK: "70",
    Post.DUTY_OFFICER: "80",
    Post.UNIT_LIAISON: "90",
    Post.POLICE_CHIEF: "91",
    Post.PROSECUTOR: "92",
}
"""The two digits after 123, so that a number tells the post; no carrier gives out 123."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
FIRST = "河清源泽润江海川渠湖溪波"
SECOND = "生安平明远宁兴和长民正成"

RIVERS_PER_CITY_CHIEF = 5
RIVERS_PER_COUNTY_CHIEF = 3
SEGMENTS_PER_WARDEN = 3
SUBSTITUTE_FOR_EVERY = 4
"""Every fourth chief of a group has the next one of it as substitute (代理)."""


@dataclass(frozen=True)
class Appointed:
    """A person with one post: a row of the people sheet."""

    name: str
    phone: str
    post: Post
    region: str
    unit: str = ""
    segments: tuple[str, ...] = ()
    substitute_phone: str = ""


@dataclass
class Roll:
    """The people so far; hands out names and numbers in order, so the same city gets the same people."""

    people: list[Appointed] = field(default_factory=list)
    _serials: Counter[Post] = field(default_factory=Counter)

    def appoint(self, post: Post, region: str, *, unit: str = "", segments: Iterable[str] = ()) -> None:
        """One more person."""
        self._serials[post] += 1
        phone = f"123{PHONE_GROUPS[post]}{self._serials[post]:06d}"
        self.people.append(Appointed(name_of(len(self.people)), phone, post, region, unit, tuple(segments)))


def name_of(nth: int) -> str:
    """The nth fictional name, 演示·王河生 first; all different for the first 4,320."""
    surname = SURNAMES[nth % len(SURNAMES)]
    pair = nth // len(SURNAMES) + nth % len(SURNAMES)
    return f"演示·{surname}{FIRST[pair % len(FIRST)]}{SECOND[pair // len(FIRST) % len(SECOND)]}"


def people_of(segments: Sequence[Segment], units: Sequence[Unit]) -> list[Appointed]:
    """Everybody of the city, the most senior first within the chiefs, then wardens, then staff."""
    roll = Roll()
    appoint_senior_chiefs(roll, segments)
    appoint_local_chiefs(roll, segments)
    appoint_wardens(roll, segments)
    appoint_staff(roll, units)
    return list(with_substitutes(roll.people))


def appoint_senior_chiefs(roll: Roll, segments: Sequence[Segment]) -> None:
    """City and county chiefs, each for a few rivers of the region."""
    for level, post, rivers_each in (
        (Level.CITY, Post.CITY_CHIEF, RIVERS_PER_CITY_CHIEF),
        (Level.COUNTY, Post.COUNTY_CHIEF, RIVERS_PER_COUNTY_CHIEF),
    ):
        by_region: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for segment in segments:
            if segment.level is level:
                by_region[segment.region][segment.river].append(segment.code)
        for region in sorted(by_region):
            for reaches in in_groups(list(by_region[region].values()), rivers_each):
                roll.appoint(post, region, segments=[code for river in reaches for code in river])


def appoint_local_chiefs(roll: Roll, segments: Sequence[Segment]) -> None:
    """One chief for each town and each village, with all reaches or pieces in it."""
    for level, post in ((Level.TOWN, Post.TOWN_CHIEF), (Level.VILLAGE, Post.VILLAGE_CHIEF)):
        by_region = defaultdict(list)
        for segment in segments:
            if segment.level is level:
                by_region[segment.region].append(segment.code)
        for region in sorted(by_region):
            roll.appoint(post, region, segments=by_region[region])


def appoint_wardens(roll: Roll, segments: Sequence[Segment]) -> None:
    """Wardens of a town, each for three village segments that follow each other."""
    by_town = defaultdict(list)
    for segment in segments:
        if segment.level is Level.VILLAGE:
            by_town[segment.region[: LENGTHS[Level.TOWN]]].append(segment.code)
    for town in sorted(by_town):
        for codes in in_groups(by_town[town], SEGMENTS_PER_WARDEN):
            roll.appoint(Post.WARDEN, town, segments=codes)


STAFF: dict[tuple[str, Level], tuple[tuple[Post, int], ...]] = {
    ("river_chief_office", Level.CITY): ((Post.ADMINISTRATOR, 1), (Post.OFFICE_CLERK, 2)),
    ("river_chief_office", Level.COUNTY): ((Post.OFFICE_CLERK, 2),),
    ("town", Level.TOWN): ((Post.OFFICE_CLERK, 1),),
    ("water_bureau", Level.CITY): ((Post.BUREAU_CLERK, 2),),
    ("water_bureau", Level.COUNTY): ((Post.BUREAU_CLERK, 1),),
    ("flood_headquarters", Level.CITY): ((Post.DUTY_OFFICER, 3),),
    ("flood_headquarters", Level.COUNTY): ((Post.DUTY_OFFICER, 2),),
    ("police", Level.CITY): ((Post.POLICE_CHIEF, 1),),
    ("police", Level.COUNTY): ((Post.POLICE_CHIEF, 1),),
    ("procuratorate", Level.CITY): ((Post.PROSECUTOR, 1),),
    ("procuratorate", Level.COUNTY): ((Post.PROSECUTOR, 1),),
}
"""Kind of unit and its level → posts and how many."""


def appoint_staff(roll: Roll, units: Sequence[Unit]) -> None:
    """The posts of every unit, and a liaison where it handles hazards."""
    for unit in units:
        for post, count in STAFF.get((unit.kind, level_of(unit.region)), ()):
            for _ in range(count):
                roll.appoint(post, unit.region, unit=unit.name)
        if unit.handles:
            roll.appoint(Post.UNIT_LIAISON, unit.region, unit=unit.name)


AROUND = {
    Post.CITY_CHIEF: Level.CITY,
    Post.COUNTY_CHIEF: Level.COUNTY,
    Post.TOWN_CHIEF: Level.COUNTY,
    Post.VILLAGE_CHIEF: Level.TOWN,
}
"""Chiefs of one post in one such region may stand in for each other."""


def with_substitutes(people: Sequence[Appointed]) -> Iterator[Appointed]:
    """The same people, every fourth chief of a group with the next one as substitute."""
    groups: dict[Hashable, list[Appointed]] = defaultdict(list)
    for person in people:
        if person.post in AROUND:
            groups[person.post, person.region[: LENGTHS[AROUND[person.post]]]].append(person)
    standing_in = {}
    for group in groups.values():
        for nth in range(0, len(group) if len(group) > 1 else 0, SUBSTITUTE_FOR_EVERY):
            standing_in[group[nth].phone] = group[(nth + 1) % len(group)].phone
    for person in people:
        yield replace(person, substitute_phone=standing_in.get(person.phone, ""))


def in_groups(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in groups of `size`, the last one smaller."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
