"""A crack in the levee in the key window climbs four levels in an hour while three of those it looks for are away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs import audit, auditor, escalation
from tests.api.hazard_cases import Case
from tests.makers import new_id

NIGHT = datetime(2025, 7, 26, 17, 30, tzinfo=UTC)
"""01:30 on a Sunday of the key window."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(house, clock, session, cast):
    """Let the clockwork look so many minutes after the report; whom each step reaches, and for which seat."""

    def at(crack: Case, minutes: float) -> list[tuple[str, str | None, str]]:
        names = {str(person): name for name, person in cast.people.items()}
        clock.now = NIGHT + minutes * MINUTE
        before = len(crack.seen_by(cast.qian).json["timeline"])
        escalation.run(house, now=clock.now)
        assert auditor.run(house, now=clock.now) == 0
        new = crack.seen_by(cast.qian).json["timeline"][before:]
        return [(each["for"], each["at"], names[each["person"]]) for fact in new for each in fact["body"]["told"]]

    return at


def away(phone_of, person, substitute) -> None:
    body = {"from": "2025-07-27", "until": "2025-08-10", "substitute": str(substitute)}
    assert phone_of(person).put(f"/api/v1/me/absences/{new_id()}", json=body).status_code == 201


def test_a_crack_climbs_past_three_who_are_away_until_the_city_has_it(told, phone_of, cast, clock, house, session):
    # The town chief is away and Tang of the next town acts for them; the county chief is away, and so is the clerk
    # of the county's office, whose posts nobody has taken.
    clock.now = NIGHT
    away(phone_of, cast.li, cast.tang)
    away(phone_of, cast.zhao, cast.qian)
    sun = f"/api/v1/people/{cast.sun}"
    seen = {"If-Match": phone_of(cast.jin).get(sun).headers["ETag"]}
    post = f"{sun}/appointments/{cast.appointments['sun']}/close"
    left = {"until": "2025-07-27", "reason": "调任"}
    assert phone_of(cast.jin).post(post, json=left, headers=seen).status_code == 200

    # Wang reports it from the levee. It is critical: half an hour to accept it, and half of that in the window.
    crack = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="critical", description="堤顶裂缝，约两米")
    deadlines = crack.answer.json["deadlines"]
    assert deadlines["due_at"] == "2025-07-27T01:45:00+08:00"

    # Nobody of the bureau takes it: reminded at twelve minutes, told with the town at fifteen.
    assert told(crack, 11.5) == []
    assert told(crack, 12) == [("owner", "owner", "feng")]
    assert told(crack, 15) == [("owner", "owner", "feng"), ("town_chief", "town_chief", "tang")]
    # The county's office is vacant, so what was meant for it goes up to the county chief, who is away: Qian acts.
    assert told(crack, 30) == [("county_office", "county_chief", "qian")]
    assert told(crack, 45) == [("county_chief", "county_chief", "qian")]
    # The city has no clerk in its office either: its chief.
    assert told(crack, 60) == [("city_office", "city_chief", "qian")]
    assert told(crack, 75) == [("city_chief", "city_chief", "qian")]
    assert told(crack, 600) == []

    # It has come under the city's eyes, and every step by all three ways.
    seen = crack.seen_by(cast.qian).json
    assert seen["watch"] == "listed"
    channels = {tuple(each["channels"]) for fact in seen["timeline"][1:] for each in fact["body"]["told"]}
    assert channels == {("app", "sms", "voice")}
    audit.run(house, now=clock.now)
    assert phone_of(cast.jin).get("/api/v1/alarms").json["items"] == []

    # At last Tang, acting for the town chief, takes it in hand; sandbags hold it until it is mended.
    assert crack.act(cast.tang, "accept").status_code == 200
    assert crack.act(cast.tang, "assign", person=str(cast.wang)).status_code == 200
    secured = crack.act(cast.wang, "add_interim", note="沙袋围护，安排人员值守", watcher=str(cast.wang), every_h=2)
    assert secured.json["interim"][0]["next_check_at"] == "2025-07-27T13:30:00+08:00"
    assert told(crack, 601) == []
    assert date.fromisoformat(secured.json["deadlines"]["due_at"][:10]) == date(2025, 7, 27)
