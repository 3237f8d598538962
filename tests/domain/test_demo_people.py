"""Who a seed city's people are: shares of rivers, substitutes, units, and the demo accounts."""

from dataclasses import replace

import pytest
from shapely import LineString

from backend.domain.courses import CannotCut
from backend.domain.cutting import Segment
from backend.domain.demo_accounts import demo_accounts
from backend.domain.demo_people import Appointed, name_of, people_of, with_substitutes
from backend.domain.demo_units import units
from backend.domain.divisions import Divisions
from backend.domain.terms import Level, Post

DIVISIONS = Divisions.of(
    [
        ("371500", "聊城市"),
        ("371502", "东昌府区"),
        ("371502001", "古楼街道"),
        ("371502100", "侯营镇"),
        ("371503", "茌平区"),
        ("371503001", "香江光彩大市场服务中心"),
        ("371521", "阳谷县"),
        ("371521001", "大布乡"),
    ]
)
UNITS = list(units(DIVISIONS))


def segment(river: str, region: str, level: Level, parent: str | None, code: str | None = None) -> Segment:
    line = LineString([(116.0, 36.0), (116.0, 36.01)])
    code = code or f"{river}-{region}"
    return Segment(code, f"{code}段", river, region, level, parent, 30.0, 0.0, 1109.0, line, True)


def tree(river: str, *towns: str, villages_each: int = 4) -> list[Segment]:
    """A river through these towns of one county."""
    county = towns[0][:6]
    found = [
        segment(river, "3715", Level.CITY, None),
        segment(river, county, Level.COUNTY, f"{river}-3715"),
    ]
    for place, town in enumerate(towns):
        found.append(segment(river, town, Level.TOWN, f"{river}-{county}"))
        for nth in range(1, villages_each + 1):
            number = place * villages_each + nth
            code = f"{river}-{county}-{number:03d}"
            found.append(segment(river, f"{town}{nth:03d}", Level.VILLAGE, f"{river}-{town}", code))
    return found


TUHAI = tree("TUHAI", "371502001", "371502100")
ELSEWHERE = tree("MAJIA", "371503001")


def holding(people, post):
    return [person for person in people if person.post is post]


def test_a_county_chief_has_three_rivers_and_a_city_chief_five():
    rivers = [segment for number in range(7) for segment in tree(f"R{number}", "371502001")]

    people = people_of(rivers, UNITS)

    assert [len(person.segments) for person in holding(people, Post.COUNTY_CHIEF)] == [3, 3, 1]
    assert [len(person.segments) for person in holding(people, Post.CITY_CHIEF)] == [5, 2]


def test_a_village_chief_has_all_pieces_of_the_village_and_a_warden_three_in_a_row():
    people = people_of(TUHAI + tree("MAJIA", "371502001"), UNITS)

    assert holding(people, Post.VILLAGE_CHIEF)[0].segments == ("TUHAI-371502-001", "MAJIA-371502-001")
    assert [len(person.segments) for person in holding(people, Post.WARDEN)] == [3, 3, 2, 3, 1]


def test_the_first_of_four_neighbours_has_the_next_as_substitute_and_the_last_the_first():
    group = [Appointed(f"{n}", f"1234000000{n}", Post.VILLAGE_CHIEF, f"37150200100{n}") for n in range(1, 6)]

    substitutes = [person.substitute_phone[-1:] for person in with_substitutes(group)]

    assert substitutes == ["2", "", "", "", "1"]


def test_somebody_without_neighbours_and_a_warden_have_no_substitute():
    alone = Appointed("一", "12340000001", Post.VILLAGE_CHIEF, "371502001001")
    wardens = [replace(alone, phone=f"1235000000{n}", post=Post.WARDEN) for n in (1, 2)]

    assert not any(person.substitute_phone for person in with_substitutes([alone, *wardens]))


def test_names_do_not_repeat_for_a_long_time():
    assert name_of(0) == "演示·王河生"
    assert len({name_of(nth) for nth in range(4320)}) == 4320


def test_units_have_the_names_such_offices_have():
    names = {unit.code: unit.name for unit in UNITS}

    assert names["police-371502"] == "聊城市公安局东昌府分局"
    assert names["police-371521"] == "阳谷县公安局"
    assert names["ecology-371521"] == "聊城市生态环境局阳谷县分局"
    assert names["water_bureau-3715"] == "聊城市水利局"
    assert names["town-371502001"] == "东昌府区古楼街道办事处"
    assert names["town-371502100"] == "东昌府区侯营镇人民政府"
    assert names["town-371521001"] == "阳谷县大布乡人民政府"
    assert names["town-371503001"] == "茌平区香江光彩大市场服务中心"


def test_the_longest_reach_of_the_first_county_is_the_example_when_none_is_named():
    longer = [replace(s, to_m=9000.0) if s.code == "WEIHE-371502" else s for s in tree("WEIHE", *TOWNS)]
    segments = [*TUHAI, *longer, *ELSEWHERE]

    accounts = demo_accounts(people_of(segments, UNITS), segments)

    assert accounts[0].segment == "WEIHE-371502-007"
    assert accounts[0].password == "hezhang-demo-village-chief-1"
    assert accounts[-1].region == "371503"


TOWNS = ("371502001", "371502100")


def test_the_named_reach_is_the_example():
    segments = [*tree("WEIHE", *TOWNS), *TUHAI, *ELSEWHERE]

    accounts = demo_accounts(people_of(segments, UNITS), segments, "TUHAI-371502")

    assert [account.segment for account in accounts[:4]] == [
        "TUHAI-371502-007",
        "TUHAI-371502-005",
        "TUHAI-371502-001",
        "TUHAI-371502-007",
    ]


@pytest.mark.parametrize(
    ("segments", "reach", "key"),
    [
        (TUHAI, "TUHAI-371599", "unknown_reach"),
        ([], None, "unknown_reach"),
        (tree("TUHAI", "371502001", villages_each=9), None, "one_town_only"),
        (TUHAI, None, "one_county_only"),
    ],
)
def test_a_city_too_small_for_the_demonstration_is_refused(segments, reach, key):
    with pytest.raises(CannotCut) as refused:
        demo_accounts(people_of(segments, UNITS), segments, reach)
    assert refused.value.text.key == f"problem.cannot_cut.{key}"
