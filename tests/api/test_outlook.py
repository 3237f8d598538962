"""The outlook over HTTP: how far it is to the next turn of the flood year, and the gravest signal in force."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.formats import cap_out
from tests.api.flood_cases import set_year
from tests.api.signal_cases import SIGNALS, XML, message
from tests.cast import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE
from tests.counting import questions

OUTLOOK = "/api/v1/flood/outlook"


def warn(phone, **changed) -> None:
    answer = phone.post(SIGNALS, data=cap_out.write(message(**changed)), headers=XML)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-03-01", ("none", "season", 92)),
        ("2025-07-02", ("season", "window", 19)),
        ("2025-07-21", ("window", "season", 21)),
        ("2025-08-10", ("window", "season", 1)),
        ("2025-09-30", ("season", "none", 1)),
        ("2025-11-01", ("none", "season", 212)),
    ],
)
def test_the_window_is_counted_down(phone_of, cast, clock, day, told):
    clock.now = datetime.fromisoformat(f"{day}T12:00:00+08:00")
    found = phone_of(cast.wang).get(OUTLOOK).json
    assert (found["phase"], found["turn"], found["days_to_go"]) == told


def test_dates_of_ones_own_region_count(phone_of, cast):
    set_year(phone_of(cast.sun), window_begin="2025-07-04")
    assert phone_of(cast.wang).get(OUTLOOK).json["days_to_go"] == 2
    assert phone_of(cast.wang).get(f"{OUTLOOK}?region={CITY}").json["days_to_go"] == 19


def test_the_gravest_signal_over_around_or_inside_a_region_is_told(phone_of, cast, clock):
    deng = phone_of(cast.deng)
    assert phone_of(cast.wang).get(OUTLOOK).json["signal"] is None
    warn(deng, colour="yellow", number=1)
    warn(deng, colour="orange", number=2)
    clock.now += timedelta(seconds=31)
    for region in (CITY, COUNTY, TOWN, VILLAGE):
        found = phone_of(cast.wang).get(f"{OUTLOOK}?region={region}").json
        assert (found["signal"]["colour"], found["others"]) == ("orange", 1), region
    assert phone_of(cast.wu).get(OUTLOOK).json["signal"] is None
    assert phone_of(cast.wang).get(f"{OUTLOOK}?region={OTHER_COUNTY}").json["signal"] is None
    clock.now += timedelta(days=3)
    assert phone_of(cast.wang).get(OUTLOOK).json["signal"] is None


def test_it_is_looked_at_once_for_everybody_and_again_after_half_a_minute(phone_of, cast, clock):
    wang, wu = phone_of(cast.wang), phone_of(cast.wu)
    wang.get(OUTLOOK)
    with questions() as asked:
        wu.get(OUTLOOK)
    assert [each for each in asked if "signal" in each or "flood_season" in each] == []
    warn(phone_of(cast.deng), colour="red")
    assert wang.get(OUTLOOK).json["signal"] is None
    clock.now += timedelta(seconds=30)
    assert wang.get(OUTLOOK).json["signal"]["colour"] == "red"
    assert wang.get(f"{OUTLOOK}?within_s=0").status_code == 422


def test_whoever_is_content_with_an_older_answer_gets_it(phone_of, cast, clock):
    wang = phone_of(cast.wang)
    first = wang.get(OUTLOOK).json["at"]
    clock.now += timedelta(minutes=5)
    assert wang.get(f"{OUTLOOK}?within_s=600").json["at"] == first
    assert wang.get(OUTLOOK).json["at"] != first
