"""Photos are kept byte for byte, seen by those who may, and a bad one hurts nobody."""

from __future__ import annotations

import errno
import gzip
import io
import os
import shutil
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from backend.domain.photos import MOST_BYTES
from backend.domain.terms import Post
from backend.files import images
from backend.models.changes import Record
from backend.models.photos import Photo
from tests.cast import FAR_LINE, LINE, OTHER_COUNTY, add_appointment
from tests.makers import look, name_it, new_id, patrol_body, upload
from tests.pictures import DAMAGED, GOOD, NOT_TAKEN, SAMPLES, TOO_LARGE, drawn, heic, sha, two_in_one

DIGEST = bytes.fromhex(sha(GOOD))


@pytest.fixture
def files(settings):
    """What lies in the folder of the photos."""

    def listed() -> list[str]:
        root = settings.home / "photos"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    return listed


def test_a_photo_is_kept_as_it_is_and_may_be_sent_again(phone_of, cast, house):
    wang = phone_of(cast.wang)
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 404
    first = upload(wang, GOOD)
    assert (first.status_code, first.json) == (201, {"sha256": sha(GOOD), "state": "stored"})
    again = upload(wang, GOOD)
    assert (again.status_code, again.json) == (200, first.json)
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 200
    assert house.photos.original(DIGEST) == GOOD


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_cameras_make_is_taken(phone_of, cast, path):
    assert upload(phone_of(cast.wang), path.read_bytes()).status_code == 201


def test_every_format_of_the_contract_is_taken_and_answered_as_what_it_is(phone_of, cast):
    office = phone_of(cast.sun)
    for media, data in (
        ("image/jpeg", two_in_one()),
        ("image/png", drawn("PNG")),
        ("image/webp", drawn("WEBP")),
        ("image/heic", heic()),
    ):
        assert upload(office, data, media=media).status_code == 201
        assert look(office, data).mimetype == "image/jpeg"
        original = look(office, data, "original")
        assert (original.mimetype, original.data) == (media, data)


def test_a_photo_under_another_type_of_the_contract_is_answered_as_what_it_is(phone_of, cast):
    office = phone_of(cast.sun)
    assert upload(office, drawn("PNG"), media="image/jpeg; charset=x").status_code == 201
    assert look(office, drawn("PNG"), "original").mimetype == "image/png"


