"""The seed city as it lies in `seed_data/`: a sound tree, a chief for every segment, known logins."""

import csv
import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from shapely import Point

from backend.domain.regions import cut, parent_of
from backend.domain.terms import CHIEFS, WALKERS, Level, Post
from backend.formats.city_shapes import LINES, features, segments_in
from backend.formats.city_tables import POST_NAMES
from geo.measure import distances_m, length_m

SEED = Path(__file__).parents[2] / "seed_data"
POSTS = {name: post for post, name in POST_NAMES.items()}


def rows(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def segments():
    return segments_in((SEED / "segments.geojson").read_bytes())


@pytest.fixture(scope="module")
def people():
    return rows("people.csv")


def duties(people):
    """Post and segment → the phones that answer for it."""
    found = defaultdict(list)
    for person in people:
        for code in filter(None, person["责任河段"].split("、")):
            found[POSTS[person["职务"]], code].append(person["手机号"])
    return found


def test_codes_and_names_are_unique(segments):
    assert max(Counter(segment.code for segment in segments).values()) == 1
    assert max(Counter(segment.name for segment in segments).values()) == 1


def test_every_level_hangs_on_the_one_above_in_its_region(segments):
    by_code = {segment.code: segment for segment in segments}

    for segment in segments:
        if segment.level is Level.CITY:
            assert segment.parent is None
            continue
        parent = by_code[segment.parent]
        assert (parent.level, parent.river) == (segment.level + 1, segment.river)
        assert parent.region == parent_of(segment.region)


def test_children_fill_their_parent_without_gap_or_overlap(segments):
    children = defaultdict(list)
    for segment in segments:
        children[segment.parent].append(segment)

    for segment in segments:
        if segment.level is Level.VILLAGE:
            continue
        inside = children[segment.code]
        assert (inside[0].from_m, inside[-1].to_m) == (segment.from_m, segment.to_m)
        assert all(upper.to_m == lower.from_m for upper, lower in pairwise(inside))
        assert sum(length_m(child.line) for child in inside) == pytest.approx(length_m(segment.line), rel=0.01)


def test_lines_have_the_length_their_chainage_says(segments):
    for segment in segments:
        assert length_m(segment.line) == pytest.approx(segment.length_m, rel=0.01)


def test_village_segments_are_about_a_kilometre_and_numbered_along_the_river_in_the_county(segments):
    numbers = defaultdict(list)
    for segment in segments:
        if segment.level is Level.VILLAGE:
            assert 300 <= segment.length_m <= 1500
            numbers[segment.river, segment.region[:6]].append((segment.from_m, segment.code))

    for (river, county), found in numbers.items():
        expected = [f"{river}-{county}-{number:03d}" for number in range(1, len(found) + 1)]
        assert [code for _, code in sorted(found)] == expected


def test_every_region_is_official(segments, people):
    official = {cut(row["code"]) for row in rows("regions.csv")}

    assert {segment.region for segment in segments} <= official
    assert {person["区划代码"] for person in people} <= official
    assert {unit["region"] for unit in rows("units.csv")} <= official


def test_every_river_of_the_table_has_segments_and_the_other_way_round(segments):
    assert {river["code"] for river in rows("rivers.csv")} == {segment.river for segment in segments}


def test_every_segment_has_one_chief_of_its_level_and_every_village_segment_a_warden(segments, people):
    answering = duties(people)

    for segment in segments:
        post = next(post for post, level in CHIEFS.items() if level is segment.level)
        assert len(answering[post, segment.code]) == 1, segment.code
        wardens = answering[Post.WARDEN, segment.code]
        assert len(wardens) == (1 if segment.level is Level.VILLAGE else 0)


def test_walkers_walk_inside_their_own_region(segments, people):
    region = {segment.code: segment.region for segment in segments}

    for person in people:
        codes = [code for code in person["责任河段"].split("、") if code]
        assert bool(codes) == (POSTS[person["职务"]] in WALKERS)
        assert all(region[code].startswith(person["区划代码"]) for code in codes)


def test_people_are_visibly_fictional_with_numbers_nobody_has(people):
    phones = [person["手机号"] for person in people]

    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("123") and len(phone) == 11 and phone.isdecimal() for phone in phones)
    assert all(person["姓名"].startswith("演示·") for person in people)
    assert len({person["姓名"] for person in people}) == len(people)


