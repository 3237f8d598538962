"""Campaigns over HTTP: ordered once, seen in part, begun on their day, ended early."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.domain.terms import Post
from backend.models.campaigns import CampaignSegment
from backend.models.changes import Change, Record
from backend.models.notices import Notice
from backend.models.segments import Segment
from jobs import campaigns
from tests.api.campaign_cases import CAMPAIGNS, DEADLINE, Search, every, order, six_segments
from tests.cast import CITY, COUNTY, NEXT_TOWN, NOON, OTHER_COUNTY, TOWN, VILLAGE, add_appointment, add_person
from tests.makers import new_id


def test_an_order_is_kept_once_and_those_who_must_answer_hear_of_it(phone_of, cast, session):
    search = Search(phone_of, cast.sun)
    assert (search.answer.status_code, search.answer.json["stage"]) == (201, "running")
    clerk = phone_of(cast.sun)
    assert clerk.put(search.path, json=order()).status_code == 200
    assert clerk.put(search.path, json=order(name="另一次")).status_code == 409
    told = session.scalars(select(Change.person_id).where(Change.thing_type == "campaign")).all()
    assert sorted(told) == sorted([cast.wang, cast.chen, cast.he])
    news = session.scalars(select(Notice).where(Notice.key == "campaign")).all()
    assert sorted(each.person_id for each in news) == sorted(told)
    assert session.scalars(select(Record.act).where(Record.thing_id == str(search.id))).all() == ["make", "begin"]


def test_the_same_id_from_another_office_tells_nothing(phone_of, cast, session, keyring):
    search = Search(phone_of, cast.sun)
    other = add_person(session, keyring, "other", "别人", 900)
    add_appointment(session, other, Post.OFFICE_CLERK, COUNTY)
    answer = phone_of(other).put(search.path, json=order())
    assert (answer.status_code, "name" in answer.json) == (409, False)


def test_a_stand_in_hears_of_it_and_answers_for_the_absent(phone_of, cast, session):
    leave = {"from": "2025-07-02", "until": "2025-07-20", "substitute": str(cast.chen)}
    assert phone_of(cast.wang).put(f"/api/v1/me/absences/{new_id()}", json=leave).status_code == 201
    search = Search(phone_of, cast.sun)
    mine = search.seen_by(cast.chen).json["mine"]
    assert [each["code"] for each in mine] == ["TUHAI-371502-001", "TUHAI-371502-002"]
    said = search.reply(cast.chen, "TUHAI-371502-001")
    assert (said.status_code, said.json["on_behalf"]) == (201, False)


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"regions": []}, 422, "/regions"),
        ({"regions": [OTHER_COUNTY]}, 404, "/regions/0"),
        ({"regions": [TOWN, CITY]}, 404, "/regions/1"),
        ({"regions": ["371502777"]}, 404, "/regions/0"),
        ({"regions": [f"{TOWN}001"], "level": "county"}, 422, "/regions"),
        ({"deadline": NOON.isoformat()}, 422, "/deadline"),
        ({"deadline": "9999-12-31T23:59:59Z"}, 422, "/deadline"),
        ({"begins_at": "2027-01-01T00:00:00Z"}, 422, "/begins_at"),
        ({"kinds": ["rubbish"]}, 422, "/kinds/0"),
        ({"level": "province"}, 422, "/level"),
        ({"name": ""}, 422, "/name"),
        ({"name": None}, 422, "/name"),
        ({"text": "长" * 5001}, 422, "/text"),
        ({"regoins": [TOWN]}, 422, "/regoins"),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast, changed, status, pointer):
    answer = Search(phone_of, cast.sun, **changed).answer
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer)
    assert phone_of(cast.sun).get(CAMPAIGNS).json["items"] == []


def test_an_order_is_not_for_everybody_to_give(phone_of, cast):
    for player in ("zhao", "li", "wang", "feng", "deng"):
        assert Search(phone_of, cast.people[player]).answer.status_code == 403


def test_a_level_may_be_named_and_regions_inside_others_are_asked_once(phone_of, cast):
    towns = Search(phone_of, cast.sun, regions=[COUNTY, TOWN, VILLAGE], level="town")
    assert towns.answer.json["regions"] == [COUNTY]
    rows = every(phone_of(cast.sun), f"{towns.path}/segments")
    assert [row["segment"]["code"] for row in rows] == ["TUHAI-371502001", "TUHAI-371502002"]
    assert [row["chief"]["name"] for row in rows] == ["李镇长", "唐镇长"]
    assert Search(phone_of, cast.sun, regions=[COUNTY]).answer.json["totals"]["owed"] == 3


def test_each_sees_what_touches_their_region_and_of_its_ledger_their_own_part(phone_of, cast):
    search = Search(phone_of, cast.sun, regions=[COUNTY])
    for player, owed in {"sun": 3, "feng": 3, "qian": 3, "li": 2, "tang": 1}.items():
        phone = phone_of(cast.people[player])
        assert [each["id"] for each in phone.get(CAMPAIGNS).json["items"]] == [str(search.id)]
        assert search.seen_by(cast.people[player]).json["totals"]["owed"] == owed
        assert search.total(cast.people[player])["owed"] == owed
    # A wider region than one's own shows no more than one's own; a foreign one does not exist.
    assert search.total(cast.li, f"?region={COUNTY}")["owed"] == 2
    assert search.seen_by(cast.li, f"/ledger?region={NEXT_TOWN}").status_code == 404
    assert search.seen_by(cast.sun, f"/ledger?region={OTHER_COUNTY}").status_code == 404
    for rest in ("", "/ledger", "/ledger?format=xlsx", "/segments", "/hazards", "/answers"):
        assert search.seen_by(cast.wu, rest).status_code == 404, rest
    assert phone_of(cast.wu).get(CAMPAIGNS).json["items"] == []
    # The grassroots see that they are asked, and no ledger.
    assert search.seen_by(cast.wang).json["totals"] is None
    assert search.seen_by(cast.wang, "/ledger").status_code == 403
    assert search.seen_by(cast.yang).status_code == 403


def test_pages_of_campaigns_go_on_where_the_last_one_ended(phone_of, cast):
    made = [str(Search(phone_of, cast.sun).id) for _ in range(3)]
    assert [each["id"] for each in every(phone_of(cast.li), CAMPAIGNS)] == made[::-1]
    for noun in ("segments", "hazards"):
        assert phone_of(cast.sun).get(f"{CAMPAIGNS}/{made[0]}/{noun}?cursor=WzFd").status_code == 422


def test_a_campaign_that_begins_later_asks_those_who_are_there_then(phone_of, cast, clock, house, session, keyring):
    search = Search(phone_of, cast.sun, begins_at=(NOON + timedelta(days=1)).isoformat())
    assert (search.answer.json["stage"], search.answer.json["totals"]["owed"]) == ("planned", 0)
    assert search.reply(cast.wang, "TUHAI-371502-001").status_code == 404
    assert campaigns.run(house, now=clock.now) == 0
    six_segments(session, cast, keyring)
    clock.now += timedelta(days=1)
    assert campaigns.run(house, now=clock.now) == 1
    assert campaigns.run(house, now=clock.now) == 0
    seen = search.seen_by(cast.sun).json
    assert (seen["stage"], seen["totals"]["owed"]) == ("running", 6)


def test_one_that_was_called_off_before_its_day_never_begins(phone_of, cast, clock, house):
    search = Search(phone_of, cast.sun, begins_at=(NOON + timedelta(days=1)).isoformat())
    assert search.end(cast.sun).json["stage"] == "ended"
    clock.now += timedelta(days=2)
    assert campaigns.run(house, now=clock.now) == 0


def test_a_reach_that_ends_before_it_answers_is_excused_on_record_and_not_forgotten(
    phone_of, cast, clock, house, session
):
    search = Search(phone_of, cast.sun)
    search.reply(cast.chen, "TUHAI-371502-002")
    _let_end(session, cast, "TUHAI-371502-001", "TUHAI-371502-002")
    clock.now += timedelta(days=2)
    assert campaigns.run(house, now=clock.now) == 1
    assert campaigns.run(house, now=clock.now) == 0
    total = search.total(cast.sun)
    assert {name: total[name] for name in ("owed", "answered", "silent", "excused", "share")} == {
        "owed": 1,
        "answered": 1,
        "silent": 0,
        "excused": 1,
        "share": 1.0,
    }
    (excused,) = every(phone_of(cast.sun), total["links"]["excused"])
    assert (excused["segment"]["code"], excused["excused"]["why"]) == ("TUHAI-371502-001", "segment_ended")
    assert "excuse" in session.scalars(select(Record.act).where(Record.thing_id == str(search.id))).all()
    # Its chief says all the same what there was: that is an answer.
    assert search.reply(cast.wang, "TUHAI-371502-001").status_code == 201
    assert {name: search.total(cast.sun)[name] for name in ("owed", "excused")} == {"owed": 2, "excused": 0}


def test_a_reach_that_ends_after_the_deadline_was_silent(phone_of, cast, clock, house, session):
    search = Search(phone_of, cast.sun)
    clock.now = DEADLINE + timedelta(days=3)
    session.execute(
        update(Segment)
        .where(Segment.id == cast.segments["TUHAI-371502-001"].id)
        .values(until_day=(DEADLINE + timedelta(days=2)).date())
    )
    assert campaigns.run(house, now=clock.now) == 0
    assert search.total(cast.sun)["silent"] == 2


def test_whoever_could_order_it_ends_it_with_a_reason_and_once(phone_of, cast, session):
    search = Search(phone_of, cast.sun)
    etag = search.seen_by(cast.sun).headers["ETag"]
    bare = phone_of(cast.sun).post(f"{search.path}/end", json={"reason": "x"})
    assert bare.status_code == 428
    assert search.end(cast.sun, etag='"1-9"').status_code == 412
    # Answers come in meanwhile; the order is still as it was seen.
    search.reply(cast.wang, "TUHAI-371502-001")
    assert search.seen_by(cast.sun).headers["ETag"] != etag
    ended = search.end(cast.sun, etag=etag)
    assert (ended.status_code, ended.json["stage"], ended.json["ended"]["reason"]) == (200, "ended", "与市里的排查合并")
    assert search.end(cast.sun, etag=etag).status_code == 412
    assert search.end(cast.sun).status_code == 409
    assert phone_of(cast.chen).get(f"{CAMPAIGNS}?owing=true").json["items"] == []
    # A phone that was offline hands in its answer all the same.
    assert search.reply(cast.chen, "TUHAI-371502-002").status_code == 201
    assert search.end(cast.li, etag=etag).status_code == 403


def test_a_campaign_of_the_city_is_not_the_countys_to_end(phone_of, cast, session, keyring):
    clerk = add_person(session, keyring, "city clerk", "市科员", 901)
    add_appointment(session, clerk, Post.OFFICE_CLERK, CITY)
    search = Search(phone_of, clerk, regions=[CITY])
    assert search.answer.json["totals"]["owed"] == 4
    assert search.end(cast.sun).status_code == 403
    rows = search.seen_by(clerk, "/ledger").json["rows"]
    assert [(row["region"], row["name"], row["owed"]) for row in rows] == [
        (COUNTY, "东昌府区", 3),
        (OTHER_COUNTY, "茌平区", 1),
    ]
    # The reach of the other county lies in no village: it has a row of its own, with a list of its own.
    deeper = search.seen_by(clerk, f"/ledger?region={OTHER_COUNTY}").json["rows"]
    assert [(row["region"], row["owed"]) for row in deeper] == [(OTHER_COUNTY, 1)]
    assert len(every(phone_of(clerk), deeper[0]["links"]["silent"])) == 1
    assert search.total(cast.sun)["owed"] == 3


def test_what_has_not_changed_is_not_sent_again(phone_of, cast):
    search = Search(phone_of, cast.sun)
    etag = search.seen_by(cast.sun).headers["ETag"]
    again = phone_of(cast.sun).get(search.path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    search.reply(cast.wang, "TUHAI-371502-001")
    assert phone_of(cast.sun).get(search.path, headers={"If-None-Match": etag}).status_code == 200


def test_a_workbook_speaks_the_language_of_whoever_takes_it_out(phone_of, cast, session):
    search = Search(phone_of, cast.sun, name='=HYPERLINK("http://x")')
    taken = phone_of(cast.sun).get(f"{search.path}/ledger?format=xlsx", headers={"Accept-Language": "en"})
    assert taken.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "%3DHYPERLINK" in taken.headers["Content-Disposition"]
    assert taken.headers["Cache-Control"] == "private, no-store"


def _let_end(session: Any, cast: Any, *codes: str) -> None:
    ids = [cast.segments[code].id for code in codes]
    session.execute(update(Segment).where(Segment.id.in_(ids)).values(until_day=(NOON + timedelta(days=1)).date()))
    assert session.scalars(select(CampaignSegment.excused_at).where(CampaignSegment.segment_id.in_(ids))).all()


def test_how_many_must_answer_is_told_before_the_order(session, cast, keyring, phone_of):
    six_segments(session, cast, keyring)
    sun = phone_of(cast.sun)
    body = {"name": "大排查", "regions": [TOWN], "deadline": (NOON + timedelta(days=3)).isoformat()}
    told = sun.post("/api/v1/campaigns/preview", json=body)
    assert (told.status_code, told.json["segments"], told.json["vacant"]) == (200, 6, 1)
    assert sun.get("/api/v1/campaigns").json["items"] == []
    for change in ({"regions": [OTHER_COUNTY]}, {"deadline": NOON.isoformat()}, {"level": "city"}):
        assert sun.post("/api/v1/campaigns/preview", json=body | change).status_code in (404, 422)
    assert phone_of(cast.li).post("/api/v1/campaigns/preview", json=body).status_code == 403
