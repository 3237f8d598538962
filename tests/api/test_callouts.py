"""Call-outs over HTTP: who may answer for whom, what is kept, and what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.channels.sending import Outcome, Receipt
from backend.models.people import Absence
from jobs import delivery
from tests.api.warning_cases import NIGHT, night
from tests.carriers import office, push, sms, tell, voice
from tests.makers import new_id

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
CALLOUTS = "/api/v1/flood/callouts"
MINUTE = timedelta(minutes=1)
NO_SUCH = "0197d0c1-0000-7000-8000-00000000dead"


def test_whoever_is_called_sees_it_answers_it_and_what_is_said_again_changes_nothing(night, cast):
    warning = night.red()
    which = night.roll(warning)["wang"]["id"]
    wang = night.phone_of(cast.wang)
    seen = wang.get(f"{CALLOUTS}/{which}")
    assert (seen.status_code, seen.json["state"], seen.json["headline"]) == (200, "open", "徒骇河超警戒")
    assert wang.get(f"{CALLOUTS}/{which}", headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    night.clock.now += MINUTE
    said = {"id": str(new_id()), "status": "acting", "at": night.clock.now.isoformat(), "note": "已上堤"}
    first = wang.post(f"{CALLOUTS}/{which}/ack", json=said)
    assert (first.status_code, first.json["state"], first.json["how"]) == (201, "acting", "app")
    again = wang.post(f"{CALLOUTS}/{which}/ack", json=said | {"client": {"app": "x"}})
    assert again.status_code == 200, "what the phone says of itself is no part of the answer"
    assert wang.post(f"{CALLOUTS}/{which}/ack", json=said).status_code == 200
    assert wang.post(f"{CALLOUTS}/{which}/ack", json=said | {"status": "unable"}).status_code == 409
    changed = wang.get(f"{CALLOUTS}/{which}", headers={"If-None-Match": seen.headers["ETag"]})
    assert [each["status"] for each in changed.json["answers"]] == ["acting"]
    other = night.roll(warning)["chen"]["id"]
    assert night.phone_of(cast.chen).post(f"{CALLOUTS}/{other}/ack", json=said).status_code == 409


def test_the_later_answer_stands_whichever_comes_first_and_received_takes_nothing_back(night, cast):
    warning = night.red()
    night.clock.now += 10 * MINUTE
    now = night.clock.now
    assert night.ack(warning, "wang", "unable", at=(now - MINUTE).isoformat()).json["state"] == "unable"
    late = night.ack(warning, "wang", "acting", at=(now - 2 * MINUTE).isoformat())
    assert (late.status_code, late.json["state"]) == (201, "unable"), "said before, and came later"
    assert night.ack(warning, "wang", "received", at=now.isoformat()).json["state"] == "unable"
    assert night.ack(warning, "wang", "acting", at=now.isoformat()).json["state"] == "acting"
    kept = night.callout(warning, "wang")["answers"]
    assert [(each["status"], each["stands"]) for each in kept] == [
        ("unable", True),
        ("acting", False),
        ("received", False),
        ("acting", True),
    ]


@pytest.mark.parametrize("ahead", [timedelta(minutes=3), timedelta(days=300)])
def test_a_phone_whose_clock_is_ahead_is_not_believed_beyond_now(night, cast, ahead):
    warning = night.red()
    assert night.ack(warning, "wang", "received", at=(night.clock.now + ahead).isoformat()).json["state"] == "received"
    night.clock.now += MINUTE
    assert night.ack(warning, "wang", "acting").json["state"] == "acting"


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", (NIGHT - MINUTE).isoformat()])
def test_a_phone_whose_clock_lies_before_the_call_answers_when_its_word_comes(night, cast, at):
    """Its owner is not asked again at once, overtakes nobody up the ladder and may still say more."""
    warning = night.red()
    night.at(1)
    assert night.ack(warning, "wang", "received", at=at).json["said_at"] == night.clock.now.isoformat()
    assert night.ack(warning, "li", "unable", at=at).json["state"] == "unable"
    night.at(2)
    assert [what for what, *_ in night.steps(warning, "wang")] == ["call"]
    assert [what for what, *_ in night.steps(warning, "li")] == ["call", "substitute"]
    assert night.ack(warning, "wang", "acting", at=at).json["state"] == "acting"


def test_who_may_answer_whom(night, cast, session):
    warning = night.red()
    for who in ("chen", "he", "tang", "wu", "yang", "shen"):
        assert night.ack(warning, "wang", "acting", by=cast.people[who]).status_code == 404, who
        answer = night.ack(warning, "wang", "acting", by=cast.people[who], how="ack-for")
        assert answer.status_code in (403, 404), who
        which = night.roll(warning)["wang"]["id"]
        assert night.phone_of(cast.people[who]).get(f"{CALLOUTS}/{which}").status_code == 404, who
    assert night.callout(warning, "wang")["answers"] == []
    assert night.ack(warning, "wang", "acting", by=cast.jin, how="ack-for").status_code == 403
    assert night.ack(warning, "wang", "received", by=cast.li, how="ack-for").json["how"] == "proxy"
    assert night.ack(warning, "wang", "acting", by=cast.sun, how="ack-for", note="电话已通").json["how"] == "proxy"
    assert [each["by"] for each in night.callout(warning, "wang")["answers"]] == ["李镇长", "孙科员"]
    for how in ("ack", "ack-for"):
        said = {"id": str(new_id()), "status": "acting", "at": NIGHT.isoformat()}
        assert night.phone_of(cast.sun).post(f"{CALLOUTS}/{NO_SUCH}/{how}", json=said).status_code == 404


def test_whoever_was_told_of_a_silence_may_say_what_they_found(night, cast):
    warning = night.red()
    assert night.ack(warning, "wang", "acting", by=cast.li).status_code == 404
    night.at(5.1)
    told = night.ack(warning, "wang", "acting", by=cast.li, note="我到他家了")
    assert (told.status_code, told.json["how"], told.json["state"]) == (201, "proxy", "acting")


def test_whoever_stands_in_is_called_in_the_place_of_an_absent_chief_and_answers_for_them(night, cast, session):
    today = NIGHT.date()
    away = {"person_id": cast.wang, "substitute_id": cast.he, "from_day": today}
    session.add(Absence(id=new_id(), **away))
    session.flush()
    night.keys = {cast.he: "2"}
    warning = night.red()
    night.tick()
    (call, *_) = night.steps(warning, "wang")
    assert call[:2] == ("call", "he")
    assert night.roll(warning)["wang"]["state"] == "acting"
    answer = night.callout(warning, "wang")["answers"][0]
    assert (answer["how"], answer["by"]) == ("voice", "何巡河")
    assert night.ack(warning, "wang", "unable", by=cast.he).status_code == 201, "and in the app"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"id": "x"}, "/id"),
        ({"status": "maybe"}, "/status"),
        ({"status": ["acting"]}, "/status"),
        ({"at": "2025-07-28T02:00:00"}, "/at"),
        ({"at": 7}, "/at"),
        ({"note": "x" * 1001}, "/note"),
        ({"note": "\x00"}, "/note"),
        ({"by": "wang"}, "/by"),
        ({"client": 3}, "/client"),
    ],
)
@pytest.mark.parametrize("how", ["ack", "ack-for"])
def test_an_answer_that_cannot_be_meant_is_refused_by_its_place(night, cast, said, pointer, how):
    warning = night.red()
    by = cast.wang if how == "ack" else cast.sun
    which = night.roll(warning)["wang"]["id"]
    whole = {"id": str(new_id()), "status": "acting", "at": NIGHT.isoformat()} | said
    refused = night.phone_of(by).post(f"{CALLOUTS}/{which}/{how}", json=whole)
    assert refused.status_code == 422, refused.json
    assert all(error["pointer"].startswith(pointer) for error in refused.json["errors"])
    assert night.callout(warning, "wang")["answers"] == []


def hear_at_hook(app, night, key, name, part=False):
    """The provider of calls reports by its hook on the last call to somebody."""
    app.extensions["hezhang"] = replace(
        app.extensions["hezhang"], channels=night.office.channels, ways=night.office.ways
    )
    letter = [each for each in night.voice.taken if night._owner(each.address) == night.cast.people[name]][-1]
    outcome = Outcome.ANSWERED if key else Outcome.FAILED
    night.voice.reports = [Receipt(outcome, night.clock.now, letter_id=letter.id, answer=key, is_part=part)]
    answer = app.test_client().post("/api/v1/hooks/voice", data=b"{}", headers={"X-Signature": "good"})
    assert answer.status_code == 204
    return letter


@pytest.mark.parametrize(("key", "state"), [("1", "received"), ("2", "acting"), ("3", "unable"), ("9", "open")])
def test_a_key_that_was_pressed_is_the_answer_and_one_that_means_nothing_is_none(app, night, cast, key, state):
    warning = night.red()
    delivery.run(night.office, now=night.clock.now)
    for _ in range(2):
        hear_at_hook(app, night, key, "wang")
    called = night.callout(warning, "wang")
    assert (called["state"], len(called["answers"])) == (state, 0 if state == "open" else 1)
    assert night.roll(warning)["wang"]["reached_at"]


def test_what_was_heard_in_part_is_no_answer_and_is_said_again(app, night, cast):
    warning = night.red()
    delivery.run(night.office, now=night.clock.now)
    hear_at_hook(app, night, "2", "wang", part=True)
    assert night.callout(warning, "wang")["state"] == "open"
    night.at(1.7)
    assert night.roll(warning)["wang"]["calls"] == 2


def test_a_superior_who_presses_a_key_answers_for_nobody(night, cast):
    night.keys = {cast.li: "2"}
    warning = night.red()
    night.at(5.2)
    assert night.roll(warning)["li"]["state"] == "acting"
    assert night.roll(warning)["wang"]["state"] == "open"
