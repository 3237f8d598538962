"""The known cast: one river through a small part of a city, and the people who answer for it.

Village chief Wang, town chief Li, county chief Zhao, city chief Qian, warden He, clerk Sun, bureau clerk
Feng, duty officer Deng, unit liaison Yang, police chief Shen, prosecutor Han, administrator Jin; Chen is
village chief next door, Tang is town chief of the next town, and Wu, chief of another county, may see nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import numpy as np
from shapely import LineString
from sqlalchemy.orm import Session

from backend.domain.regions import level_of, parent_of
from backend.domain.terms import Duty, Level, Post
from backend.formats import phones
from backend.keyring import KeyRing
from backend.models.people import Appointment, Person, Unit
from backend.models.regions import Region
from backend.models.segments import Assignment, River, Segment
from geo.chainage import cut
from geo.measure import length_m

SPACE = UUID("5f0c3a52-0000-4000-8000-000000000000")
LONG_AGO = date(2020, 1, 1)
NOON = datetime(2025, 7, 2, 4, 0, tzinfo=UTC)
"""12:00 in the business zone on a Wednesday outside the key window."""

CITY, COUNTY, TOWN, NEXT_TOWN, OTHER_COUNTY = "3715", "371502", "371502001", "371502002", "371503"
VILLAGE, NEXT_VILLAGE = "371502001001", "371502001002"
REGIONS = {
    "37": "山东省",
    CITY: "聊城市",
    COUNTY: "东昌府区",
    OTHER_COUNTY: "茌平区",
    TOWN: "古楼街道",
    NEXT_TOWN: "柳园街道",
    "371503001": "振兴街道",
    VILLAGE: "兴华村",
    NEXT_VILLAGE: "站前村",
    "371502002001": "柳园村",
    "371503001001": "振兴村",
}
RIVER, OTHER_RIVER = "TUHAI", "CHIPING"

# About 4 km of river: two village reaches of a kilometre in one town, then two in the next.
LINE = LineString([(115.9700, 36.4300), (115.9790, 36.4330), (115.9900, 36.4350), (116.0120, 36.4400)])
FAR_LINE = LineString([(116.25, 36.58), (116.262, 36.583)])


@dataclass
class Cast:
    """Everybody and everything by name."""

    people: dict[str, UUID] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    appointments: dict[str, UUID] = field(default_factory=dict)
    """The post with which each came."""

    def __getattr__(self, name: str) -> UUID:
        """A person's id: `cast.wang`."""
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


PLAYERS: dict[str, tuple[str, Post, str]] = {
    "jin": ("金管理", Post.ADMINISTRATOR, CITY),
    "qian": ("钱市长", Post.CITY_CHIEF, CITY),
    "zhao": ("赵区长", Post.COUNTY_CHIEF, COUNTY),
    "li": ("李镇长", Post.TOWN_CHIEF, TOWN),
    "tang": ("唐镇长", Post.TOWN_CHIEF, NEXT_TOWN),
    "wang": ("王村长", Post.VILLAGE_CHIEF, VILLAGE),
    "chen": ("陈村长", Post.VILLAGE_CHIEF, NEXT_VILLAGE),
    "he": ("何巡河", Post.WARDEN, VILLAGE),
    "sun": ("孙科员", Post.OFFICE_CLERK, COUNTY),
    "feng": ("冯科员", Post.BUREAU_CLERK, COUNTY),
    "deng": ("邓值班", Post.DUTY_OFFICER, CITY),
    "yang": ("杨联络", Post.UNIT_LIAISON, COUNTY),
    "shen": ("沈警长", Post.POLICE_CHIEF, COUNTY),
    "han": ("韩检察", Post.PROSECUTOR, COUNTY),
    "wu": ("吴区长", Post.COUNTY_CHIEF, OTHER_COUNTY),
}


def assemble(session: Session, keyring: KeyRing) -> Cast:
    """Write the whole cast into the database."""
    cast = Cast()
    for code, name in REGIONS.items():
        session.add(Region(code=code, name=name, level=int(level_of(code)), parent_code=parent_of(code)))
    session.flush()
    session.add_all(
        [River(code=RIVER, name="徒骇河", kind="river"), River(code=OTHER_RIVER, name="茌新河", kind="river")]
    )
    session.add(Unit(code="HOUSING", name="住建局", region_code=COUNTY))
    session.flush()
    for number, (key, (name, _, _)) in enumerate(PLAYERS.items(), start=1):
        session.add(person := _person(keyring, key, name, number))
        cast.people[key] = person.id
    session.flush()
    for key, (_, post, region) in PLAYERS.items():
        unit = "HOUSING" if post is Post.UNIT_LIAISON else None
        session.add(appointment := _appointment(cast.people[key], post, region, unit))
        cast.appointments[key] = appointment.id
    _rivers(session, cast)
    session.flush()
    for key, code, duty in [
        ("qian", "TUHAI-3715", Duty.CHIEF),
        ("zhao", "TUHAI-371502", Duty.CHIEF),
        ("li", "TUHAI-371502001", Duty.CHIEF),
        ("tang", "TUHAI-371502002", Duty.CHIEF),
        ("wang", "TUHAI-371502-001", Duty.CHIEF),
        ("chen", "TUHAI-371502-002", Duty.CHIEF),
        ("he", "TUHAI-371502-001", Duty.WARDEN),
        ("wu", "CHIPING-371503", Duty.CHIEF),
    ]:
        session.add(assignment := _assignment(cast.people[key], cast.segments[code], duty))
        assignment.appointment_id = cast.appointments[key]
    session.flush()
    return cast


