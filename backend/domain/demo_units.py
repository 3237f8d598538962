"""The departments and town governments of a seed city: real kinds of office, for demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backend.domain.divisions import Divisions
from backend.domain.regions import LENGTHS, level_of
from backend.domain.terms import Level


@dataclass(frozen=True)
class Unit:
    """A responsible unit (责任单位); `handles` are kinds of hazard, none for a mere coordinator."""

    code: str
    name: str
    region: str
    kind: str
    handles: tuple[str, ...]


@dataclass(frozen=True)
class Department:
    """A kind of unit that every city and county has; `{city}` and `{place}` stand for the two names."""

    kind: str
    of_city: str
    of_county: str
    handles: tuple[str, ...] = ()


DEPARTMENTS = (
    Department("river_chief_office", "{place}河长制办公室", "{place}河长制办公室"),
    Department("flood_headquarters", "{place}防汛抗旱指挥部办公室", "{place}防汛抗旱指挥部办公室"),
    Department(
        "water_bureau",
        "{place}水利局",
        "{place}水利局",
        (
            "four_illegal.occupy",
            "four_illegal.mine",
            "flood.levee_defect",
            "flood.seepage",
            "flood.piping",
            "flood.scour",
            "flood.slide",
            "flood.overtopping",
            "flood.sluice_fault",
            "flood.pump_fault",
        ),
    ),
    Department("housing", "{place}住房和城乡建设局", "{place}住房和城乡建设局", ("flood.blocked_drain",)),
    Department("agriculture", "{place}农业农村局", "{place}农业农村局", ("water.pollution",)),
    Department("ecology", "{place}生态环境局", "{city}生态环境局{place}分局", ("water.pollution",)),
    Department("natural_resources", "{place}自然资源和规划局", "{place}自然资源和规划局", ("four_illegal.build",)),
    Department(
        "urban_management",
        "{place}综合行政执法局",
        "{place}综合行政执法局",
        ("four_illegal.dump", "four_illegal.build"),
    ),
    Department("transport", "{place}交通运输局", "{place}交通运输局", ("flood.obstruction",)),
    Department("emergency", "{place}应急管理局", "{place}应急管理局", ("flood.wind",)),
    Department("police", "{place}公安局", "{place}公安局", ("four_illegal.mine",)),
    Department("procuratorate", "{place}人民检察院", "{place}人民检察院"),
)

TOWN_HANDLES = ("four_illegal.occupy", "four_illegal.dump", "flood.obstruction", "flood.wind", "water.drift")


def units(divisions: Divisions) -> Iterator[Unit]:
    """Every department of every city and county, then the government of every town."""
    for region in divisions.at(Level.CITY) + divisions.at(Level.COUNTY):
        for department in DEPARTMENTS:
            name = department_name(department, region, divisions)
            yield Unit(f"{department.kind}-{region}", name, region, department.kind, department.handles)
    for region in divisions.at(Level.TOWN):
        yield Unit(f"town-{region}", town_government(region, divisions), region, "town", TOWN_HANDLES)


def department_name(department: Department, region: str, divisions: Divisions) -> str:
    """The full name; a district's police is a branch of the city's (聊城市公安局东昌府分局)."""
    city, place = divisions.name(region[: LENGTHS[Level.CITY]]), divisions.name(region)
    if level_of(region) is Level.CITY:
        return department.of_city.format(city=city, place=place)
    if department.kind == "police" and place.endswith("区"):
        return f"{city}公安局{place.removesuffix('区')}分局"
    return department.of_county.format(city=city, place=place)


def town_government(region: str, divisions: Divisions) -> str:
    """阎楼镇 has a 人民政府, 柳园街道 a 办事处, and anything else is an office under its own name."""
    name = divisions.name(region[: LENGTHS[Level.COUNTY]]) + divisions.name(region)
    if name.endswith(("镇", "乡")):
        return f"{name}人民政府"
    return f"{name}办事处" if name.endswith("街道") else name
