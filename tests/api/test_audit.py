"""The audit over HTTP: who did what in one's part of the world, what was there before, and the state of the proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from backend import append_only
from backend.models.changes import Record
from backend.models.facts import Fact
from backend.store import changes
from jobs import proofs, seals
from jobs.runner import House
from tests.api.flood_cases import set_year
from tests.api.hazard_cases import Case
from tests.cast import COUNTY, NOON, OTHER_COUNTY
from tests.makers import new_id, seen_by

AUDIT = "/api/v1/audit"


def acts(answer) -> list[tuple[str, str]]:
    return [(each["act"], each["by"]["name"] if each["by"] else "") for each in answer.json["items"]]


@pytest.fixture
def sun(phone_of, cast):
    return phone_of(cast.sun)


@pytest.fixture
def busy(phone_of, cast, session, clock):
    """A clerk saw a number and set a season, a hazard was reported and accepted, and Wu reached for another phone."""
    phone_of(cast.sun).post(f"/api/v1/people/{cast.wang}/phone-reveal", json={"reason": "叫应"})
    clock.now += timedelta(minutes=1)
    case = Case(phone_of, cast.wang)
    clock.now += timedelta(minutes=1)
    case.act(cast.feng, "accept", note="属实")
    clock.now += timedelta(minutes=1)
    for end in ("2025-08-20", "2025-08-25"):
        assert set_year(phone_of(cast.sun), window_end=end).status_code == 201
    changes.record(session, clock.now, cast.wu, "reveal_phone", "person", str(cast.wu), {"reason": "叫应"})
    changes.record(session, clock.now, None, "close_roll", "warning", str(new_id()), {})
    session.flush()
    return case


def test_records_and_timelines_stand_together_the_newest_first(sun, busy):
    assert acts(sun.get(AUDIT)) == [
        ("set", "孙科员"),
        ("set", "孙科员"),
        ("accept", "冯科员"),
        ("report", "王村长"),
        ("reveal_phone", "孙科员"),
    ]
    accept = sun.get(AUDIT).json["items"][2]
    assert (accept["source"], accept["thing"]["type"], accept["body"]["state"]) == (
        "fact",
        "hazard",
        ["reported", "accepted"],
    )
    assert "受理" in accept["sentence"]
    assert sun.get(AUDIT).json["items"][4]["thing"]["name"] == "王村长"


def test_each_sees_the_acts_of_their_own_people_and_an_administrator_no_case_work(phone_of, cast, busy):
    assert ("reveal_phone", "吴区长") not in acts(phone_of(cast.sun).get(AUDIT))
    seen = acts(phone_of(cast.jin).get(AUDIT))
    assert {("reveal_phone", "吴区长"), ("close_roll", ""), ("set", "孙科员")} <= set(seen)
    assert not {act for act, _ in seen} & {"accept", "report"}
    for player in ("wang", "zhao", "deng", "feng", "shen"):
        assert phone_of(cast.people[player]).get(AUDIT).status_code == 403


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"act": "set"}, ["set", "set"]),
        ({"type": "person"}, ["reveal_phone"]),
        ({"type": "hazard"}, ["accept", "report"]),
        ({"from": "2025-07-03"}, []),
        ({"until": "2025-07-01"}, []),
        ({"from": "2025-07-02", "until": "2025-07-02", "type": "season"}, ["set", "set"]),
        ({"thing": "nonsense"}, []),
    ],
)
def test_it_is_filtered_by_act_thing_and_day(sun, busy, asked, expected):
    assert [act for act, _ in acts(sun.get(AUDIT, query_string=asked))] == expected


def test_it_is_filtered_by_person_and_by_one_thing_of_either_source(sun, cast, busy):
    assert acts(sun.get(AUDIT, query_string={"person": str(cast.feng)})) == [("accept", "冯科员")]
    one = sun.get(AUDIT, query_string={"thing": str(busy.id)})
    assert [act for act, _ in acts(one)] == ["accept", "report"]
    assert [act for act, _ in acts(sun.get(AUDIT, query_string={"thing": str(cast.wang)}))] == ["reveal_phone"]


def test_pages_follow_each_other_across_both_sources(sun, busy):
    path, found = f"{AUDIT}?limit=2", []
    while path:
        page = sun.get(path).json
        found += [(each["source"], each["number"]) for each in page["items"]]
        path = page["next"]
    whole = [(each["source"], each["number"]) for each in sun.get(AUDIT).json["items"]]
    assert (found, len(found)) == (whole, 5)
    for wrong in ("WzFd", "WyIyMDI1LTA3LTAyVDA0OjAwOjAwKzAwOjAwIiw5LDFd"):
        assert sun.get(AUDIT, query_string={"cursor": wrong}).status_code == 422


def test_one_act_says_what_was_there_before(sun, busy):
    last, first, accept = sun.get(AUDIT).json["items"][:3]
    found = sun.get(f"{AUDIT}/record/{last['number']}").json
    assert (found["body"]["version"], found["names"][COUNTY]) == (2, "东昌府区")
    assert found["before"] == {}  # each year that is set is a thing of its own
    assert sun.get(f"{AUDIT}/record/{first['number']}").json["body"]["version"] == 1
    fact = sun.get(f"{AUDIT}/fact/{accept['number']}").json
    assert (fact["said"], len(fact["hash"])) == ({"note": "属实"}, 64)


def test_a_thing_that_is_described_anew_says_how_it_was(phone_of, cast, session):
    for name in ("沙镇闸", "沙镇节制闸"):
        changes.record(session, NOON, cast.jin, "change", "station", "AA", {"name": name, "kind": "river"})
    session.flush()
    jin = phone_of(cast.jin)
    newest = jin.get(AUDIT, query_string={"type": "station"}).json["items"][0]
    found = jin.get(f"{AUDIT}/record/{newest['number']}").json
    assert (found["body"]["name"], found["before"]["name"]) == ("沙镇节制闸", "沙镇闸")


def test_an_act_of_another_county_is_not_there(sun, phone_of, cast, busy, session):
    theirs = session.query(Record).filter(Record.actor_id == cast.wu).one().seq
    assert phone_of(cast.jin).get(f"{AUDIT}/record/{theirs}").status_code == 200
    for path in (f"record/{theirs}", "record/0", f"record/{2**70}", f"fact/{2**70}", "nonsense/1"):
        assert sun.get(f"{AUDIT}/{path}").status_code == 404
    fact = sun.get(AUDIT, query_string={"type": "hazard"}).json["items"][0]["number"]
    assert phone_of(cast.jin).get(f"{AUDIT}/fact/{fact}").status_code == 404
    assert seen_by(sun, cast.wang)
    assert not sun.get(AUDIT, query_string={"person": str(cast.wu)}).json["items"]
    assert OTHER_COUNTY not in sun.get(AUDIT).text


@pytest.fixture
def sealed(lasting, settings):
    """A hazard whose timeline is sealed, for all connections."""
    case = Case(lasting.phone_of, lasting.cast.wang)
    case.act(lasting.cast.feng, "accept")
    house = House(settings, lasting.database, lasting.app.extensions["hezhang"].photos)
    assert proof(lasting)["proof"] == "unchecked"
    seals.run(house, now=NOON)
    return case, house


def proof(lasting) -> dict:
    return lasting.phone_of(lasting.cast.sun).get(f"{AUDIT}/chain").json


def test_the_proof_says_what_was_looked_at_last_and_when_it_is_overdue(lasting, sealed):
    _, house = sealed
    for _ in range(2):  # at one moment
        proofs.run(house, now=NOON)
    found = proof(lasting)
    assert (found["proof"], found["unsealed"]) == ("whole", 0)
    assert (found["sealed"]["number"], found["sealed"]["facts"]) == (1, 2)
    assert [(each["facts"], each["chains"], each["broken"]) for each in found["checks"]] == [(2, 1, None)]
    lasting.clock.now += timedelta(days=3)
    assert proof(lasting)["proof"] == "overdue"
    assert lasting.phone_of(lasting.cast.wang).get(f"{AUDIT}/chain").status_code == 403


def test_the_proof_says_where_it_is_broken(lasting, sealed):
    case, house = sealed
    with lasting.database.transaction() as session:
        append_only.open_up(session.connection().execute, lasting.database.dialect)
        session.execute(update(Fact).where(Fact.act == "accept").values(act="reject"))
    proofs.run(house, now=NOON)
    found = proof(lasting)
    assert found["proof"] == "broken"
    (check,) = found["checks"]
    assert (check["broken"], check["number"], check["why"]) == (f"hazard/{case.id}", 2, "altered")


def test_lists_that_were_taken_are_told_by_who_took_which_when_and_for_what(sun, phone_of, cast, session, clock):
    asked = {
        "asked": {"region": COUNTY},
        "said": {"地区": "东昌府区"},
        "form": "xlsx",
        "rows": 7,
        "purpose": "汛前会议",
    }
    changes.record(session, clock.now, cast.sun, "export", "list", "people", asked)
    changes.record(session, clock.now, cast.feng, "export_dead_numbers", "warning", str(new_id()), {})
    changes.record(session, clock.now, cast.wu, "export", "list", "people", {"asked": {}, "form": "csv", "rows": 1})
    session.flush()
    found = sun.get(f"{AUDIT}/exports").json
    numbers, people = found["items"]
    assert (numbers["list"], numbers["by"]["name"], numbers["rows"]) == ("dead_numbers", "冯科员", None)
    assert numbers["thing"]["type"] == "warning"
    assert {name: people[name] for name in asked} == asked
    assert found["names"] == {COUNTY: "东昌府区"}
    assert people["thing"] is None
    for which, count in (
        (f"person={cast.feng}", 1),
        ("list=people", 1),
        ("list=dead_numbers", 1),
        ("until=2025-01-01", 0),
    ):
        assert len(sun.get(f"{AUDIT}/exports?{which}").json["items"]) == count, which
    first = sun.get(f"{AUDIT}/exports?limit=1").json
    assert sun.get(first["next"]).json["items"] == [people]
    assert sun.get(f"{AUDIT}/exports?cursor=x").status_code == 422
    assert phone_of(cast.wang).get(f"{AUDIT}/exports").status_code == 403
