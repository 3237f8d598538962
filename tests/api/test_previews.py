"""Previews: the texts of each channel and who would be called, before anything goes out; nothing is written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.models.flood_warnings import FloodWarning
from backend.models.notices import Notice
from tests.api.drill_cases import drill_list
from tests.api.warning_cases import NIGHT, WARNINGS, Night, body
from tests.cast import COUNTY, NEXT_TOWN, OTHER_COUNTY, TOWN
from tests.makers import new_id


def typed(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in body(**said).items() if name not in ("id", "issue")}


def preview(night: Night, by: Any = None, **said: Any) -> Any:
    return night.phone_of(by or night.cast.deng).post(f"{WARNINGS}/preview", json=typed(**said))


def channel(found: Any, name: str) -> Any:
    return next(each for each in found["texts"] if each["channel"] == name)


def test_a_preview_says_whom_it_would_call_and_writes_nothing(night, session):
    found = preview(night, regions=[COUNTY]).json
    made = night.red(regions=[COUNTY])
    assert found["people"] == night.board(made)["total"]["people"]
    assert [(each["region"], each["people"]) for each in found["places"]] == [
        (each["region"], each["people"]) for each in night.board(made)["places"]
    ]
    count = select(func.count()).select_from(FloodWarning)
    assert session.scalar(count) == 1
    preview(night)
    assert session.scalar(count) == 1


def test_the_text_message_of_a_preview_is_the_one_that_goes_out(night):
    found = preview(night).json
    night.red()
    night.at(0.2)
    sent = night.sms.taken[0].text
    said = channel(found, "sms")["text"]
    assert said.split("/a/")[0] == sent.split("/a/")[0]
    assert len(said) == len(sent)
    assert channel(found, "sms")["length"] <= channel(found, "sms")["most"] == 70


def test_a_call_of_a_preview_says_which_key_to_press(night):
    found = preview(night).json
    assert "收到请按1" in channel(found, "voice")["text"]
    assert "立即上堤巡查" in channel(found, "app")["text"]
    assert found["number"] == "YJ2025-0001"


def test_without_a_place_a_preview_has_words_only(night):
    said = typed(headline="", instruction="")
    del said["regions"]
    found = night.phone_of(night.cast.deng).post(f"{WARNINGS}/preview", json=said).json
    assert (found["people"], found["places"]) == (0, [])
    assert channel(found, "sms")["text"]


def test_a_preview_says_what_waits_for_a_signature_and_what_for_the_morning(night):
    red, blue = preview(night).json, preview(night, level="blue").json
    assert (red["sign_within_s"], blue["sign_within_s"]) == (120, None)
    assert red["begins_at"] == NIGHT.isoformat()
    assert blue["begins_at"].startswith("2025-07-28T07:00")
    assert (red["first"], red["again"], red["tries"]) == (["voice", "sms", "app"], ["voice"], 3)


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"regions": ["3799"]}, 404, "/regions/0"),
        ({"regions": ["12"], "focus": [TOWN]}, 404, "/regions/0"),
        ({"expires_at": (NIGHT - timedelta(hours=1)).isoformat()}, 422, "/expires_at"),
        ({"headline": "长" * 41}, 422, "/headline"),
        ({"drill_list": str(new_id())}, 404, "/drill_list"),
    ],
)
def test_what_could_not_be_written_has_no_preview(night, said, status, pointer):
    wrong = preview(night, **said)
    assert wrong.status_code == status
    assert pointer in [each["pointer"] for each in wrong.json["errors"]]


def test_only_who_may_write_a_warning_previews_one_but_who_sees_it_sees_what_it_would_do(night):
    assert preview(night, by=night.cast.qian).status_code == 403
    made = night.warn(regions=[TOWN, NEXT_TOWN], issue=False).json["id"]
    path = f"{WARNINGS}/{made}/preview"
    whole, part = night.phone_of(night.cast.qian).get(path).json, night.phone_of(night.cast.li).get(path).json
    assert whole["people"] > part["people"] > 0
    assert night.phone_of(night.cast.wu).get(path).status_code == 404
    assert night.phone_of(night.cast.wang).get(path).status_code == 403
    assert OTHER_COUNTY not in str(whole["places"])


def test_the_preview_of_a_change_says_what_those_hear_who_have_answered(night):
    made = night.red()
    changed = preview(night, level="orange", headline="水位回落", of=made, kind="update").json
    corrected = preview(night, of=made, kind="correct").json
    assert "红色预警更新为橙色预警" in changed["told"][0]["text"]
    assert corrected["told"][0]["text"].startswith("更正")
    assert changed["number"] == "YJ2025-0001"
    assert changed["sign_within_s"] is None  # it is no graver, and goes out at once
    blue = night.warn(level="blue").json["id"]
    graver = preview(night, of=blue, kind="update").json
    assert (graver["told"], graver["sign_within_s"]) == ([], 120)
    assert preview(night, of=str(new_id())).status_code == 404


def test_a_preview_of_a_drill_counts_those_alone_who_have_agreed(night, session, cast):
    found = preview(night, drill_list=drill_list(night, [cast.wang])).json
    assert found["people"] == 1
    assert found["number"].startswith("YL")
    assert all("【演练】" in each["text"] for each in found["texts"])
    assert session.scalar(select(func.count()).select_from(Notice).where(Notice.key == "callout")) == 0
    unchosen = preview(night, drill=True).json
    assert (unchosen["number"], channel(unchosen, "sms")["text"][:4]) == ("YL2025-0001", "【演练】")


def test_the_next_revision_of_a_drill_is_one_and_reaches_nobody_else(night, cast):
    made = night.red(drill=True, drill_list=drill_list(night, [cast.wang, cast.chen]))
    found = preview(night, of=made, kind="update").json
    assert (found["people"], found["number"]) == (2, "YL2025-0001")
    assert all(each["text"].startswith("【演练】") for each in (*found["texts"], *found["told"]))


def test_what_a_warning_says_is_asked_without_its_board(night):
    made = night.red()
    seen = night.phone_of(night.cast.deng).get(f"{WARNINGS}/{made}", query_string={"board": "no"}).json
    assert (seen["board"], seen["headline"]) == (None, "徒骇河超警戒")
    assert night.board(made, region=TOWN)["way"] == [{"region": TOWN, "name": "古楼街道"}]


def test_regions_are_asked_for_by_their_codes(night):
    found = night.phone_of(night.cast.deng).get("/api/v1/regions", query_string={"codes": f"{TOWN},{COUNTY},99"}).json
    assert [each["code"] for each in found["items"]] == [COUNTY, TOWN]


def test_warnings_are_listed_by_phase_with_the_names_of_their_regions(night):
    lifted, red = night.red(), night.red(regions=[COUNTY])
    night.phone_of(night.cast.deng).post(f"{WARNINGS}/{lifted}/all-clear", json={"text": "雨停"})
    draft = night.warn(issue=False).json["id"]

    def listed(phase: str) -> list[str]:
        found = night.phone_of(night.cast.deng).get(WARNINGS, query_string={"phase": phase}).json["items"]
        return [each["id"] for each in found]

    assert (listed("in_force"), listed("waiting"), listed("over")) == ([red], [draft], [lifted])
    items = night.phone_of(night.cast.deng).get(WARNINGS).json["items"]
    assert items[0]["places"] == [{"region": TOWN, "name": "古楼街道"}]
    assert items[0]["made_by_id"] == str(night.cast.deng)


def test_a_place_on_the_board_names_the_first_of_its_silent_people(night):
    red = night.red(regions=[COUNTY])
    night.at(0.2)
    night.ack(red, "wang", "acting")
    places = {each["name"]: each for each in night.board(red)["places"]}
    town = places["古楼街道"]
    assert sorted(town["names"]) == ["李镇长", "陈村长"]
    assert town["silent"] == 2
    assert night.roll(red)["wang"]["place"] == "兴华村"
    assert night.callout(red, "wang")["person"]["phone"].startswith("123****")
