"""Bad input about warnings: a clear 4xx that names the place, and nothing is half stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.models.flood_warnings import FloodWarning
from tests.api.warning_cases import NIGHT, WARNINGS, body, night, revise, shown
from tests.carriers import office, push, sms, tell, voice
from tests.cast import TOWN

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
MINUTE = timedelta(minutes=1)
NO_SUCH = "0197d0c1-0000-7000-8000-00000000dead"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("/id", None),
        ("/id", "7"),
        ("/level", None),
        ("/level", "purple"),
        ("/level", 4),
        ("/headline", ""),
        ("/headline", "水" * 41),
        ("/headline", "涨水\x00"),
        ("/headline", ["涨水"]),
        ("/instruction", None),
        ("/instruction", "跑" * 301),
        ("/contact", "x" * 61),
        ("/contact", 110),
        ("/expires_at", "2025-07-28T08:00:00"),
        ("/expires_at", "tomorrow"),
        ("/expires_at", NIGHT.isoformat()),
        ("/expires_at", "2025-07-27T08:00:00+08:00"),
        ("/regions", []),
        ("/regions", TOWN),
        ("/regions", ["37150200"]),
        ("/regions", [TOWN] * 201),
        ("/regions", [TOWN, 3]),
        ("/focus", ["x"]),
        ("/segments", []),
        ("/segments", ["x" * 61]),
        ("/segments", [{"code": "TUHAI"}]),
        ("/posts", []),
        ("/posts", ["administrator"]),
        ("/drill", "perhaps"),
        ("/drill_list", "x"),
        ("/drill_list", NO_SUCH),
        ("/issue", 7),
        ("/state", "issued"),
        ("/signed_by", "钱市长"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_place(night, session, place, value):
    answer = night.warn(**{place.strip("/"): value})
    assert answer.status_code == 422, answer.json
    assert all(error["pointer"].startswith(place) for error in answer.json["errors"]), answer.json
    assert session.scalar(select(func.count()).select_from(FloodWarning)) == 0


@pytest.mark.parametrize("raw", [b"", b"[]", b'"x"', b"{", b'{"level": NaN}', b'{"a": 1e999}', b"\xff\xfe", b"null"])
def test_what_is_no_json_object_is_refused(night, cast, raw):
    answer = night.phone_of(cast.deng).post(WARNINGS, data=raw, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"regions": ["371599"]}, "/regions/0"),
        ({"regions": [TOWN, "371502999"]}, "/regions/1"),
        ({"focus": ["371502999"]}, "/focus/0"),
        ({"segments": ["TUHAI-371502-001", "NOWHERE"]}, "/segments/1"),
        ({"segments": [NO_SUCH]}, "/segments/0"),
        ({"drill": True, "drill_list": NO_SUCH}, "/drill_list"),
    ],
)
def test_a_place_that_is_not_there_is_named(night, said, pointer):
    answer = night.warn(**said)
    assert answer.status_code == 404, answer.json
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_about_nothing_and_a_drill_without_a_list_are_refused(night, cast):
    nothing = body()
    del nothing["regions"]
    refused = night.phone_of(cast.deng).post(WARNINGS, json=nothing)
    assert [error["pointer"] for error in refused.json["errors"]] == ["/regions"]
    refused = night.warn(drill=True)
    assert [error["pointer"] for error in refused.json["errors"]] == ["/drill_list"]


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"reason": ""}, 422, "/reason"),
        ({"reason": None}, 422, "/reason"),
        ({"headline": "水" * 41}, 422, "/headline"),
        ({"instruction": "\x00"}, 422, "/instruction"),
        ({"expires_at": NIGHT.isoformat()}, 422, "/expires_at"),
        ({"expires_at": None}, 422, "/expires_at"),
        ({"segments": ["TUHAI-371502-001"]}, 422, "/segments"),
        ({"drill": True}, 422, "/drill"),
        ({"regions": ["371599"]}, 404, "/regions/0"),
        ({"regions": [TOWN], "focus": ["371502999"]}, 404, "/focus/0"),
        ({"focus": ["371502999"]}, 404, "/focus/0"),
    ],
)
@pytest.mark.parametrize("what", ["update", "correct"])
def test_a_change_that_cannot_be_meant_is_refused_by_its_place(night, what, said, status, pointer):
    warning = night.red()
    answer = revise(night, warning, what, **said)
    assert answer.status_code == status, answer.json
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert shown(night, warning)["state"] == "issued"


@pytest.mark.parametrize(
    ("what", "said"),
    [("all-clear", {}), ("all-clear", {"text": ""}), ("all-clear", {"text": "x" * 301}), ("drop", {"text": 1})],
)
def test_an_end_has_its_words(night, cast, what, said):
    warning = night.red()
    answer = night.phone_of(cast.deng).post(f"{WARNINGS}/{warning}/{what}", json=said)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/text"]
