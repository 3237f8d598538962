"""Voice notes are kept byte for byte, heard by those who may, and named by the hazard they tell of."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from backend.domain.photos import UNNAMED_LIFE
from backend.domain.recordings import MOST, MOST_BYTES
from backend.formats import verifier
from backend.models.photos import Photo
from jobs import photos as job
from tests.api.hazard_cases import Case, report
from tests.makers import look, new_id, upload
from tests.pictures import GOOD, sha
from tests.sounds import MP4, NOT_TAKEN, OGG, TAKEN, THREE_GP, WEBM

PATH = "/api/v1/recordings"


def send(phone, data=WEBM, *, media="audio/webm;codecs=opus", digest=None, **rest):
    return phone.put(f"{PATH}/{digest or sha(data)}", data=data, content_type=media, **rest)


def hear(phone, data=WEBM, **headers):
    return phone.get(f"{PATH}/{sha(data)}", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("name", TAKEN)
def test_what_recorders_make_is_kept_as_it_is_and_may_be_sent_again(phone_of, cast, house, name):
    data, media = TAKEN[name]
    wang = phone_of(cast.wang)
    assert wang.head(f"{PATH}/{sha(data)}").status_code == 404
    first = send(wang, data, media=media)
    assert (first.status_code, first.json) == (201, {"sha256": sha(data), "state": "stored"})
    assert send(wang, data, media=media).status_code == 200
    assert wang.head(f"{PATH}/{sha(data)}").status_code == 200
    heard = hear(wang, data)
    assert (heard.mimetype, heard.data) == (media, data)
    assert heard.headers["X-Content-Type-Options"] == "nosniff"
    assert house.photos.original(bytes.fromhex(sha(data))) == data


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_no_recording_is_refused_with_a_reason_and_leaves_nothing(phone_of, cast, house, name):
    refused = send(phone_of(cast.wang), NOT_TAKEN[name], headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert "audio/webm" in refused.json["errors"][0]["detail"]
    assert list(house.photos.digests()) == []


def test_a_header_that_lies_is_told_what_came(phone_of, cast, house):
    wang = phone_of(cast.wang)
    lie = send(wang, OGG, media="audio/webm")
    assert (lie.status_code, "audio/ogg" in lie.json["errors"][0]["detail"]) == (422, True)
    for media in ("text/plain", "video/webm", "image/jpeg", "application/json", ""):
        assert send(wang, media=media).status_code == 415
    assert list(house.photos.digests()) == []
    assert send(wang, THREE_GP, media="audio/mp4").status_code == 201
    assert hear(wang, THREE_GP).mimetype == "audio/3gpp"


def test_a_body_that_is_not_what_its_address_says_or_too_large_is_refused(phone_of, cast, house):
    wang = phone_of(cast.wang)
    other = send(wang, digest=sha(b"other"))
    assert (other.status_code, sha(WEBM) in other.json["errors"][0]["detail"]) == (422, True)
    assert send(wang, digest="ABC").status_code == 422
    assert send(phone_of(None)).status_code == 401
    too_large = WEBM + bytes(MOST_BYTES + 1 - len(WEBM))
    assert send(wang, too_large).status_code == 413
    packed = {"Content-Encoding": "gzip"}
    assert send(wang, gzip.compress(too_large), digest=sha(too_large), headers=packed).status_code == 413
    assert list(house.photos.digests()) == []
    assert send(wang, too_large[:-1]).status_code == 201


def test_a_part_of_it_is_played_from_anywhere(phone_of, cast):
    wang = phone_of(cast.wang)
    send(wang)
    whole = hear(wang)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    part = hear(wang, Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, WEBM[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(WEBM)}"
    assert hear(wang, Range="bytes=-5").data == WEBM[-5:]
    assert hear(wang, Range="bytes=0-0", If_Range='"another"').status_code == 200
    beyond = hear(wang, Range=f"bytes={len(WEBM)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(WEBM)}")
    for odd in ("bytes=5-2", "lines=1-2", "bytes=x", "bytes=0-1,3-4"):
        assert hear(wang, Range=odd).status_code in (200, 206, 416)
    assert hear(wang, If_None_Match=whole.headers["ETag"]).status_code == 304


def test_a_photo_is_no_recording_and_a_recording_no_photo(phone_of, cast):
    wang, sun = phone_of(cast.wang), phone_of(cast.sun)
    send(wang)
    send(sun)
    upload(wang, GOOD)
    assert (look(wang, WEBM).status_code, look(sun, WEBM, "original").status_code) == (404, 404)
    assert hear(wang, GOOD).status_code == 404
    assert upload(wang, WEBM).status_code == 422
    assert send(wang, GOOD).status_code == 422


def test_a_hazard_names_them_before_or_after_their_bytes_have_come(phone_of, cast):
    case = Case(phone_of, cast.wang, description="", recordings=[sha(WEBM), sha(MP4)])
    assert case.answer.status_code == 201, case.answer.json
    pending = [{"sha256": sha(data), "state": "pending"} for data in (WEBM, MP4)]
    assert sorted(case.answer.json["receipt"]["recordings"], key=str) == sorted(pending, key=str)
    assert case.answer.json["receipt"]["photos"] == []
    etag = case.seen_by(cast.feng).headers["ETag"]
    send(phone_of(cast.wang))
    seen = case.seen_by(cast.feng)
    states = {each["sha256"]: each["state"] for each in seen.json["recordings"]}
    assert states == {sha(WEBM): "stored", sha(MP4): "pending"}
    assert seen.headers["ETag"] != etag
    assert seen.json["timeline"][0]["body"]["recordings"] == [{"sha256": sha(WEBM)}, {"sha256": sha(MP4)}]
    (listed,) = phone_of(cast.feng).get("/api/v1/hazards").json["items"]
    assert listed["receipt"]["recordings"] == seen.json["recordings"]


def test_a_photo_that_came_under_the_name_of_a_recording_is_none(phone_of, cast):
    upload(phone_of(cast.wang), GOOD)
    case = Case(phone_of, cast.wang, recordings=[sha(GOOD)])
    assert case.answer.json["receipt"]["recordings"] == [{"sha256": sha(GOOD), "state": "pending"}]


def test_they_are_heard_by_whoever_sees_a_hazard_that_names_them(phone_of, cast):
    send(phone_of(cast.wang))
    assert hear(phone_of(cast.feng)).status_code == 404
    Case(phone_of, cast.wang, recordings=[sha(WEBM)])
    heard = {name for name, person in cast.people.items() if hear(phone_of(person)).status_code == 200}
    case = Case(phone_of, cast.wang, photos=[sha(GOOD)])
    upload(phone_of(cast.wang), GOOD)
    assert case.answer.status_code == 201
    assert heard == {name for name, person in cast.people.items() if look(phone_of(person)).status_code == 200}
    assert {"wang", "feng", "li"} <= heard
    assert not {"wu", "chen"} & heard


def test_whoever_only_knows_a_digest_hears_nothing_by_naming_it(phone_of, cast):
    send(phone_of(cast.wu))
    case = Case(phone_of, cast.wang, recordings=[sha(WEBM)])
    assert case.answer.json["recordings"] == [{"sha256": sha(WEBM), "state": "pending"}]
    assert hear(phone_of(cast.wang)).status_code == 404


def test_a_batch_names_them_too_and_what_cannot_be_is_told_by_its_place(phone_of, cast):
    wang = phone_of(cast.wang)
    item = {"type": "hazard", "id": str(new_id()), "body": report(recordings=[sha(WEBM)] * 2)}
    (result,) = wang.post("/api/v1/sync", json={"items": [item]}).json["results"]
    assert (result["status"], result["receipt"]["recordings"]) == (
        "created",
        [{"sha256": sha(WEBM), "state": "pending"}],
    )
    for named, where in (
        ([sha(WEBM)] * (MOST + 1), "/recordings"),
        (["x"], "/recordings/0"),
        ("x", "/recordings"),
        ([sha(MP4), sha(GOOD)], "/recordings/1"),
    ):
        refused = Case(phone_of, cast.wang, photos=[sha(GOOD)], recordings=named).answer
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, where)


def test_what_nobody_names_goes_after_thirty_days(phone_of, cast, clock, house, session):
    wang = phone_of(cast.wang)
    send(wang)
    send(wang, OGG, media="audio/ogg")
    Case(phone_of, cast.wang, recordings=[sha(WEBM)])
    assert job.run(house, now=clock() + 2 * UNNAMED_LIFE) == 1
    assert list(house.photos.digests()) == [bytes.fromhex(sha(WEBM))]
    assert session.get_one(Photo, bytes.fromhex(sha(WEBM))).kind == "recording"


def test_they_lie_in_the_evidence_package_with_their_digests(phone_of, cast, tmp_path, capsys):
    case = Case(phone_of, cast.wang, recordings=[sha(WEBM), sha(OGG), sha(MP4)])
    send(phone_of(cast.wang))
    send(phone_of(cast.wang), OGG, media="audio/ogg")
    taken = phone_of(cast.feng).get(f"/api/v1/hazards/{case.id}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(taken.data)) as packed:
        packed.extractall(tmp_path / "case")
    taken.close()
    found = {path.name: path.read_bytes() for path in (tmp_path / "case" / "recordings").iterdir()}
    assert found == {f"{sha(WEBM)}.webm": WEBM, f"{sha(OGG)}.ogg": OGG}
    assert verifier.main([str(tmp_path / "case")]) == 0
    assert "recordings that never arrived: 1" in capsys.readouterr().out
    (tmp_path / "case" / "recordings" / f"{sha(OGG)}.ogg").write_bytes(WEBM)
    assert verifier.main([str(tmp_path / "case")]) == 1
