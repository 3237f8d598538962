"""A village chief's phone hands in a walk; the server says whether it counts; the town chief sees it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from geo.datum import Crs
from tests.cast import LINE, NOON
from tests.makers import new_id, patrol_body

BASE = "/api/v1/patrols"


def test_an_honest_walk_counts_and_the_town_chief_sees_it(phone_of, cast):
    patrol_id = new_id()
    handed_in = phone_of(cast.wang).put(f"{BASE}/{patrol_id}", json=patrol_body(LINE))

    assert handed_in.status_code == 201, handed_in.json
    verdict = handed_in.json["verdict"]
    assert verdict["outcome"] == "valid", verdict
    assert verdict["reasons"] == []
    assert 850 < verdict["covered_m"] < 950
    assert verdict["sentence"].startswith("这次巡河算数了")

    seen = phone_of(cast.li).get(f"{BASE}/{patrol_id}")
    assert seen.status_code == 200
    assert seen.json["verdict"]["outcome"] == "valid"
    assert seen.json["person"]["name"] == "王村长"
    assert [p["id"] for p in phone_of(cast.li).get(BASE).json["items"]] == [str(patrol_id)]


def test_a_gcj02_phone_that_says_so_is_judged_on_the_real_river(phone_of, cast):
    answer = phone_of(cast.wang).put(f"{BASE}/{new_id()}", json=patrol_body(LINE, crs=Crs.GCJ02))
    assert answer.json["verdict"]["outcome"] == "valid", answer.json["verdict"]


def test_a_gcj02_phone_that_says_wgs84_is_doubted_and_told_so(phone_of, cast):
    body = patrol_body(LINE, crs=Crs.GCJ02, declared=Crs.WGS84)
    verdict = phone_of(cast.wang).put(f"{BASE}/{new_id()}", json=body).json["verdict"]
    assert (verdict["outcome"], verdict["reasons"]) == ("doubtful", ["datum_mismatch"])
    assert "GCJ02" in verdict["sentence"]


def test_a_chief_of_another_county_cannot_tell_that_it_exists(phone_of, cast):
    patrol_id = new_id()
    phone_of(cast.wang).put(f"{BASE}/{patrol_id}", json=patrol_body(LINE))
    assert phone_of(cast.wu).get(f"{BASE}/{patrol_id}").status_code == 404
    assert phone_of(cast.wu).get(BASE).json["items"] == []
    assert phone_of(cast.wu).put(f"{BASE}/{new_id()}", json=patrol_body(LINE)).status_code == 404


def test_a_phone_that_lost_the_answer_may_send_again(phone_of, cast):
    patrol_id, body = new_id(), patrol_body(LINE)
    first = phone_of(cast.wang).put(f"{BASE}/{patrol_id}", json=body)
    again = phone_of(cast.wang).put(f"{BASE}/{patrol_id}", json=body | {"client": {"sent_at": NOON.isoformat()}})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json

    other = phone_of(cast.wang).put(f"{BASE}/{patrol_id}", json=body | {"note": "别的"})
    assert other.status_code == 409
    stranger = phone_of(cast.chen).put(f"{BASE}/{patrol_id}", json=body)
    assert stranger.status_code == 409
    assert "verdict" not in stranger.json


def test_two_walks_on_one_river_within_four_hours_count_once_whatever_arrives_first(phone_of, cast):
    early, late = new_id(), new_id()
    phone = phone_of(cast.wang)
    phone.put(f"{BASE}/{late}", json=patrol_body(LINE, started_at=NOON - timedelta(hours=2), seed=1, speed_mps=1.0))
    answer = phone.put(f"{BASE}/{early}", json=patrol_body(LINE, started_at=NOON - timedelta(hours=4), seed=2))

    assert answer.json["verdict"]["outcome"] == "valid"
    verdict = phone.get(f"{BASE}/{late}").json["verdict"]
    assert (verdict["outcome"], verdict["reasons"], verdict["counts"]) == ("invalid", ["too_soon"], False)


def test_a_village_chief_next_door_is_told_the_segment_is_not_theirs_and_it_is_kept(phone_of, cast):
    patrol_id = new_id()
    answer = phone_of(cast.chen).put(f"{BASE}/{patrol_id}", json=patrol_body(LINE))
    assert answer.status_code == 201
    assert answer.json["verdict"]["reasons"] == ["not_assigned"]
    assert phone_of(cast.chen).get(f"{BASE}/{patrol_id}").status_code == 200


def test_a_superior_walks_on_their_own_reach_when_naming_a_lower_one(phone_of, cast):
    body = patrol_body(LINE, metres=1500, speed_mps=1.4)
    answer = phone_of(cast.li).put(f"{BASE}/{new_id()}", json=body).json
    assert answer["segment"]["code"] == "TUHAI-371502001"
    assert answer["verdict"]["outcome"] == "valid", answer["verdict"]


def test_the_town_chief_reviews_with_the_version_they_saw(phone_of, cast):
    patrol_id = new_id()
    phone_of(cast.wang).put(f"{BASE}/{patrol_id}", json=patrol_body(LINE))
    town = phone_of(cast.li)
    path, word = f"{BASE}/{patrol_id}/review", {"outcome": "invalid", "note": "照片不是这里"}
    etag = town.get(f"{BASE}/{patrol_id}").headers["ETag"]

    assert town.post(path, json=word).status_code == 428
    assert town.post(path, json=word, headers={"If-Match": '"0"'}).status_code == 412
    done = town.post(path, json=word, headers={"If-Match": etag})
    assert done.status_code == 200
    assert done.json["review"]["outcome"] == "invalid"
    assert done.json["verdict"]["counts"] is False
    assert phone_of(cast.wang).post(path, json=word, headers={"If-Match": etag}).status_code == 403


def test_odd_walks_are_kept_with_their_reason(phone_of, cast):
    phone = phone_of(cast.wang)
    body = patrol_body(LINE)
    none = phone.put(f"{BASE}/{new_id()}", json=body | {"track": {"points": []}})
    assert (none.status_code, none.json["verdict"]["reasons"]) == (201, ["no_track"])
    one = phone.put(f"{BASE}/{new_id()}", json=body | {"track": {"points": body["track"]["points"][:1]}})
    assert (one.status_code, one.json["verdict"]["reasons"]) == (201, ["no_track"])
    future = patrol_body(LINE, started_at=NOON + timedelta(days=7))
    ahead = phone.put(f"{BASE}/{new_id()}", json=future)
    assert (ahead.status_code, ahead.json["verdict"]["reasons"]) == (201, ["clock"])
    mixed = patrol_body(LINE, started_at=NOON - timedelta(days=3), seed=9, aside_m=-25.0)
    points = mixed["track"]["points"]
    points[3], points[50] = points[50], points[3]
    unsorted = phone.put(f"{BASE}/{new_id()}", json=mixed)
    assert (unsorted.status_code, unsorted.json["verdict"]["reasons"]) == (201, ["unsorted"])


def test_a_usual_walk_asks_the_database_seven_times(phone_of, cast, connection):
    wang, asked = phone_of(cast.wang), []
    before = patrol_body(LINE, started_at=NOON - timedelta(days=1), aside_m=-25.0)
    wang.put(f"{BASE}/{new_id()}", json=before)  # the reach is prepared, and nobody walked the other bank yet

    def count(_connection, _cursor, statement, *_):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            asked.append(statement)

    event.listen(connection, "before_cursor_execute", count)
    assert wang.put(f"{BASE}/{new_id()}", json=patrol_body(LINE, seed=3)).status_code == 201
    event.remove(connection, "before_cursor_execute", count)
    # account · opening · claims · (lock, on PostgreSQL) · what lies beside it · the row · its day owed to the figures
    assert len(asked) <= 7, "\n".join(statement[:60] for statement in asked)
