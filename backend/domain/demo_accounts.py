"""Demo accounts: which of the fictional people of a seed city get a known password, for trying it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.domain.courses import CannotCut
from backend.domain.cutting import Segment
from backend.domain.demo_people import Appointed
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post

EXAMPLE_NUMBER = 7
"""The examples in the documents walk on village segment 007 of the example river."""


@dataclass(frozen=True)
class DemoAccount:
    """A row of the account list; `segment` is one the person answers for, empty for staff."""

    phone: str
    password: str
    name: str
    post: Post
    region: str
    segment: str


@dataclass(frozen=True)
class Scene:
    """Where the demonstration plays: one county reach, its towns in order of flow, their village segments."""

    reach: Segment
    villages: tuple[Segment, ...]

    @property
    def example(self) -> Segment:
        """The village segment of the examples."""
        return self.villages[min(EXAMPLE_NUMBER, len(self.villages)) - 1]

    @property
    def towns(self) -> tuple[str, str]:
        """The town reach of the example and one of another town."""
        here = str(self.example.parent)
        region = town_of(self.example)
        for segment in self.villages[EXAMPLE_NUMBER:] + self.villages[:EXAMPLE_NUMBER]:
            if town_of(segment) != region:
                return here, str(segment.parent)
        raise CannotCut("one_town_only", reach=self.reach.code)

    def shown_of(self, codes: Sequence[str]) -> str:
        """One of a person's segments: the example, else one of this reach, else the first; empty if none."""
        here = {self.reach.code, self.reach.parent}
        for segment in self.villages:
            here |= {segment.code, segment.parent}
        return min(codes, key=lambda code: (code != self.example.code, code not in here), default="")

    def segments_in(self, town_reach: str) -> list[str]:
        """Village segments of a town reach, the example first where it is one of them."""
        codes = [segment.code for segment in self.villages if segment.parent == town_reach]
        return sorted(codes, key=lambda code: code != self.example.code)


def town_of(segment: Segment) -> str:
    """The town a village segment lies in."""
    return segment.region[: LENGTHS[Level.TOWN]]


def scene_of(segments: Sequence[Segment], reach_code: str | None) -> Scene:
    """The county reach of that code, or the longest one of the first county; CannotCut when there is none."""
    reaches = [segment for segment in segments if segment.level is Level.COUNTY]
    if reach_code is None:
        first = min((reach.region for reach in reaches), default="")
        found = sorted((r for r in reaches if r.region == first), key=lambda reach: -reach.length_m)
    else:
        found = [reach for reach in reaches if reach.code == reach_code]
    if not found:
        raise CannotCut("unknown_reach", code=reach_code or "")
    towns = {segment.code for segment in segments if segment.parent == found[0].code}
    return Scene(found[0], tuple(segment for segment in segments if segment.parent in towns))


def demo_accounts(
    people: Sequence[Appointed], segments: Sequence[Segment], reach_code: str | None = None
) -> list[DemoAccount]:
    """The accounts, the most useful for a first try at the top; all of them are rows of the people sheet.

    The last one is a chief of another county, who may see nothing of the example.
    """
    scene = scene_of(segments, reach_code)
    chosen = dict.fromkeys([*chiefs(people, scene), *staff(people, scene), stranger(people, scene)])
    numbers: dict[Post, int] = {}
    accounts = []
    for person in chosen:
        numbers[person.post] = numbers.get(person.post, 0) + 1
        password = f"hezhang-demo-{person.post.replace('_', '-')}-{numbers[person.post]}"
        segment = scene.shown_of(person.segments)
        accounts.append(DemoAccount(person.phone, password, person.name, person.post, person.region, segment))
    return accounts


def chiefs(people: Sequence[Appointed], scene: Scene) -> Iterator[Appointed]:
    """Three village chiefs in two towns, a warden, the two town chiefs, the county and the city chief."""
    owners = {(person.post, code): person for person in people for code in person.segments}
    here, there = scene.towns
    neighbours = dict.fromkeys(owners[Post.VILLAGE_CHIEF, code] for code in scene.segments_in(here))
    yield from list(neighbours)[:2]
    yield owners[Post.VILLAGE_CHIEF, scene.segments_in(there)[0]]
    yield owners[Post.WARDEN, scene.example.code]
    yield owners[Post.TOWN_CHIEF, here]
    yield owners[Post.TOWN_CHIEF, there]
    yield owners[Post.COUNTY_CHIEF, scene.reach.code]
    yield owners[Post.CITY_CHIEF, str(scene.reach.parent)]


def staff(people: Sequence[Appointed], scene: Scene) -> Iterator[Appointed]:
    """The first of each kind of staff of the county, and the city's administrator and duty officer."""
    county = scene.reach.region
    city, town = county[: LENGTHS[Level.CITY]], town_of(scene.example)
    for post, region in (
        (Post.OFFICE_CLERK, town),
        (Post.OFFICE_CLERK, county),
        (Post.BUREAU_CLERK, county),
        (Post.UNIT_LIAISON, county),
        (Post.POLICE_CHIEF, county),
        (Post.PROSECUTOR, county),
        (Post.DUTY_OFFICER, city),
        (Post.ADMINISTRATOR, city),
    ):
        yield next(person for person in people if (person.post, person.region) == (post, region))


def stranger(people: Sequence[Appointed], scene: Scene) -> Appointed:
    """A county chief of another county; CannotCut when the city has only one."""
    for person in people:
        if person.post is Post.COUNTY_CHIEF and person.region != scene.reach.region:
            return person
    raise CannotCut("one_county_only", reach=scene.reach.code)
