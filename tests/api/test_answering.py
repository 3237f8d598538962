"""Answers of a campaign: by whom, for which reach, naming what; late ones, corrected ones, those of a queue."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from backend.models.segments import Assignment
from tests.api.campaign_cases import DEADLINE, Search, every, found_on
from tests.api.hazard_cases import Case, report
from tests.cast import NOON
from tests.makers import new_id, upload
from tests.pictures import GOOD, sha

WANGS, CHENS = "TUHAI-371502-001", "TUHAI-371502-002"


@pytest.fixture
def search(phone_of, cast) -> Search:
    return Search(phone_of, cast.sun)


def test_an_answer_is_kept_once_with_its_receipt(search, phone_of, cast):
    key, body = new_id(), {"segment": WANGS, "found": False, "at": NOON.isoformat(), "photos": [sha(GOOD)]}
    wang, path = phone_of(cast.wang), f"{search.path}/answers/{key}"
    kept = wang.put(path, json=body)
    assert (kept.status_code, kept.json["stands"], kept.json["late"]) == (201, True, False)
    assert kept.json["photos"] == [{"sha256": sha(GOOD), "state": "pending"}]
    upload(wang, GOOD)
    again = wang.put(path, json=body | {"client": {"app": "web"}})
    assert (again.status_code, again.json["receipt"]["photos"][0]["state"]) == (200, "stored")
    assert again.json["receipt"]["body_sha256"] == kept.json["receipt"]["body_sha256"]
    assert wang.put(path, json=body | {"note": "补充"}).status_code == 409
    assert phone_of(cast.chen).put(path, json=body).status_code == 409
    other = Search(phone_of, cast.sun)
    assert wang.put(f"{other.path}/answers/{key}", json=body).status_code == 409


def test_those_of_the_reach_town_chief_and_office_answer_and_nobody_else(search, phone_of, cast):
    for player, on_behalf in {"wang": False, "he": False, "li": True, "sun": True}.items():
        said = search.reply(cast.people[player], WANGS)
        assert (said.status_code, said.json["on_behalf"]) == (201, on_behalf), player
    for player, status in {"chen": 404, "zhao": 403, "qian": 403, "tang": 404, "wu": 404, "feng": 403}.items():
        assert search.reply(cast.people[player], WANGS).status_code == status, player
    assert search.total(cast.sun)["on_behalf"] == 1  # the office's stands; it was given last
    assert search.reply(cast.sun, "TUHAI-371502-003").status_code == 404  # the next town was not asked
    assert search.reply(cast.sun, str(cast.segments[CHENS].id)).status_code == 201  # by id, too
    nowhere = phone_of(cast.sun).put(f"/api/v1/campaigns/{new_id()}/answers/{new_id()}", json=_nothing(WANGS))
    assert nowhere.status_code == 404


def test_a_later_answer_replaces_the_standing_one_and_both_stay(search, phone_of, cast, clock):
    hazard = found_on(phone_of, cast.wang, WANGS)
    search.reply(cast.wang, WANGS)
    clock.now = DEADLINE + timedelta(hours=1)
    late = search.reply(cast.wang, WANGS, hazard, at=clock.now)
    assert (late.json["late"], late.json["stands"]) == (True, True)
    # The reach had answered in time: a correction does not make it late.
    total = search.total(cast.sun)
    assert (total["in_time"], total["late"], total["found"], total["none_found"]) == (1, 0, 1, 0)
    # What the warden wrote down before that, and hands in only now, does not stand.
    early = search.reply(cast.he, WANGS, at=NOON + timedelta(hours=1))
    assert (early.status_code, early.json["stands"]) == (201, False)
    assert search.total(cast.sun)["found"] == 1
    replies = every(phone_of(cast.li), f"{search.path}/answers?segment={WANGS}")
    assert [(each["by"]["name"], each["found"], each["stands"]) for each in replies] == [
        ("何巡河", False, False),
        ("王村长", True, True),
        ("王村长", False, False),
    ]
    # Taken back, nothing is counted of it any more.
    search.reply(cast.wang, WANGS, at=clock.now)
    assert search.total(cast.sun)["found"] == 0
    assert every(phone_of(cast.wang), f"{search.path}/answers")[0]["stands"]
    assert phone_of(cast.tang).get(f"{search.path}/answers").status_code == 404


def test_an_answer_that_was_given_in_time_and_came_late_says_both(search, cast, clock):
    clock.now = DEADLINE + timedelta(days=2)
    said = search.reply(cast.wang, WANGS, at=DEADLINE - timedelta(hours=1)).json
    assert (said["late"], said["said_in_time"]) == (True, True)
    ahead = search.reply(cast.chen, CHENS, at=clock.now + timedelta(days=365)).json
    assert (ahead["late"], ahead["said_in_time"], ahead["stands"]) == (True, False, True)


def test_what_is_found_lies_there_is_sought_and_is_new(search, phone_of, cast, clock):
    mine = found_on(phone_of, cast.wang, WANGS)
    next_door = found_on(phone_of, cast.chen, CHENS)
    other_kind = found_on(phone_of, cast.wang, WANGS, kind="water.drift")
    clock.now = NOON + timedelta(days=1)
    later = Search(phone_of, cast.sun)

    def wrong(*hazards: Any, at: Search = search) -> list[str]:
        answer = at.reply(cast.wang, WANGS, *hazards)
        assert answer.status_code == 422, answer.text
        return [flaw["pointer"] for flaw in answer.json["errors"]]

    assert wrong(mine, next_door, other_kind, new_id()) == ["/hazards/1", "/hazards/2", "/hazards/3"]
    assert wrong(mine, at=later) == ["/hazards/0"]
    bare = _nothing(WANGS)
    for body, pointer in (
        (bare | {"found": True}, "/hazards"),
        (bare | {"hazards": [str(mine)]}, "/found"),
        (bare | {"found": "perhaps"}, "/found"),
        (bare | {"at": "yesterday"}, "/at"),
        (bare | {"hazards": ["x"]}, "/hazards/0"),
        (bare | {"photos": ["x"]}, "/photos/0"),
        (bare | {"note": "长" * 5001}, "/note"),
        ({name: value for name, value in bare.items() if name != "segment"}, "/segment"),
    ):
        answer = phone_of(cast.wang).put(f"{search.path}/answers/{new_id()}", json=body)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert search.total(cast.sun)["answered"] == 0
    assert search.reply(cast.wang, WANGS, mine, mine).json["hazards"] == [str(mine)]


def test_a_town_answers_for_what_lies_on_the_reaches_inside_its_own(phone_of, cast):
    towns = Search(phone_of, cast.sun, level="town")
    hazard = found_on(phone_of, cast.wang, WANGS)
    said = towns.reply(cast.li, "TUHAI-371502001", hazard)
    assert (said.status_code, said.json["on_behalf"]) == (201, False)
    assert towns.total(cast.sun)["found"] == 1


def test_a_rejected_finding_is_none_and_one_that_was_merged_is_fixed_with_the_other(search, phone_of, cast, clock):
    heap, twin = Case(phone_of, cast.wang), Case(phone_of, cast.wang)
    nonsense = Case(phone_of, cast.wang, severity="minor")
    search.reply(cast.wang, WANGS, heap.id, twin.id, nonsense.id)
    nonsense.act(cast.feng, "reject", note="不是问题")
    twin.act(cast.feng, "merge", into=str(heap.id))
    total = search.total(cast.sun)
    assert {name: total[name] for name in ("found", "fixed", "unfixed", "rejected", "overdue")} == {
        "found": 2,
        "fixed": 0,
        "unfixed": 2,
        "rejected": 1,
        "overdue": 0,
    }
    clock.now += timedelta(days=9)
    assert search.total(cast.sun)["overdue"] == 2
    rows = every(phone_of(cast.sun), search.total(cast.sun)["links"]["overdue"])
    assert {row["id"]: row["merged_into"] for row in rows} == {str(heap.id): None, str(twin.id): str(heap.id)}
    assert all(row["overdue"] and not row["fixed"] for row in rows)


def test_a_chief_who_was_moved_since_still_answers_for_what_was_asked_of_them(search, phone_of, cast, clock, session):
    moved = Assignment.person_id.in_([cast.wang, cast.he])
    session.execute(update(Assignment).where(moved).values(until_day=(NOON + timedelta(days=1)).date()))
    clock.now += timedelta(days=2)
    said = search.reply(cast.wang, WANGS, at=clock.now)
    assert (said.status_code, said.json["on_behalf"]) == (201, False)
    # The warden was not asked by name, but wrote it down while the reach was theirs.
    assert search.reply(cast.he, WANGS, at=clock.now).status_code == 404
    assert search.reply(cast.he, WANGS, at=NOON).status_code == 201


def test_a_phone_hands_in_what_it_found_and_its_answer_in_one_queue(search, phone_of, cast):
    hazard, key = new_id(), new_id()
    found = {"segment": WANGS, "found": True, "hazards": [str(hazard)], "at": NOON.isoformat()}
    items = [
        {"type": "hazard", "id": str(hazard), "body": report()},
        {"type": "campaign_answer", "id": str(key), "body": found | {"campaign": str(search.id)}},
        {"type": "campaign_answer", "id": str(new_id()), "body": found},
        {"type": "campaign_answer", "id": str(new_id()), "body": found | {"campaign": str(new_id())}},
        {"type": "campaign_answer", "id": str(new_id()), "body": found | {"campaign": str(search.id), "at": 1}},
    ]
    results = phone_of(cast.wang).post("/api/v1/sync", json={"items": items}).json["results"]
    assert [each["status"] for each in results] == ["created", "created", "refused", "refused", "refused"]
    assert results[1]["receipt"]["body_sha256"] == results[1]["thing"]["receipt"]["body_sha256"]
    assert [each["problem"]["errors"][0]["pointer"] for each in (results[2], results[4])] == [
        "/body/campaign",
        "/body/at",
    ]
    # By itself it is the same answer.
    assert phone_of(cast.wang).put(f"{search.path}/answers/{key}", json=found).status_code == 200
    again = phone_of(cast.wang).post("/api/v1/sync", json={"items": items[:2]}).json["results"]
    assert [each["status"] for each in again] == ["unchanged", "unchanged"]
    county = phone_of(cast.zhao).post("/api/v1/sync", json={"items": [items[1] | {"id": str(new_id())}]})
    assert county.json["results"][0]["problem"]["status"] == 403


def test_a_phone_hears_of_campaigns_that_wait_for_it_and_of_answers_of_others(lasting):
    wang, sun = lasting.phone_of(lasting.cast.wang), lasting.phone_of(lasting.cast.sun)
    since = wang.get("/api/v1/sync").json["next"]
    search = Search(lasting.phone_of, lasting.cast.sun)
    heard = wang.get("/api/v1/sync", query_string={"since": since}).json
    (change,) = (each for each in heard["changes"] if each["type"] == "campaign")
    assert (change["id"], change["body"]["mine"][0]["answered"]) == (str(search.id), False)
    fresh = [each["type"] for each in wang.get("/api/v1/sync").json["changes"]]
    assert fresh == ["segment", "campaign"]
    search.reply(lasting.cast.he, WANGS)
    (change,) = wang.get("/api/v1/sync", query_string={"since": heard["next"]}).json["changes"]
    assert change["body"]["mine"][0]["answered"]
    assert [each["type"] for each in wang.get("/api/v1/sync").json["changes"]] == ["segment"]
    assert sun.get("/api/v1/sync").json["changes"] == []


def test_answers_for_one_reach_that_race_each_other_are_all_kept_and_one_stands(lasting):
    search = Search(lasting.phone_of, lasting.cast.sun)
    ids, body = [new_id() for _ in range(6)], _nothing(WANGS)

    def hand_in(key: Any) -> int:
        phone = lasting.phone_of(lasting.cast.wang)
        return phone.put(f"{search.path}/answers/{key}", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(hand_in, ids * 3))
    assert statuses == {201: 6, 200: 12}
    replies = every(lasting.phone_of(lasting.cast.li), f"{search.path}/answers")
    assert sorted(each["id"] for each in replies) == sorted(map(str, ids))
    assert [each["stands"] for each in replies].count(True) == 1


def _nothing(segment: str) -> dict[str, Any]:
    return {"segment": segment, "found": False, "at": NOON.isoformat()}
