"""What becomes of a warning: updated, corrected, lifted, thrown away or run out, and who hears of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from backend.models.callouts import Callout
from backend.models.flood_warnings import FloodWarning
from backend.services.calling import Calling
from jobs.callouts import calling_of
from tests.api.warning_cases import NIGHT, WARNINGS, act, night, revise, shown, texts
from tests.carriers import office, push, sms, tell, voice
from tests.cast import NEXT_TOWN, TOWN, VILLAGE

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
MINUTE = timedelta(minutes=1)
NO_SUCH = "0197d0c1-0000-7000-8000-00000000dead"


def test_a_milder_update_goes_out_at_once_and_whoever_answered_only_hears_of_it(night, cast, session):
    night.keys = {cast.wang: "2"}
    warning = night.red()
    night.at(1)
    made = revise(night, warning, level="orange", headline="水位回落").json
    assert (made["state"], made["revision"], made["number"]) == ("issued", 2, "YJ2025-0001")
    assert shown(night, warning)["state"] == "updated"
    roll = night.roll(made["id"])
    assert (roll["wang"]["state"], roll["wang"]["calls"]) == ("acting", 1)
    (told,) = texts(session, cast.wang, "warning_updated")
    assert told.values["headline"] == "水位回落"
    assert roll["chen"]["calls"] >= 2, "whoever is still silent is called with the new words"


def test_a_milder_update_does_not_put_off_the_climb_over_the_silent(night, cast):
    warning = night.red()
    night.at(4)
    made = revise(night, warning, headline="转移路线有变").json
    night.at(5.1)
    told = [step for step in night.steps(made["id"], "wang") if step[0] == "superior"]
    assert [minutes for _, _, minutes in told] == [5]


def test_a_graver_one_waits_for_its_signature_and_is_answered_anew(night, cast):
    night.keys = {cast.wang: "2", cast.chen: "2", cast.li: "2"}
    warning = night.red(level="orange")
    night.at(1)
    assert night.board(warning)["total"]["answered"] == 3
    made = revise(night, warning, level="red", headline="漫堤在即").json
    assert (made["state"], shown(night, warning)["state"]) == ("draft", "issued")
    night.keys = {}
    assert act(night, made["id"], "sign", cast.qian).json["state"] == "issued"
    total = night.board(made["id"])["total"]
    assert (total["acting"], total["answered"], total["open"]) == (0, 0, 3)
    night.tick()
    assert night.roll(made["id"])["wang"]["calls"] == 2
    heard = night.ack(made["id"], "wang", "acting")
    assert heard.json["state"] == "acting"
    assert night.board(made["id"])["total"]["answered"] == 1


def test_who_is_not_concerned_any_more_is_told_and_let_be_and_who_is_new_is_called(night, cast, session):
    warning = night.red()
    made = revise(night, warning, regions=[VILLAGE, NEXT_TOWN]).json
    night.tick()
    roll = night.roll(warning)
    assert (roll["chen"]["state"], roll["li"]["state"]) == ("ended", "ended")
    assert len(texts(session, cast.chen, "warning_released")) == 1
    assert texts(session, cast.wang, "warning_released") == []
    assert night.roll(made["id"])["tang"]["calls"] == 1
    calls = roll["chen"]["calls"]
    night.at(12)
    assert night.roll(warning)["chen"]["calls"] == calls
    again = revise(night, made["id"], regions=[TOWN, NEXT_TOWN]).json
    assert len(texts(session, cast.chen, "warning_released")) == 1
    assert night.roll(again["id"])["chen"]["state"] == "open", "concerned again"


def test_a_mistake_is_put_right_in_one_step_and_everybody_is_told(night, cast, session):
    night.keys = {cast.wang: "2"}
    warning = night.red()
    night.tick()
    made = revise(night, warning, "correct", headline="马颊河超警戒").json
    assert (made["state"], made["issued_how"]) == ("issued", "alone")
    assert shown(night, warning)["state"] == "corrected"
    assert len(texts(session, cast.wang, "warning_corrected")) == 1


def test_the_all_clear_reaches_everybody_who_heard_of_it_and_nobody_is_called_after(night, cast, session):
    night.keys = {cast.wang: "2"}
    warning = night.red()
    night.at(6)
    assert texts(session, cast.sun, "silent") == []
    told = {name for name, _ in night.people() if any(step[1] == name for step in night.steps(warning, "chen"))}
    assert {"chen", "li"} <= told
    lifted = act(night, warning, "all-clear", text="水位已退")
    assert (lifted.json["state"], lifted.json["ended_text"]) == ("all_clear", "水位已退")
    for name in told | {"wang"}:
        assert len(texts(session, cast.people[name], "warning_all_clear")) == 1, name
    assert texts(session, cast.tang, "warning_all_clear") == []
    sent = len(night.voice.sent)
    night.at(35)
    assert len(night.voice.sent) == sent
    assert night.roll(warning)["wang"]["state"] == "acting"
    assert night.roll(warning)["chen"]["state"] == "ended"
    assert act(night, warning, "all-clear", text="水位已退").status_code == 409


def test_that_it_should_never_have_gone_out_is_said_as_plainly(night, cast, session):
    warning = night.red()
    night.tick()
    ended = act(night, warning, "all-clear", text="误发，请忽略", mistake=True)
    assert ended.json["state"] == "corrected"
    assert len(texts(session, cast.wang, "warning_mistaken")) == 1


def test_the_all_clear_takes_along_the_revision_that_waits_for_its_signature(night, cast):
    warning = night.red(level="orange")
    made = revise(night, warning, level="red").json
    act(night, warning, "all-clear", text="水位已退")
    assert shown(night, made["id"])["state"] == "dropped"
    assert act(night, made["id"], "sign", cast.qian).status_code == 409
    night.at(5)
    assert shown(night, made["id"])["state"] == "dropped"


def test_a_graver_revision_that_outlives_what_it_follows_calls_everybody_anew(night, cast):
    warning = night.red(level="orange", expires_at=(NIGHT + MINUTE).isoformat())
    made = revise(night, warning, level="red", expires_at=(NIGHT + timedelta(hours=3)).isoformat()).json
    night.at(3)
    assert shown(night, warning)["state"] == "expired"
    told = shown(night, made["id"])
    assert (told["state"], told["issued_how"]) == ("issued", "unanswered")
    assert told["board"]["total"]["open"] == 3


def test_a_later_revision_takes_the_place_of_one_that_still_waits(night, cast):
    warning = night.red(level="orange")
    older = revise(night, warning, level="red", headline="第一稿").json
    newer = revise(night, warning, level="red", headline="第二稿").json
    act(night, newer["id"], "sign", cast.qian)
    night.at(5)
    assert shown(night, newer["id"])["state"] == "issued"
    assert shown(night, older["id"])["state"] == "dropped"


def test_a_draft_is_thrown_away_with_a_reason_and_never_goes_out(night, cast, session):
    made = night.warn().json
    assert act(night, made["id"], "drop", text="水位报错了").json["state"] == "dropped"
    night.at(5)
    assert shown(night, made["id"])["state"] == "dropped"
    for what, said in (("sign", None), ("issue", None), ("all-clear", {"text": "x"}), ("drop", {"text": "x"})):
        by = cast.qian if what == "sign" else cast.deng
        assert night.phone_of(by).post(f"{WARNINGS}/{made['id']}/{what}", json=said).status_code == 409
    assert revise(night, made["id"], level="blue").status_code == 409
    assert session.scalar(select(func.count()).select_from(Callout)) == 0


def test_what_is_over_ends_by_itself_and_everybody_hears_that(night, cast, session):
    warning = night.red(expires_at=(NIGHT + 4 * MINUTE).isoformat())
    night.at(4)
    told = shown(night, warning)
    assert (told["state"], told["ended_at"]) == ("expired", "2025-07-28T02:04:00+08:00")
    assert len(texts(session, cast.wang, "warning_expired")) == 1
    calls = len(night.voice.sent)
    night.at(12)
    assert len(night.voice.sent) == calls


def test_a_warning_for_nobody_sounds_an_alarm(night, cast):
    warning = night.red(regions=["371503001"])
    alarms = night.phone_of(cast.deng).get("/api/v1/alarms", query_string={"open": "true"}).json["items"]
    assert [(each["kind"], each["about"]) for each in alarms] == [("empty_roll", warning)]
    assert night.board(warning)["total"]["people"] == 0


def test_a_roll_that_was_never_full_is_closed_when_the_warning_is_over(night, session):
    warning, usual = night.warn().json["id"], calling_of(night.office)
    night.clock.now += 10 * MINUTE
    with night.office.database.transaction() as inside:
        one_by_one = Calling(usual.keyring, usual.zone, usual.hours, batch=1)
        assert one_by_one.unanswered(inside, now=night.clock.now)
    assert night.board(warning)["total"]["people"] == 1
    assert act(night, warning, "all-clear", text="水位已退").status_code == 200
    night.tick()
    session.expire_all()
    assert session.scalar(select(FloodWarning.closed_at).where(FloodWarning.id == UUID(warning))) == night.clock.now


def test_many_open_rolls_keep_none_from_being_closed(night, session):
    still, over = night.red(), night.red()
    act(night, over, "all-clear", text="水位已退")
    with night.office.database.transaction() as inside:
        assert calling_of(night.office).close_rolls(inside, now=night.clock.now, limit=1) == 1
    session.expire_all()
    open_still = session.scalars(select(FloodWarning.id).where(FloodWarning.closed_at.is_(None))).all()
    assert open_still == [UUID(still)]
