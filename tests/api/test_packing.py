"""Answers come compressed to whoever asks for it, and say the same."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.cast import LINE
from tests.makers import look, new_id, patrol_body, upload
from tests.pictures import GOOD

SEGMENTS = "/api/v1/segments"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_long_answer_is_compressed_when_asked_for_and_says_the_same(phone_of, cast):
    li = phone_of(cast.li)
    plain, packed = li.get(SEGMENTS), li.get(SEGMENTS, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert packed.mimetype == plain.mimetype == "application/geo+json"
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Vary"].count("Accept-Encoding") == 1


@pytest.mark.parametrize("wish", ["", "identity", "br", "gzip;q=0", "deflate"])
def test_nobody_gets_a_compressed_answer_unasked(phone_of, cast, wish):
    answer = phone_of(cast.li).get(SEGMENTS, headers={"Accept-Encoding": wish})
    assert "Content-Encoding" not in answer.headers
    assert answer.json["features"]


def test_short_answers_and_images_stay_as_they_are(phone_of, cast):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    assert "Content-Encoding" not in look(wang, headers=GZIP).headers
    assert "Content-Encoding" not in wang.get("/api/v1/regions/3715", headers=GZIP).headers
    assert "Content-Encoding" not in wang.get("/api/v1/nothing", headers=GZIP).headers


def test_an_etag_from_a_compressed_answer_serves_as_any_other(phone_of, cast):
    wang, li, walk = phone_of(cast.wang), phone_of(cast.li), f"/api/v1/patrols/{new_id()}"
    wang.put(walk, json=patrol_body(LINE))
    packed = li.get(walk, headers=GZIP)
    etag = packed.headers["ETag"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert li.get(walk, headers=GZIP | {"If-None-Match": etag}).status_code == 304
    said = {"outcome": "valid", "note": "看过了"}
    assert li.post(f"{walk}/review", json=said, headers={"If-Match": etag}).status_code == 200
