"""Signing in at a desk: the password, the second factor, the end of a session, and forms that are not ours."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pyotp
import pytest

from backend.domain.terms import Post
from tests.cast import CITY, add_appointment
from tests.makers import new_id
from tests.web.conftest import PASSWORD, SITE, Desk, number_of


def code_at(secret: str, at) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).at(at)


def test_a_clerk_signs_in_and_finds_today(desk_of, cast):
    page = desk_of(cast.feng).get("/console/")
    assert page.status_code == 200
    assert "等我处理" in page.text
    assert "冯科员" in page.text


def test_the_cookie_is_bound_to_this_house_and_no_script_reads_it(desk_of, cast):
    cookie = desk_of(cast.feng).client.get_cookie("__Host-hezhang")
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path) == (True, True, "Lax", "/")


def test_whoever_is_not_signed_in_comes_back_to_where_they_wanted_to_go(desk_of, cast, session):
    desk = desk_of(None)
    asked = desk.get("/console/style")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/console/login?next=/console/style")
    desk_of(cast.feng)  # has a password now
    desk.get("/console/login?next=/console/style")
    said = {"phone": number_of(session, cast.feng), "password": PASSWORD}
    assert desk.submit("/console/login", next="/console/style", **said).headers["Location"] == "/console/style"
    away = desk.submit("/console/login", next="//elsewhere.example/", **said)
    assert away.headers["Location"] == "/console/"


def test_a_wrong_password_is_told_in_the_form_and_the_number_stays(desk_of):
    desk = desk_of(None)
    desk.get("/console/login")
    page = desk.submit("/console/login", phone="12300000011", password="错的")
    assert page.status_code == 422
    assert 'value="12300000011"' in page.text
    assert 'role="alert"' in page.text


def test_a_session_ends_when_it_is_idle_and_when_the_shift_is_over(desk_of, cast, clock):
    desk = desk_of(cast.feng)
    began = clock.now
    for _ in range(11):
        clock.now += timedelta(minutes=29)
        assert desk.get("/console/").status_code == 200
    clock.now += timedelta(minutes=31)
    assert desk.get("/console/").status_code == 302
    desk = desk_of(cast.feng)
    began = clock.now
    while clock.now < began + timedelta(hours=12) - timedelta(minutes=20):
        assert desk.get("/console/").status_code == 200
        clock.now += timedelta(minutes=20)
    clock.now = began + timedelta(hours=12)
    assert desk.get("/console/").status_code == 302


def test_whoever_signs_out_is_out_everywhere_that_cookie_goes(desk_of, cast):
    desk = desk_of(cast.feng)
    stolen = desk.client.get_cookie("__Host-hezhang").value
    assert desk.submit("/console/logout").headers["Location"] == "/console/login"
    assert desk.get("/console/").status_code == 302
    desk.client.set_cookie("__Host-hezhang", stolen, domain="localhost", secure=True)
    assert desk.get("/console/").status_code == 302


def test_a_form_that_is_not_ours_changes_nothing(desk_of, cast):
    desk = desk_of(cast.feng)
    assert desk.submit("/console/logout", csrf="0" * 64).status_code == 422
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    fields = {"csrf": desk.csrf}
    assert desk.client.post("/console/logout", data=fields, headers=elsewhere, base_url=SITE).status_code == 422
    assert desk.get("/console/").status_code == 200


def test_an_administrator_needs_the_second_factor_and_each_code_works_once(desk_of, cast, clock, session):
    desk = desk_of(cast.jin)
    assert desk.get("/console/").status_code == 302  # half a session opens no page
    page = desk.get("/console/code")
    (secret,) = re.findall(r"<b>([A-Z2-7 ]+)</b>", page.text)
    assert desk.submit("/console/code", code="000000").status_code == 422
    half = desk.client.get_cookie("__Host-hezhang").value
    code = code_at(secret, clock.now)
    assert desk.submit("/console/code", code=f"{code[:3]} {code[3:]}").headers["Location"] == "/console/"
    assert desk.client.get_cookie("__Host-hezhang").value != half
    assert desk.get("/console/").status_code == 200

    again = Desk(desk.client.application)
    again.get("/console/login")
    again.submit("/console/login", phone=number_of(session, cast.jin), password=PASSWORD)
    page = again.get("/console/code")
    assert secret not in page.text
    assert again.submit("/console/code", code=code).status_code == 422
    clock.now += timedelta(seconds=60)
    assert again.submit("/console/code", code=code_at(secret, clock.now)).status_code == 303


def test_codes_are_guessed_at_a_few_times_only(desk_of, cast):
    desk = desk_of(cast.jin)
    desk.get("/console/code")
    assert [desk.submit("/console/code", code=f"{number:06}").status_code for number in range(12)][-1] == 429


def test_the_language_is_switched_and_stays(desk_of, cast):
    desk = desk_of(cast.feng)
    desk.submit("/console/language", language="en", next="/console/")
    page = desk.get("/console/")
    assert '<html lang="en">' in page.text
    assert "wait for me" in page.text


def test_a_page_that_is_not_there_is_said_so_in_a_page(desk_of, cast):
    page = desk_of(cast.feng).get("/console/nowhere")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "没有找到" in page.text


def test_no_page_runs_a_script_or_style_that_is_not_ours(desk_of, cast):
    desk = desk_of(cast.feng)
    for path in ("/console/", "/console/style", "/console/nowhere", "/console/prove"):
        page = desk.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert " style=" not in page.text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
        assert not re.search(r"\bon[a-z]+=", page.text)


def test_the_password_is_asked_again_before_what_is_dangerous(desk_of, cast):
    desk = desk_of(cast.feng)
    desk.get("/console/prove?next=/console/style")
    assert desk.submit("/console/prove", next="/console/style", password="错的").status_code == 422
    proved = desk.submit("/console/prove", next="/console/style", password=PASSWORD)
    assert proved.headers["Location"] == "/console/style"


def test_whoever_becomes_an_administrator_while_they_sit_there_needs_a_code_from_then_on(desk_of, cast, session):
    desk = desk_of(cast.feng)
    add_appointment(session, cast.feng, Post.ADMINISTRATOR, CITY)
    asked = desk.get("/console/style")
    assert asked.headers["Location"] == "/console/code?next=/console/style"


def test_a_login_that_the_office_opens_anew_has_no_second_factor_any_more(desk_of, cast, clock, session, phone_of):
    desk = desk_of(cast.jin)
    (secret,) = re.findall(r"<b>([A-Z2-7 ]+)</b>", desk.get("/console/code?next=/console/style").text)
    entered = desk.submit("/console/code", code=code_at(secret, clock.now), next="/console/style")
    assert entered.headers["Location"] == "/console/style"
    add_appointment(session, cast.qian, Post.ADMINISTRATOR, CITY)
    code = phone_of(cast.qian).post(f"/api/v1/people/{cast.jin}/reset-login").json["code"]
    said = {"phone": number_of(session, cast.jin), "code": code, "new": "沙镇桥头第三棵柳树"}
    assert phone_of(None).post("/api/v1/auth/reset", json=said).status_code == 204
    again = Desk(desk.client.application)
    again.get("/console/login")
    again.submit("/console/login", phone=said["phone"], password=said["new"])
    (other,) = re.findall(r"<b>([A-Z2-7 ]+)</b>", again.get("/console/code").text)
    assert other != secret


def test_the_password_is_asked_again_a_few_times_only(desk_of, cast):
    desk = desk_of(cast.feng)
    desk.get("/console/prove")
    assert [desk.submit("/console/prove", password="错的").status_code for _ in range(12)][-1] == 429


def test_a_form_whose_sign_is_no_sign_at_all_is_refused_like_any_other(desk_of, cast):
    desk = desk_of(cast.feng)
    assert desk.submit("/console/logout", csrf="中" * 64).status_code == 422
    refused = desk.client.post("/console/logout", headers={"X-CSRF-Token": "é"}, base_url=SITE)
    assert refused.status_code == 422


def test_a_code_that_a_chinese_keyboard_types_wide_is_a_code(desk_of, cast, clock):
    desk = desk_of(cast.jin)
    (secret,) = re.findall(r"<b>([A-Z2-7 ]+)</b>", desk.get("/console/code").text)
    assert desk.submit("/console/code", code="一二三四五六").status_code == 422
    wide = code_at(secret, clock.now).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert desk.submit("/console/code", code=wide).status_code == 303


@pytest.mark.parametrize("referer", ["http://[", "//x]y", "javascript:alert(1)", "https://elsewhere.example/away"])
def test_a_form_whose_session_is_over_leads_to_no_page_but_ours(app, referer):
    path = f"/console/patrols/{new_id()}/review"
    answer = Desk(app).client.post(path, headers={"Referer": referer}, base_url=SITE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/login")


@pytest.mark.parametrize("path", ["/console/people/export.csv", "/console/hazards/filters", "/console/logout"])
def test_no_form_holds_what_no_text_can_hold(desk_of, cast, path):
    desk = desk_of(cast.sun)
    refused = desk.submit(path, purpose="核对\x00", name="\x00")
    assert refused.status_code == 422
    assert desk.get("/console/").status_code == 200


@pytest.mark.parametrize("by", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}])
def test_a_part_of_a_page_whose_session_is_over_leads_back_to_its_page(app, by):
    part = f"/console/hazards/{new_id()}/claim"
    page = f"{part.removesuffix('/claim')}?did=accept"
    answer = Desk(app).get(part, headers=by | {"Referer": f"{SITE}{page}"})
    way = answer.headers.get("HX-Redirect") or answer.headers["Location"]
    assert way == f"/console/login?next={quote(page)}"
    lost = Desk(app).get(part, headers=by)
    assert (lost.headers.get("HX-Redirect") or lost.headers["Location"]).startswith("/console/login")
