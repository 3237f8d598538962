"""What a signal says: its colour and what it was read from, its danger, and how it stands among others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from backend.domain.cap import Code, Info, Kind, Message, Severity, Status
from backend.domain.signals import (
    LASTS,
    RAIN,
    Colour,
    Danger,
    Standing,
    State,
    colours,
    danger_of,
    ends,
    is_exercise,
    judge,
    stands,
)

NOON = datetime(2025, 7, 28, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(headline: str = "", language: str = "zh-CN", **more: object) -> Info:
    return Info(event=str(more.pop("event", "暴雨")), language=language, headline=headline, **more)  # type: ignore[arg-type]


def of(*infos: Info, **more: object) -> Message:
    return Message("1", "office", NOON, infos=infos, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("info", "found"),
    [
        (said("市气象台发布暴雨红色预警信号"), {"text": "red"}),
        (said("市气象台将暴雨黄色预警升级为暴雨橙色预警信号"), {"text": "orange"}),
        (said("市气象台将暴雨橙色预警信号降级为蓝色"), {"text": "blue"}),
        (said("黄河下游将有洪水"), {}),
        (said("黄河洪水橙色预警"), {"text": "orange"}),
        (said("暴雨红预警"), {"text": "red"}),
        (said("Observatory issued RED warning for rainstorm"), {"text": "red"}),
        (said("Infrared pictures show a coloured cloud"), {}),
        (said(event="暴雨蓝色预警"), {"text": "blue"}),
        (said(description="发布暴雨黄色预警：…"), {"text": "yellow"}),
        (said(codes=(Code("cma", "11B03_RED"),)), {"code": "red"}),
        (said(codes=(Code("cma", "11B03"),), parameters=(Code("预警颜色", "橙"),)), {"code": "orange"}),
        (said(parameters=(Code("office", "Red Cross"),)), {}),
        (said(severity=Severity.EXTREME), {"severity": "red"}),
        (said("暴雨黄色预警", severity=Severity.EXTREME), {"text": "yellow", "severity": "red"}),
        (said(codes=(Code("cma", "blue"),), severity=Severity.MINOR), {"code": "blue", "severity": "blue"}),
        (said(severity=Severity.UNKNOWN), {}),
    ],
)
def test_a_colour_is_read_from_the_text_then_a_code_then_the_severity(info, found):
    assert {source.value: colour.value for source, colour in colours(info).items()} == found
    judged = judge(of(info))
    assert judged.colour == next(iter(found.values()), None)
    assert judged.colour_from == next(iter(found), None)
    assert judged.disagrees == (len(set(found.values())) > 1)


def test_of_several_parts_the_chinese_ones_are_shown_and_the_highest_of_them_wins():
    english = said("Office issued red warning", "en-US", severity=Severity.EXTREME)
    blue, orange = said("暴雨蓝色预警"), said("大风橙色预警", event="大风")
    judged = judge(of(english, blue, orange))
    assert (judged.colour, judged.danger) == (Colour.ORANGE, Danger.WIND)
    assert judged.info is orange
    assert judge(of(english)).colour is Colour.RED
    assert judge(of()).info is None
    assert judge(of()).danger is Danger.OTHER


def test_one_holds_until_the_last_of_its_parts_is_over_and_a_day_when_one_does_not_say():
    early, late = said("暴雨红色预警", expires=NOON + HOUR), said("大风蓝色预警", expires=NOON + 2 * HOUR)
    assert judge(of(early, late)).over_at == NOON + 2 * HOUR
    assert judge(of(early, said())).over_at == NOON + LASTS
    assert judge(of(said(expires=NOON))).is_over_before_it_began
    assert not judge(of(said())).is_over_before_it_began


@pytest.mark.parametrize(
    ("event", "headline", "danger"),
    [
        ("暴雨", "", Danger.RAINSTORM),
        ("台风暴雨", "", Danger.TYPHOON),
        ("11B03", "", Danger.RAINSTORM),
        ("洪水", "", Danger.FLOOD),
        ("雷暴大风", "", Danger.THUNDERSTORM),
        ("大风", "", Danger.WIND),
        ("大雾", "", Danger.OTHER),
        ("?", "暴雨红色预警", Danger.RAINSTORM),
        ("Flash Flood", "", Danger.FLOOD),
    ],
)
def test_a_danger_is_known_by_its_name(event, headline, danger):
    assert danger_of(said(headline, event=event)) is danger


def test_what_lets_rivers_rise_is_told_from_fog():
    assert {danger for danger in Danger if not danger.is_of_water} == {Danger.WIND, Danger.OTHER}


def test_the_thresholds_rise_with_the_colours():
    assert [colour.rank for colour in Colour] == [1, 2, 3, 4]
    an_hour = [RAIN[colour].mm / RAIN[colour].hours for colour in Colour]
    assert an_hour == sorted(an_hour)


def one(kind: Kind = Kind.ALERT, minutes: int = 0, status: Status = Status.ACTUAL, **more: object) -> Standing:
    sent = NOON + timedelta(minutes=minutes)
    return Standing(kind, status, sent, sent + 6 * HOUR, **more)  # type: ignore[arg-type]


UPDATE, CANCEL = one(Kind.UPDATE, 10), one(Kind.CANCEL, 20)
DRILL_CANCEL = one(Kind.CANCEL, 5, Status.EXERCISE)
BROKEN_UPDATE = one(Kind.UPDATE, 5, is_over_before_it_began=True)


@pytest.mark.parametrize(
    ("message", "referrers", "hours", "state"),
    [
        (one(), [], 0, State.ACTIVE),
        (one(Kind.UPDATE), [], 0, State.ACTIVE),
        (one(), [], 6, State.EXPIRED),
        (one(), [UPDATE], 0, State.REPLACED),
        (one(), [CANCEL], 0, State.CANCELLED),
        (one(), [UPDATE, CANCEL], 0, State.REPLACED),
        (one(), [CANCEL], 7, State.CANCELLED),
        (one(), [DRILL_CANCEL, BROKEN_UPDATE, one(Kind.ACK), one()], 0, State.ACTIVE),
        (one(status=Status.EXERCISE), [DRILL_CANCEL], 0, State.CANCELLED),
        (one(status=Status.EXERCISE), [CANCEL], 0, State.ACTIVE),
        (one(status=Status.TEST), [], 0, State.ACTIVE),
        (one(is_over_before_it_began=True), [UPDATE], 0, State.NEVER),
        (one(status=Status.SYSTEM), [], 0, State.KEPT),
        (one(status=Status.DRAFT), [UPDATE], 0, State.KEPT),
        (one(Kind.CANCEL), [], 0, State.KEPT),
        (one(Kind.ACK), [], 0, State.KEPT),
        (one(Kind.ERROR), [], 0, State.KEPT),
    ],
)
def test_how_a_message_stands_among_those_that_refer_to_it(message, referrers, hours, state):
    for order in permutations(referrers):
        assert stands(message, order, NOON + timedelta(hours=hours)) is state


def test_nothing_ends_what_is_of_another_world():
    for status in Status:
        for other in Status:
            ended = ends(one(Kind.CANCEL, status=status), other)
            assert ended == (status is other and status in (Status.ACTUAL, Status.EXERCISE, Status.TEST))
    assert [status for status in Status if not is_exercise(status)] == [Status.ACTUAL]
