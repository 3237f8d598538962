"""What stands on the banks of a seed city."""

import pytest
from shapely import LineString

from backend.domain.bankside import checkpoints, evenly, notice_boards
from backend.domain.cutting import Segment
from backend.domain.terms import Level
from geo.chainage import locate_m


def segment(code: str, level: Level, parent: str | None, *, from_km: float = 0, to_km: float = 1) -> Segment:
    line = LineString([(116.0, 36.0 + from_km / 110.95), (116.0, 36.0 + to_km / 110.95)])
    return Segment(code, f"{code}段", "R", "3715", level, parent, 30.0, from_km * 1000, to_km * 1000, line, True)


def reach(town: str, villages: int, county: str = "C") -> list[Segment]:
    pieces = [segment(f"{town}-{n}", Level.VILLAGE, town, from_km=n - 1, to_km=n) for n in range(1, villages + 1)]
    return [segment(town, Level.TOWN, county, to_km=villages), *pieces]


def test_a_town_reach_has_a_sluice_at_its_lower_end_and_others_in_turn():
    found = [point.code for point in checkpoints(reach("T", 7))]

    assert found == ["T-2-O1", "T-5-W1", "T-7-S1", "T-4-G1"]


def test_the_kinds_go_on_in_the_next_town_and_a_county_has_one_gauge():
    found = [point.kind for point in checkpoints(reach("T", 3) + reach("U", 3))]

    assert found == ["outfall", "weak_point", "sluice", "gauge", "pump", "culvert", "sluice"]


def test_a_reach_of_one_village_segment_has_a_sluice_and_the_gauge():
    assert [point.code for point in checkpoints(reach("T", 1))] == ["T-1-S1", "T-1-G1"]


def test_a_checkpoint_stands_in_the_middle_of_its_segment_and_says_what_it_is():
    segments = {s.code: s for s in reach("T", 7)}

    for point in checkpoints(segments.values()):
        assert locate_m(segments[point.segment].line, [point.place.coords[0]])[0] == pytest.approx(500, abs=1)
    assert next(checkpoints(segments.values())).name == "T-2排污口"


def test_every_town_and_village_reach_has_a_board_at_its_upper_end():
    segments = [segment("C", Level.COUNTY, None), *reach("T", 2)]

    boards = list(notice_boards(segments))

    assert [(board.code, board.segment) for board in boards] == [
        ("T-B1", "T"),
        ("T-1-B1", "T-1"),
        ("T-2-B1", "T-2"),
    ]
    assert [board.place.coords[0] for board in boards] == [s.line.coords[0] for s in segments[1:]]


@pytest.mark.parametrize(("count", "wanted", "places"), [(0, 2, []), (1, 2, [0]), (6, 2, [1, 4]), (2, 2, [0, 1])])
def test_places_are_spread_evenly(count, wanted, places):
    assert evenly(count, wanted) == places
