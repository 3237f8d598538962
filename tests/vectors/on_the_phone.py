"""Cases about what a phone does to a track, and about who walked, when, and how fast."""

from __future__ import annotations

from tests.vectors.cases import DAY_MIN, Case, doubtful, invalid, valid, walk
from tests.vectors.strolls import doubled, swapped, told


def few() -> list[Case]:
    """Hardly a track."""
    long_ago = told(walk().go(106).lose(900, to_m=500).go(501).rows[1:3], 8)
    return [
        invalid("no position", [], 0, "no_track"),
        invalid("one position", walk().go(1000).rows[:1], 0, "no_track"),
        invalid("two positions", walk().go(1000).rows[:2], 6, "too_little", "too_short"),
        doubtful("two positions with a quarter of an hour between", long_ago, 400, "incomplete_track"),
    ]


def driven() -> list[Case]:
    """In a car or on a motorcycle."""
    return [
        invalid("driven there and back", walk("long").go(5000, mps=11).go(100, mps=11), 4900, "driven", reach="long"),
        valid("driven for the smaller part", walk("long").go(900).go(1500, mps=11), 1400, reach="long"),
        valid("a ride to the river", walk(off_m=3000).aside(60, mps=12).aside(15).go(1000), 900),
        valid("a brisk run", walk("long").go(2500, mps=3.5), 2400, reach="long"),
        invalid(
            "a bicycle by stricter rules",
            walk("long").go(5400, mps=4.4).go(5000),
            5300,
            "driven",
            reach="long",
            rule="strict",
        ),
    ]


def gaps() -> list[Case]:
    """Times without a position."""
    return [
        valid("a gap that a walk explains is bridged", walk().go(600).lose(200, to_m=800).go(1300), 1200),
        valid("one that it does not explain is not", walk().go(600).lose(130, to_m=1000).go(1500), 1000),
        doubtful("a third of the time is lost", walk().go(500).lose(400, to_m=800).go(1100), 1000, "incomplete_track"),
        doubtful(
            "the browser was frozen nearly all the time",
            walk().go(150).lose(1500, to_m=1500).go(1600),
            1500,
            "incomplete_track",
        ),
        valid("two minutes are no gap", walk().go(600).lose(120, to_m=1000).go(1400), 1300),
        valid("a gap on the way home", walk().go(1000).aside(300).lose(3000).aside(600), 900),
        valid("a gap away from the river", walk().go(800).aside(200).lose(200).aside(15).go(1100), 1000),
    ]


def jumps() -> list[Case]:
    """Positions nobody can have been at."""
    return [
        valid("one false position", walk().go(500).stray(1, 5000).go(1000), 900),
        valid("twenty false positions", walk().go(500).stray(20, 900).go(1000), 900),
        valid("false at the beginning", walk().stray(5, 2000).go(1000), 900),
        valid("a phone that corrects itself by 120 m", walk().go(600).lose(1, to_m=720).go(1300), 1080),
        valid("a phone that jumps by 400 m keeps the longer part", walk().go(300).lose(1, to_m=700).go(1600), 900),
        valid(
            "fewer than ten positions after a correction are strays", walk().go(1000).lose(1, to_m=1120).go(1150), 900
        ),
        valid("a jump within the errors of both", walk(accuracy_m=25).go(600).lose(1, to_m=640).go(1100), 1000),
    ]


def stillness() -> list[Case]:
    """Forgotten recordings; a stillness begins and ends 50 m from where the phone lay."""
    return [
        valid("forgotten for four hours after the walk", walk().go(1000).rest(240, every_s=60), 850),
        valid("four hours in the pocket before the walk", walk().rest(240, every_s=60).go(1000), 850),
        valid("walked again after the forgotten hours", walk().go(1000).rest(240, every_s=60).go(1600), 850),
        # Twice 50 m are no walk: only what comes afterwards is one.
        valid("a little way before the four hours", walk().go(230).rest(240, every_s=60).go(1100), 870),
        invalid("never moved in four hours", walk().rest(240, every_s=60), 0, "too_little", "too_short"),
        invalid(
            "half an hour at rest ends it by stricter rules",
            walk().go(800).rest(40, every_s=30).go(1900),
            650,
            "too_little",
            "too_short",
            rule="strict",
        ),
    ]


def recordings() -> list[Case]:
    """Made-up positions, disorder, doubles."""
    good = walk().go(1000).rows
    return [
        doubtful("a position that claims to be exact", told(good, 0, 70), 900, "mock_location"),
        valid("nearly exact ones are honest", told(good, 0.3, *range(len(good))), 900),
        doubtful("two positions in each other's place", swapped(good, 30, 90), 900, "unsorted"),
        doubtful("the whole track backwards", good[::-1], 900, "unsorted"),
        valid("every position twice, the second time badly", doubled(good), 900),
        valid("every position twice, the first time badly", doubled(good, is_bad_first=True), 900),
        doubtful(
            "one at the other end of the world", [[-60.5, -36.5, good[0][2] - 5000, 8], *good[::-1]], 900, "unsorted"
        ),
    ]


def clocks() -> list[Case]:
    """When it was, and when it arrived."""
    good = walk().go(1000)
    return [
        doubtful("ends before it begins", good, 900, "clock", begins_min=60, ends_min=-50),
        doubtful("ends a day from now", good, 900, "clock", sent_min=-DAY_MIN),
        doubtful("a day ahead, when the reach was still there", good, 900, "clock", reach="ended", sent_min=-DAY_MIN),
        valid("ends five minutes from now", good, 900, sent_min=-5),
        doubtful("positions before its beginning", good, 900, "clock", begins_min=10.5),
        valid("positions a little after its end", good, 900, ends_min=-9),
        valid("six days on the phone", good, 900, sent_min=6 * DAY_MIN),
        valid("nine days on the phone", good, 900, "late", sent_min=9 * DAY_MIN + 30),
        doubtful("forty days on the phone", good, 900, "late", sent_min=40 * DAY_MIN),
    ]


def standing() -> list[Case]:
    """Who walked, and on what."""
    good = walk().go(1000)
    rest = {"is_assigned": False}
    worst = swapped(walk("long").go(5000, mps=11).see(0).go(100, mps=11).rows, 3, 50)
    return [
        invalid("somebody else's reach", good, 900, "not_assigned", **rest),
        invalid("a reach that is no more since that day", good, 900, "segment_ended", reach="ended"),
        invalid("nor anybody's then", good, 900, "segment_ended", reach="ended", **rest),
        valid("the last day of a reach", good, 900, reach="ends_tomorrow"),
        invalid(
            "everything at once, the worst first",
            worst,
            4900,
            *("not_assigned", "driven", "mock_location", "unsorted", "late"),
            reach="long",
            is_assigned=False,
            sent_min=31 * DAY_MIN,
        ),
    ]
