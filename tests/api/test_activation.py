"""Somebody new activates their account with the code on the printed list."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.logins import CODE_LIFE, Purpose
from backend.services import logins
from tests.makers import seen_by

AUTH = "/api/v1/auth"
WANG = "12300000006"


def test_a_printed_code_activates_once_until_it_expires(phone_of, cast, session, keyring, clock):
    old = logins.issue_code(session, keyring, cast.wang, Purpose.ACTIVATE, None, now=clock())
    code = logins.issue_code(session, keyring, cast.wang, Purpose.ACTIVATE, None, now=clock())
    phone = phone_of(None)
    said = {"phone": WANG, "code": code, "new": "xin-lai-de-he-zhang-3"}
    assert phone.post(f"{AUTH}/activate", json=said | {"code": old}).status_code == 401  # a newer one was made
    assert phone.post(f"{AUTH}/reset", json=said).status_code == 401  # made for another purpose
    assert phone.post(f"{AUTH}/activate", json=said | {"new": "12345678"}).status_code == 422
    assert phone.post(f"{AUTH}/activate", json=said).status_code == 204
    assert phone.post(f"{AUTH}/login", json={"phone": WANG, "password": said["new"]}).status_code == 200
    late = logins.issue_code(session, keyring, cast.chen, Purpose.ACTIVATE, None, now=clock())
    clock.now += CODE_LIFE + timedelta(seconds=1)
    said = {"phone": "12300000007", "code": late, "new": "xin-lai-de-he-zhang-3"}
    assert phone.post(f"{AUTH}/activate", json=said).status_code == 401


def test_the_office_changes_a_number_and_reset_ends_other_logins(phone_of, cast):
    office, wang = phone_of(cast.sun), phone_of(cast.wang)
    path = f"/api/v1/people/{cast.wang}/phone"
    assert office.post(path, json={"phone": "no"}).status_code == 422
    assert office.post(path, json={"phone": "12366667777"}, headers=seen_by(office, cast.wang)).status_code == 204
    assert wang.get("/api/v1/me").status_code == 401
    assert office.post(f"/api/v1/people/{cast.wu}/phone", json={"phone": "12355554444"}).status_code == 404


def test_one_person_is_shown_with_every_post(phone_of, cast):
    shown = phone_of(cast.sun).get(f"/api/v1/people/{cast.wang}").json
    assert shown["appointments"][0]["post"] == "village_chief"
    assert shown["phone"] == "123****0006"
    narrow = phone_of(cast.sun).get("/api/v1/people", query_string={"post": "warden", "q": "何"})
    assert [person["name"] for person in narrow.json["items"]] == ["何巡河"]
    assert phone_of(cast.sun).get("/api/v1/people", query_string={"cursor": "WzFd"}).status_code == 422
