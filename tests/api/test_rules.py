"""The judging rules: read by phones, changed by the administrator, each walk judged by those of its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.services import rules
from tests.cast import LINE, NOON
from tests.makers import new_id, patrol_body


def test_a_stricter_rule_judges_walks_from_its_day_on(phone_of, cast, session):
    rules.ensure_defaults(session, now=NOON)
    rules.ensure_defaults(session, now=NOON)
    admin, wang = phone_of(cast.jin), phone_of(cast.wang)
    change = {
        "body": {"minimums": {"village": {"metres": 2000, "minutes": 10}}, "length_share": 1.0},
        "valid_from": (NOON - timedelta(hours=6)).isoformat(),
        "reason": "汛前加严",
    }
    assert admin.post("/api/v1/rules", json=change).json["version"] == 2
    strict = wang.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).json["verdict"]
    assert (strict["reasons"], strict["rule_version"]) == (["too_little"], 2)
    before = patrol_body(LINE, started_at=NOON - timedelta(days=2), speed_mps=1.1, seed=3)
    mild = wang.put(f"/api/v1/patrols/{new_id()}", json=before).json["verdict"]
    assert (mild["outcome"], mild["rule_version"]) == ("valid", 1)
    assert [rule["version"] for rule in wang.get("/api/v1/rules").json] == [1, 2]
    now = wang.get("/api/v1/rules/current")
    assert now.json["body"]["minimums"]["village"]["metres"] == 2000
    assert wang.get("/api/v1/rules/current", headers={"If-None-Match": now.headers["ETag"]}).status_code == 304


def test_a_rule_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast):
    admin = phone_of(cast.jin)
    change = {"body": {"near_m": -5}, "valid_from": NOON.isoformat(), "reason": "?"}
    refused = admin.post("/api/v1/rules", json=change)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/body/near_m")
    assert phone_of(cast.li).post("/api/v1/rules", json=change).status_code == 403


def test_a_number_that_no_rule_has_is_called_unknown(phone_of, cast):
    change = {"body": {"foo": 1}, "valid_from": NOON.isoformat(), "reason": "?"}
    flaw = phone_of(cast.jin).post("/api/v1/rules", json=change).json["errors"][0]
    assert flaw["pointer"] == "/body/foo"
    assert flaw["detail"].startswith("规则里没有这一项，请检查拼写；可用：near_m, ")


@pytest.mark.parametrize("body", [{"minimums": 5}, {"minimums": [[1]]}, {"near_m": {"deep": {}}}])
def test_a_rule_of_the_wrong_form_is_refused_by_its_place(phone_of, cast, body):
    change = {"body": body, "valid_from": NOON.isoformat(), "reason": "?"}
    refused = phone_of(cast.jin).post("/api/v1/rules", json=change)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/body/{next(iter(body))}")


def test_a_change_for_today_leaves_what_is_planned_for_september_where_it_is(phone_of, cast, session):
    rules.ensure_defaults(session, now=NOON)
    admin, later = phone_of(cast.jin), (NOON + timedelta(days=61)).isoformat()
    planned = {"body": {"near_m": 20}, "valid_from": later, "reason": "汛后收紧"}
    town = {"body": {"minimums": {"town": {"minutes": 40}}}, "valid_from": NOON.isoformat(), "reason": "镇级加严"}
    village = {"body": {"minimums": {"village": {"metres": 300}}}, "valid_from": NOON.isoformat(), "reason": "村级加严"}
    for change in (planned, town, village):
        assert admin.post("/api/v1/rules", json=change).status_code == 201
    now = admin.get("/api/v1/rules/current").json["body"]
    assert (now["near_m"], now["minimums"]["town"]["minutes"], now["minimums"]["village"]["metres"]) == (50, 40, 300)
    last = admin.get("/api/v1/rules").json[-1]
    assert (last["valid_from"][:10], last["body"]["near_m"]) == ("2025-09-01", 20)
    assert last["body"]["minimums"]["town"]["minutes"] == 40