def test_a_substitute_is_somebody_else_with_the_same_post(people):
    by_phone = {person["手机号"]: person for person in people}
    substituted = [person for person in people if person["代理人手机号"]]

    assert len(substituted) > 100
    for person in substituted:
        substitute = by_phone[person["代理人手机号"]]
        assert substitute is not person
        assert substitute["职务"] == person["职务"]


def test_units_are_known_by_name_and_staff_belong_to_one(people):
    names = [unit["name"] for unit in rows("units.csv")]

    assert len(set(names)) == len(names)
    for person in people:
        assert (person["单位"] in names) == (POSTS[person["职务"]] not in WALKERS)


def test_demo_accounts_are_people_of_the_sheet_and_every_post_is_there(people):
    accounts = rows("demo_accounts.csv")
    sheet = {person["手机号"]: person for person in people}

    for account in accounts:
        person = sheet[account["phone"]]
        assert (account["name"], account["region"]) == (person["姓名"], person["区划代码"])
        assert POSTS[person["职务"]] == account["post"]
        assert account["segment"] in person["责任河段"].split("、")
        assert len(account["password"]) >= 12
    assert {account["post"] for account in accounts} == set(Post)
    villages = [account["region"] for account in accounts if account["post"] == Post.VILLAGE_CHIEF]
    assert len(set(villages)) == 3
    assert len({village[:9] for village in villages}) == 2
    assert len({a["region"] for a in accounts if a["post"] == Post.TOWN_CHIEF}) == 2
    assert len({a["region"] for a in accounts if a["post"] == Post.COUNTY_CHIEF}) == 2


def test_the_example_of_the_documents_is_there(segments):
    assert "TUHAI-371502-007" in {segment.code for segment in segments}
    assert "TUHAI-371502-007-S1" in {code for code, _, _ in on_the_bank("checkpoints.geojson")}
    assert rows("demo_accounts.csv")[0]["segment"] == "TUHAI-371502-007"


def on_the_bank(name):
    """Code, segment and place of what stands there."""
    found = features((SEED / name).read_bytes(), frozenset({"Point"}))
    return [(properties["code"], properties["segment"], shape) for shape, properties in found]


@pytest.mark.parametrize("name", ["checkpoints.geojson", "notice_boards.geojson"])
def test_what_stands_on_the_bank_stands_on_its_segment(segments, name):
    lines = {segment.code: segment.line for segment in segments}
    found = on_the_bank(name)

    assert len({code for code, _, _ in found}) == len(found)
    for _, segment, place in found:
        nearest = lines[segment].interpolate(lines[segment].project(Point(place)))
        assert distances_m(place.coords, nearest.coords)[0] < 1.0


def test_what_is_invented_says_so():
    for name in ("segments.geojson", "checkpoints.geojson", "notice_boards.geojson"):
        for feature in json.loads((SEED / name).read_text("utf-8"))["features"]:
            invented = feature["properties"].get("level") not in ("city", "county")
            assert feature["properties"]["synthetic"] is invented


def test_every_file_is_named_in_the_sources():
    sources = (SEED / "SOURCES.md").read_text("utf-8")

    for file in SEED.iterdir():
        assert file.name == "SOURCES.md" or f"`{file.name}`" in sources


def test_the_whole_city_stays_small():
    assert sum(file.stat().st_size for file in SEED.iterdir()) < 5_000_000
    assert features((SEED / "rivers.geojson").read_bytes(), LINES)