def add_person(session: Session, keyring: KeyRing, key: str, name: str, number: int) -> UUID:
    """A person with a phone number that no carrier gives out."""
    session.add(person := _person(keyring, key, name, number))
    session.flush()
    return person.id


def add_appointment(
    session: Session,
    person_id: UUID,
    post: Post,
    region: str,
    *,
    unit: str | None = None,
    since: date = LONG_AGO,
) -> UUID:
    """A post held from a day on."""
    session.add(appointment := _appointment(person_id, post, region, unit, since))
    session.flush()
    return appointment.id


def assign(
    session: Session, person_id: UUID, segment: Segment, duty: Duty = Duty.CHIEF, *, since: date = LONG_AGO
) -> Assignment:
    """A segment answered for from a day on."""
    session.add(assignment := _assignment(person_id, segment, duty, since))
    session.flush()
    return assignment


def _person(keyring: KeyRing, key: str, name: str, number: int) -> Person:
    phone = phones.normal(f"123{number:08d}")
    head, tail = phones.ends(phone)
    return Person(
        id=uuid5(SPACE, key),
        name=name,
        phone_sealed=keyring.seal(phone),
        phone_index=keyring.index(phone),
        phone_head=head,
        phone_tail=tail,
        created_at=NOON,
    )


def _appointment(person_id: UUID, post: Post, region: str, unit: str | None, since: date = LONG_AGO) -> Appointment:
    return Appointment(
        id=uuid5(person_id, f"{post}{region}{since}"),
        person_id=person_id,
        post=post.value,
        region_code=region,
        unit_code=unit,
        from_day=since,
    )


def _assignment(person_id: UUID, segment: Segment, duty: Duty, since: date = LONG_AGO) -> Assignment:
    return Assignment(
        id=uuid5(person_id, f"{segment.code}{duty}{since}"),
        person_id=person_id,
        segment_id=segment.id,
        duty=duty.value,
        from_day=since,
    )


def _rivers(session: Session, cast: Cast) -> None:
    whole = length_m(LINE)
    quarter = whole / 4
    rows = [
        ("TUHAI-3715", CITY, Level.CITY, None, 0.0, whole),
        ("TUHAI-371502", COUNTY, Level.COUNTY, "TUHAI-3715", 0.0, whole),
        ("TUHAI-371502001", TOWN, Level.TOWN, "TUHAI-371502", 0.0, quarter * 2),
        ("TUHAI-371502002", NEXT_TOWN, Level.TOWN, "TUHAI-371502", quarter * 2, whole),
        ("TUHAI-371502-001", VILLAGE, Level.VILLAGE, "TUHAI-371502001", 0.0, quarter),
        ("TUHAI-371502-002", NEXT_VILLAGE, Level.VILLAGE, "TUHAI-371502001", quarter, quarter * 2),
        ("TUHAI-371502-003", "371502002001", Level.VILLAGE, "TUHAI-371502002", quarter * 2, whole),
    ]
    for code, region, level, parent, begin, end in rows:
        _segment(session, cast, code, RIVER, region, level, parent, cut(LINE, begin, end), begin)
    _segment(session, cast, "CHIPING-371503", OTHER_RIVER, OTHER_COUNTY, Level.COUNTY, None, FAR_LINE, 0.0)


def _segment(
    session: Session,
    cast: Cast,
    code: str,
    river: str,
    region: str,
    level: Level,
    parent: str | None,
    line: LineString,
    begin_m: float,
) -> None:
    west, south, east, north = line.bounds
    metres = length_m(line)
    segment = Segment(
        id=uuid5(SPACE, code),
        code=code,
        name=f"徒骇河{REGIONS[region]}段",
        river_code=river,
        region_code=region,
        level=int(level),
        parent_id=cast.segments[parent].id if parent else None,
        width_m=30.0,
        length_m=metres,
        from_m=begin_m,
        to_m=begin_m + metres,
        line=line,
        west=west,
        south=south,
        east=east,
        north=north,
        from_day=LONG_AGO,
        version=1,
    )
    session.add(segment)
    cast.segments[code] = segment


def noise(count: int, metres: float, seed: int = 7) -> np.ndarray:
    """Independent position errors in metres, repeatable."""
    return np.random.default_rng(seed).normal(0.0, metres, (count, 2))
