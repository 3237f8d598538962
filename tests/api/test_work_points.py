"""Work points of a year: an order with milestones, each answered by the same people by its own day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.domain import work_points
from tests.api.order_cases import DUE, ORDERS, Given, body
from tests.cast import NOON
from tests.makers import new_id

SPRING, AUTUMN = NOON + timedelta(days=20), NOON + timedelta(days=90)
POINTS: dict[str, Any] = {
    "kind": "work_points",
    "wanted": "read",
    "title": "2025 年河湖长制工作要点",
    "due_at": (NOON + timedelta(days=200)).isoformat(),
    "milestones": [
        {"title": "完成秋季清河行动", "due_at": AUTUMN.isoformat()},
        {"title": "完成汛前排查", "due_at": SPRING.isoformat()},
    ],
}


def test_each_milestone_is_an_order_to_the_same_people_and_stands_with_its_work_points(phone_of, cast, clock):
    given = Given(phone_of, cast.li, **POINTS)
    assert given.answer.status_code == 201, given.answer.text
    spring, autumn = given.answer.json["milestones"]
    assert [each["title"] for each in (spring, autumn)] == ["完成汛前排查", "完成秋季清河行动"]
    assert spring["totals"]["people"] == given.answer.json["people"]
    again = phone_of(cast.li).put(given.path, json=body(**POINTS))
    assert (again.status_code, again.json["milestones"]) == (200, [spring, autumn])
    listed = phone_of(cast.li).get(ORDERS).json["items"]
    assert [each["id"] for each in listed] == [str(given.id)]

    wang = phone_of(cast.wang)
    assert wang.get(spring["path"]).json["part_of"] == str(given.id)
    waiting = [each["id"] for each in wang.get("/api/v1/me").json["tasks"] if each["type"] == "order"]
    assert waiting == [spring["id"], str(given.id)]  # what is due in autumn can wait
    clock.now = AUTUMN - timedelta(days=29)
    waiting = [each["id"] for each in phone_of(cast.wang).get("/api/v1/me").json["tasks"] if each["type"] == "order"]
    assert autumn["id"] in waiting


def test_a_milestone_is_answered_by_itself_and_withdrawn_with_the_whole(lasting):
    phone_of, cast = lasting.phone_of, lasting.cast
    given = Given(phone_of, cast.li, **POINTS)
    spring, autumn = given.answer.json["milestones"]
    for said, done in (("read", 0), ("answer", 1)):
        word = {"said": said, "text": "排查完了", "at": NOON.isoformat()}
        assert phone_of(cast.wang).put(f"{spring['path']}/words/{new_id()}", json=word).status_code == 201
        assert given.seen_by(cast.li).json["milestones"][0]["totals"]["done"] == done
    since = phone_of(cast.wang).get("/api/v1/sync").json["next"]
    assert given.act("withdraw", reason="换文号重发").status_code == 200
    changed = phone_of(cast.wang).get(f"/api/v1/sync?since={since}").json["changes"]
    assert {each["id"] for each in changed if each["type"] == "order"} == {str(given.id), spring["id"], autumn["id"]}
    assert all(each["withdrawn"] for each in given.seen_by(cast.li).json["milestones"])
    assert phone_of(cast.wang).get(autumn["path"]).json["withdrawn"]["reason"] == "换文号重发"


def test_a_milestone_stays_within_its_whole_whichever_is_put_right(phone_of, cast):
    given = Given(phone_of, cast.li, **POINTS)
    spring, autumn = given.answer.json["milestones"]
    soon, late = ((NOON + timedelta(days=days)).isoformat() for days in (1, 900))
    refused = given.act("correct", id=str(new_id()), reason="提前", due_at=soon)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/due_at")
    path, keeper = autumn["path"], phone_of(cast.li)
    said = {"id": str(new_id()), "reason": "推后", "due_at": late}
    etag = keeper.get(path).headers["ETag"]
    assert keeper.post(f"{path}/correct", json=said, headers={"If-Match": etag}).status_code == 422
    assert keeper.post(f"{path}/correct", json=said | {"due_at": soon}, headers={"If-Match": etag}).status_code == 200
    assert phone_of(cast.wang).get(spring["path"]).json["due_at"] == spring["due_at"]


def test_a_milestone_whose_place_is_taken_is_not_left_out(phone_of, cast):
    whole = new_id()
    taken = body(title="别的事")
    assert phone_of(cast.li).put(f"{ORDERS}/{work_points.id_of(whole, 0)}", json=taken).status_code == 201
    assert phone_of(cast.li).put(f"{ORDERS}/{whole}", json=body(**POINTS)).status_code == 409


def test_milestones_that_cannot_be_meant_are_named(phone_of, cast):
    late = {"title": "太晚", "due_at": (DUE + timedelta(days=900)).isoformat()}
    past = {"title": "过了", "due_at": (NOON - timedelta(days=1)).isoformat()}
    wrong = Given(phone_of, cast.li, **POINTS | {"milestones": [past, late]}).answer
    assert [each["pointer"] for each in wrong.json["errors"]] == [f"/milestones/{n}/due_at" for n in (0, 1)]
    patrol = Given(phone_of, cast.li, milestones=[{"title": "一", "due_at": DUE.isoformat()}]).answer
    assert [each["pointer"] for each in patrol.json["errors"]] == ["/milestones"]
    many = Given(phone_of, cast.li, **POINTS | {"milestones": POINTS["milestones"] * 13}).answer
    assert (many.status_code, many.json["errors"][0]["pointer"]) == (422, "/milestones")
