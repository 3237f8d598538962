"""What is asked of lists, maps and duty, by whom; every question has as many answers in a small city as in a large."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from backend.api.paging import encode
from tests.bench import city
from tests.bench.city import HIGH, WIDE
from tests.bench.scene import Chief

COUNTY, TOWN = city.county(0), city.town(0, 0)
VILLAGE, TOWN_CHIEF, COUNTY_CHIEF = f"chief {TOWN}001", f"chief {TOWN}", f"chief {COUNTY}"
CLERK, CITY_OFFICER = f"clerk {COUNTY}", "city officer"


SINCE = "the-first-change"
"""Stands for a cursor of the city that is asked."""


@dataclass(frozen=True)
class Question:
    """A path under /api/v1 and who asks it."""

    who: str
    path: str


def every(asked: Chief, today: datetime) -> list[Question]:
    """All of them; `asked` is the reach of the village chief who asks."""
    return [*_patrols(asked, today), *_segments(asked), *_duty(asked, today)]


def _patrols(asked: Chief, today: datetime) -> list[Question]:
    month = f"from={_at(today, 60)}&to={_at(today, 25)}"
    deep = f"cursor={encode([(today - timedelta(days=500)).astimezone(UTC).isoformat(), 1 << 40])}"
    village, reach, person = f"region={asked.region}", f"segment={asked.segment_code}", f"person={asked.person_id}"
    asking: dict[str, list[str]] = {
        VILLAGE: ["", "outcome=valid", month + "&limit=4", deep + "&limit=20", reach, "outcome=invalid&limit=3"],
        TOWN_CHIEF: ["", "outcome=doubtful&limit=10", month + "&limit=15", deep, reach, person, village],
        CLERK: ["", "outcome=invalid&limit=10", month, deep, reach, person, village, f"region={TOWN}"],
        CITY_OFFICER: ["", "outcome=invalid&limit=10", month, deep, reach, person, village, f"region={TOWN}"],
    }
    asking[CITY_OFFICER] += [f"region={COUNTY}", f"region={COUNTY}&outcome=doubtful&limit=20"]
    asking[CLERK] += [f"{person}&outcome=doubtful&limit=5", f"{reach}&{month}&limit=4", "limit=500"]
    asking[CITY_OFFICER] += [f"region={TOWN}&outcome=invalid&{deep}&limit=5", "outcome=doubtful&" + month + "&limit=5"]
    return [Question(who, f"/patrols?{query}") for who, queries in asking.items() for query in queries]


def _segments(asked: Chief) -> list[Question]:
    west, south = asked.line.coords[0]
    box = f"bbox={west - 0.001:.6f},{south - 0.002:.6f},{west + 10 * WIDE:.6f},{south + 9 * HIGH:.6f}"
    near = f"/segments/nearest?lon={west + 3.3 * WIDE:.6f}&lat={south + 4.3 * HIGH:.6f}"
    lists = {
        VILLAGE: ["", box],
        TOWN_CHIEF: ["limit=100", box + "&limit=100"],
        CLERK: [box + "&limit=100", f"region={TOWN}&limit=100", f"person={asked.person_id}", "limit=100"],
        CITY_OFFICER: [box + "&limit=100", box + "&limit=20", "river=" + asked.river + "&limit=100", "limit=100"],
    }
    lists[COUNTY_CHIEF] = ["limit=100", "level=county&limit=4"]
    lists[CITY_OFFICER] += [f"region={asked.region}", f"cursor={encode([asked.segment_code])}&limit=100"]
    lists[CITY_OFFICER] += [box + "&level=town", "level=county&limit=4", f"person={asked.person_id}"]
    listed = [Question(who, f"/segments?{query}") for who, queries in lists.items() for query in queries]
    nearest = [Question(who, near) for who in (TOWN_CHIEF, CLERK, CITY_OFFICER)]
    one = [Question(who, f"/segments/{asked.segment_code}") for who in (VILLAGE, CITY_OFFICER)]
    return [*listed, *nearest, *one, Question(CITY_OFFICER, "/rivers?limit=4"), Question(CITY_OFFICER, "/regions")]


def _duty(asked: Chief, today: datetime) -> list[Question]:
    walked = f"/segments/{asked.segment_code}/walked?from={_at(today, 120)}&to={_at(today, 0)}"
    return [
        *(Question(who, "/me") for who in (VILLAGE, TOWN_CHIEF, COUNTY_CHIEF, CITY_OFFICER)),
        *(Question(who, f"/duties?region={TOWN}") for who in (TOWN_CHIEF, CITY_OFFICER)),
        Question(CITY_OFFICER, f"/duties?region={asked.region}"),
        Question(CLERK, f"/duties?region={COUNTY}&limit=50"),
        *(Question(who, walked) for who in (VILLAGE, CITY_OFFICER)),
        *(Question(who, "/sync") for who in (VILLAGE, TOWN_CHIEF)),
        Question(VILLAGE, f"/sync?since={SINCE}"),
        *(Question(who, "/people?limit=100") for who in (TOWN_CHIEF, CLERK, CITY_OFFICER)),
        Question(CITY_OFFICER, f"/people?limit=50&region={TOWN}"),
        Question(CITY_OFFICER, "/people?post=county_chief&limit=1"),
        Question(CITY_OFFICER, f"/regions?parent={TOWN}&limit=100"),
    ]


def _at(today: datetime, days_ago: int) -> str:
    return quote((today - timedelta(days=days_ago)).isoformat())
