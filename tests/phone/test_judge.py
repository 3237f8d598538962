"""The phone forecasts by the same rules as the server judges: the shared table, and dice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.domain.reasons import Reason
from geo.measure import Plane, distances_m
from tests.geo.scenes import MORNING_MS
from tests.vectors.scenes import LINES, REACHES, RULES
from tests.vectors.strolls import Row, Stroll
from tests.vectors.table import judged, reach_of, read

EXAMPLES = max(30, settings().max_examples // 10)
"""30, and more where torture asks for more."""
VECTORS = read()
_HOUR_MS = 3_600_000


def as_written(forecast: dict[str, Any]) -> dict[str, Any]:
    """A forecast in whole metres and seconds, as the table has it."""
    return {
        "outcome": forecast["outcome"],
        "reasons": forecast["reasons"],
        "length_m": round(forecast["length_m"]),
        "near_s": round(forecast["near_s"]),
        "covered": [[round(begin), round(end)] for begin, end in forecast["covered"]],
        "nearest_m": None if forecast["nearest_m"] is None else round(forecast["nearest_m"]),
    }


@pytest.mark.parametrize(("name", "asked", "expected"), VECTORS, ids=[name for name, _, _ in VECTORS])
def test_the_phone_decides_as_the_table_says(judge, name, asked, expected):
    assert as_written(judge.ask("forecast", asked=asked)) == expected


@pytest.mark.parametrize(("name", "asked", "expected"), VECTORS, ids=[name for name, _, _ in VECTORS])
def test_what_is_told_while_walking_is_what_is_told_at_the_end(judge, name, asked, expected):
    live, whole = judge.ask("live", asked=asked, batch=1), judge.ask("forecast", asked=asked)
    assert live["covered"] == [pytest.approx(each, abs=1.0) for each in whole["covered"]]
    for figure in ("length_m", "near_s", "nearest_m", "needed_m", "needed_minutes"):
        assert live[figure] == (None if whole[figure] is None else pytest.approx(whole[figure], abs=1.0))


def test_two_hours_of_walking_are_reckoned_once_and_a_false_position_only_once_more(judge):
    asked = {name: asked for name, asked, _ in VECTORS}
    hours = asked["a walk of two hours, every second"]
    assert len(hours["fixes"]) == 7201
    assert judge.ask("live", asked=hours, batch=1)["remade"] == 0
    assert judge.ask("live", asked=asked["twenty false positions"], batch=1)["remade"] == 0
    assert judge.ask("live", asked=asked["false at the beginning"], batch=1)["remade"] == 1


def test_places_that_cannot_be_are_refused(judge):
    asked = dict(VECTORS[0][1])
    for row in ([181, 36.5, MORNING_MS, 8], [116, None, -1, 8]):
        with pytest.raises(AssertionError, match="RangeError"):
            judge.ask("forecast", asked=asked | {"fixes": [row]})


def test_the_day_of_a_walk_is_that_of_the_business_zone(judge):
    """A walk in the morning in China is one of the day before in London."""
    asked = next(asked for name, asked, _ in VECTORS if name == "a reach that is no more since that day")
    reasons = judge.ask("forecast", asked=asked | {"zone": "Europe/London"})["reasons"]
    assert reasons == []


def test_metres_are_those_of_the_server(judge):
    dice = np.random.default_rng(4)
    places = np.column_stack([dice.uniform(114.0, 118.0, 300), dice.uniform(34.0, 39.0, 300)])
    xy = judge.ask("metres", around=[116.0, 36.5], places=places.tolist())
    assert np.allclose(xy, Plane(116.0, 36.5).metres(places), rtol=0.0, atol=1e-6)
    assert judge.ask("metres", around=[116.0, 36.5], places=[[26.0, 0.0]]) == [[1e7, 1e7]]
    others = places + dice.normal(0.0, [[0.00001], [0.01], [1.0]] * 100, places.shape)
    found = judge.ask("distances", pairs=np.stack([places, others], axis=1).tolist())
    assert np.allclose(found, distances_m(places, others), rtol=0.0, atol=1e-3)
    odd = [[[0, 89], [0, 89]], [[-179.999, 36], [179.999, 36]], [[0, 0], [90, 0]], [[10, 81], [10.001, 81]]]
    assert judge.ask("distances", pairs=odd) == pytest.approx(distances_m(*np.array(odd).swapaxes(0, 1)), abs=1e-3)


@pytest.mark.parametrize("reach", sorted(REACHES))
def test_places_about_a_river_are_seen_as_the_server_sees_them(judge, reach):
    """On ways off from its bends, for the phone looks at few legs of the river while one stays about a place."""
    prepared, turns = reach_of(REACHES[reach]), np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    spokes = np.column_stack([np.cos(turns), np.sin(turns)])[:, None] * np.arange(0.0, 320.0, 9.0)[:, None]
    ways = prepared.ruler.xy[::7, None, None] + spokes
    places = prepared.ruler.plane.degrees(ways.reshape(-1, 2))
    sight = prepared.sight(places)
    seen = np.array(judge.ask("sights", reach=REACHES[reach], places=places.tolist()))
    assert np.allclose(seen[:, 1], sight.edge_m, rtol=0.0, atol=1e-5)
    assert (np.abs(seen[:, 0] - sight.chainage_m) < 1e-4).mean() > 0.99  # two places may be as near


@st.composite
def strolls(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """A walk that somebody might really make, on any reach of the table."""
    reach = draw(st.sampled_from(sorted(REACHES)))
    stroll = Stroll(LINES[reach], draw(st.integers(0, 1500)), draw(st.sampled_from([-150, -20, 15, 50, 70, 400])))
    stroll.dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    steps = st.sampled_from(["go", "go", "go", "aside", "rest", "lose", "see", "stray"])
    for step in draw(st.lists(steps, min_size=1, max_size=6)):
        every_s = draw(st.sampled_from([1.0, 4.0, 15.0]))
        if step == "go":
            stroll.go(draw(st.integers(0, 1900)), mps=draw(st.sampled_from([0.7, 1.3, 3.0, 9.0])), every_s=every_s)
        elif step == "aside":
            stroll.aside(draw(st.integers(-200, 600)), every_s=every_s)
        elif step == "rest":
            stroll.rest(draw(st.integers(1, 30)), every_s=every_s * 4)
        elif step == "lose":
            stroll.lose(draw(st.integers(10, 900)), to_m=draw(st.integers(0, 1900)))
        elif step == "see":
            stroll.see(draw(st.sampled_from([3, 8, 25, 30, 45, 100, None])))
        else:
            stroll.stray(draw(st.integers(1, 15)), draw(st.sampled_from([130.0, 900.0, 20_000.0])))
    return reach, stroll.rows


@st.composite
def nonsense(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """What a broken phone might hand in: positions that leap, times that turn back, accuracies of every kind."""
    reach = draw(st.sampled_from(sorted(REACHES)))
    lon, lat = REACHES[reach]["geometry"]["coordinates"][0]
    leaps = st.sampled_from([0, 0, 60, 60, 100, 300, -200, 1500, -1500, 30_000])
    steps = st.sampled_from([5_000, 5_000, 5_000, 1_000, 0, -7_000, 60_000, 121_000, 4_000_000])
    accuracies = st.sampled_from([8, 8, 8, None, 0, -1, 0.2, 30, 31, 100, 101, 70_000])
    rows, at_ms = [], MORNING_MS
    for east, north, step, accuracy in draw(st.lists(st.tuples(leaps, leaps, steps, accuracies), max_size=60)):
        lon, lat, at_ms = lon + east * 1e-6, lat + north * 5e-7, at_ms + step
        rows.append([lon, lat, at_ms, accuracy])
    return reach, rows


@settings(max_examples=EXAMPLES)
@given(
    walk=st.one_of(strolls(), nonsense()),
    rule=st.sampled_from(sorted(RULES)),
    level=st.sampled_from(["village", "town", "county", "city"]),
    stands=st.booleans(),
    batch=st.integers(1, 40),
)
def test_phone_and_server_agree_on_walks_of_dice(judge, walk, rule, level, stands, batch):
    reach, rows = walk
    times = [row[2] for row in rows] or [MORNING_MS]
    asked = {"fixes": rows, "reach": REACHES[reach], "rule": RULES[rule], "level": level, "isAssigned": stands}
    asked |= {"startedAt": min(times), "endedAt": max(times), "now": max(times) + _HOUR_MS}
    verdict = judged(asked)
    assume(all(each.reason is not Reason.DATUM_MISMATCH for each in verdict.reasons))

    found = judge.ask("forecast", asked=asked)

    reasons = [(each.reason.value, each.outcome.value, each.values) for each in verdict.reasons]
    assert (found["outcome"], [told(each) for each in found["reasons"]]) == (verdict.outcome.value, reasons)
    length_m = verdict.walk.length_m
    assert found["length_m"] == pytest.approx(length_m, abs=max(1.0, 0.005 * length_m))
    assert found["near_s"] == pytest.approx(verdict.walk.near_s, abs=1e-3)
    nearest_m = verdict.walk.nearest_m
    assert found["nearest_m"] == (None if nearest_m is None else pytest.approx(nearest_m, abs=0.01))
    live = judge.ask("live", asked=asked, batch=batch)
    assert live["covered"] == [pytest.approx(each, abs=1.0) for each in found["covered"]]
    assert live["near_s"] == found["near_s"]


def told(reason: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """A reason of the phone, its values apart."""
    values = {name: value for name, value in reason.items() if name not in ("code", "outcome")}
    return reason["code"], reason["outcome"], values
