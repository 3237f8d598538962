"""What is late stands first over a whole list, not only on its page; and nothing is skipped or told twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from backend.api.paging import encode
from backend.models.hazards import Hazard
from tests.api.hazard_cases import Case
from tests.api.station_cases import level, make_station, send
from tests.api.warning_cases import WARNINGS, Night
from tests.cast import NOON

HAZARDS = "/api/v1/hazards?late_first=true&limit=2"
DUE = "/api/v1/hazards?order=due&limit=2"


def walked(phone, path: str) -> list[dict]:
    """Every item of a list, page by page."""
    items = []
    while path:
        page = phone.get(path)
        assert page.status_code == 200, page.json
        items += page.json["items"]
        path = page.json["next"]
    return items


def test_late_hazards_come_before_all_others_on_every_page(phone_of, cast, session, clock):
    cases = [Case(phone_of, cast.wang, kind="flood.piping", description=f"第{number}处") for number in range(7)]
    late = [cases[0].id, cases[2].id, cases[3].id]
    over = clock.now - timedelta(hours=1)
    session.execute(update(Hazard).where(Hazard.id.in_(late)).values(due_at=over))
    feng = phone_of(cast.feng)
    found = [each["id"] for each in walked(feng, HAZARDS)]
    newest = [str(each.id) for each in reversed(cases)]
    late_ids = set(map(str, late))
    assert found == [each for each in newest if each in late_ids] + [each for each in newest if each not in late_ids]
    assert len(walked(feng, f"{HAZARDS}&overdue=true")) == 3
    assert [each["id"] for each in walked(feng, "/api/v1/hazards?limit=3")] == newest


def test_what_becomes_late_meanwhile_is_neither_skipped_nor_told_twice(phone_of, cast, session, clock):
    cases = [Case(phone_of, cast.wang, kind="flood.piping", description=f"第{number}处") for number in range(5)]
    feng = phone_of(cast.feng)
    first = feng.get(HAZARDS).json
    soon = clock.now + timedelta(seconds=5)
    session.execute(update(Hazard).where(Hazard.id == cases[0].id).values(due_at=soon))
    clock.now += timedelta(seconds=10)
    rest = walked(feng, first["next"])
    assert sorted(each["id"] for each in first["items"] + rest) == sorted(str(each.id) for each in cases)


def test_what_is_due_first_stands_first_on_every_page(phone_of, cast, session, clock):
    cases = [Case(phone_of, cast.wang, kind="flood.piping", description=f"第{number}处") for number in range(8)]
    minutes = {0: 29, 1: -60, 2: None, 3: 29, 4: -600, 5: 0, 6: None, 7: 5_000}
    for number, after in minutes.items():
        due = None if after is None else clock.now + timedelta(minutes=after)
        session.execute(update(Hazard).where(Hazard.id == cases[number].id).values(due_at=due))
    feng = phone_of(cast.feng)
    for limit in range(1, 10):
        found = [each["id"] for each in walked(feng, f"/api/v1/hazards?order=due&limit={limit}")]
        assert found == [str(cases[number].id) for number in (4, 1, 5, 3, 0, 7, 6, 2)], limit
    late = walked(feng, f"{DUE}&overdue=true")
    assert [each["id"] for each in late] == [str(cases[4].id), str(cases[1].id)]
    assert walked(feng, f"{DUE}&region=371503") == []
    assert [each["id"] for each in walked(phone_of(cast.wang), DUE)] == found
    assert feng.get("/api/v1/hazards?order=soonest").status_code == 422


def test_a_cursor_that_somebody_made_up_is_refused_or_harmless(phone_of, cast):
    feng = phone_of(cast.feng)
    for keys in ([1], [[1], 2], [["a", 1], 2], [[1, 2**62], 3], [[1, -(2**62)], 3], [[0, 10**15], 2**62]):
        assert feng.get(f"{HAZARDS}&cursor={encode(keys)}").status_code in (200, 422), keys
    for keys in ([1], [[1], 2], [[], 2], [["a"], 2], [[1, 2], 3], [[2**62], 3], [[-(2**62)], 3], [[0, 1], 2], ["a", 1]):
        assert feng.get(f"{DUE}&cursor={encode(keys)}").status_code in (200, 422), keys


def test_a_silent_person_is_late_only_after_the_time_to_answer(night: Night):
    red = night.red()
    night.at(0.5)
    assert {each["late"] for each in night.roll(red).values()} == {False}
    assert {each["late"] for each in night.board(red)["silent"]} == {False}
    night.ack(red, "wang", "acting")
    night.at(5.5)
    roll = night.roll(red)
    assert (roll["wang"]["late"], roll["chen"]["late"]) == (False, True)
    assert {each["late"] for each in night.board(red)["silent"]} == {True}


def test_late_people_come_first_over_the_whole_roll(night: Night):
    red = night.red()
    night.at(0.5)
    night.ack(red, "li", "acting")
    night.at(6)
    items = walked(night.phone_of(night.cast.deng), f"{WARNINGS}/{red}/people?limit=1")
    told = [each["late"] for each in items]
    assert told == sorted(told, reverse=True)
    assert {True, False} == set(told)
    assert len({each["id"] for each in items}) == len(items) == len(night.roll(red))


def test_stations_that_press_come_first_over_the_whole_list(phone_of, cast):
    keeper = phone_of(cast.jin)
    for code in ("AA", "BB", "CC"):
        make_station(keeper, code, name=code)
    send(keeper, make_station(keeper, "ZZ", name="超限站"), level(NOON, 34.2, "ZZ"))
    items = walked(keeper, "/api/v1/flood/stations?pressing_first=true&limit=2")
    assert [each["code"] for each in items] == ["ZZ", "AA", "BB", "CC"]
    assert [each["code"] for each in walked(keeper, "/api/v1/flood/stations?limit=2")] == ["AA", "BB", "CC", "ZZ"]
    assert items[0]["region_name"]
