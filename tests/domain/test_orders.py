"""Who may give which order to whom, when a storm's walk is due, and when one is read, signed and done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from backend.domain.access import Actor, Seat
from backend.domain.order_boards import by_place, narrowed, placed, tally
from backend.domain.order_standings import done_at, standing
from backend.domain.orders import (
    LONGEST,
    CorrectionDraft,
    Kind,
    OrderDraft,
    Said,
    Status,
    To,
    Wanted,
    WordDraft,
    after_storm,
    check,
    check_word,
    due_flaws,
    giver,
    is_below,
    said_at,
)
from backend.domain.terms import Post
from backend.errors import BadInput
from tests.cast import CITY, COUNTY, NOON, TOWN, VILLAGE

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
DUE = NOON + 4 * HOUR
TOWN_SEAT = Seat(Post.TOWN_CHIEF, TOWN)
DRAFT = OrderDraft(
    UUID(int=1), b"", Kind.PATROL, Wanted.PATROL, "巡查", "", DUE, To(posts=(Post.VILLAGE_CHIEF,), regions=(TOWN,))
)


@dataclass
class Row:
    """What an addressee has said and done."""

    wanted: str = "sign"
    region_code: str = VILLAGE
    seq: int = 1
    due_at: datetime = DUE
    text_at: datetime = NOON
    read_at: datetime | None = None
    signed_at: datetime | None = None
    answered_at: datetime | None = None
    walked_at: datetime | None = None
    walked_from: datetime | None = None
    walked_until: datetime | None = None
    reported_at: datetime | None = None


def flaws(draft: OrderDraft, seat: Seat = TOWN_SEAT) -> list[str]:
    with pytest.raises(BadInput) as refused:
        check(draft, seat, NOON)
    return [flaw.pointer for flaw in refused.value.flaws]


def test_an_order_is_given_in_the_widest_seat_that_holds_all_its_places():
    town, county = TOWN_SEAT, Seat(Post.OFFICE_CLERK, COUNTY)
    both = Actor(UUID(int=1), "李", (town, county))
    assert giver(both, [TOWN]) == county
    assert giver(replace(both, seats=(town,)), [TOWN, VILLAGE]) == town
    assert giver(both, [CITY]) is None
    assert giver(replace(both, seats=(Seat(Post.VILLAGE_CHIEF, VILLAGE),)), []) is None


def test_orders_go_down_and_staff_take_them_from_any_seat():
    assert is_below(Post.VILLAGE_CHIEF, TOWN_SEAT)
    assert not is_below(Post.TOWN_CHIEF, TOWN_SEAT)
    assert is_below(Post.WARDEN, TOWN_SEAT)


def test_everything_that_is_wrong_is_told_at_once():
    check(DRAFT, TOWN_SEAT, NOON)
    bad = replace(
        DRAFT,
        kind=Kind.COUNTY_LIST,
        to=To(posts=(Post.VILLAGE_CHIEF, Post.TOWN_CHIEF)),
        segment="X",
        wanted=Wanted.SIGN,
        due_at=NOON,
    )
    assert flaws(bad) == ["/kind", "/to/posts/1", "/segment", "/due_at"]
    assert flaws(replace(DRAFT, to=To())) == ["/to"]
    check(replace(DRAFT, to=To(), segment="X"), TOWN_SEAT, NOON)
    check(replace(DRAFT, kind=Kind.COUNTY_LIST), Seat(Post.OFFICE_CLERK, CITY), NOON)
    assert [flaw.pointer for flaw in due_flaws(NOON + LONGEST + HOUR, NOON)] == ["/due_at"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2025-07-02T06:30", "2025-07-02T12:00"),
        ("2025-07-02T10:00", "2025-07-02T12:00"),
        ("2025-07-02T10:01", "2025-07-02T14:00"),
        ("2025-07-02T13:59", "2025-07-02T17:00"),
        ("2025-07-02T15:00", "2025-07-03T12:00"),
        ("2025-07-02T23:10", "2025-07-03T12:00"),
    ],
)
def test_a_walk_after_a_storm_is_due_at_noon_or_when_it_can_be_done_by_daylight(now, due):
    moment = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    assert after_storm(moment, ZONE) == datetime.fromisoformat(due).replace(tzinfo=ZONE)


def test_each_act_has_its_own_date():
    late = NOON + 5 * HOUR
    row = Row(read_at=NOON, signed_at=NOON + HOUR, answered_at=NOON + 2 * HOUR)
    assert [done_at(each, row) for each in (Wanted.READ, Wanted.SIGN, Wanted.ANSWER)] == [
        NOON,
        NOON + HOUR,
        NOON + 2 * HOUR,
    ]
    assert done_at(Wanted.PATROL, row) is None
    walk = Row(walked_at=NOON, walked_from=late, walked_until=late + HOUR)
    assert done_at(Wanted.PATROL, walk) == NOON + HOUR
    backwards = Row(walked_at=NOON, walked_from=late, walked_until=NOON)
    assert done_at(Wanted.PATROL, backwards) == NOON
    assert done_at(Wanted.REPORT, Row()) is None
    assert done_at(Wanted.REPORT, Row(reported_at=late, answered_at=NOON)) == NOON


def test_what_was_read_and_signed_of_another_text_is_not_of_this_one():
    row = Row(read_at=NOON, signed_at=NOON, text_at=NOON + HOUR)
    found = standing(row, Wanted.SIGN, DUE, NOON + HOUR)
    assert (found.read_at, found.signed_at, found.done_at) == (None, None, None)


def test_a_board_adds_up_and_names_who_is_silent_first():
    rows = [
        Row(seq=1, read_at=NOON, signed_at=DUE + HOUR),
        Row(seq=2, region_code=f"{TOWN}002", signed_at=NOON, read_at=NOON),
        Row(seq=3, region_code=f"{TOWN}002"),
    ]
    everybody = placed(rows, DUE + 2 * HOUR)
    total = tally(everybody)
    assert (total.people, total.read, total.signed, total.done, total.late, total.open, total.overdue) == (
        *(3, 2, 2, 2, 1, 1, 1),
    )
    assert [(code, len(people)) for code, people in by_place(everybody, 12).items()] == [
        (VILLAGE, 1),
        (f"{TOWN}002", 2),
    ]

    def found(status: Status | None) -> list[int]:
        return [each.row.seq for each in narrowed(everybody, status)]

    assert found(None) == [3, 1, 2]
    assert [found(each) for each in (Status.UNREAD, Status.UNSIGNED, Status.OPEN, Status.OVERDUE)] == [[3]] * 4
    assert (found(Status.DONE), found(Status.LATE)) == ([1, 2], [1])
    assert tally([]).people == 0


def test_a_word_is_said_neither_before_the_order_nor_after_it_came():
    assert said_at(NOON - HOUR, NOON, NOON + HOUR) == NOON
    assert said_at(NOON + 2 * HOUR, NOON, NOON + HOUR) == NOON + HOUR
    check_word(WordDraft(UUID(int=1), b"", Said.READ, NOON))
    with pytest.raises(BadInput):
        check_word(WordDraft(UUID(int=1), b"", Said.ANSWER, NOON, " "))


def test_a_correction_says_only_what_changes():
    assert CorrectionDraft(UUID(int=1), b"", "推迟", due_at=DUE).changed == {"due_at": DUE}
