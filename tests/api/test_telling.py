"""A hazard tells those it concerns: each step of its ladder, and each act on it, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.models.notices import Notice
from backend.models.people import Absence
from jobs import escalation
from tests.api.hazard_cases import Case, photo
from tests.cast import NOON

DUE = datetime.fromisoformat("2025-07-04T00:00:00+08:00")


@pytest.fixture
def heap(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


@pytest.fixture
def news(session):
    """What was told since the last look: key, lane and number by person."""
    seen: set[UUID] = set()

    def since() -> dict[UUID, list[tuple[str, str, int]]]:
        session.expire_all()
        found: dict[UUID, list[tuple[str, str, int]]] = {}
        for row in session.scalars(select(Notice).order_by(Notice.number)):
            if row.id not in seen and row.key != "reported":
                found.setdefault(row.person_id, []).append((row.key, row.lane, row.number))
            seen.add(row.id)
        return found

    return since


def test_each_step_of_a_late_hazard_is_told_to_those_it_reaches(heap, house, cast, news, session):
    escalation.run(house, now=NOON + (DUE - NOON) * 0.8)
    assert news() == {cast.feng: [("climb_soon", "digest", 1)]}
    escalation.run(house, now=DUE)
    assert news() == {cast.feng: [("climb_late", "normal", 2)], cast.li: [("climb_above", "normal", 1)]}
    row = session.scalars(select(Notice).where(Notice.key == "climb_late")).one()
    assert row.channels == "app,sms"
    assert (row.about_type, row.about_id) == ("hazard", heap.id)
    assert row.values == {
        "segment": "徒骇河兴华村段",
        "kind": {"key": "hazard.kind.four_illegal.dump"},
        "due": {"at": "2025-07-03T16:00:00+00:00"},
        "todo": {"key": "notice.todo.reported"},
    }
    escalation.run(house, now=DUE)
    assert news() == {}


def test_a_crisis_is_told_at_once_by_every_channel(phone_of, house, cast, news, session):
    Case(phone_of, cast.wang, kind="flood.piping", severity="critical")
    escalation.run(house, now=NOON + timedelta(minutes=30))
    told = news()
    assert {lane for each in told.values() for _, lane, _ in each} == {"urgent"}
    assert set(session.scalars(select(Notice.channels))) == {"app,sms,voice"}


@pytest.mark.parametrize(
    ("severity", "lane", "whom"),
    [("critical", "urgent", {"feng", "li"}), ("major", "normal", {"feng"}), ("ordinary", "digest", {"feng"})],
)
def test_a_report_is_told_to_whoever_accepts_it_and_a_crisis_to_the_town_too(
    phone_of, cast, session, severity, lane, whom
):
    Case(phone_of, cast.wang, kind="flood.piping", severity=severity)
    told = session.scalars(select(Notice).where(Notice.key == "reported")).all()
    assert {each.person_id for each in told} == {getattr(cast, name) for name in whom}
    assert {each.lane for each in told} == {lane}


def test_a_case_tells_its_menders_its_clerks_and_its_reporter_as_it_goes_on(heap, cast, news, clock):
    heap.act(cast.feng, "accept")
    assert news() == {}
    heap.act(cast.feng, "assign", unit="HOUSING")
    assert news() == {cast.yang: [("assigned", "normal", 1)]}
    heap.act(cast.yang, "ask_extension", until="2025-09-01T00:00:00+08:00", note="要等枯水期")
    assert news() == {cast.feng: [("extension_asked", "normal", 1)]}
    heap.act(cast.sun, "grant_extension")
    assert news() == {cast.yang: [("extension_granted", "normal", 1)]}
    clock.now += timedelta(hours=1)
    heap.act(cast.yang, "report_done", photos=[photo(at=clock.now)])
    assert news() == {cast.feng: [("done", "digest", 1)]}
    heap.act(cast.sun, "return", note="还有一半")
    assert news() == {cast.yang: [("returned", "normal", 1)]}
    heap.act(cast.yang, "report_done", photos=[photo(at=clock.now)])
    news()
    heap.act(cast.sun, "verify")
    heap.act(cast.sun, "close")
    assert news() == {cast.wang: [("closed", "digest", 1)]}
    heap.act(cast.li, "reopen", note="又有人倾倒")
    assert news() == {cast.yang: [("reopened", "normal", 1)]}


def test_a_case_that_is_handed_over_tells_the_police_and_comes_back_to_the_bureau(heap, cast, news):
    heap.act(cast.feng, "accept")
    heap.act(cast.sun, "transfer", post="police_chief", note="涉嫌犯罪")
    assert news() == {cast.shen: [("transferred", "normal", 1)]}
    heap.act(cast.shen, "hand_back", note="不予立案")
    assert news() == {cast.feng: [("handed_back", "normal", 1)]}


def test_given_to_a_person_who_is_away_it_is_told_to_whoever_stands_in(heap, cast, news, session):
    session.add(Absence(id=uuid4(), person_id=cast.li, substitute_id=cast.tang, from_day=date(2025, 7, 1)))
    session.flush()
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", person=str(cast.li))
    assert news() == {cast.tang: [("assigned", "normal", 1)]}


def test_a_report_that_is_rejected_or_merged_is_told_to_its_reporter_and_a_replayed_act_tells_nothing(
    heap, phone_of, cast, news
):
    other = Case(phone_of, cast.chen)
    other.act(cast.feng, "merge", into=str(heap.id))
    assert news() == {cast.chen: [("merged", "digest", 1)]}
    said = {"id": str(uuid4()), "note": "不在河道管理范围"}
    etag = heap.seen_by(cast.feng).headers["ETag"]
    assert heap.act(cast.feng, "reject", etag=etag, **said).status_code == 200
    rejected = [("rejected", "normal", 1)]
    assert news() == {cast.wang: rejected, cast.chen: rejected}, "those of merged reports, too"
    assert heap.act(cast.feng, "reject", etag=etag, **said).status_code == 200
    assert news() == {}


def test_who_takes_an_act_is_not_told_of_it(heap, cast, news):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", person=str(cast.feng))
    assert news() == {}
