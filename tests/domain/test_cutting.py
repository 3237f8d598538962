"""Rivers cut into a tree of reaches and village segments: the rules on small rivers."""

import pytest
from shapely import LineString, box

from backend.domain.courses import CannotCut, Course, course_of
from backend.domain.cutting import chinese_number, cut_rivers
from backend.domain.divisions import Divisions
from backend.domain.regions import BadRegionCode
from backend.domain.terms import Level
from backend.domain.town_cells import TownCells
from geo.measure import length_m

REGIONS = [
    ("371500", "聊城市"),
    ("371502", "东昌府区"),
    ("371502001", "古楼街道"),
    ("371502001001", "古城社区居委会"),
    ("371502001002", "榆林村委会"),
    ("371502002", "柳园街道"),
    ("371502002001", "新四合村村民委员会"),
    ("371502002002", "凤凰新村"),
    ("371502002003", "光岳社区居民委员会"),
    ("371503", "茌平区"),
    ("371503001", "振兴街道"),
    ("371503001001", "东街村委会"),
]
DIVISIONS = Divisions.of(REGIONS)


def place(east_km: float, north_km: float) -> tuple[float, float]:
    return 116.0 + east_km / 90.1, 36.0 + north_km / 110.95


def river(*places: tuple[float, float], code: str = "TUHAI") -> Course:
    return course_of(code, "徒骇河", 80.0, LineString([place(*at) for at in places]))


CELLS = TownCells(
    [
        ("371502001", box(*place(0, 0), *place(3, 5)), True),
        ("371502002", box(*place(3, 0), *place(6, 5)), False),
        ("371503001", box(*place(6, 0), *place(9, 5)), False),
    ]
)


def codes(segments, level):
    return [segment.code for segment in segments if segment.level is level]


def test_a_river_becomes_a_tree_with_readable_codes():
    segments = cut_rivers([river((-1, 2), (10, 2))], CELLS, DIVISIONS)

    assert codes(segments, Level.CITY) == ["TUHAI-3715"]
    assert codes(segments, Level.COUNTY) == ["TUHAI-371502", "TUHAI-371503"]
    assert codes(segments, Level.TOWN) == ["TUHAI-371502001", "TUHAI-371502002", "TUHAI-371503001"]
    assert codes(segments, Level.VILLAGE) == [f"TUHAI-371502-{n:03d}" for n in range(1, 7)] + [
        f"TUHAI-371503-{n:03d}" for n in range(1, 4)
    ]
    assert [segment.parent for segment in segments if segment.code.endswith("-371502-004")] == ["TUHAI-371502002"]


def test_chainage_is_that_of_the_whole_river_and_lines_have_their_length():
    segments = cut_rivers([river((-1, 2), (10, 2))], CELLS, DIVISIONS)

    assert segments[0].from_m == pytest.approx(1000, abs=15)
    for segment in segments:
        assert length_m(segment.line) == pytest.approx(segment.length_m, rel=1e-6)


def test_a_second_run_of_a_river_is_cut_by_its_own_line():
    first, second = river((0.2, 1), (2.8, 1)).runs[0][1], river((5.8, 4), (3.2, 4)).runs[0][1]
    course = Course("TUHAI", "徒骇河", 80.0, ((0.0, first), (length_m(first), second)))

    segments = cut_rivers([course], CELLS, DIVISIONS)

    last = segments[-1]
    assert codes(segments, Level.CITY) == ["TUHAI-3715", "TUHAI-3715-2"]
    assert last.parent == "TUHAI-371502002"
    assert last.to_m == pytest.approx(course.length_m)
    assert last.line.coords[-1] == pytest.approx(place(3.2, 4))


def test_a_town_entered_again_is_a_reach_of_its_own():
    segments = cut_rivers([river((2, 1), (4, 1), (4, 4), (2, 4))], CELLS, DIVISIONS)

    towns = [segment for segment in segments if segment.level is Level.TOWN]
    assert [town.code for town in towns] == ["TUHAI-371502001", "TUHAI-371502002", "TUHAI-371502001-2"]
    assert [town.name for town in towns] == [
        "徒骇河古楼街道段",
        "徒骇河柳园街道段",
        "徒骇河古楼街道段（之二）",
    ]
    assert codes(segments, Level.COUNTY) == ["TUHAI-371502"]


def test_pieces_take_the_villages_of_their_town_in_order_and_share_them_when_there_are_too_few():
    segments = cut_rivers([river((0, 2), (9, 2))], CELLS, DIVISIONS)

    villages = [segment for segment in segments if segment.level is Level.VILLAGE]
    assert [village.region[-6:] for village in villages] == [
        *("001001", "001001", "001002"),
        *("002001", "002002", "002003"),
        *("001001", "001001", "001001"),
    ]
    assert [village.name for village in villages[:4]] == [
        "徒骇河古楼街道古城社区一段",
        "徒骇河古楼街道古城社区二段",
        "徒骇河古楼街道榆林村段",
        "徒骇河柳园街道新四合村段",
    ]


def test_two_rivers_share_the_villages_of_a_town():
    segments = cut_rivers([river((3.1, 1), (5.9, 1)), river((3.1, 3), (5.9, 3), code="MAJIA")], CELLS, DIVISIONS)

    villages = [segment.region[-3:] for segment in segments if segment.level is Level.VILLAGE]
    assert villages == ["001", "001", "002", "002", "003", "003"]


def test_what_is_invented_is_marked():
    segments = cut_rivers([river((0, 2), (9, 2))], CELLS, DIVISIONS)

    marked = {segment.code for segment in segments if segment.synthetic and segment.level is not Level.VILLAGE}
    assert marked == {"TUHAI-371502001"}, "only this town's area was invented"
    assert all(segment.synthetic for segment in segments if segment.level is Level.VILLAGE)


def test_a_river_elsewhere_has_no_segments():
    segments = cut_rivers([river((0, 20), (9, 20)), river((0, 2), (9, 2), code="MAJIA")], CELLS, DIVISIONS)

    assert {segment.river for segment in segments} == {"MAJIA"}


def test_a_city_that_no_river_enters_is_refused():
    with pytest.raises(CannotCut) as refused:
        cut_rivers([river((0, 20), (9, 20))], CELLS, DIVISIONS)
    assert refused.value.text.key == "problem.cannot_cut.nothing_inside"


def test_two_rivers_under_one_code_are_refused():
    with pytest.raises(CannotCut) as refused:
        cut_rivers([river((0, 2), (9, 2)), river((0, 3), (9, 3))], CELLS, DIVISIONS)
    assert refused.value.text.key == "problem.cannot_cut.code_twice"


def test_a_town_that_the_list_of_regions_does_not_know_is_refused():
    with pytest.raises(CannotCut) as refused:
        cut_rivers([river((0, 2), (9, 2))], CELLS, Divisions.of(REGIONS[:2]))
    assert refused.value.text.key == "problem.cannot_cut.unknown_region"


def test_a_town_without_villages_is_refused():
    with pytest.raises(CannotCut) as refused:
        cut_rivers([river((0, 2), (9, 2))], CELLS, Divisions.of(REGIONS[:-1]))
    assert refused.value.text.values == {"town": "振兴街道", "code": "371503001"}


def test_a_code_that_is_none_is_refused():
    with pytest.raises(BadRegionCode):
        Divisions.of([("37150x", "聊城市")])


@pytest.mark.parametrize(("number", "figures"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")])
def test_numbers_are_written_in_chinese_figures(number, figures):
    assert chinese_number(number) == figures
