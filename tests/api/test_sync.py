"""What changed for a phone comes down in order, and nothing is skipped."""

from __future__ import annotations

from datetime import timedelta

from shapely import LineString
from sqlalchemy import update

from backend.api.paging import Cursor, encode
from backend.models.segments import Segment
from backend.store import changes
from tests.cast import LINE, NOON
from tests.makers import new_id, patrol_body

SYNC = "/api/v1/sync"


def test_a_phone_starts_afresh_with_its_segments_and_then_hears_of_changes(lasting):
    wang = lasting.phone_of(lasting.cast.wang)
    fresh = wang.get(SYNC).json
    assert [(each["type"], each["op"], each["body"]["properties"]["code"]) for each in fresh["changes"]] == [
        ("segment", "put", "TUHAI-371502-001")
    ]
    segment = lasting.cast.segments["TUHAI-371502-002"].id
    with lasting.database.transaction() as session:
        changes.changed(session, lasting.clock(), [lasting.cast.wang], "segment", segment, "gone")
    heard = wang.get(SYNC, query_string={"since": fresh["next"]}).json
    assert [(each["op"], each["id"]) for each in heard["changes"]] == [("gone", str(segment))]
    assert wang.get(SYNC, query_string={"since": heard["next"]}).json["changes"] == []


def test_a_late_commit_is_never_skipped(fresh_database, clock, keyring):
    from tests.cast import assemble

    with fresh_database.transaction() as setting:
        cast = assemble(setting, keyring)
    segment = cast.segments["TUHAI-371502-001"].id
    with fresh_database.reading() as look:
        place = changes.newest(look)
    heard = []
    if fresh_database.dialect == "postgresql":
        with fresh_database.transaction() as late:
            changes.changed(late, clock(), [cast.wang], "segment", segment)
            late.flush()
            with fresh_database.transaction() as quick:
                changes.changed(quick, clock(), [cast.wang], "patrol", segment)
            with fresh_database.reading() as look:
                rows = changes.since(look, cast.wang, place, 10)
                heard += rows
                place = (rows[-1].transaction_id, rows[-1].seq) if rows else place
    else:
        for thing in ("segment", "patrol"):
            with fresh_database.transaction() as each:
                changes.changed(each, clock(), [cast.wang], thing, segment)
    with fresh_database.reading() as look:
        heard += changes.since(look, cast.wang, place, 10)
    assert sorted(row.thing_type for row in heard) == ["patrol", "segment"]


def test_a_review_reaches_the_walkers_phone(lasting):
    wang, li, patrol = lasting.phone_of(lasting.cast.wang), lasting.phone_of(lasting.cast.li), new_id()
    since = wang.get(SYNC).json["next"]
    wang.put(f"/api/v1/patrols/{patrol}", json=patrol_body(LINE))
    etag = li.get(f"/api/v1/patrols/{patrol}").headers["ETag"]
    said = {"outcome": "invalid", "note": "照片不是这里"}
    li.post(f"/api/v1/patrols/{patrol}/review", json=said, headers={"If-Match": etag})
    heard = wang.get(SYNC, query_string={"since": since}).json["changes"]
    assert [(each["type"], each["id"]) for each in heard] == [("patrol", str(patrol))]
    assert heard[0]["body"]["review"]["outcome"] == "invalid"


def test_a_review_that_lets_the_next_walk_count_reaches_the_phone_with_both(lasting):
    wang, li = lasting.phone_of(lasting.cast.wang), lasting.phone_of(lasting.cast.li)
    first, second = new_id(), new_id()
    wang.put(f"/api/v1/patrols/{first}", json=patrol_body(LINE, started_at=NOON - timedelta(hours=5)))
    soon = patrol_body(LINE, started_at=NOON - timedelta(hours=3), seed=5, speed_mps=1.0)
    wang.put(f"/api/v1/patrols/{second}", json=soon)
    since = wang.get(SYNC).json["next"]
    etag = li.get(f"/api/v1/patrols/{first}").headers["ETag"]
    said = {"outcome": "invalid", "note": "照片不是这里"}
    li.post(f"/api/v1/patrols/{first}/review", json=said, headers={"If-Match": etag})
    heard = wang.get(SYNC, query_string={"since": since}).json["changes"]
    assert {each["id"]: each["body"]["verdict"]["counts"] for each in heard} == {str(first): False, str(second): True}


def test_an_old_or_foreign_cursor_starts_afresh_and_a_broken_one_is_told_so(phone_of, cast, clock):
    wang = phone_of(cast.wang)
    since = wang.get(SYNC).json["next"]
    assert wang.get(SYNC, query_string={"since": "e30"}).status_code == 422
    foreign = encode(["another database", [0, 0], 0])
    assert wang.get(SYNC, query_string={"since": foreign}).status_code == 410
    assert wang.get(SYNC, query_string={"since": encode([1, 2, 3])}).status_code == 422
    clock.now += timedelta(days=91)
    assert phone_of(cast.wang).get(SYNC, query_string={"since": since}).status_code == 410


def test_one_item_that_breaks_keeps_no_other_back_and_stays_on_the_phone(phone_of, cast, session):
    broken = cast.segments["TUHAI-371502-002"]
    session.execute(update(Segment).where(Segment.id == broken.id).values(line=LineString(), version=99))
    items = [
        {"type": "patrol", "id": str(new_id()), "body": patrol_body(LINE, segment=segment, seed=seed)}
        for seed, segment in enumerate([broken.code, "TUHAI-371502-001"])
    ]
    batch = phone_of(cast.wang).post(SYNC, json={"items": items})
    assert batch.status_code == 200
    first, second = batch.json["results"]
    assert (first["status"], first["problem"]["type"]) == ("retry", "/problems/unexpected")
    assert second["status"] == "created"


def test_an_older_copy_of_the_database_is_noticed_by_a_cursor_ahead_of_it(phone_of, cast, session):
    wang = phone_of(cast.wang)
    incarnation, (transaction, seq), at = Cursor().deserialize(wang.get(SYNC).json["next"])
    for place in ([transaction + 1_000_000, 0], [transaction, seq]):
        status = 410 if place[0] > transaction else 200
        assert wang.get(SYNC, query_string={"since": encode([incarnation, place, at])}).status_code == status
