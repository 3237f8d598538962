"""Every door asked from every post, and everything with an id from every side: own, below, above, beside, foreign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from backend.domain.access import OF_THE_ACCOUNT, TABLE
from backend.domain.actions import Action
from backend.domain.regions import Relation, relation
from backend.domain.terms import Post
from backend.services import clockwork, watching
from tests.cast import FAR_LINE, LINE, NOON, PLAYERS
from tests.makers import new_id, patrol_body, upload
from tests.pictures import drawn, sha

EVERYBODY = list(PLAYERS)
KEYED = ("/api/v1/auth", "/api/v1/flood/readings")
"""Open to anybody who has a code, a password or a key of another sort."""
FRAMEWORK = {"static", "api-docs.openapi_json"}
FILLED = {
    "uuid:patrol_id": str(new_id()),
    "uuid:person_id": str(new_id()),
    "uuid:appointment_id": str(new_id()),
    "uuid:absence_id": str(new_id()),
    "uuid:alarm_id": str(new_id()),
    "uuid:campaign_id": str(new_id()),
    "uuid:answer_id": str(new_id()),
    "uuid:order_id": str(new_id()),
    "uuid:word_id": str(new_id()),
    "uuid:assessment_id": str(new_id()),
    "uuid:appeal_id": str(new_id()),
    "uuid:lookback_id": str(new_id()),
    "uuid:session_id": str(new_id()),
    "uuid:draw_id": str(new_id()),
    "uuid:deed_id": str(new_id()),
    "uuid:suggestion_id": str(new_id()),
    "uuid:meeting_id": str(new_id()),
    "uuid:inspection_id": str(new_id()),
    "uuid:clue_id": str(new_id()),
    "uuid:joint_id": str(new_id()),
    "form": "json",
    "request_id": "2222222222",
    "token_id": "2222222222",
    "uuid:warning_id": str(new_id()),
    "uuid:callout_id": str(new_id()),
    "uuid:silence_id": str(new_id()),
    "uuid:list_id": str(new_id()),
    "uuid:door_id": str(new_id()),
    "token": "0123456789abcdef",
    "uuid:check_id": str(new_id()),
    "code": "371502",
    "ref": "TUHAI-371502-001",
    "uuid:hazard_id": "00000000-0000-4000-8000-000000000009",
    "sha256": "0" * 64,
    "path:name": "swagger-ui.css",
    "uuid:notice_id": str(new_id()),
    "uuid:letter_id": str(new_id()),
    "uuid:device_id": str(new_id()),
    "channel": "pigeon",
    "name": "hazards",
    "source": "record",
    "int:number": "1",
    "uuid:season_id": str(new_id()),
    "uuid:shift_id": str(new_id()),
    "uuid:segment_id": str(new_id()),
    "uuid:signal_id": str(new_id()),
    "feed_name": "cma",
    "identifier": "YJ2025-0001-1",
    "uuid:filter_id": str(new_id()),
    "int:z": "14",
    "int:x": "13470",
    "int:y": "6409",
    "any('zh-CN', en):language": "en",
    "int:size": "192",
}
# Whose walk, on which segment, along which line: a village, the next one, a town, the next one, a city, another county.
WALKS = {
    "wang": ("TUHAI-371502-001", LINE),
    "chen": ("TUHAI-371502-002", LINE),
    "li": ("TUHAI-371502001", LINE),
    "tang": ("TUHAI-371502002", LINE),
    "qian": ("TUHAI-3715", LINE),
    "wu": ("CHIPING-371503", FAR_LINE),
}
SENT = [drawn("JPEG", (30 + number, 40)) for number in range(len(WALKS))]


def asked(app) -> Iterator[tuple[str, str, Action]]:
    """Every route with every method and the action it declares; a place in a path without an example is an error."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in FRAMEWORK and not rule.rule.startswith("/console"):
            action = app.view_functions[rule.endpoint].action
            yield from ((method, _path(rule), action) for method in sorted((rule.methods or set()) - {"OPTIONS"}))


def _path(rule: Rule) -> str:
    path = rule.rule
    for name, value in FILLED.items():
        path = path.replace(f"<{name}>", value)
    assert "<" not in path, f"say in FILLED what {rule.rule} is asked for"
    return path


@pytest.mark.parametrize("player", [*EVERYBODY, "nobody"])
def test_every_door_lets_in_the_posts_of_its_row_and_no_others(app, phone_of, cast, session, player):
    clockwork.take_turn(session, watching.SWEEP, NOON)  # the engine runs
    session.flush()
    post = PLAYERS[player][1] if player in PLAYERS else None
    for method, path, action in asked(app):
        phone = phone_of(cast.people.get(player))  # signed in anew: one of the doors signs out
        with phone.open(path, method=method, json=None if method in ("GET", "HEAD") else {}) as answer:
            status = answer.status_code
        assert status < 500, (player, method, path)
        if action is Action.PUBLIC:
            assert status not in (401, 403) or path.startswith(KEYED), (player, method, path)
        elif post is None:
            assert status == 401, (method, path)
        elif post in TABLE[action] or action in OF_THE_ACCOUNT:
            assert status not in (401, 403), (player, method, path, status)
        else:
            assert status == 403, (player, method, path, status)


@pytest.fixture
def walks(phone_of, cast) -> dict[str, tuple[str, str]]:
    """A walk of each of them with a photo that they took: its id and the photo's digest."""
    made = {}
    for (walker, (segment, line)), photo in zip(WALKS.items(), SENT, strict=True):
        phone, walk = phone_of(cast.people[walker]), str(new_id())
        assert upload(phone, photo).status_code == 201
        body = patrol_body(line, segment=segment) | {"photos": [sha(photo)]}
        assert phone.put(f"/api/v1/patrols/{walk}", json=body).status_code == 201
        made[walker] = (walk, sha(photo))
    return made


