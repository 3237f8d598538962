"""The tables of a seed city: rivers, units, people and demo accounts as rows of csv files."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.domain.courses import Course
from backend.domain.cutting import Segment
from backend.domain.demo_accounts import DemoAccount
from backend.domain.demo_people import Appointed
from backend.domain.demo_units import Unit
from backend.domain.terms import Level, Post
from backend.formats.city_shapes import class_of, tenths

Row = dict[str, Any]

POST_NAMES = {
    Post.ADMINISTRATOR: "管理员",
    Post.CITY_CHIEF: "市级河长",
    Post.COUNTY_CHIEF: "县级河长",
    Post.TOWN_CHIEF: "镇级河长",
    Post.VILLAGE_CHIEF: "村级河长",
    Post.WARDEN: "河管员",
    Post.OFFICE_CLERK: "河长办",
    Post.BUREAU_CLERK: "水利局",
    Post.DUTY_OFFICER: "值班员",
    Post.UNIT_LIAISON: "责任单位联络员",
    Post.POLICE_CHIEF: "河道警长",
    Post.PROSECUTOR: "检察长",
}
"""What the people sheet calls each post."""

IN_OFFICE_SINCE = "2024-01-01"
"""From when the fictional people hold their posts."""


def river_rows(
    courses: Sequence[Course], sources: Sequence[Mapping[str, Any]], segments: Iterable[Segment]
) -> list[Row]:
    """One row for every river that enters the city, with its length and how much of it lies inside."""
    inside_m: dict[str, float] = defaultdict(float)
    for segment in segments:
        if segment.level is Level.CITY:
            inside_m[segment.river] += segment.length_m
    return [
        {
            "code": course.code,
            "name": course.name,
            "name_en": source.get("name_en", ""),
            "kind": source.get("role", "river"),
            "class": class_of(source),
            "width_m": tenths(course.width_m),
            "length_m": tenths(course.length_m),
            "length_in_city_m": tenths(inside_m[course.code]),
            "quality": source.get("quality", ""),
            "accuracy_m": source.get("accuracy_m", ""),
            "source": source.get("source", ""),
            "licence": source.get("license", ""),
            "note": source.get("note", ""),
        }
        for course, source in zip(courses, sources, strict=True)
        if course.code in inside_m
    ]


def person_row(person: Appointed) -> Row:
    """A row of the people sheet, in the format that the import of people reads."""
    return {
        "姓名": person.name,
        "手机号": person.phone,
        "职务": POST_NAMES[person.post],
        "区划代码": person.region,
        "单位": person.unit,
        "责任河段": "、".join(person.segments),
        "任职起": IN_OFFICE_SINCE,
        "任职止": "",
        "代理人手机号": person.substitute_phone,
    }


def unit_row(unit: Unit) -> Row:
    """A responsible unit with the kinds of hazard it handles."""
    return {
        "code": unit.code,
        "name": unit.name,
        "region": unit.region,
        "kind": unit.kind,
        "handles": ";".join(unit.handles),
    }


def account_row(account: DemoAccount) -> Row:
    """A demo login."""
    return {
        "phone": account.phone,
        "password": account.password,
        "name": account.name,
        "post": account.post.value,
        "region": account.region,
        "segment": account.segment,
    }


def table(rows: Sequence[Row]) -> str:
    """The rows as csv with a heading and plain line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
