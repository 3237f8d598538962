"""Rivers of source files as clean lines: joining parts, codes, what is refused."""

import pytest
from shapely import GeometryCollection, LineString, MultiLineString, Point

from backend.domain.courses import CannotCut, course_of, river_code
from geo.measure import length_m

A_METRE_NORTH = 1 / 110_950


def north(*metres: float) -> LineString:
    """A line due north over these metres from one place on the plain."""
    return LineString([(116.0, 36.0 + at * A_METRE_NORTH) for at in metres])


def test_parts_are_strung_end_to_end_whatever_their_order_and_direction():
    shape = MultiLineString([north(2000, 3000), north(2000, 1000), north(0, 1000), north(3000, 4000)])

    course = course_of("TUHAI", "徒骇河", 80.0, shape)

    assert [start_m for start_m, _ in course.runs] == [0.0]
    assert course.length_m == pytest.approx(4000, abs=2)
    assert course.runs[0][1].coords[0] == north(0, 1).coords[0], "the first part says which way the river flows"


def test_a_bad_join_is_bridged():
    course = course_of("TUHAI", "徒骇河", 80.0, MultiLineString([north(0, 1000), north(1200, 2000)]))

    assert len(course.runs) == 1
    assert course.length_m == pytest.approx(2000, abs=2)


def test_the_nearest_end_is_joined_first():
    shape = MultiLineString([north(0, 1000), north(1200, 2000), north(1050, 1180)])

    assert length_m(course_of("TUHAI", "徒骇河", 80.0, shape).runs[0][1]) == pytest.approx(2000, abs=2)


def test_a_real_gap_makes_a_second_run_whose_chainage_goes_on():
    course = course_of("TUHAI", "徒骇河", 80.0, MultiLineString([north(0, 1000), north(1400, 3400)]))

    assert [start_m for start_m, _ in course.runs] == [0.0, pytest.approx(1000, abs=1)]
    assert course.length_m == pytest.approx(3000, abs=2)


def test_small_rings_points_and_specks_are_no_river():
    ring = LineString([(116.0, 36.0), (116.001, 36.0), (116.001, 36.001), (116.0, 36.0)])
    speck = LineString([(116.0, 36.0), (116.0, 36.000001)])
    shape = GeometryCollection([ring, Point(116, 36), speck, LineString(), north(0, 1000)])

    course = course_of("TUHAI", "徒骇河", 80.0, shape)

    assert course.length_m == pytest.approx(1000, abs=1)
    with pytest.raises(CannotCut) as refused:
        course_of("TUHAI", "徒骇河", 80.0, GeometryCollection([ring, speck]))
    assert refused.value.text.key == "problem.cannot_cut.no_line"


def test_a_lake_shore_is_a_closed_line_and_stays():
    shore = LineString([(116.0, 36.0), (116.02, 36.0), (116.02, 36.02), (116.0, 36.0)])

    assert course_of("DONGCHANGHU", "东昌湖", 1.0, shore).length_m > 4000


def test_heights_are_dropped():
    course = course_of("TUHAI", "徒骇河", 80.0, LineString([(116, 36, 31.0), (116, 36.1, 30.0)]))

    assert not course.runs[0][1].has_z


@pytest.mark.parametrize(
    ("name_en", "given", "code"),
    [
        ("Tuhai He", None, "TUHAI"),
        ("Huang He (Yellow River)", None, "HUANG"),
        ("Weishan No.3 Main Canal", None, "WEISHAN3"),
        ("Xin Jinxian He", None, "XINJINXIAN"),
        ("Xiao Yunhe", "xiaoyun", "XIAOYUN"),
        ("Xiao Yunhe", "He", "HE"),
    ],
)
def test_a_river_has_a_readable_code(name_en, given, code):
    assert river_code("河", name_en, given) == code


@pytest.mark.parametrize("name_en", [None, "", "He", "徒骇河"])
def test_a_river_without_anything_readable_is_refused_by_name(name_en):
    with pytest.raises(CannotCut) as refused:
        river_code("徒骇河", name_en, None)
    assert refused.value.text.values == {"river": "徒骇河"}
