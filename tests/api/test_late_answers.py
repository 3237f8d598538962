"""The wall of a roll: who may still answer is told apart from who is late, by the times of the level."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backend.models.callouts import Callout
from tests.api.warning_cases import night
from tests.carriers import office, push, sms, tell, voice
from tests.cast import COUNTY, NEXT_TOWN, NEXT_VILLAGE, TOWN, VILLAGE

__all__ = ["night", "office", "push", "sms", "tell", "voice"]


def numbers(board):
    return {place["region"]: (place["silent"], place["late"]) for place in board["places"]}


def test_who_may_still_answer_is_told_apart_from_who_is_late_place_by_place(night, cast):
    warning = night.red(regions=[COUNTY])
    night.at(4.9)
    total = night.board(warning)["total"]
    assert (total["silent"], total["late"]) == (5, 0)
    night.ack(warning, "wang", "acting")
    night.at(5)
    board = night.board(warning, region=TOWN)
    assert numbers(board) == {VILLAGE: (0, 0), NEXT_VILLAGE: (1, 1), TOWN: (1, 1)}
    assert all(each["late"] for each in board["silent"])
    board = night.board(warning)
    assert numbers(board) == {TOWN: (2, 2), NEXT_TOWN: (1, 1), COUNTY: (1, 1)}
    assert board["total"]["late"] == 4


def test_how_long_it_is_until_a_silence_is_late_follows_the_level_and_who_was_never_reached_stays_late(night):
    warning = night.red(level="orange")
    night.at(14.9, every_s=30)
    assert night.board(warning)["total"]["late"] == 0
    night.at(15, every_s=30)
    assert night.board(warning)["total"]["late"] == 3
    night.at(61, every_s=60)
    total = night.board(warning)["total"]
    assert (total["unreached"], total["late"]) == (3, 3)


def test_whoever_is_late_makes_another_board_of_it_for_those_who_look_on(night, cast):
    warning, deng = night.red(), night.phone_of(cast.deng)
    path = f"/api/v1/flood/warnings/{warning}"
    night.at(4.9)
    etag = deng.get(path).headers["ETag"]
    assert deng.get(path, headers={"If-None-Match": etag}).status_code == 304
    night.at(5)
    assert deng.get(path, headers={"If-None-Match": etag}).json["board"]["total"]["late"] == 3


def test_of_a_place_those_who_are_late_are_named_first(night, cast, session):
    warning = night.red(regions=[COUNTY])
    night.tick()
    late = session.scalars(select(Callout).where(Callout.person_id == cast.chen)).one()
    late.climbs_from -= timedelta(minutes=6)
    session.flush()
    place = next(each for each in night.board(warning)["places"] if each["region"] == TOWN)
    assert (place["silent"], place["late"], len(place["names"])) == (3, 1, 2)
    assert place["names"][0] == "陈村长"
