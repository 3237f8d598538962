"""What a login that is refused is told, so that a phone knows what to do and its owner why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.models.people import Person
from backend.services.passwords import hashed
from tests.makers import new_id, seen_by

AUTH = "/api/v1/auth"
PASSWORD = "shan-he-wu-yang-7"
HASH = hashed(PASSWORD)
WANG = "12300000006"


@pytest.fixture
def wang(session, cast):
    """Wang has a password."""
    session.get_one(Person, cast.wang).password_hash = HASH
    session.flush()
    return cast.wang


def sign_in(phone, password=PASSWORD):
    return phone.post(f"{AUTH}/login", json={"phone": WANG, "password": password})


def test_a_wrong_old_password_is_a_flaw_of_its_field_and_the_login_goes_on(phone_of, wang):
    phone = phone_of(None)
    signed = {"Authorization": f"Bearer {sign_in(phone).json['access_token']}"}
    for path, field, rest in (
        ("password", "old", {"new": "liu-shui-bu-fu-88"}),
        ("phone", "password", {"phone": WANG}),
    ):
        refused = phone.post(f"{AUTH}/{path}", json={field: "guess"} | rest, headers=signed)
        assert (refused.status_code, refused.json["errors"]) == (
            422,
            [{"pointer": f"/{field}", "detail": "密码不对。"}],
        )
    assert phone.get("/api/v1/me", headers=signed).status_code == 200


def test_whoever_must_wait_is_told_in_minutes_unless_it_is_soon_over(phone_of, wang, clock):
    phone = phone_of(None)
    for _ in range(10):
        sign_in(phone, "guess")
    locked = sign_in(phone)
    assert (locked.status_code, locked.json["detail"]) == (429, "请 15 分钟后再试。")
    assert locked.headers["Retry-After"] == "900"
    clock.now += timedelta(minutes=14)
    assert sign_in(phone).json["detail"] == "请 60 秒后再试。"


@pytest.mark.parametrize("said", [{}, {"everywhere": True}])
def test_whoever_has_signed_out_is_told_that_the_login_has_ended(phone_of, wang, said):
    phone = phone_of(None)
    pair = sign_in(phone).json
    signed = {"Authorization": f"Bearer {pair['access_token']}"}
    assert phone.post(f"{AUTH}/logout", json=said, headers=signed).status_code == 204
    used = phone.get("/api/v1/me", headers=signed)
    renewed = phone.post(f"{AUTH}/refresh", json={"refresh_token": pair["refresh_token"]})
    for refused in (used, renewed):
        assert (refused.status_code, refused.json["detail"][:10]) == (401, "这次登录已经结束（已")


def test_whose_post_has_changed_is_told_so(phone_of, wang, cast):
    phone, office = phone_of(None), phone_of(cast.sun)
    signed = {"Authorization": f"Bearer {sign_in(phone).json['access_token']}"}
    post = {"id": str(new_id()), "post": "warden", "region": "371502001001", "from": "2025-07-01"}
    given = office.post(f"/api/v1/people/{wang}/appointments", json=post, headers=seen_by(office, wang))
    assert given.status_code == 201
    refused = phone.get("/api/v1/me", headers=signed)
    assert (refused.status_code, refused.json["detail"]) == (401, "职务、号码或密码有变动，请重新登录。")


def test_a_wrong_code_is_called_by_its_name(phone_of, wang):
    said = {"phone": WANG, "code": "AAAAAAAAAA", "new": "xin-lai-de-he-zhang-3"}
    activation, reset = [phone_of(None).post(f"{AUTH}/{way}", json=said) for way in ("activate", "reset")]
    assert (activation.status_code, activation.json["detail"]) == (401, "激活码不对、已用过或已过期。")
    assert (reset.status_code, reset.json["detail"]) == (401, "验证码不对、已用过或已过期。")