def lies(player: str, walker: str) -> Relation:
    """How the walker's region lies to the player's."""
    return relation(PLAYERS[player][2], PLAYERS[walker][2])


def sees(player: str, walker: str) -> bool:
    """Whether a walk is for these eyes: by the table, one's own, or on the segment one looks after."""
    together = {player, walker} == {"wang", "he"}
    return lies(player, walker) in TABLE[Action.SEE_PATROLS].get(_post(player), ()) or player == walker or together


def _post(player: str) -> Post:
    return PLAYERS[player][1]


def nowhere(phone: Any, path: str, unknown: str, method: str = "GET", **rest: Any) -> None:
    """What is not for these eyes answers as what there never was, but for the name that was asked for."""
    there, never = (phone.open(each, method=method, **rest) for each in (path, unknown))
    assert there.status_code == never.status_code
    assert there.status_code in (403, 404), (path, there.status_code)
    if method != "HEAD":
        assert {**there.json, "instance": ""} == {**never.json, "instance": ""}


def test_a_walk_and_its_track_are_there_for_some_and_for_others_there_never_was_one(phone_of, cast, walks):
    for player in EVERYBODY:
        phone = phone_of(cast.people[player])
        listed = phone.get("/api/v1/patrols")
        found = {each["id"] for each in listed.json["items"]} if listed.status_code == 200 else set()
        for walker, (walk, _) in walks.items():
            assert (walk in found) == sees(player, walker), (player, walker)
            for rest in ("", "/track", "/track?format=gpx"):
                path, unknown = f"/api/v1/patrols/{walk}{rest}", f"/api/v1/patrols/{new_id()}{rest}"
                if sees(player, walker):
                    assert phone.get(path).status_code == 200, (player, walker, rest)
                else:
                    nowhere(phone, path, unknown)


def test_a_photo_is_there_where_its_walk_is_and_its_original_for_staff_alone(phone_of, cast, walks):
    for player in EVERYBODY:
        phone = phone_of(cast.people[player])
        for walker, (_, photo) in walks.items():
            path, unknown = f"/api/v1/photos/{photo}", f"/api/v1/photos/{'f' * 64}"
            original = lies(player, walker) in TABLE[Action.SEE_ORIGINAL_PHOTO].get(_post(player), ())
            for size in ("thumb", "view"):
                if sees(player, walker):
                    assert phone.get(f"{path}?size={size}").status_code == 200, (player, walker)
                else:
                    nowhere(phone, f"{path}?size={size}", f"{unknown}?size={size}")
            if sees(player, walker):
                assert phone.head(path).status_code == 200
                assert phone.get(f"{path}?size=original").status_code == (200 if original else 403), (player, walker)
            else:
                nowhere(phone, path, unknown, "HEAD")
                nowhere(phone, f"{path}?size=original", f"{unknown}?size=original")


def test_a_segment_is_there_by_id_and_code_for_those_who_answer_for_the_place(phone_of, cast):
    for player in EVERYBODY:
        phone, query = phone_of(cast.people[player]), "?from=2025-07-01T00:00:00Z&to=2025-07-02T00:00:00Z"
        for walker, (code, _) in WALKS.items():
            allowed = lies(player, walker) in TABLE[Action.SEE_SEGMENTS].get(_post(player), ()) or player == walker
            for ref in (code, cast.segments[code].id):
                for rest in ("", f"/walked{query}"):
                    if allowed:
                        assert phone.get(f"/api/v1/segments/{ref}{rest}").status_code == 200, (player, walker)
                    else:
                        nowhere(phone, f"/api/v1/segments/{ref}{rest}", f"/api/v1/segments/{new_id()}{rest}")


@pytest.mark.parametrize("deed", ["review", "withdraw"])
def test_nobody_alters_a_walk_but_those_who_may(phone_of, cast, connection, walks, deed):
    for player in EVERYBODY:
        for walker, (walk, _) in walks.items():
            with connection.begin_nested() as before:
                alter(phone_of, cast, player, walker, walk, deed)
                before.rollback()


def alter(phone_of: Any, cast: Any, player: str, walker: str, walk: str, deed: str) -> None:
    """Review or withdraw somebody's walk with the right version, and be answered by the table."""
    phone = phone_of(cast.people[player])
    said = {"outcome": "doubtful", "note": "看不清"} if deed == "review" else {"reason": "误报"}
    row = TABLE[Action.REVIEW_PATROL if deed == "review" else Action.WITHDRAW_PATROL]
    path, unknown = f"/api/v1/patrols/{walk}/{deed}", f"/api/v1/patrols/{new_id()}/{deed}"
    etag = phone_of(cast.people[walker]).get(f"/api/v1/patrols/{walk}").headers["ETag"]
    if not sees(player, walker):
        return nowhere(phone, path, unknown, "POST", json=said, headers={"If-Match": etag})
    may = lies(player, walker) in row.get(_post(player), ())
    may = (may and player != walker) if deed == "review" else (may or player == walker)
    status = phone.post(path, json=said, headers={"If-Match": etag}).status_code
    assert status == (200 if may else 403), (player, walker, status)
    return None


def test_a_walk_under_the_id_of_somebody_elses_tells_nothing_of_it(phone_of, cast, walks):
    for player in EVERYBODY:
        phone = phone_of(cast.people[player])
        for walker, (walk, _) in walks.items():
            if walker != player:
                answer = phone.put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE))
                assert answer.status_code == (
                    409 if _post(player) in TABLE[Action.SUBMIT_PATROL] else answer.status_code
                )
                assert answer.status_code in (403, 404, 409), (player, walker)
                assert "verdict" not in answer.json
