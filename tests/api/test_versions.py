"""Who has a thing already is told so; a version that was seen before matters only to whoever changes it."""

from __future__ import annotations

import pytest

from tests.cast import LINE
from tests.makers import new_id, patrol_body, upload
from tests.pictures import GOOD, sha

OTHER = {"If-Match": '"of another time"'}


@pytest.fixture
def things(phone_of, cast):
    """One thing of each kind that has a version."""
    wang, patrol = phone_of(cast.wang), new_id()
    upload(wang, GOOD)
    wang.put(f"/api/v1/patrols/{patrol}", json=patrol_body(LINE) | {"photos": [sha(GOOD)]})
    names = (f"patrols/{patrol}", f"photos/{sha(GOOD)}", "me", "segments/TUHAI-371502-001", "rules/current")
    return wang, [f"/api/v1/{name}" for name in names]


def test_a_look_is_answered_whatever_version_its_if_match_names(things):
    wang, paths = things
    for path in paths:
        plain = wang.get(path)
        looked = wang.get(path, headers=OTHER)
        assert (looked.status_code, looked.data) == (200, plain.data), path
        assert wang.head(path, headers=OTHER).status_code == 200, path
        assert wang.get(path, headers=OTHER | {"If-None-Match": plain.headers["ETag"]}).status_code == 304, path


def test_a_change_still_needs_the_version_that_was_seen(things):
    wang, (patrol, *_) = things
    said = {"reason": "走错了"}
    assert wang.post(f"{patrol}/withdraw", json=said).status_code == 428
    assert wang.post(f"{patrol}/withdraw", json=said, headers=OTHER).status_code == 412
