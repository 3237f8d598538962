"""Bad signals get a clear 4xx that names the element, and leave nothing behind; the corpus comes in as expected."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.api.schemas.signals import SignalSchema
from backend.models.flood_events import FloodEvent
from backend.models.signals import Signal, SignalArea, SignalReference
from tests.api.signal_cases import CORPUS, SIGNALS, XML, send


@pytest.fixture
def deng(phone_of, cast):
    return phone_of(cast.deng)


def nothing_is_kept(session) -> bool:
    tables = (Signal, SignalArea, SignalReference, FloodEvent)
    return not any(session.scalar(select(func.count()).select_from(table)) for table in tables)


@pytest.mark.parametrize(
    ("document", "status", "kind", "pointers"),
    [
        (b"<alert", 400, "not-readable", None),
        (b"<!DOCTYPE a><a/>", 400, "not-readable", None),
        (b"x" * 2_097_153, 413, "too-large", None),
        ((CORPUS / "attack_xxe_must_be_refused.xml").read_bytes(), 400, "not-readable", None),
        (
            (CORPUS / "invalid_no_status_expires_before_sent.xml").read_bytes(),
            *(422, "bad-input", {"/alert/status", "/alert/info/0/urgency"}),
        ),
    ],
)
def test_a_bad_document_is_refused_by_its_place_and_nothing_is_kept(deng, session, document, status, kind, pointers):
    refused = deng.post(SIGNALS, data=document, headers=XML)
    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
    assert refused.json["type"] == f"/problems/{kind}"
    assert pointers is None or {each["pointer"] for each in refused.json["errors"]} == pointers
    assert nothing_is_kept(session)


def changed(place: str, value: object) -> dict[str, Any]:
    body: Any = deepcopy(SignalSchema.EXAMPLE)
    *way, last = [int(step) if step.isdigit() else step for step in place.strip("/").split("/")]
    here = body
    for step in way:
        here = here[step]
    here[last] = value
    return body


@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        ("/identifier", "a b", "/identifier"),
        ("/identifier", 7, "/identifier"),
        ("/identifier", "", "/identifier"),
        ("/sent", "2025-07-02T11:55:00", "/sent"),
        ("/status", "actual", "/status"),
        ("/info", [], "/info"),
        ("/info", {}, "/info"),
        ("/info/0/event", "   ", "/info/0/event"),
        ("/info/0/expires", "tomorrow", "/info/0/expires"),
        ("/info/0/severity", "Bad", "/info/0/severity"),
        ("/info/0/area/0/polygon", ["36,115"], "/info/0/area/0/polygon/0"),
        ("/info/0/area/0/geocode", [{"value": "1"}], "/info/0/area/0/geocode/0/valueName"),
        ("/info/0/area/0/geocode/0/value", "1\x00", "/info/0/area/0/geocode/0/value"),
        ("/references", "a,b", "/references"),
        ("/nonsense", 1, "/nonsense"),
    ],
)
def test_a_flaw_of_json_is_told_by_its_place(deng, session, place, value, pointer):
    refused = deng.post(SIGNALS, json=changed(place, value))
    assert refused.status_code == 422, refused.json
    assert pointer in {each["pointer"] for each in refused.json["errors"]}
    assert nothing_is_kept(session)


def test_a_flaw_is_told_in_the_language_of_the_reader(deng):
    for language, words in (("zh-CN", "缺少"), ("en", "missing")):
        refused = deng.post(SIGNALS, json=changed("/info", []), headers={"Accept-Language": language})
        assert words in refused.json["errors"][0]["detail"]


def test_the_night_of_the_corpus_is_an_exercise_from_yellow_to_all_clear(deng, session):
    night = ("yellow_alert", "orange_update", "cancel")
    chain = [send(deng, (CORPUS / f"synthetic_liaocheng_rainstorm_{name}.xml").read_bytes()) for name in night]
    assert [each["colour"] for each in chain] == ["yellow", "orange", "orange"]
    assert len({each["chain"] for each in chain}) == 1
    rows = session.execute(select(FloodEvent).order_by(FloodEvent.seq)).scalars().all()
    assert [(row.what, row.level, row.is_exercise) for row in rows] == [
        ("began", "yellow", True),
        ("changed", "orange", True),
        ("ended", "orange", True),
    ]
    assert rows[2].values["why"] == "cancelled"
    assert deng.get(f"{SIGNALS}?active=true").json["items"] == []


@pytest.mark.parametrize(
    ("name", "regions", "unmatched"),
    [
        ("dongchangfu_rainstorm_red_polygon", ["371502"], []),
        ("linqing_6digit_geocode", [], ["371581"]),
        ("shenxian_towns_12digit_geocodes", [], ["371522111", "371522115", "371522117"]),
    ],
)
def test_the_rest_of_the_corpus_is_matched_as_far_as_its_places_are_known(deng, name, regions, unmatched):
    body = send(deng, (CORPUS / f"synthetic_{name}.xml").read_bytes())
    assert ([each["code"] for each in body["regions"]], body["unmatched"]) == (regions, unmatched)
    assert body["is_exercise"]
