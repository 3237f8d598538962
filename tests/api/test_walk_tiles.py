"""The walks of a day as tiles: what was covered and the track, up to the moment, for whoever may see them."""

from __future__ import annotations

from datetime import timedelta

from backend.services.tracks import LEAST_ZOOM
from tests.api.test_tiles import layers
from tests.cast import LINE, NOON, OTHER_RIVER, TOWN
from tests.makers import new_id, patrol_body

WALKS = "/api/v1/tiles/walks/14/13470/6409.mvt"


def walked(phone_of, cast) -> str:
    walk = new_id()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).json["verdict"]["counts"]
    return str(walk)


def shown(phone, **query) -> dict[str, list[str]]:
    found = layers(phone.get(WALKS, query_string=query))
    return {name: [each["id"] for each in features] for name, features in found.items()}


def test_a_walk_of_today_is_drawn_with_what_it_covered_and_its_track(phone_of, cast):
    walk = walked(phone_of, cast)
    feng = phone_of(cast.feng)
    assert shown(feng) == {"walked": [walk], "tracks": [walk]}
    (track,) = layers(feng.get(WALKS))["tracks"]
    assert track["outcome"] == "valid"
    assert shown(feng, region=TOWN) == {"walked": [walk], "tracks": [walk]}
    assert shown(feng, region="371502002") == {}
    assert shown(feng, river=OTHER_RIVER) == {}


def test_a_walk_is_on_the_map_of_its_day_and_not_before_it_began(phone_of, cast, clock):
    walk = walked(phone_of, cast)
    clock.now = NOON + timedelta(days=2)
    feng = phone_of(cast.feng)
    assert shown(feng) == {}
    assert shown(feng, at=(NOON + timedelta(hours=2)).isoformat())["tracks"] == [walk]
    assert shown(feng, at=(NOON - timedelta(hours=11)).isoformat()) == {}
    assert shown(feng, at=(NOON + timedelta(days=1)).isoformat()) == {}


def test_the_own_walks_are_ones_own_and_nobody_elses(phone_of, cast):
    walk = walked(phone_of, cast)
    assert shown(phone_of(cast.wang))["tracks"] == [walk]
    assert shown(phone_of(cast.chen)) == {}
    assert shown(phone_of(cast.wu)) == {}
    assert phone_of(cast.jin).get(WALKS).status_code == 403


def test_a_walk_that_was_taken_back_is_not_drawn(phone_of, cast):
    walk = walked(phone_of, cast)
    sun = phone_of(cast.sun)
    etag = sun.get(f"/api/v1/patrols/{walk}").headers["ETag"]
    said = {"reason": "误报"}
    answer = sun.post(f"/api/v1/patrols/{walk}/withdraw", json=said, headers={"If-Match": etag})
    assert answer.status_code == 200
    assert shown(sun) == {}


def test_further_out_there_are_none_and_one_seen_before_is_not_drawn_again(phone_of, cast, questions):
    walked(phone_of, cast)
    feng = phone_of(cast.feng)
    assert feng.get(f"/api/v1/tiles/walks/{LEAST_ZOOM - 1}/1683/801.mvt").data == b""
    first = feng.get(WALKS)
    questions.clear()
    assert feng.get(WALKS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert feng.get(WALKS).data == first.data
    assert not [each for each in questions if "track" in each]
    assert feng.get("/api/v1/tiles/walks/14/16384/0.mvt").status_code == 404
