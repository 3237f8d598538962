"""Photos that nobody names go in time, and nothing that is named or brought meanwhile goes with them."""

from __future__ import annotations

import os
from datetime import timedelta

from backend.domain.photos import UNNAMED_LIFE
from backend.files.store import PhotoStore
from backend.services import photos
from jobs import photos as job
from jobs.runner import House
from tests.makers import look, name_it, upload
from tests.pictures import GOOD, drawn, noisy, sha

DIGEST = bytes.fromhex(sha(GOOD))


def test_what_nobody_names_goes_after_thirty_days_and_what_is_named_stays(phone_of, cast, clock, house):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    upload(wang, drawn("JPEG"))
    name_it(wang, GOOD)
    assert job.run(house, now=clock()) == 0
    assert job.run(house, now=clock() + UNNAMED_LIFE) == 0
    assert job.run(house, now=clock() + 2 * UNNAMED_LIFE) == 1
    assert list(house.photos.digests()) == [DIGEST]
    clock.now += UNNAMED_LIFE * 3
    assert phone_of(cast.wang).head(f"/api/v1/photos/{sha(drawn('JPEG'))}").status_code == 404
    assert upload(phone_of(cast.wang), drawn("JPEG")).status_code == 201


def test_thirty_days_begin_anew_when_a_photo_is_sent_again(phone_of, cast, clock, house):
    upload(phone_of(cast.wang), GOOD)
    clock.now += timedelta(days=29)
    upload(phone_of(cast.wang), GOOD)
    assert job.run(house, now=clock() + timedelta(days=2)) == 0
    assert job.run(house, now=clock() + timedelta(days=31)) == 1


def test_more_lonely_photos_than_a_batch_all_go(phone_of, cast, clock, house, monkeypatch):
    monkeypatch.setattr(job, "BATCH", 2)
    for side in range(40, 45):
        upload(phone_of(cast.wang), drawn("JPEG", (side, side)))
    assert job.run(house, now=clock() + 2 * UNNAMED_LIFE) == 5
    assert list(house.photos.digests()) == []


def test_a_photo_named_or_brought_while_it_is_tidied_away_stays(phone_of, cast, clock, house, session):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)
    later = clock() + 2 * UNNAMED_LIFE
    assert photos.lonely(session, 10, now=later) == [DIGEST]
    name_it(wang, GOOD)
    assert not photos.forget(session, DIGEST, now=later)
    assert look(wang).status_code == 200


def test_a_photo_brought_just_as_its_files_go_is_put_back(phone_of, cast, clock, house):
    wang = phone_of(cast.wang)
    upload(wang, GOOD)

    class Slow(PhotoStore):
        """A disk that takes so long to delete that the photo comes again."""

        def forget(self, sha256: bytes, sizes: tuple[str, ...]) -> None:
            clock.now += 2 * UNNAMED_LIFE
            assert upload(phone_of(cast.wang), GOOD).status_code == 201
            super().forget(sha256, sizes)

    job.run(House(house.settings, house.database, Slow.open(house.settings.photos_url)), now=clock() + 2 * UNNAMED_LIFE)
    assert house.photos.original(DIGEST) == GOOD
    assert look(phone_of(cast.wang)).status_code == 200


def test_what_killed_uploads_left_behind_is_swept(house, clock, settings):
    folder = settings.home / "photos" / "incoming"
    folder.mkdir(parents=True)
    (folder / "left").write_bytes(noisy((20, 20)))
    os.utime(folder / "left", (clock().timestamp() - 100_000,) * 2)
    assert job.run(house, now=clock()) == 0
    assert list(folder.iterdir()) == []
