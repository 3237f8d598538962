"""Letters on their way over HTTP: what waits, what failed and why, one letter's story, and sending again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.channels.sending import DeliveryFailed
from backend.domain.lanes import Lane
from backend.models.changes import Record
from jobs import delivery
from tests.carriers import letters, office, push, sms, tell, voice
from tests.cast import NOON
from tests.makers import new_id

__all__ = ["office", "push", "sms", "tell", "voice"]
LETTERS = "/api/v1/letters"
NOBODY = DeliveryFailed("no_such_number", permanent=True)
BUSY = DeliveryFailed("no_answer")


@pytest.fixture
def sun(phone_of, cast):
    return phone_of(cast.sun)


@pytest.fixture
def dead(tell, office, sms, cast):
    """Three texts that no channel took: to Wang twice, and to Wu of another county."""
    sms.plan = lambda letter, nth: NOBODY
    wanted = [tell("1"), tell("2", at=NOON + timedelta(minutes=1)), tell("3", person=cast.wu)]
    delivery.run(office, now=NOON + timedelta(minutes=2))
    return wanted


def states(session):
    return sorted(row.state for row in letters(session))


def test_what_waits_is_counted_by_channel_and_lane_with_how_much_was_tried_in_vain(sun, tell, office, sms, voice):
    sms.plan = lambda letter, nth: BUSY
    tell("1")
    tell("2", channels=("voice",), lane=Lane.URGENT)
    tell("later", lane=Lane.DIGEST, channels=("app",))
    delivery.run(office, now=NOON)
    tell("3", at=NOON + timedelta(hours=10))
    found = sun.get(f"{LETTERS}/queues").json
    (queue,) = [each for each in found["queues"] if each["channel"] == "sms"]
    assert (queue["lane"], queue["waiting"], queue["retrying"], queue["sending"]) == ("normal", 1, 1, 0)
    assert {each["lane"]: each["count"] for each in found["unwritten"]} == {"digest": 1, "normal": 1}
    assert found["dead"] == []
    (tried,) = sun.get(LETTERS, query_string={"state": "retrying"}).json["items"]
    assert (tried["failure"], tried["tries"] >= 1, bool(tried["next_try_at"])) == ("no_answer", True, True)
    assert [each["id"] for each in sun.get(LETTERS, query_string={"state": "waiting"}).json["items"]] == [tried["id"]]
    assert sun.get(LETTERS).json["items"] == []


def test_what_failed_is_counted_by_reason_in_ones_own_part_of_the_world(sun, phone_of, cast, dead):
    (mine,) = sun.get(f"{LETTERS}/queues").json["dead"]
    assert (mine["channel"], mine["lane"], mine["failure"], mine["count"]) == ("sms", "normal", "no_such_number", 2)
    assert phone_of(cast.deng).get(f"{LETTERS}/queues").json["dead"][0]["count"] == 3
    items = sun.get(LETTERS).json["items"]
    assert [each["person"]["name"] for each in items] == ["王村长", "王村长"]
    assert sun.get(LETTERS, query_string={"failure": "throttled"}).json["items"] == []
    assert len(sun.get(LETTERS, query_string={"channel": "sms", "lane": "normal"}).json["items"]) == 2


def test_the_list_is_paged_and_takes_no_cursor_of_another(sun, dead):
    first = sun.get(LETTERS, query_string={"limit": 1}).json
    rest = sun.get(first["next"]).json
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (1, 1, None)
    assert first["items"][0]["id"] != rest["items"][0]["id"]
    for wrong in ("WzFd", "WyJ4IiwieSJd", "WyIyMDI1LTA3LTAyVDA0OjAwOjAwIiwieCJd"):
        assert sun.get(LETTERS, query_string={"cursor": wrong}).status_code == 422


def test_one_letter_tells_its_story_with_those_by_other_channels(sun, phone_of, cast, tell, office, sms, push):
    sms.plan = lambda letter, nth: NOBODY
    tell("1", lane=Lane.URGENT, channels=("sms",))
    delivery.run(office, now=NOON)
    delivery.run(office, now=NOON + timedelta(seconds=2))
    every = sun.get(LETTERS, query_string={"state": "all", "person": str(cast.wang)}).json["items"]
    assert {each["channel"] for each in every} == {"sms", "voice"}
    first = next(each for each in every if each["channel"] == "sms")
    story = sun.get(f"{LETTERS}/{first['id']}").json
    assert (story["letter"]["failure"], story["letter"]["passed_to"], story["letter"]["tries"]) == (
        "no_such_number",
        "voice",
        1,
    )
    assert [each["channel"] for each in story["letters"]] == ["sms", "voice"]
    assert story["letters"][1]["state"] == "accepted"
    assert phone_of(cast.sun).get(f"{LETTERS}/{new_id()}").status_code == 404


def test_letters_of_another_county_are_not_there(sun, phone_of, cast, dead, session):
    theirs = next(
        each for each in phone_of(cast.deng).get(LETTERS).json["items"] if each["person"]["id"] == str(cast.wu)
    )
    assert sun.get(f"{LETTERS}/{theirs['id']}").status_code == 404
    assert sun.get(LETTERS, query_string={"state": "all", "person": str(cast.wu)}).json["items"] == []
    again = sun.post(f"{LETTERS}/retry", json={"notices": [theirs["notice"]]})
    assert again.json == {"notices": 0, "letters": 0}
    for path in (LETTERS, f"{LETTERS}/queues", f"{LETTERS}/{theirs['id']}"):
        assert phone_of(cast.zhao).get(path).status_code == 403


def test_named_ones_and_all_of_a_filter_are_tried_from_the_start_on_record(sun, phone_of, cast, dead, session):
    named = sun.post(f"{LETTERS}/retry", json={"notices": [str(dead[0].id), str(new_id())]}).json
    assert named == {"notices": 1, "letters": 1}
    assert states(session) == ["failed", "failed", "pending"]
    rest = phone_of(cast.deng).post(f"{LETTERS}/retry", json={"channel": "sms", "failure": "no_such_number"})
    assert rest.json == {"notices": 2, "letters": 2}
    assert states(session) == ["pending"] * 3
    kept = session.execute(select(Record.actor_id, Record.thing_id).where(Record.act == "retry")).all()
    assert {(row.actor_id, row.thing_id) for row in kept} == {
        (cast.sun, str(dead[0].id)),
        (cast.deng, str(dead[1].id)),
        (cast.deng, str(dead[2].id)),
    }


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({}, "/notices"),
        ({"notices": []}, "/notices"),
        ({"notices": ["x"]}, "/notices/0"),
        ({"notices": [str(new_id())], "channel": "sms"}, "/notices"),
        ({"channel": "pigeon"}, "/channel"),
        ({"lane": "x"}, "/lane"),
        ({"state": "failed"}, "/state"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_place(sun, said, pointer):
    answer = sun.post(f"{LETTERS}/retry", json=said)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert sun.get(LETTERS, query_string={"state": "all"}).json["errors"][0]["pointer"] == "/person"
