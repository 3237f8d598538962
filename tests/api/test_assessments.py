"""Assessments over HTTP: counted from settled duty, published, appealed against, counted anew, and seen in part."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from backend.models.campaigns import CampaignSegment
from backend.models.changes import Record
from backend.models.duty_periods import DutyPeriod
from backend.models.notices import Notice
from backend.models.patrols import Patrol
from backend.models.segments import Assignment
from jobs import duty_periods
from tests.api.assessment_cases import BASE, LATER, MONDAY, UNTIL, Made, body, settle, walk, weeks
from tests.api.campaign_cases import Search
from tests.api.hazard_cases import Case
from tests.api.test_splits import Cut
from tests.api.training_cases import Held
from tests.cast import CITY, COUNTY, NEXT_VILLAGE, TOWN, VILLAGE
from tests.makers import new_id

WANG, CHEN = "TUHAI-371502-001", "TUHAI-371502-002"


@pytest.fixture
def walked(session, cast, house, clock):
    """Wang walks in all of eight weeks, twice in the first; Chen in five; then time goes by and all is settled."""
    for day in [*weeks(8), MONDAY + timedelta(days=3)]:
        walk(session, cast, cast.wang, WANG, day)
    for day in weeks(5):
        walk(session, cast, cast.chen, CHEN, day)
    settle(session, house, clock)
    return cast


def of(scores, name):
    (found,) = [each for each in scores if each["person"]["name"] == name]
    return found


def test_a_league_table_says_of_how_many_and_how_sure_it_is(phone_of, walked):
    made = Made(phone_of, walked.sun)
    assert made.answer.status_code == 201, made.answer.text
    assert (made.answer.json["state"], made.answer.json["people"], made.answer.json["rule_version"]) == ("draft", 2, 0)
    assert phone_of(walked.sun).put(made.path, json=body()).status_code == 200
    assert phone_of(walked.sun).put(made.path, json=body(name="另一个")).status_code == 409
    wang, chen = made.scores()
    # Two walks of one week do not make up for one of another: each period is capped.
    patrols = {name: wang["indicators"]["patrols"][name] for name in ("hits", "size", "share", "low", "high")}
    assert patrols == {"hits": 8, "size": 8, "share": 1.0, "low": 0.6756, "high": 1.0}
    assert (wang["person"]["name"], wang["score"], wang["rank"], wang["of"]) == ("王村长", 100.0, 1, 2)
    assert (wang["figures"]["walks"], wang["figures"]["covered_m"]) == (9, 4500.0)
    assert (chen["score"], chen["rank"], chen["region"]["code"]) == (62.5, 2, NEXT_VILLAGE)
    assert chen["indicators"]["callouts"] | {"path": ""} == {
        "hits": 0, "size": 0, "share": None, "low": None, "high": None, "path": "",
    }  # fmt: skip
    # Every figure opens to its records.
    periods = phone_of(walked.sun).get(chen["indicators"]["patrols"]["path"]).json
    assert [each["is_hit"] for each in periods["items"]] == [True] * 5 + [False] * 3
    walks = phone_of(walked.sun).get(periods["items"][0]["path"]).json["items"]
    assert [each["segment"]["code"] for each in walks] == [CHEN]
    assert len(phone_of(walked.sun).get(wang["figures"]["walks_path"]).json["items"]) == 9
    page = made.seen_by(walked.sun, "/scores?limit=1&order=score").json
    assert [each["person"]["name"] for each in page["items"]] == ["陈村长"]
    rest = phone_of(walked.sun).get(page["next"]).json
    assert ([each["person"]["name"] for each in rest["items"]], rest["next"]) == (["王村长"], None)


def test_whoever_is_in_it_sees_themselves_and_those_above_see_them(phone_of, walked):
    made = Made(phone_of, walked.sun, posts=["village_chief", "town_chief"], region=COUNTY)
    for person in (walked.wang, walked.li, walked.zhao, walked.wu):
        assert made.seen_by(person).status_code == 404
        assert phone_of(person).get(BASE).json["items"] == []
    assert made.act("publish").status_code == 200
    assert made.seen_by(walked.wu).status_code == 404
    names = {
        key: [each["person"]["name"] for each in made.scores(walked.people[key])] for key in ("wang", "li", "tang")
    }
    assert names == {"wang": ["王村长"], "li": ["李镇长", "王村长", "陈村长"], "tang": ["唐镇长"]}
    assert made.seen_by(walked.wang).json["mine"][0]["rank"] == 1
    assert made.seen_by(walked.wang, f"/people/{walked.chen}").status_code == 404
    assert made.act("publish", walked.li).status_code == 403
    places = made.seen_by(walked.li, "/regions").json
    assert [(each["region"]["code"], each["people"], each["unwalked"]) for each in places["items"]] == [(TOWN, 3, 0)]
    everywhere = made.seen_by(walked.sun, "/regions").json
    shares = {each["region"]["code"]: each["indicators"]["patrols"]["hits"] for each in everywhere["items"]}
    assert (shares[TOWN], everywhere["total"]["indicators"]["patrols"]["hits"]) == (13, 13)
    assert everywhere["items"][1]["unwalked"] == 1  # the next town's village reach, which nobody holds


def test_a_walk_before_a_reach_was_cut_counts_for_both_parts(phone_of, walked, session, clock):
    def figures() -> tuple[int, int]:
        town = Made(phone_of, walked.sun).seen_by(walked.sun, "/regions").json["total"]
        return town["reaches"], town["unwalked"]

    session.execute(delete(Patrol).where(Patrol.person_id == walked.chen))
    now, clock.now = clock.now, datetime(2025, 6, 25, 4, tzinfo=UTC)
    before = figures()
    assert Cut(phone_of(walked.feng), since="2025-06-25").make().status_code == 201
    upper = Cut(phone_of(walked.feng), f"{WANG}-1", since="2025-06-25", at_m=250.0)
    assert upper.make(parts=[{"code": f"{WANG}-1{side}", "name": side} for side in "ab"]).status_code == 201
    clock.now = now
    assert (before, figures()) == ((2, 1), (4, 1))


def test_what_is_a_regions_own_is_a_row_so_that_rows_add_up(phone_of, walked, clock):
    settled, clock.now = clock.now, datetime(2025, 6, 10, 4, tzinfo=UTC)
    Case(phone_of, walked.zhao, location=None, segment="TUHAI-371502", observed_at=clock.now.isoformat())
    Case(phone_of, walked.wang, observed_at=clock.now.isoformat())
    clock.now = settled
    made, office = Made(phone_of, walked.sun, region=COUNTY, posts=["county_chief", "village_chief"]), walked.sun
    places = made.seen_by(office, "/regions").json
    found = {each["region"]["code"]: (each["people"], each["hazards"]) for each in places["items"]}
    assert found == {COUNTY: (1, 1), TOWN: (2, 1), "371502002": (0, 0)}
    assert (places["total"]["people"], places["total"]["hazards"]) == (3, 2)
    for each in places["items"]:
        for path, count in ((each["scores_path"], each["people"]), (each["hazards_path"], each["hazards"])):
            assert len(phone_of(office).get(path).json["items"]) == count, path


def test_behind_each_row_of_a_chief_of_two_villages_stands_what_it_counts(phone_of, walked, session, clock):
    moved = update(DutyPeriod).where(DutyPeriod.person_id == walked.wang, DutyPeriod.until_day > weeks(5)[4])
    session.execute(moved.values(region_code=NEXT_VILLAGE))
    settled, clock.now = clock.now, datetime(2025, 6, 10, 4, tzinfo=UTC)
    Case(phone_of, walked.wang, observed_at=clock.now.isoformat())
    search = Search(phone_of, walked.sun, deadline=(clock.now + timedelta(days=5)).isoformat())
    assert search.answer.status_code == 201
    session.execute(update(CampaignSegment).values(chief_id=walked.wang))
    Held(phone_of, walked.sun, begins_at=clock.now)
    clock.now = settled
    rows = [each for each in Made(phone_of, walked.sun).scores() if each["person"]["name"] == "王村长"]
    office = phone_of(walked.sun)
    for row in rows:
        for name, figure in row["indicators"].items():
            assert len(office.get(figure["path"]).json["items"]) == figure["size"], (row["region"], name)
    sizes = {each["region"]["code"]: [each["indicators"][of]["size"] for of in each["indicators"]] for each in rows}
    assert sizes == {VILLAGE: [4, 0, 1, 1], NEXT_VILLAGE: [4, 0, 1, 0]}
    besides = {each["region"]["code"]: each["figures"] for each in rows}
    assert {code: each["hazards"] for code, each in besides.items()} == {VILLAGE: 1, NEXT_VILLAGE: 0}
    assert len(office.get(besides[VILLAGE]["hazards_path"]).json["items"]) == 1
    assert (besides[NEXT_VILLAGE]["hazards_path"], besides[NEXT_VILLAGE]["walks_path"]) == (None, None)
    asked = f"of=hazards&post=village_chief&region={NEXT_VILLAGE}"
    path = rows[0]["indicators"]["patrols"]["path"].partition("?")[0]
    assert office.get(f"{path}?{asked}").json["items"] == []


def test_published_figures_stay_until_somebody_says_why_they_are_counted_anew(phone_of, walked, session):
    made = Made(phone_of, walked.sun)
    assert made.act("publish").status_code == 200
    told = session.scalars(select(Notice.person_id).where(Notice.key == "assessment")).all()
    assert sorted(told) == sorted([walked.wang, walked.chen])
    walk(session, walked, walked.chen, CHEN, weeks(8)[6], hour=5)
    session.execute(update(Patrol).where(Patrol.person_id == walked.wang, Patrol.counts).values(counts=False))
    rule = {"weights": {"patrols": 1}, "least_size": 9}
    proposed = {"body": rule, "valid_from": LATER.isoformat(), "reason": "下半年方案"}
    assert phone_of(walked.jin).post("/api/v1/rules/assessment", json=proposed).status_code == 201
    assert [(each["score"], each["rank"]) for each in made.scores()] == [(100.0, 1), (62.5, 2)]
    assert made.act("recompute", reason="").status_code == 422
    stale = made.seen_by(walked.sun).headers["ETag"]
    again = made.act("recompute", reason="补录三条")
    assert (again.status_code, again.json["edition"], again.json["rule_version"]) == (200, 2, 1)
    assert made.act("recompute", reason="再来", etag=stale).status_code == 412
    # Chen is the better one now, and too little was owed to compare anybody.
    scores = made.scores()
    assert [(of(scores, name)["score"], of(scores, name)["rank"]) for name in ("王村长", "陈村长")] == [
        (0.0, None),
        (75.0, None),
    ]
    assert [each["score"] for each in made.scores(rest="?edition=1")] == [100.0, 62.5]
    both = made.seen_by(walked.wang, f"/people/{walked.wang}").json["items"]
    assert [(each["edition"], each["score"]) for each in both] == [(2, 0.0), (1, 100.0)]
    assert [each["reason"] for each in made.seen_by(walked.wang).json["editions"]] == ["", "补录三条"]
    assert made.act("close").json["state"] == "closed"
    assert made.act("recompute", reason="再来").status_code == 409
    assert made.seen_by(walked.sun, "/scores?edition=3").status_code == 404


def test_an_appeal_changes_one_figure_and_says_what_it_was(phone_of, walked, session, clock):
    made = Made(phone_of, walked.sun)
    assert made.appeal(walked.chen).status_code == 404  # a draft is not there yet
    made.act("publish")
    assert made.seen_by(walked.chen, f"/people/{walked.chen}").json["may_appeal"] is True
    appeal_id = new_id()
    said = made.appeal(walked.chen, appeal_id)
    assert (said.status_code, said.json["state"]) == (201, "open")
    assert made.appeal(walked.chen, appeal_id).status_code == 200
    assert made.appeal(walked.chen, appeal_id, text="别的").status_code == 409
    assert made.appeal(walked.chen).status_code == 409  # one figure, one appeal
    assert made.appeal(walked.li).status_code == 422  # who does not stand in it
    assert made.act("close").status_code == 409  # somebody waits for an answer
    assert made.decide(said.json["id"], walked.li, ruling="denied").status_code == 403
    for wrong in ({"ruling": "upheld"}, {"ruling": "denied", "hits": 1}, {"ruling": "upheld", "hits": 9, "size": 8}):
        assert made.decide(said.json["id"], **wrong).status_code == 422
    decided = made.decide(said.json["id"], ruling="upheld", hits=8, size=8).json
    assert decided["before"] == {"hits": 5, "size": 8, "score": 62.5, "rank": 2, "of": 2}
    assert decided["after"] == {"hits": 8, "size": 8, "score": 100.0, "rank": 1, "of": 2}
    assert made.decide(said.json["id"], ruling="denied").status_code == 409
    chen = of(made.scores(), "陈村长")
    assert (chen["rank"], chen["rank_was"], chen["score_was"]) == (1, 2, 62.5)
    (notice,) = session.scalars(select(Notice).where(Notice.key == "appeal_upheld"))
    assert (notice.person_id, notice.values["was"], notice.values["figure"]) == (walked.chen, "5/8", "8/8")
    # Counted anew, what was put right stays right.
    assert made.act("recompute", reason="补录").status_code == 200
    assert of(made.scores(), "陈村长")["indicators"]["patrols"]["hits"] == 8
    (listed,) = made.seen_by(walked.chen, "/appeals").json["items"]
    assert (listed["state"], listed["decided_by"], listed["reason"]) == ("upheld", "孙科员", "核对纸质记录")
    acts = session.scalars(select(Record.act).where(Record.thing_type.in_(("assessment", "appeal")))).all()
    assert sorted(acts) == ["appeal", "decide", "make", "publish", "recompute"]
    clock.now = LATER + timedelta(days=15)
    assert made.appeal(walked.wang).status_code == 409


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"until": "2025-07-20"}, 422, "/until"),
        ({"from": "2019-01-01", "until": "2019-04-01"}, 422, "/from"),
        ({"from": "2025-07-01"}, 422, "/until"),
        ({"from": "2020-01-01"}, 422, "/until"),
        ({"region": "371503"}, 404, "/region"),
        ({"region": CITY}, 404, "/region"),
        ({"region": "371502002", "posts": ["warden"]}, 422, "/region"),
        ({"posts": ["office_clerk"]}, 422, "/posts/0"),
        ({"posts": []}, 422, "/posts"),
    ],
)
def test_what_cannot_be_assessed_is_named_by_its_place(phone_of, walked, said, status, pointer):
    for path, method in ((f"{BASE}/{new_id()}", "put"), (f"{BASE}/preview", "post")):
        refused = getattr(phone_of(walked.sun), method)(path, json=body(**said))
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (status, pointer), refused.text


def test_before_anything_is_settled_nothing_can_be_assessed(phone_of, cast):
    refused = phone_of(cast.sun).put(f"{BASE}/{new_id()}", json=body())
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/until")


def test_a_preview_says_whom_it_is_about(phone_of, walked):
    found = (
        phone_of(walked.sun).post(f"{BASE}/preview", json=body(posts=["village_chief", "town_chief", "warden"])).json
    )
    assert {each["post"]: (each["people"], each["needed"]) for each in found["posts"]} == {
        "town_chief": (1, 5), "village_chief": (2, 16), "warden": (1, 56),
    }  # fmt: skip
    assert found["settled"] == {"from": "2025-05-04", "until": "2025-07-14"}


def test_whoever_hands_a_reach_over_owes_their_share_and_what_is_settled_stays(phone_of, cast, session, house, clock):
    # Chen takes Wang's reach over on a Friday: Wang owes the week's larger part, Chen nothing for a part under half.
    friday = MONDAY + timedelta(days=4)
    held = session.scalars(select(Assignment).where(Assignment.person_id == cast.wang)).one()
    held.until_day = friday
    session.add(Assignment(id=new_id(), person_id=cast.chen, segment_id=held.segment_id, duty="chief", from_day=friday))
    session.flush()
    settle(session, house, clock)
    whose = (DutyPeriod.person_id == cast.wang, DutyPeriod.post == "village_chief")
    (wang,) = session.execute(select(DutyPeriod.begin_day, DutyPeriod.until_day, DutyPeriod.needed).where(*whose))
    assert tuple(wang) == (MONDAY, friday, 1)
    assert session.scalar(select(func.count()).where(DutyPeriod.person_id == cast.chen)) == 10
    known = session.execute(select(DutyPeriod.person_id, DutyPeriod.needed, DutyPeriod.until_day)).all()
    daily = {"body": {"usual": {"village_chief": {"walks": 1, "span": "day"}}}, "reason": "加密"}
    assert phone_of(cast.jin).post(
        "/api/v1/rules/duty", json=daily | {"valid_from": "2025-05-01T00:00:00+08:00"}
    ).status_code == 201  # fmt: skip
    assert duty_periods.run(house, now=clock.now) == 0
    assert session.execute(select(DutyPeriod.person_id, DutyPeriod.needed, DutyPeriod.until_day)).all() == known
    assert {row.until_day for row in known if row.until_day > UNTIL} <= {date(2025, 7, n) for n in range(1, 15)}
    assert VILLAGE in session.scalars(select(DutyPeriod.region_code)).all()


def test_duty_is_settled_from_a_quarter_before_the_first_walk_on_whatever_a_roster_says_of_years(cast, session, house):
    assert duty_periods.run(house, now=LATER) == 0
    walk(session, cast, cast.wang, WANG, MONDAY)
    assert duty_periods.run(house, now=LATER) == 92 + 70  # up to a week ago


def test_training_is_a_figure_of_those_who_were_asked_and_opens_to_its_sessions(phone_of, walked):
    in_may = datetime(2025, 5, 10, 4, tzinfo=UTC)
    both = [Held(phone_of, walked.sun, begins_at=in_may + timedelta(days=days)) for days in (0, 7)]
    for held in both:
        assert held.tick(walked.wang).status_code == 200
    both[0].tick(walked.chen)
    Held(phone_of, walked.sun, begins_at=in_may, posts=["town_chief"])
    off = Held(phone_of, walked.sun, begins_at=in_may)
    etag = {"If-Match": off.seen_by(walked.sun).headers["ETag"]}
    assert phone_of(walked.sun).post(f"{off.path}/withdraw", json={"reason": "改期"}, headers=etag).status_code == 200
    Held(phone_of, walked.sun, begins_at=datetime(2025, 7, 1, 4, tzinfo=UTC))  # after its days
    wang, chen = Made(phone_of, walked.sun).scores()
    shares = [(each["indicators"]["training"]["hits"], each["indicators"]["training"]["size"]) for each in (wang, chen)]
    assert shares == [(2, 2), (1, 2)]
    assert chen["score"] == round((60 * 5 / 8 + 10 / 2) / 70 * 100, 2)
    items = phone_of(walked.sun).get(chen["indicators"]["training"]["path"]).json["items"]
    assert [(each["training"]["id"], each["is_hit"]) for each in items] == [
        (str(both[0].id), True),
        (str(both[1].id), False),
    ]
