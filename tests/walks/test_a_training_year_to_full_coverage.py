"""A year of training: two sessions, a clerk's list and a newcomer, until everybody in towns and villages came."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from backend.domain.terms import Post
from backend.models.notices import Notice
from backend.models.people import Appointment
from jobs import reminders
from tests.api.training_cases import QUIZ, TRAININGS, Held
from tests.cast import COUNTY, NEXT_VILLAGE, NOON, add_appointment, add_person


def test_everybody_in_towns_and_villages_is_trained_by_the_end_of_the_year(
    phone_of, cast, clock, session, keyring, house
):
    def coverage(post: str) -> tuple[int, int]:
        found = phone_of(cast.sun).get(f"{TRAININGS}/coverage?region={COUNTY}").json["total"]["posts"][post]
        assert found["share"] is None or found["share"] <= 1
        return found["trained"], found["people"]

    def missing() -> list[str]:
        link = phone_of(cast.sun).get(f"{TRAININGS}/coverage?region={COUNTY}").json["total"]["all"]["links"]["missing"]
        return [each["person"]["name"] for each in phone_of(cast.sun).get(link).json["items"]]

    # In summer the office plans a session with a quiz; everybody who is asked hears of it.
    summer = Held(phone_of, cast.sun, begins_at=NOON + timedelta(days=3), quiz=QUIZ)
    assert summer.answer.json["totals"]["asked"] == 4
    assert len(session.scalars(select(Notice).where(Notice.key == "training")).all()) == 4
    assert (coverage("village_chief"), coverage("town_chief")) == ((0, 2), (0, 2))

    # Wang and Li scan the screen; Wang passes. Tang sends a photograph of it home to Chen, who scans it a minute later.
    clock.now = NOON + timedelta(days=3)
    code = summer.code()
    for person in (cast.wang, cast.li):
        assert summer.scan(person, code).status_code == 201
    for person in (cast.wang, cast.li):
        right = phone_of(person).post(f"{summer.path}/quiz", json={"answers": [[0], [1, 0]]}).json
        assert right["passed"], right
    clock.now += timedelta(minutes=1)
    assert summer.scan(cast.chen, code).status_code == 409
    assert summer.tick(cast.tang).json["totals"]["present"] == 3  # there, but his quiz is still open
    assert (coverage("village_chief"), coverage("town_chief")) == ((1, 2), (1, 2))
    assert missing() == ["赵区长", "陈村长", "唐镇长"]

    # Chen leaves in autumn, and with him his place in the numbers; Gu follows, and is reminded after a month.
    session.get_one(Appointment, cast.appointments["chen"]).until_day = date(2025, 9, 1)
    gu = add_person(session, keyring, "gu", "顾村长", 77)
    add_appointment(session, gu, Post.VILLAGE_CHIEF, NEXT_VILLAGE, since=date(2025, 9, 1))
    clock.now = NOON.replace(month=10, day=2)
    reminders.run(house, now=clock.now)
    reminded = session.scalars(select(Notice.person_id).where(Notice.key == "untrained")).all()
    assert gu in reminded
    assert cast.wang not in reminded
    assert coverage("village_chief") == (1, 2)

    # The second session brings everybody there is; the county's chief comes as a guest.
    autumn = Held(phone_of, cast.sun, begins_at=clock.now)
    assert autumn.scan(gu).status_code == 201
    assert autumn.scan(cast.zhao).status_code == 201
    autumn.tick(cast.tang)
    assert (coverage("village_chief"), coverage("town_chief"), coverage("county_chief")) == ((2, 2), (2, 2), (1, 1))
    assert missing() == []

    # Next year begins with nobody trained; last year's numbers stay.
    clock.now = NOON.replace(year=2026, month=1, day=5)
    assert coverage("village_chief") == (0, 2)
    last = phone_of(cast.sun).get(f"{TRAININGS}/coverage?region={COUNTY}&year=2025").json
    assert (last["day"], last["total"]["posts"]["village_chief"]["share"]) == ("2025-12-31", 1)
