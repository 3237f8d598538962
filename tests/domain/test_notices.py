"""Who is told what by which channel, and in what words."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from backend.domain.lanes import Lane
from backend.domain.notices import APP, MAIL, SMS, VOICE, Reader, Wanted, chosen, digest_values, others, spoken
from backend.words import Text

WANG, PHONE = UUID(int=1), UUID(int=2)
EQUIPPED = Reader({APP: [PHONE], MAIL: [PHONE], SMS: [None], VOICE: [None]})
BARE = Reader({SMS: [None], VOICE: [None]})


def test_a_notice_is_the_same_for_the_same_person_and_fact():
    assert Wanted(WANG, "climb:1", "climb").id == Wanted(WANG, "climb:1", "other").id
    assert len({Wanted(WANG, "a", "x").id, Wanted(PHONE, "a", "x").id, Wanted(WANG, "b", "x").id}) == 3


def test_it_goes_by_the_channels_that_were_wanted_where_they_lead_there():
    assert chosen((APP, SMS), Lane.NORMAL, EQUIPPED) == [APP, SMS]
    assert chosen((APP, SMS), Lane.NORMAL, BARE) == [SMS]


def test_where_none_of_them_leads_there_another_takes_their_place_but_nobody_is_called_for_a_daily_matter():
    assert chosen((APP,), Lane.NORMAL, BARE) == [SMS]
    assert chosen((APP,), Lane.DIGEST, BARE) == []
    assert chosen((APP,), Lane.NORMAL, Reader({VOICE: [None]})) == []
    assert chosen((APP,), Lane.URGENT, Reader({VOICE: [None]})) == [VOICE]
    assert chosen((APP,), Lane.NORMAL, Reader({})) == []


def test_what_somebody_does_not_want_is_left_out_unless_it_is_urgent():
    quiet = Reader(EQUIPPED.addresses, muted=frozenset({SMS, APP}))
    assert chosen((APP, SMS), Lane.NORMAL, quiet) == [MAIL]
    assert chosen((APP, SMS), Lane.URGENT, quiet) == [APP, SMS]


def test_the_next_channels_follow_the_order_of_their_choice():
    choosy = Reader(EQUIPPED.addresses, order=(MAIL, SMS))
    assert others(Lane.URGENT, choosy, [SMS]) == [MAIL, APP, VOICE]
    assert others(Lane.NORMAL, choosy, [APP]) == [MAIL, SMS]


def test_stored_words_are_said_with_moments_of_the_business_zone_and_texts_inside_texts():
    values = {
        "segment": "徒骇河",
        "due": {"at": "2025-07-03T16:00:00+00:00"},
        "kind": {"key": "kind.x", "values": {"at": {"at": "2025-07-03T16:00:00+00:00"}}},
        "odd": {"neither": 1},
    }
    assert spoken("climb", values, ZoneInfo("Asia/Shanghai")) == Text(
        "notice.climb",
        {
            "segment": "徒骇河",
            "due": "2025-07-03 24:00",
            "kind": Text("kind.x", {"at": "2025-07-03 24:00"}),
            "odd": {"neither": 1},
        },
    )


def test_a_digest_holds_the_first_twenty_and_says_how_many_there_are():
    kept = digest_values([("climb", {"segment": str(n)}) for n in range(25)])
    assert kept["count"] == 25
    assert [line["values"]["segment"] for line in kept["lines"]] == [str(n) for n in range(20)]
