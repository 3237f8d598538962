"""The link of a text message: looking changes nothing, one tap answers, and whoever guesses finds a plain page."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.models.callouts import CalloutAnswer
from backend.services import links
from tests.api.warning_cases import act, night, revise
from tests.carriers import office, push, sms, tell, voice
from tests.makers import new_id

__all__ = ["night", "office", "push", "sms", "tell", "voice"]


@pytest.fixture
def link_of(night, keyring):
    """The path that a text leads to, as the house makes it."""
    return lambda warning, name: links.path(keyring, UUID(night.roll(warning)[name]["id"]))


@pytest.fixture
def linked(night, link_of, app):
    """A red warning at night, Wang's link, and a browser that nobody has signed in with."""
    warning = night.red()
    night.tick()
    return warning, link_of(warning, "wang"), app.test_client()


def answers(session):
    return session.scalar(select(func.count()).select_from(CalloutAnswer))


def test_looking_at_it_changes_nothing_and_tells_nobody_however_often(night, linked, session):
    warning, link, browser = linked
    before, sent = night.callout(warning, "wang"), len(night.sms.sent)
    preview = {"Purpose": "prefetch", "User-Agent": "WeChat/8 preview", "Sec-Purpose": "prefetch"}
    for _ in range(3):
        page = browser.get(link)
        assert (page.status_code, page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
            200,
            "no-store",
            "noindex",
        )
        assert browser.head(link).status_code == 200
        assert browser.head(link).data == b""
        assert browser.get(link, headers=preview).status_code == 200
    night.tick()
    assert answers(session) == 0
    assert night.callout(warning, "wang") == before
    assert len(night.sms.sent) == sent
    shown = page.get_data(as_text=True)
    assert all(word in shown for word in ("徒骇河超警戒", "立即上堤巡查", "王村长", "YJ2025-0001"))
    assert "Set-Cookie" not in page.headers


def test_one_tap_answers_and_the_same_tap_sent_again_is_one(night, linked, session):
    warning, link, browser = linked
    page = browser.get(link).get_data(as_text=True)
    found = re.search(r'name="id" value="([0-9a-f-]{36})"', page)
    assert found
    for _ in range(2):
        done = browser.post(link, data={"id": found[1], "status": "acting"})
        assert done.status_code == 200
        assert 'role="status"' in done.get_data(as_text=True)
    assert answers(session) == 1
    called = night.callout(warning, "wang")
    assert (called["state"], called["how"]) == ("acting", "link")


def test_an_app_may_use_it_too_and_one_id_stands_for_one_answer(night, linked, link_of):
    warning, link, browser = linked
    said = {"id": str(new_id()), "status": "received"}
    assert browser.post(link, json=said).status_code == 201
    assert browser.post(link, json=said).status_code == 200
    assert browser.post(link, json=said | {"status": "acting"}).status_code == 409
    later = browser.post(link, json={"id": str(new_id()), "status": "acting"})
    assert (later.status_code, later.json["state"]) == (201, "acting")
    assert browser.post(link_of(warning, "chen"), json=said).status_code == 409, "the id of somebody else's answer"
    assert night.callout(warning, "chen")["state"] == "open"


def test_whoever_holds_the_text_may_answer_and_the_record_says_that_it_was_the_link(night, linked):
    warning, link, browser = linked
    assert browser.post(link, data={"id": str(new_id()), "status": "unable"}).status_code == 200
    (answer,) = night.callout(warning, "wang")["answers"]
    assert (answer["how"], answer["by"], answer["status"]) == ("link", None, "unable")


def test_after_the_all_clear_it_says_so_and_an_answer_moves_nothing(night, linked):
    warning, link, browser = linked
    before = browser.get(link).get_data(as_text=True)
    assert ('class="instruction"' in before, 'class="level red"' in before) == (True, True)
    act(night, warning, "all-clear", text="水位已退")
    page = browser.get(link).get_data(as_text=True)
    assert "<form" not in page
    assert page.index('class="over"') < page.index("<h1>")
    assert 'class="instruction"' not in page, "nobody is sent to the levee by a warning that is over"
    assert 'class="level red"' not in page
    late = browser.post(link, json={"id": str(new_id()), "status": "unable"})
    assert (late.status_code, late.json["state"]) == (201, "ended")
    assert night.callout(warning, "wang")["answers"][0]["stands"] is False


def test_the_link_outlives_an_update_and_shows_what_is_said_now(night, linked):
    warning, link, browser = linked
    revise(night, warning, headline="改走北堤")
    page = browser.get(link).get_data(as_text=True)
    assert "改走北堤" in page
    assert "<form" in page


@pytest.mark.parametrize("token", ["AAAAAAAAAAAAAAAA", "x", "%00", "%ff%fe", "%ed%a0%80", "王", "..%2f..", "a" * 3000])
@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", "链接"), ("en", "link"), ("tlh", "链接")], ids=["zh", "en", "other"]
)
def test_whoever_guesses_finds_a_plain_page(app, linked, session, token, language, words):
    browser, headers = app.test_client(), {"Accept-Language": language, "Accept": "text/html"}
    for answer in (
        browser.get(f"/a/{token}", headers=headers),
        browser.post(f"/a/{token}", data={"id": str(new_id()), "status": "acting"}, headers=headers),
    ):
        assert answer.status_code == 404
        if answer.mimetype == "text/html":
            assert words in answer.get_data(as_text=True).lower()
    assert answers(session) == 0


def test_a_program_that_guesses_is_told_in_a_problem(linked):
    _, _, browser = linked
    refused = browser.post("/a/AAAAAAAAAAAAAAAA", json={"id": str(new_id()), "status": "acting"})
    assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"status": "maybe"}, "/status"),
        ({"status": None}, "/status"),
        ({"status": ["acting"]}, "/status"),
        ({"status": {}}, "/status"),
        ({"id": None}, "/id"),
        ({"id": "7"}, "/id"),
        ({"id": ["x"]}, "/id"),
        ({"note": "x" * 1001}, "/note"),
        ({"note": "\x00"}, "/note"),
        ({"note": 7}, "/note"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_by_its_place(linked, session, said, pointer):
    _, link, browser = linked
    refused = browser.post(link, json={"id": str(new_id()), "status": "acting"} | said)
    assert refused.status_code == 422, refused.json
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert answers(session) == 0


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"status": NaN}', b"\xff", b"{" + b" " * 20_000 + b"}"])
def test_what_is_no_json_is_refused(linked, session, raw):
    _, link, browser = linked
    refused = browser.post(link, data=raw, content_type="application/json")
    assert 400 <= refused.status_code < 500
    assert answers(session) == 0


@pytest.mark.parametrize("raw", [b"", b"status=acting", b"id=7&status=acting", b"%ff=%00&status=%00", b"a=1&" * 5_000])
def test_a_form_with_anything_in_it_is_refused(linked, session, raw):
    _, link, browser = linked
    refused = browser.post(link, data=raw, content_type="application/x-www-form-urlencoded")
    assert 400 <= refused.status_code < 500
    assert answers(session) == 0


def test_no_other_method_does_anything(linked):
    _, link, browser = linked
    for method in ("put", "delete", "patch"):
        assert getattr(browser, method)(link).status_code == 405
