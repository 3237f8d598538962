"""Cases about where somebody walked: metres, minutes, nearness, accuracy, rivers of every shape."""

from __future__ import annotations

from tests.vectors.cases import Case, invalid, valid, walk
from tests.vectors.strolls import told


def honest() -> list[Case]:
    """Walks as they should be."""
    return [
        valid("an ordinary good walk", walk().go(1000), 900),
        valid("the same upstream", walk(at_m=1000).go(100), 900),
        valid("a position every second", walk().go(1000, every_s=1), 900),
        valid("a position every half minute", walk().go(1000, every_s=30), 900),
        valid("there and back counts once", walk().go(600).go(100), 500),
        valid("the whole reach and beyond its end", walk(at_m=1000).go(1999).rest(2), 999),
        valid("a rest of two hours on the way", walk().go(600).rest(120, every_s=60).go(900), 800),
        valid(
            "a walk of two hours, every second", walk("long", off_m=25).go(9460, mps=1.3, every_s=1), 9360, reach="long"
        ),
        valid("sharp bends", walk("short", at_m=5).go(175, mps=0.25), 170, reach="short"),
    ]


def too_little() -> list[Case]:
    """Walks that lack metres or minutes, by level and length of the reach."""
    return [
        invalid("far enough, too fast", walk().go(400, mps=1.5), 300, "too_short"),
        invalid("long enough, not far", walk().go(220, mps=0.15), 120, "too_little"),
        invalid("neither far nor long", walk().go(200), 100, "too_little", "too_short"),
        invalid("standing at the river for a quarter of an hour", walk().rest(15), 5, "too_little"),
        invalid("to and fro in one place", walk().go(150).go(100).go(150).go(100).rest(10), 52, "too_little"),
        valid("ten minutes to the second", walk().go(820), 720),
        invalid("one position less than ten minutes", walk().go(814), 714, "too_short"),
        invalid("a town chief owes more", walk().go(380, mps=0.35), 280, "too_little", "too_short", level="town"),
        valid("a town chief's good walk", walk().go(430, mps=0.35), 330, level="town"),
        valid("a county chief's good walk", walk().go(350, mps=0.4), 250, level="county"),
        valid("a city chief's good walk", walk().go(350, mps=0.4), 250, level="city"),
        invalid("a city chief's short one", walk().go(250, mps=0.4), 150, "too_little", "too_short", level="city"),
        valid("four fifths of a short reach", walk("short", at_m=5).go(160, mps=0.25), 155, reach="short"),
        invalid(
            "less than four fifths of a short reach",
            walk("short", at_m=5).go(135, mps=0.2),
            130,
            "too_little",
            reach="short",
        ),
        invalid("stricter rules", walk().go(1000), 900, "too_little", "too_short", rule="strict"),
        valid("half of the reach is enough by these rules", walk().go(1200, mps=0.9), 1100, rule="strict"),
    ]


def nearness() -> list[Case]:
    """How near one must be, which depends on how well the phone knows where it is."""
    return [
        invalid("three kilometres from the river", walk(off_m=3000).go(1000), 0, "too_far"),
        valid("50 m and the error of the position are near", walk(off_m=53).go(1000), 900),
        invalid("a little further is far", walk(off_m=70).go(1000), 0, "too_far"),
        valid("further with a worse position", walk(off_m=70, accuracy_m=25).go(1000), 900),
        invalid("never further than 150 m", walk(off_m=158, accuracy_m=100).go(1000), 0, "too_far"),
        valid("an accuracy of 30 m proves metres", walk(accuracy_m=30).go(1000), 900),
        invalid("one of 31 m proves only presence", walk(accuracy_m=31).go(1000), 0, "too_little"),
        invalid("as does one of 100 m", walk(accuracy_m=100).go(1000), 0, "too_little"),
        invalid("worse than 100 m is no track", walk(accuracy_m=101).go(1000), 0, "no_track"),
        invalid("a phone that says it has no position", walk(accuracy_m=-1).go(1000), 0, "no_track"),
        valid("no word on accuracy", walk(accuracy_m=None, off_m=55).go(1000), 900),
        valid("vague positions among good ones", told(walk().go(1000).rows, 60, *range(40, 60)), 900),
        valid("useless positions among good ones", told(walk().go(1000).rows, 800, *range(40, 60)), 900),
        invalid("over a bridge and back", walk(off_m=-40).rest(6).aside(40).rest(6), 15, "too_little"),
        valid("away from the river on the way", walk().go(500).aside(300).aside(15).go(900), 800),
        invalid("less corridor by stricter rules", walk(off_m=48).go(1800, mps=1.1), 0, "too_far", rule="strict"),
    ]


def shapes() -> list[Case]:
    """Wide rivers, levees, loops."""
    return [
        valid("the bank of a wide river", walk("wide", off_m=145).go(1000), 900, reach="wide"),
        invalid("the same place beside a narrow one", walk(off_m=145).go(1000), 0, "too_far"),
        valid("on the levee", walk("levees", off_m=400).go(900), 800, reach="levees"),
        valid("on the bank where there is a levee", walk("levees", off_m=40).go(900), 800, reach="levees"),
        # Near the ends of the pieces 58 m of levee are 80 and 100 m of river, for there it bends towards the levee.
        valid("on two pieces of a levee", walk("levees", 500, off_m=400).go(1800), 1180, reach="levees"),
        invalid("the levee on the other side", walk("levees", off_m=-400).go(900), 0, "too_far", reach="levees"),
        valid("around a loop", walk("loop", 300).go(2300), 2000, reach="loop"),
        valid("across the neck of a loop", walk("straight", 0, off_m=-15).go(1295), 1195, reach="loop"),
        # In the middle of the neck 58 m reach 14 m up both sides of it.
        valid("across the neck of a small loop", walk("straight", 0, off_m=-15).go(1295), 1223, reach="small_loop"),
        valid("across the neck of a hairpin", walk("hairpin").go(500).aside(135).go(200), 700, reach="hairpin"),
        # Of the 700 m behind the neck a hundred on either side are within one and a half times the way to the river.
        valid("a levee cuts off a bend", walk("levee of bulge", 0, off_m=0).go(1395), 1400, reach="bulge"),
    ]
