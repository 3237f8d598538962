"""Withdrawing, entering for somebody else, listing, copies: what happens to a walk after it was handed in."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import LINE, NOON
from tests.makers import new_id, patrol_body

BASE = "/api/v1/patrols"


def test_a_mistaken_report_is_withdrawn_and_the_next_one_counts(phone_of, cast):
    wang, first, second = phone_of(cast.wang), new_id(), new_id()
    wang.put(f"{BASE}/{first}", json=patrol_body(LINE))
    soon = patrol_body(LINE, started_at=NOON - timedelta(hours=2), seed=5, speed_mps=1.0)
    assert wang.put(f"{BASE}/{second}", json=soon).json["verdict"]["reasons"] == ["too_soon"]
    etag = wang.get(f"{BASE}/{first}").headers["ETag"]
    said = {"reason": "走错了河"}
    assert phone_of(cast.he).post(f"{BASE}/{first}/withdraw", json=said, headers={"If-Match": etag}).status_code == 403
    gone = wang.post(f"{BASE}/{first}/withdraw", json=said, headers={"If-Match": etag})
    assert (gone.json["withdrawn"]["reason"], gone.json["verdict"]["counts"]) == ("走错了河", False)
    assert wang.get(f"{BASE}/{second}").json["verdict"]["outcome"] == "valid"
    etag = gone.headers["ETag"]
    assert wang.post(f"{BASE}/{first}/withdraw", json=said, headers={"If-Match": etag}).status_code == 409


def test_the_office_enters_a_walk_for_a_chief_without_a_phone(phone_of, cast):
    office, patrol = phone_of(cast.sun), new_id()
    body = patrol_body(LINE) | {"on_behalf_of": str(cast.wang)}
    entered = office.put(f"{BASE}/{patrol}", json=body)
    assert entered.status_code == 201, entered.json
    assert (entered.json["person"]["name"], entered.json["entered_by"]) == ("王村长", str(cast.sun))
    assert entered.json["verdict"]["outcome"] == "valid"
    assert office.put(f"{BASE}/{patrol}", json=body).status_code == 200
    assert office.put(f"{BASE}/{new_id()}", json=patrol_body(LINE)).status_code == 404
    assert office.put(f"{BASE}/{new_id()}", json=body | {"on_behalf_of": str(new_id())}).status_code == 404
    assert phone_of(cast.li).put(f"{BASE}/{new_id()}", json=body).status_code == 404


def test_a_track_handed_in_twice_is_seen_whatever_was_done_to_it(phone_of, cast):
    body = patrol_body(LINE, started_at=NOON - timedelta(days=3))
    phone_of(cast.wang).put(f"{BASE}/{new_id()}", json=body)
    later = patrol_body(LINE, started_at=NOON - timedelta(days=1))
    shift = 2 * 86_400_000
    later["track"]["points"] = [[lon, lat, at + shift, acc] for lon, lat, at, acc in body["track"]["points"][::2]]
    verdict = phone_of(cast.he).put(f"{BASE}/{new_id()}", json=later).json["verdict"]
    assert (verdict["outcome"], verdict["reasons"]) == ("doubtful", ["copied_track"])


def test_lists_go_on_where_they_stopped_and_narrow(phone_of, cast):
    wang, li = phone_of(cast.wang), phone_of(cast.li)
    ids = []
    for day in range(5):
        ids.append(str(new_id()))
        body = patrol_body(LINE, started_at=NOON - timedelta(days=day, hours=4), seed=day, speed_mps=1.0 + day / 10)
        wang.put(f"{BASE}/{ids[-1]}", json=body)
    found, path = [], f"{BASE}?limit=2"
    while path:
        page = li.get(path).json
        found += [item["id"] for item in page["items"]]
        path = page["next"]
    assert found == ids
    narrow = {
        "segment": "TUHAI-371502-001",
        "person": str(cast.wang),
        "region": "371502001001",
        "outcome": "valid",
        "from": (NOON - timedelta(days=3)).isoformat(),
        "to": NOON.isoformat(),
    }
    assert [item["id"] for item in li.get(BASE, query_string=narrow).json["items"]] == ids[:3]
    for beyond in ("NOWHERE", "CHIPING-371503", str(cast.segments["CHIPING-371503"].id), str(new_id())):
        narrowed = li.get(BASE, query_string={"segment": beyond})
        assert (narrowed.status_code, narrowed.json["items"]) == (200, [])
    assert li.get(BASE, query_string={"region": "371503"}).json["items"] == []
    assert phone_of(cast.he).get(BASE, query_string={"region": "3715"}).json["items"][0]["id"] == ids[0]
    assert phone_of(cast.shen).get(BASE).status_code == 403


def test_a_track_comes_back_as_geojson_and_gpx(phone_of, cast):
    wang, patrol = phone_of(cast.wang), new_id()
    body = patrol_body(LINE)
    body["track"]["points"][4] = body["track"]["points"][4][:3]
    wang.put(f"{BASE}/{patrol}", json=body)
    line = wang.get(f"{BASE}/{patrol}/track").json
    assert len(line["geometry"]["coordinates"]) == len(body["track"]["points"])
    assert line["properties"]["accuracy_m"][4] is None
    assert b"<gpx" in wang.get(f"{BASE}/{patrol}/track?format=gpx").data


def test_the_sentence_says_what_a_review_or_a_withdrawal_has_decided(phone_of, cast):
    wang, li, patrol = phone_of(cast.wang), phone_of(cast.li), new_id()
    wang.put(f"{BASE}/{patrol}", json=patrol_body(LINE))
    said = {"outcome": "invalid", "note": "照片不是这里"}
    etag = {"If-Match": li.get(f"{BASE}/{patrol}").headers["ETag"]}
    verdict = li.post(f"{BASE}/{patrol}/review", json=said, headers=etag).json["verdict"]
    assert (verdict["counts"], verdict["sentence"]) == (False, "经复核，这次巡河不算：照片不是这里")
    etag = {"If-Match": wang.get(f"{BASE}/{patrol}").headers["ETag"]}
    verdict = wang.post(f"{BASE}/{patrol}/withdraw", json={"reason": "走错了河"}, headers=etag).json["verdict"]
    assert verdict["sentence"] == "这次巡河已撤回，不算数：走错了河"
