"""Photos are kept byte for byte, seen by those who may, and a bad one hurts nobody."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image
from sqlalchemy import select

from backend.models.changes import Record
from backend.services.photos import UNNAMED_LIFE
from jobs import photos as job
from jobs.runner import House
from tests.cast import LINE
from tests.makers import new_id, patrol_body

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "photos").glob("*.jpg"))
GOOD = next(path for path in SAMPLES if "tuhai_ok" in path.name).read_bytes()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def upload(phone, data: bytes, *, media="image/jpeg", digest=None):
    return phone.put(f"/api/v1/photos/{digest or sha(data)}", data=data, content_type=media)


def drawn(form: str, size=(64, 48), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (20, 90, 160)).save(out, form, **options)
    return out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), (9, 9, 9))).save(out)
    return out.getvalue()


def test_a_photo_is_kept_as_it_is_and_shown_without_its_place(phone_of, cast, session):
    wang, office = phone_of(cast.wang), phone_of(cast.sun)
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 404
    assert upload(wang, GOOD).status_code == 201
    assert upload(wang, GOOD).status_code == 200
    assert wang.head(f"/api/v1/photos/{sha(GOOD)}").status_code == 200
    view = wang.get(f"/api/v1/photos/{sha(GOOD)}?size=thumb")
    assert view.mimetype == "image/jpeg"
    assert not Image.open(io.BytesIO(view.data)).getexif()
    assert wang.get(f"/api/v1/photos/{sha(GOOD)}?size=original").status_code == 403
    assert office.get(f"/api/v1/photos/{sha(GOOD)}").status_code == 404  # nothing of theirs names it yet

    body = patrol_body(LINE) | {"photos": [sha(GOOD)]}
    assert wang.put(f"/api/v1/patrols/{new_id()}", json=body).json["photos"][0]["state"] == "stored"
    original = office.get(f"/api/v1/photos/{sha(GOOD)}?size=original")
    assert original.data == GOOD
    assert session.scalars(select(Record.act)).all().count("see_original") == 2 - 1
    assert phone_of(cast.wu).get(f"/api/v1/photos/{sha(GOOD)}").status_code == 404


def test_a_photo_may_come_after_the_walk_that_names_it(phone_of, cast):
    wang, patrol = phone_of(cast.wang), new_id()
    stop = {"checkpoint": "S1", "at": "2025-07-02T08:10:00+08:00", "photos": [sha(GOOD)]}
    walk = wang.put(f"/api/v1/patrols/{patrol}", json=patrol_body(LINE) | {"checkins": [stop]})
    assert walk.json["receipt"]["photos"] == [{"sha256": sha(GOOD), "state": "pending"}]
    before = wang.get(f"/api/v1/patrols/{patrol}")
    upload(wang, GOOD)
    after = wang.get(f"/api/v1/patrols/{patrol}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.json["photos"][0]["state"] == "stored"
    again = wang.get(f"/api/v1/patrols/{patrol}", headers={"If-None-Match": after.headers["ETag"]})
    assert again.status_code == 304
    assert wang.get("/api/v1/patrols").json["items"][0]["photos"][0]["state"] == "stored"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_cameras_make_is_taken(phone_of, cast, path):
    assert upload(phone_of(cast.wang), path.read_bytes()).status_code == 201


def test_other_formats_are_taken_too(phone_of, cast):
    wang = phone_of(cast.wang)
    for media, data in (("image/png", drawn("PNG")), ("image/webp", drawn("WEBP")), ("image/heic", heic())):
        assert upload(wang, data, media=media).status_code == 201


def test_what_is_no_photo_is_refused_and_leaves_nothing(phone_of, cast, settings):
    wang = phone_of(cast.wang)
    bomb = drawn("PNG", (9000, 9000))
    bad = [
        GOOD[: len(GOOD) // 2],
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        drawn("GIF"),
        b"GIF89a" + b"\x00" * 200,
        b"%PDF-1.4 " + GOOD,
        bomb,
    ]
    for data in bad:
        refused = upload(wang, data)
        assert refused.status_code == 422, data[:20]
        assert refused.json["errors"][0]["detail"]
    assert upload(wang, GOOD, digest=sha(b"other")).status_code == 422
    assert upload(wang, GOOD, digest="ABC").status_code == 422
    assert upload(wang, GOOD, media="text/plain").status_code == 415
    assert upload(wang, b"x" * (15 * 1024 * 1024 + 1)).status_code == 413
    left = [path for path in (settings.home / "photos").rglob("*") if path.is_file()]
    assert left == []


def test_digests_are_no_way_to_other_files(phone_of, cast):
    wang = phone_of(cast.wang)
    for name in ("..%2f..%2fkeys", "%2e%2e", "a" * 63, "a" * 65, "A" * 64, "%00" + "a" * 63):
        assert wang.get(f"/api/v1/photos/{name}").status_code == 404
    assert wang.get(f"/api/v1/photos/{'a' * 64}?size=../original").status_code in (404, 422)


def test_what_nobody_names_goes_after_thirty_days_and_what_is_named_stays(phone_of, cast, app, clock, settings):
    wang = phone_of(cast.wang)
    named, lonely = GOOD, drawn("JPEG")
    upload(wang, named)
    upload(wang, lonely)
    wang.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE) | {"photos": [sha(named)]})
    here = app.extensions["hezhang"]
    house = House(settings, here.database, here.photos)
    assert job.run(house, now=clock()) == 0
    assert job.run(house, now=clock() + UNNAMED_LIFE) == 0
    later = clock() + UNNAMED_LIFE + UNNAMED_LIFE
    assert job.run(house, now=later) == 1
    assert list(here.photos.digests()) == [bytes.fromhex(sha(named))]
