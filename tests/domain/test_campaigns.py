"""What a campaign may ask, where it stands, and which answer stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from backend.domain.access import Actor, Seat
from backend.domain.campaigns import (
    EARLIEST,
    LONGEST,
    AnswerDraft,
    CampaignDraft,
    Stage,
    check_answer,
    check_times,
    flaws_of,
    is_on_behalf,
    is_sought,
    said_at,
    stage,
    stands,
)
from backend.domain.hazards import Kind
from backend.domain.ledgers import Tally
from backend.domain.regions import below_length, overlap, widest
from backend.domain.terms import Post
from backend.errors import BadInput
from backend.words import Text
from tests.cast import COUNTY, NOON, TOWN, VILLAGE

DAY = timedelta(days=1)
DRAFT = CampaignDraft(UUID(int=1), b"", "排查", None, "", (TOWN,), None, (), None, NOON + DAY)


def flaws(draft: CampaignDraft) -> list[str]:
    with pytest.raises(BadInput) as refused:
        check_times(draft, NOON)
    return [flaw.pointer for flaw in refused.value.flaws]


def test_a_campaign_begins_when_it_says_or_now():
    assert check_times(DRAFT, NOON) == NOON
    assert check_times(replace(DRAFT, begins_at=NOON - EARLIEST), NOON) == NOON - EARLIEST
    assert check_times(replace(DRAFT, begins_at=NOON + DAY / 2), NOON) == NOON + DAY / 2


def test_times_that_cannot_be_meant_are_refused_all_at_once():
    assert flaws(replace(DRAFT, deadline=NOON)) == ["/deadline"]
    assert flaws(replace(DRAFT, begins_at=NOON + 2 * DAY)) == ["/deadline"]
    assert flaws(replace(DRAFT, deadline=NOON + LONGEST + DAY)) == ["/deadline"]
    assert flaws(replace(DRAFT, begins_at=NOON - EARLIEST - DAY, deadline=NOON - DAY)) == ["/begins_at", "/deadline"]


@pytest.mark.parametrize(
    ("begun", "ended", "at", "expected"),
    [
        (False, False, NOON, Stage.PLANNED),
        (True, False, NOON + DAY, Stage.RUNNING),
        (True, False, NOON + DAY + timedelta(seconds=1), Stage.EXPIRED),
        (True, True, NOON, Stage.ENDED),
        (False, True, NOON, Stage.ENDED),
    ],
)
def test_a_campaign_runs_from_its_beginning_through_its_deadline(begun, ended, at, expected):
    assert stage(begun, NOON + DAY, ended, at) is expected


def test_a_kind_is_sought_by_itself_by_its_group_or_when_none_is_named():
    assert is_sought([], Kind.DUMP)
    assert is_sought(["four_illegal"], Kind.DUMP)
    assert is_sought([Kind.DUMP], Kind.DUMP)
    assert not is_sought(["flood", Kind.MINE], Kind.DUMP)


def answer(found: bool, *hazards: UUID) -> AnswerDraft:
    return AnswerDraft(UUID(int=1), b"", "S1", found, NOON, hazards)


def test_what_is_found_is_named_and_what_is_named_was_found():
    check_answer(answer(False))
    check_answer(answer(True, UUID(int=2)))
    for wrong, pointer in ((answer(True), "/hazards"), (answer(False, UUID(int=2)), "/found")):
        with pytest.raises(BadInput) as refused:
            check_answer(wrong)
        assert [flaw.pointer for flaw in refused.value.flaws] == [pointer]


@dataclass(frozen=True)
class Reported:
    kind: str
    reported_at: datetime


def test_a_campaign_finds_what_lies_there_is_sought_and_was_not_known_before():
    ids = [UUID(int=number) for number in range(4)]
    there = {
        ids[0]: Reported(Kind.DUMP, NOON),
        ids[1]: Reported(Kind.POLLUTION, NOON),
        ids[2]: Reported(Kind.DUMP, NOON - timedelta(seconds=1)),
    }
    found = flaws_of(ids, there, ["four_illegal"], NOON)
    assert [(flaw.pointer, flaw.text) for flaw in found] == [
        ("/hazards/1", Text("flaw.hazard_not_sought")),
        ("/hazards/2", Text("flaw.hazard_before")),
        ("/hazards/3", Text("flaw.hazard_elsewhere")),
    ]


def seated(post: Post, region: str) -> Actor:
    return Actor(UUID(int=9), "某人", (Seat(post, region),))


def test_town_chief_and_office_answer_on_behalf_and_others_only_for_their_own():
    assert is_on_behalf(seated(Post.VILLAGE_CHIEF, VILLAGE), VILLAGE, is_own=True) is False
    assert is_on_behalf(seated(Post.TOWN_CHIEF, TOWN), VILLAGE, is_own=True) is False
    assert is_on_behalf(seated(Post.TOWN_CHIEF, TOWN), VILLAGE, is_own=False) is True
    assert is_on_behalf(seated(Post.OFFICE_CLERK, COUNTY), VILLAGE, is_own=False) is True
    assert is_on_behalf(seated(Post.COUNTY_CHIEF, COUNTY), VILLAGE, is_own=False) is None
    assert is_on_behalf(seated(Post.VILLAGE_CHIEF, VILLAGE), VILLAGE, is_own=False) is None


def test_the_answer_that_was_given_last_stands_whichever_came_last():
    assert stands(NOON, None)
    assert stands(NOON, NOON)
    assert not stands(NOON - DAY, NOON)
    assert said_at(NOON + DAY, NOON) == NOON  # a clock that is ahead wins nothing
    assert said_at(NOON - DAY, NOON) == NOON - DAY


def test_shares_are_of_the_same_things_and_never_rounded_up():
    one = Tally(owed=30_000, answered=29_999, found=3, fixed=2)
    assert (one.share, one.rate) == (0.9999, 0.6666)
    assert (Tally().share, Tally().rate) == (None, None)
    assert one + Tally(owed=1, found=1, fixed=1) == Tally(owed=30_001, answered=29_999, found=4, fixed=3)


def test_of_regions_that_overlap_the_inner_one_is_meant():
    assert overlap([COUNTY], ["3715"]) == (COUNTY,)
    assert overlap(["3715"], [TOWN, COUNTY, "371503001"]) == ("371502", "371503001")
    assert overlap([COUNTY], ["371503"]) == ()
    assert overlap([""], [TOWN]) == (TOWN,)
    assert widest([TOWN, COUNTY, VILLAGE, COUNTY]) == (COUNTY,)
    assert [below_length(code) for code in ("", "37", "3715", COUNTY, TOWN, VILLAGE)] == [2, 4, 6, 9, 12, 12]
