"""Upstream and downstream, with forks, circles and lines that nearly meet."""

from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from geo.network import Network, join_lines

TUHAI = Network.of([("a", "b"), ("b", "c"), ("x", "b"), ("c", "d"), ("a", "b")])
edges = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30)


def line(*metres: tuple[float, float]) -> LineString:
    return LineString([(116.0 + east / 89_600.0, 36.5 + north / 110_960.0) for east, north in metres])


def test_upstream_is_everything_the_water_comes_from_nearest_first():
    assert TUHAI.upstream("d") == ["c", "b", "a", "x"]
    assert TUHAI.upstream("a") == []


def test_downstream_is_everything_the_water_flows_to():
    assert TUHAI.downstream("x") == ["b", "c", "d"]
    assert TUHAI.downstream("d") == []


def test_the_search_can_be_ended_after_some_steps():
    assert TUHAI.upstream("d", within=2) == ["c", "b"]
    assert TUHAI.downstream("a", within=0) == []


def test_steps_down_are_counted_by_the_shortest_way_and_begin_at_the_reach_itself():
    assert TUHAI.steps_down("a") == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert Network.of([(1, 2), (2, 3), (1, 3), (3, 1)]).steps_down(1, within=1) == {1: 0, 2: 1, 3: 1}
    assert TUHAI.steps_down("nowhere") == {"nowhere": 0}


def test_a_reach_nobody_knows_has_no_neighbours():
    assert TUHAI.upstream("nowhere") == []


def test_a_circle_is_walked_once_and_does_not_hold_itself():
    ring = Network.of([(1, 2), (2, 3), (3, 1), (3, 3)])

    assert ring.downstream(1) == [2, 3]
    assert ring.upstream(1) == [3, 2]


def test_a_river_of_a_hundred_thousand_reaches_is_no_deep_recursion():
    chain = Network.of((number, number + 1) for number in range(100_000))

    assert len(chain.downstream(0)) == 100_000


@given(pairs=edges)
def test_who_is_upstream_of_whom_is_downstream_the_other_way_round(pairs):
    network = Network.of(pairs)

    for one in range(9):
        for other in network.upstream(one):
            assert one in network.downstream(other)


def test_lines_are_joined_where_an_end_meets_a_start_or_a_course():
    lines = {
        "upper": line((0, 0), (1000, 0)),
        "lower": line((1015, 5), (2000, 0)),
        "tributary": line((1500, 800), (1500, 12)),
        "stream": line((200, 800), (200, 60)),
    }

    assert join_lines(lines, 20.0) == [("upper", "lower"), ("tributary", "lower")]


def test_lines_that_end_at_one_place_do_not_flow_into_each_other():
    lines = {1: line((0, 0), (1000, 0)), 2: line((0, 900), (1005, 5)), 3: line((1000, 0), (2000, 0))}

    assert join_lines(lines, 20.0) == [(1, 3), (2, 3)]


def test_a_line_that_ends_at_its_own_start_does_not_flow_into_itself():
    assert join_lines({1: line((0, 0), (1000, 0), (1000, 900), (0, 0))}, 20.0) == []
    assert join_lines({}, 20.0) == []
