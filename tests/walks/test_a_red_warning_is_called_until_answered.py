"""A red warning at two in the morning: who answers is let be, who does not is climbed over, and somebody knocks."""

from __future__ import annotations


def test_village_chief_substitute_and_town_chief_are_silent(night, cast, session):
    # Chen presses 2, Qian and Zhao press nothing: they are superiors, not on the roll of this town.
    night.keys = {cast.chen: "2"}
    warning = night.red()
    night.tick()
    total = night.board(warning)["total"]
    assert (total["people"], total["called"]) == (3, 3)

    night.at(5)
    assert night.roll(warning)["chen"]["state"] == "acting"
    assert night.roll(warning)["wang"]["state"] == "open"
    calls = [step for step in night.steps(warning, "wang") if step[0] == "call"]
    assert len(calls) == 3
    assert [minutes for _, _, minutes in calls] == [0, 1.67, 3.33]

    # Li is the superior on that river and the town chief, too; he sleeps, and so the county hears, then the city.
    night.at(31)
    told = [step[:2] for step in night.steps(warning, "wang") if step[0] != "call"]
    assert ("superior", "li") in told
    assert ("town", "li") in told
    assert ("door", "chen") in told
    assert ("county_duty", "sun") in told
    assert ("city_duty", "deng") in told
    assert night.roll(warning)["wang"]["state"] == "unreached"
    assert night.board(warning)["closed_at"]
