"""The policy for hazards over HTTP, and deadlines counted anew when it, the season or the calendar changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.domain.workdays import YearOff
from backend.services import due_dates
from jobs import deadlines
from tests.api.hazard_cases import Case
from tests.cast import NOON

POLICY = "/api/v1/rules/hazards"


@pytest.fixture
def jin(phone_of, cast):
    return phone_of(cast.jin)


def proposed(body: dict, since: datetime = NOON) -> dict:
    return {"body": body, "valid_from": since.isoformat(), "reason": "汛期从严"}


def due(case: Case, person) -> str:
    return case.seen_by(person).json["deadlines"]["due_at"]


def test_it_is_read_by_everybody_and_changed_by_the_administrator_alone(jin, phone_of, cast):
    assert phone_of(cast.wang).get(POLICY).json["version"] == 0
    made = jin.post(POLICY, json=proposed({"periods": {"accept": {"minor": "2wd"}}}))
    assert (made.status_code, made.json["version"]) == (201, 1)
    now = phone_of(cast.wang).get(POLICY)
    assert (now.json["version"], now.json["body"]["periods"]["accept"]["minor"]) == (1, "2wd")
    assert phone_of(cast.wang).get(POLICY, headers={"If-None-Match": now.headers["ETag"]}).status_code == 304
    assert phone_of(cast.li).post(POLICY, json=proposed({})).status_code == 403
    wrong = jin.post(POLICY, json=proposed({"periods": {"accept": {"minor": "soon"}}}))
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/body/periods/accept/minor")


def test_one_that_begins_later_is_not_overtaken(jin):
    assert jin.post(POLICY, json=proposed({"listed": "90d"}, NOON + timedelta(days=9))).status_code == 201
    assert jin.post(POLICY, json=proposed({"listed": "80d"})).status_code == 409


def test_open_hazards_are_counted_anew_on_record_and_nobody_gets_less_than_a_day(jin, phone_of, cast, house, clock):
    heap = Case(phone_of, cast.wang)
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    assert due(heap, cast.feng) == "2025-07-17T00:00:00+08:00"
    jin.post(POLICY, json=proposed({"periods": {"fix": {"ordinary": "1d"}}}))
    clock.now += timedelta(days=5)
    assert deadlines.run(house, now=clock.now) == 1
    assert due(heap, cast.feng) == "2025-07-08T12:00:00+08:00"
    assert deadlines.run(house, now=clock.now) == 0
    counted = heap.seen_by(cast.feng).json["timeline"][-1]
    record = counted["body"]
    assert (counted["act"], counted["by"]) == ("recount", None)
    assert (record["policy"], record["before"][:10], record["after"][:10]) == (1, "2025-07-16", "2025-07-08")


def test_what_a_kind_asks_for_changes_for_new_reports_and_stays_for_those_that_were_told_otherwise(
    jin, phone_of, cast, house, clock
):
    def views(case: Case) -> list[str]:
        return [each["key"] for each in case.seen_by(cast.feng).json["evidence"] if each["needed_at"] == "report"]

    old = Case(phone_of, cast.wang)
    changed = jin.post(POLICY, json=proposed({"kinds": {"four_illegal.dump": {"report": ["whole_view"]}}}))
    assert changed.status_code == 201
    clock.now += timedelta(minutes=5)
    assert jin.get(POLICY).json["valid_from"] == changed.json["valid_from"]
    deadlines.run(house, now=clock.now)
    assert views(old) == ["whole_view", "close_view", "size"]
    assert views(Case(phone_of, cast.wang)) == ["whole_view"]
    kind = jin.get(POLICY).json["body"]["kinds"]["four_illegal.dump"]
    assert (kind["report"], kind["offices"]) == (["whole_view"], ["urban_management", "town"])


def test_what_was_missed_or_given_more_time_stays(jin, phone_of, cast, house, clock):
    late, extended = Case(phone_of, cast.wang), Case(phone_of, cast.wang, kind="water.drift")
    extended.act(cast.feng, "accept")
    extended.act(cast.feng, "assign", unit="HOUSING")
    extended.act(cast.yang, "ask_extension", until="2025-09-01T00:00:00+08:00", note="雨")
    extended.act(cast.feng, "grant_extension")
    jin.post(POLICY, json=proposed({"periods": {"accept": {"ordinary": "9wd"}, "fix": {"ordinary": "1d"}}}))
    clock.now += timedelta(days=5)
    assert deadlines.run(house, now=clock.now) == 0
    assert due(late, cast.feng) == "2025-07-04T00:00:00+08:00"
    assert due(extended, cast.feng) == "2025-09-01T00:00:00+08:00"


def test_when_the_key_window_opens_flood_hazards_are_pressed_and_when_it_closes_no_longer(phone_of, cast, house, clock):
    clock.now = datetime(2025, 7, 18, 4, 0, tzinfo=UTC)
    crack = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="major")
    heap = Case(phone_of, cast.wang, severity="major")
    for case in (crack, heap):
        case.act(cast.feng, "accept")
        case.act(cast.feng, "assign", unit="HOUSING")
    before = due(heap, cast.feng)
    assert due(crack, cast.feng) == before == "2025-08-16T00:00:00+08:00"
    clock.now = datetime(2025, 7, 21, 4, 0, tzinfo=UTC)
    assert deadlines.run(house, now=clock.now) == 1
    assert (due(crack, cast.feng), due(heap, cast.feng)) == ("2025-08-02T00:00:00+08:00", before)


def test_a_deadline_in_a_year_that_was_not_known_is_counted_when_it_is(phone_of, cast, house, clock, session):
    clock.now = datetime(2030, 12, 27, 4, 0, tzinfo=UTC)
    heap = Case(phone_of, cast.wang)
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    assert heap.seen_by(cast.feng).json["deadlines"]["is_provisional"] is True
    assert deadlines.run(house, now=clock.now) == 0
    for year, off in ((2030, set()), (2031, {date(2031, 1, day) for day in (1, 2, 3)})):
        days = YearOff(frozenset(off), frozenset())
        due_dates.bring_in(session, year, days, reason="国办通知", now=clock.now, zone=house.settings.zone)
    assert deadlines.run(house, now=clock.now) == 1
    told = heap.seen_by(cast.feng).json["deadlines"]
    assert (told["due_at"], told["is_provisional"]) == ("2031-01-16T00:00:00+08:00", False)


@pytest.mark.parametrize("kind", ["hazards", "callouts", "warnings", "risk", "duty"])
def test_of_two_who_saw_the_same_version_one_makes_the_next(jin, kind):
    path = f"/api/v1/rules/{kind}"
    first = jin.post(path, json=proposed({}) | {"seen": 0})
    assert first.status_code == 201, first.json
    second = jin.post(path, json=proposed({}) | {"seen": 0})
    assert (second.status_code, second.json["detail"]) == (409, "您填写期间别人定了新版本，请重新打开再改。")
    assert jin.post(path, json=proposed({}) | {"seen": first.json["version"]}).status_code == 201
    assert jin.post(path, json=proposed({})).status_code == 201


def test_of_two_who_change_what_walks_are_judged_by_one_does(jin):
    said = proposed({"length_share": 0.4}) | {"seen": 0}
    answers = [jin.post("/api/v1/rules", json=said) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 409]