def test_what_is_known_of_a_photo_is_noted(phone_of, cast, session):
    upload(phone_of(cast.wang), GOOD)
    row = session.get_one(Photo, DIGEST)
    assert (row.media_type, row.size, row.width, row.height) == ("image/jpeg", len(GOOD), 640, 480)
    assert row.taken_at is not None
    assert row.taken_at.isoformat() == "2026-07-08T01:12:30+00:00"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        *(pytest.param(data, "JPEG", id=name) for name, data in NOT_TAKEN.items()),
        *(pytest.param(data, "damaged", id=name) for name, data in DAMAGED.items()),
        *(pytest.param(data, "40 million", id=name) for name, data in TOO_LARGE.items()),
    ],
)
def test_what_is_no_photo_is_refused_with_a_reason_and_leaves_nothing(phone_of, cast, files, data, word):
    refused = upload(phone_of(cast.wang), data, headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert word in refused.json["errors"][0]["detail"]
    assert files() == []


def test_a_body_that_is_not_what_its_address_says_is_refused(phone_of, cast, files):
    wang = phone_of(cast.wang)
    other = upload(wang, GOOD, digest=sha(b"other"))
    assert (other.status_code, sha(GOOD) in other.json["errors"][0]["detail"]) == (422, True)
    assert upload(wang, GOOD, digest="ABC").status_code == 422
    for media in ("text/plain", "image/gif", "image/svg+xml", "application/json", ""):
        assert upload(wang, GOOD, media=media).status_code == 415
    assert upload(wang, bytes(MOST_BYTES + 1)).status_code == 413
    assert upload(phone_of(None), GOOD).status_code == 401
    assert files() == []


def test_a_body_may_come_compressed_but_not_as_a_bomb(phone_of, cast, files):
    wang = phone_of(cast.wang)
    packed: dict[str, Any] = {"headers": {"Content-Encoding": "gzip"}, "digest": sha(GOOD)}
    assert upload(wang, gzip.compress(GOOD), **packed).status_code == 201
    kept = files()
    assert upload(wang, gzip.compress(bytes(MOST_BYTES * 4)), **packed).status_code == 413
    assert upload(wang, gzip.compress(GOOD)[:-9], **packed).status_code == 400
    assert upload(wang, GOOD, headers={"Content-Encoding": "br"}).status_code == 415
    assert files() == kept


def test_views_carry_no_exif_and_stay_in_the_cache_of_the_person_only(phone_of, cast):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    for size in images.SIZES:
        shown = look(wang, size=size)
        assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
        assert not Image.open(io.BytesIO(shown.data)).getexif()
        assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert shown.headers["Vary"] == "Authorization"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["ETag"].startswith(f'"{sha(GOOD)}')
        assert look(wang, size=size, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert look(wang, size="huge").status_code == 422


def test_a_head_has_what_a_get_has_but_the_body(phone_of, cast):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    got, head = look(wang), wang.head(f"/api/v1/photos/{sha(GOOD)}?size=view")
    assert head.data == b""
    for header in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers[header] == got.headers[header]


def test_a_photo_is_seen_by_whoever_brought_it_and_whoever_sees_a_walk_that_names_it(phone_of, cast):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    everybody = {who: phone_of(who) for who in cast.people.values() if who != cast.wang}
    assert {look(phone).status_code for phone in everybody.values()} == {404}

    name_it(wang, GOOD)
    may = {cast.qian, cast.zhao, cast.li, cast.sun, cast.feng, cast.deng}
    # The warden looks after the same segment, and sees what happens on it.
    assert {who for who, phone in everybody.items() if look(phone).status_code == 200} == may | {cast.he}
    assert {look(phone).status_code for who, phone in everybody.items() if who not in may | {cast.he}} == {404}
    assert {phone.head(f"/api/v1/photos/{sha(GOOD)}").status_code for phone in everybody.values()} == {200, 404}
    assert look(phone_of(None)).status_code == 401


def test_whoever_sends_the_very_bytes_sees_the_photo_and_nobody_by_its_digest_alone(phone_of, cast):
    wang, wu = phone_of(cast.wang), phone_of(cast.wu)
    upload(wang, GOOD)
    assert upload(wu, drawn("JPEG"), digest=sha(GOOD)).status_code == 422
    assert look(wu).status_code == 404
    walk = patrol_body(FAR_LINE, segment="CHIPING-371503") | {"photos": [sha(GOOD)]}
    named = wu.put(f"/api/v1/patrols/{new_id()}", json=walk)
    assert (named.status_code, named.json["photos"][0]["state"]) == (201, "pending")
    for who in (wu, phone_of(cast.qian)):
        assert look(who).status_code == 404
        assert who.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 404
    assert upload(wu, GOOD).status_code == 200
    assert look(wu).status_code == 200
    assert look(phone_of(cast.qian)).status_code == 200
    assert wu.get(f"/api/v1/patrols/{named.json['id']}").json["photos"][0]["state"] == "stored"


def test_whoever_sees_a_photo_may_name_it_and_need_not_send_it_again(phone_of, cast):
    wang, li, walk = phone_of(cast.wang), phone_of(cast.li), new_id()
    upload(wang, GOOD)
    name_it(wang, GOOD)
    assert li.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 200
    body = patrol_body(LINE, segment="TUHAI-371502001", seed=11) | {"photos": [sha(GOOD)]}
    assert li.put(f"/api/v1/patrols/{walk}", json=body).json["photos"][0]["state"] == "stored"


def test_a_photo_that_an_office_brings_for_a_chief_is_seen_by_whoever_sees_the_walk(phone_of, cast):
    office = phone_of(cast.sun)
    body = patrol_body(LINE) | {"photos": [sha(GOOD)], "on_behalf_of": str(cast.wang)}
    upload(office, GOOD)
    assert office.put(f"/api/v1/patrols/{new_id()}", json=body).json["photos"][0]["state"] == "stored"
    for who in (cast.wang, cast.li):
        assert look(phone_of(who)).status_code == 200


def test_the_original_is_for_staff_and_each_look_at_it_is_on_record(phone_of, cast, session):
    wang, office = phone_of(cast.wang), phone_of(cast.sun)
    upload(wang, GOOD)
    assert look(office, size="original").status_code == 404
    name_it(wang, GOOD)
    for who in (cast.wang, cast.li, cast.qian):
        assert look(phone_of(who), size="original").status_code == 403
    assert look(phone_of(cast.shen), size="original").status_code == 404  # nothing was handed over to the police
    assert session.scalars(select(Record).where(Record.act == "see_original")).all() == []

    original = look(office, size="original")
    assert (original.data, original.mimetype) == (GOOD, "image/jpeg")
    assert original.headers["Content-Disposition"] == f'attachment; filename="{sha(GOOD)[:16]}.jpg"'
    assert original.headers["Cache-Control"] == "private, no-store"
    [looked] = session.scalars(select(Record).where(Record.act == "see_original")).all()
    assert (looked.actor_id, looked.thing_type, looked.body) == (cast.sun, "photo", {"sha256": sha(GOOD)})


def test_a_clerk_elsewhere_who_is_a_chief_here_sees_the_photo_but_not_its_original(phone_of, cast, session):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    name_it(wang, GOOD)
    add_appointment(session, cast.li, Post.OFFICE_CLERK, OTHER_COUNTY)
    li = phone_of(cast.li)
    assert look(li).status_code == 200
    assert look(li, size="original").status_code == 403


def test_a_photo_may_come_after_the_walk_that_names_it(phone_of, cast):
    wang, patrol = phone_of(cast.wang), new_id()
    stop = {"checkpoint": "S1", "at": "2025-07-02T08:10:00+08:00", "photos": [sha(GOOD)]}
    walk = wang.put(f"/api/v1/patrols/{patrol}", json=patrol_body(LINE) | {"checkins": [stop]})
    assert walk.json["receipt"]["photos"] == [{"sha256": sha(GOOD), "state": "pending"}]
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 404
    before = wang.get(f"/api/v1/patrols/{patrol}")
    upload(wang, GOOD)
    after = wang.get(f"/api/v1/patrols/{patrol}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.json["photos"][0]["state"] == "stored"
    again = wang.get(f"/api/v1/patrols/{patrol}", headers={"If-None-Match": after.headers["ETag"]})
    assert again.status_code == 304
    assert wang.get("/api/v1/patrols").json["items"][0]["photos"][0]["state"] == "stored"


def test_addresses_are_no_way_to_other_files(phone_of, cast):
    office = phone_of(cast.sun)
    names = ["..%2f..%2fkeys%2fkeys.json", "..%5c..%5ckeys", "%2e%2e", "..", "%00" + "a" * 63, "a" * 64 + "%0a"]
    names += ["a" * 63, "a" * 65, "A" * 64, "é" * 64, "٠" * 64, "%ff" * 32, "a" * 64 + "%00.jpg", "a" * 5000]
    for digest in names:
        for size in ("view", "original"):
            assert office.get(f"/api/v1/photos/{digest}?size={size}").status_code == 404
        assert office.head(f"/api/v1/photos/{digest}").status_code in (404, 422)
        assert office.put(f"/api/v1/photos/{digest}", data=GOOD, content_type="image/jpeg").status_code in (
            404,
            405,
            422,
        )
    for size in ("../originals", "..%2foriginal", "thumb/../../..", "%00", ""):
        assert look(office, size=size).status_code == 422


def test_a_lost_view_is_made_again(phone_of, cast, house):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    before = look(wang, size="thumb").data
    original = house.photos.original(DIGEST)
    house.photos.forget(DIGEST, images.SIZES)
    assert look(wang, size="thumb").status_code == 404
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 404  # so the phone sends it again
    with house.photos.receiving(io.BytesIO(original).read, len(original)) as incoming:
        house.photos.keep(incoming, {})
    assert look(wang, size="thumb").data == before
    assert house.photos.view(DIGEST, "view") is not None


def test_a_damaged_original_is_never_shown_as_evidence_and_is_mended_by_sending_it_again(phone_of, cast, settings):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    root = settings.home / "photos"
    for path in [path for path in root.rglob("*") if path.is_file()]:
        path.write_bytes(GOOD[:-1]) if "originals" in path.parts else path.unlink()
    assert look(wang).status_code == 404
    assert upload(wang, GOOD).status_code == 200
    assert look(wang).status_code == 200


def test_a_full_disk_is_told_keeps_nothing_and_is_over_when_there_is_room(phone_of, cast, files, monkeypatch):
    wang = phone_of(cast.wang)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    full = upload(wang, GOOD)
    monkeypatch.undo()
    assert (full.status_code, int(full.headers["Retry-After"]) > 0) == (507, True)
    assert files() == []

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    full = upload(wang, GOOD)
    monkeypatch.undo()
    assert (full.status_code, full.mimetype) == (507, "application/problem+json")
    assert files() == []
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 404
    assert upload(wang, GOOD).status_code == 201
