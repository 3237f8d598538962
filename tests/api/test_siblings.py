"""Walks that bear on each other, after a review, a withdrawal, a correction or a new rule; and copies on any reach."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from backend.services.rejudging import rejudge
from backend.store import patrols
from tests.cast import LINE, NOON
from tests.makers import new_id, patrol_body

BASE = "/api/v1/patrols"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST, SOON = NOON - timedelta(hours=5), NOON - timedelta(hours=3)


def hand_in(phone, body) -> str:
    patrol = new_id()
    answer = phone.put(f"{BASE}/{patrol}", json=body)
    assert answer.status_code == 201, answer.json
    return str(patrol)


def verdict(phone, patrol) -> dict:
    return phone.get(f"{BASE}/{patrol}").json["verdict"]


def say(phone, patrol, act, **said) -> None:
    etag = {"If-Match": phone.get(f"{BASE}/{patrol}").headers["ETag"]}
    answer = phone.post(f"{BASE}/{patrol}/{act}", json=said, headers=etag)
    assert answer.status_code == 200, answer.json


def shifted(body: dict, by: timedelta) -> dict:
    """The same track at another time."""
    later = patrol_body(LINE, segment=body["segment"], started_at=NOON - timedelta(days=6) + by)
    ms = int(by.total_seconds() * 1000)
    points = [[lon, lat, at + ms, accuracy] for lon, lat, at, accuracy in body["track"]["points"]]
    return later | {"track": {"crs": "WGS84", "points": points}}


@pytest.fixture
def two_soon(phone_of, cast):
    """Two walks of Wang within four hours: the first counts, the second came too soon."""
    wang = phone_of(cast.wang)
    first = hand_in(wang, patrol_body(LINE, started_at=FIRST))
    second = hand_in(wang, patrol_body(LINE, started_at=SOON, seed=5, speed_mps=1.0))
    assert verdict(wang, second)["reasons"] == ["too_soon"]
    return first, second


def test_when_a_review_refuses_the_first_of_two_walks_the_second_counts(phone_of, cast, two_soon):
    first, second = two_soon
    wang, li = phone_of(cast.wang), phone_of(cast.li)
    say(li, first, "review", outcome="invalid", note="照片不是这里")
    assert (verdict(wang, second)["outcome"], verdict(wang, second)["counts"]) == ("valid", True)
    say(li, first, "review", outcome="valid", note="查实了")
    assert verdict(wang, second)["reasons"] == ["too_soon"]


def test_a_walk_that_a_review_lets_count_is_what_the_next_one_came_too_soon_after(phone_of, cast, two_soon):
    _, second = two_soon
    wang = phone_of(cast.wang)
    say(phone_of(cast.li), second, "review", outcome="valid", note="两次都查实了")
    third = hand_in(wang, patrol_body(LINE, started_at=NOON - timedelta(minutes=40), seed=8, speed_mps=1.3))
    assert verdict(wang, third)["reasons"] == ["too_soon"]
    assert verdict(wang, second)["counts"] is True


def again(session, patrol, *, now=NOON) -> bool:
    """`hezhang rejudge` of one walk."""
    seq = 0
    while (found := patrols.next_since(session, NOON - timedelta(days=90), after_seq=seq)) and str(found.id) != patrol:
        seq = found.seq
    return rejudge(session, found, now=now, zone=ZONE)


@pytest.mark.parametrize("how", ["withdraw", "review"])
def test_judging_again_never_puts_a_withdrawn_or_refused_walk_in_anothers_way(phone_of, cast, session, two_soon, how):
    first, second = two_soon
    wang = phone_of(cast.wang)
    if how == "withdraw":
        say(wang, first, "withdraw", reason="走错了河")
    else:
        say(phone_of(cast.li), first, "review", outcome="invalid", note="照片不是这里")
    assert again(session, first) is False
    assert verdict(wang, second)["counts"] is True
    assert verdict(wang, first)["counts"] is False


def test_judging_again_keeps_a_walk_in_the_way_that_a_review_lets_count(phone_of, cast, session):
    wang = phone_of(cast.wang)
    first = hand_in(wang, patrol_body(LINE, started_at=FIRST, metres=100.0))
    second = hand_in(wang, patrol_body(LINE, started_at=SOON, seed=5, speed_mps=1.0))
    say(phone_of(cast.li), first, "review", outcome="valid", note="路断了，只能走到这里")
    assert verdict(wang, second)["reasons"] == ["too_soon"]
    assert again(session, first) is False
    assert verdict(wang, second)["reasons"] == ["too_soon"]


def test_a_superior_who_hands_in_a_village_chiefs_track_is_seen_whatever_reach_they_name(phone_of, cast):
    body = patrol_body(LINE, started_at=NOON - timedelta(days=6))
    original = hand_in(phone_of(cast.wang), body)
    for days, who, segment in ((2, "zhao", "TUHAI-371502"), (3, "li", "TUHAI-371502-001"), (4, "qian", "TUHAI-3715")):
        phone = phone_of(cast.people[who])
        copy = hand_in(phone, shifted(body, timedelta(days=days)) | {"segment": segment})
        assert "copied_track" in verdict(phone, copy)["reasons"], who
    assert verdict(phone_of(cast.wang), original)["reasons"] == []


def test_what_comes_in_later_is_the_copy_however_early_it_says_it_was_walked(phone_of, cast):
    body = patrol_body(LINE, started_at=NOON - timedelta(days=2), metres=1500.0, speed_mps=1.4)
    zhao, wang = phone_of(cast.zhao), phone_of(cast.wang)
    original = hand_in(wang, body)
    copy = hand_in(zhao, shifted(body, timedelta(days=-38)) | {"segment": "TUHAI-371502"})
    assert verdict(wang, original)["reasons"] == []
    assert "copied_track" in verdict(zhao, copy)["reasons"]


@pytest.mark.parametrize("ids", [("f" * 32, "0" * 32), ("0" * 32, "f" * 32)], ids=["higher first", "lower first"])
def test_of_one_walk_under_two_ids_the_first_goes_on_counting(phone_of, cast, ids):
    wang, body = phone_of(cast.wang), patrol_body(LINE, started_at=FIRST)
    first, second = (UUID(digits[:12] + "4" + digits[13:16] + "8" + digits[17:]) for digits in ids)
    assert wang.put(f"{BASE}/{first}", json=body).json["verdict"]["counts"] is True
    assert wang.put(f"{BASE}/{second}", json=body).json["verdict"]["counts"] is False
    assert verdict(wang, first)["reasons"] == []
    assert set(verdict(wang, second)["reasons"]) == {"copied_track", "too_soon"}


def test_two_honest_walks_on_one_path_by_two_levels_are_no_copies(phone_of, cast):
    hand_in(phone_of(cast.wang), patrol_body(LINE, started_at=NOON - timedelta(days=2), seed=1))
    zhao = phone_of(cast.zhao)
    own = hand_in(zhao, patrol_body(LINE, segment="TUHAI-371502", seed=2, speed_mps=1.1, aside_m=10.0))
    assert verdict(zhao, own)["reasons"] == []


def test_a_report_handed_in_again_after_it_was_withdrawn_is_no_copy_of_itself(phone_of, cast):
    wang, body = phone_of(cast.wang), patrol_body(LINE)
    say(wang, hand_in(wang, body), "withdraw", reason="备注写错了")
    corrected = hand_in(wang, body | {"note": "有一处漂浮物"})
    assert (verdict(wang, corrected)["outcome"], verdict(wang, corrected)["reasons"]) == ("valid", [])


def test_a_correction_handed_in_before_the_mistaken_report_is_withdrawn_counts_after_it(phone_of, cast):
    wang, body = phone_of(cast.wang), patrol_body(LINE)
    mistaken, corrected = hand_in(wang, body), hand_in(wang, body | {"note": "有一处漂浮物"})
    flags = {patrol: set(verdict(wang, patrol)["reasons"]) for patrol in (mistaken, corrected)}
    assert {"copied_track"} in flags.values() or {"copied_track", "too_soon"} in flags.values()
    say(wang, mistaken, "withdraw", reason="备注写错了")
    assert (verdict(wang, corrected)["outcome"], verdict(wang, corrected)["reasons"]) == ("valid", [])


def test_a_withdrawn_track_under_another_date_or_name_is_a_copy_all_the_same(phone_of, cast):
    wang, he = phone_of(cast.wang), phone_of(cast.he)
    body = patrol_body(LINE, started_at=NOON - timedelta(days=6))
    say(wang, hand_in(wang, body), "withdraw", reason="不小心")
    assert verdict(wang, hand_in(wang, shifted(body, timedelta(days=2))))["reasons"] == ["copied_track"]
    assert verdict(he, hand_in(he, shifted(body, timedelta(minutes=10))))["reasons"] == ["copied_track"]


def test_withdrawing_one_of_three_like_tracks_leaves_the_third_a_copy_of_the_second(phone_of, cast):
    wang = phone_of(cast.wang)
    body = patrol_body(LINE, started_at=NOON - timedelta(days=6))
    older = hand_in(wang, shifted(body, timedelta(days=-1)))
    first, second = hand_in(wang, body), hand_in(wang, body | {"note": "改"})
    say(wang, first, "withdraw", reason="备注写错了")
    assert "copied_track" in verdict(wang, second)["reasons"]
    assert verdict(wang, older)["reasons"] == []


def test_nobody_holds_a_walk_that_lies_outside_their_part_of_the_world(phone_of, cast):
    patrol = hand_in(phone_of(cast.wang), patrol_body(LINE))
    said = {"outcome": "invalid", "note": "?"}
    assert phone_of(cast.wu).post(f"{BASE}/{patrol}/review", json=said).status_code == 404
