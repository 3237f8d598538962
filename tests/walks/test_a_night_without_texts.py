"""A night with the SMS provider down: the levee boils, nobody gets a text, and everybody who must know knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.channels.sending import Accepted, DeliveryFailed
from jobs import alerts, delivery, escalation
from tests.api.hazard_cases import Case
from tests.carriers import letters
from tests.makers import new_id

NOTICES = "/api/v1/notices"
EVENING = datetime.fromisoformat("2025-07-28T22:40:00+08:00")


def test_a_night_with_the_sms_provider_down(phone_of, cast, clock, office, session, sms, voice, push):
    # Feng's browser takes pushes; the others have only their numbers. At eight the provider falls over.
    subscription = {"endpoint": "https://push.example/feng", "keys": {"p256dh": "BNc", "auth": "tBH"}}
    clock.now = EVENING - timedelta(hours=8)
    assert phone_of(cast.feng).put(f"/api/v1/me/push/{new_id()}", json=subscription).status_code == 201
    heap = Case(phone_of, cast.wang, observed_at=clock.now.isoformat())
    assert heap.answer.status_code == 201
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", person=str(cast.li))
    delivery.run(office, now=clock.now)
    assert len(sms.taken) == 1  # Li has no device, so a text says it
    sms.plan = lambda letter, nth: DeliveryFailed("refused")

    # At night Wang sees water boil up behind the dyke. Nobody accepts it within half an hour.
    clock.now = EVENING
    crack = Case(phone_of, cast.wang, kind="flood.piping", severity="critical", observed_at=EVENING.isoformat())
    assert crack.answer.status_code == 201
    told: dict[str, int] = {}
    for minute in range(0, 100, 1):
        clock.now = EVENING + timedelta(minutes=minute)
        escalation.run(office, now=clock.now)
        delivery.run(office, now=clock.now)
        alerts.run(office, now=clock.now)
        for letter in voice.taken + push.taken:
            told.setdefault(letter.address, minute)

    # Whoever sits on the ladder was called within the minute of their step, though no text went out at all.
    called = sorted(minute for address, minute in told.items() if address.startswith("+86"))
    assert called
    assert called[0] <= 25, "the bureau is called at four fifths of the half hour"
    assert len(called) >= 5, "owner, town, county office, county, city"
    assert all(letter.is_urgent for letter in voice.taken)
    assert len(sms.taken) == 1

    # What was not urgent has waited for the morning; the provider lives again at six.
    sms.plan = lambda letter, nth: Accepted()
    clock.now = datetime.fromisoformat("2025-07-29T07:00:00+08:00")
    while any(row.next_try_at is not None for row in letters(session)):
        delivery.run(office, now=clock.now)
        clock.now += timedelta(minutes=5)
        assert clock.now < datetime.fromisoformat("2025-07-29T09:00:00+08:00")
    assert not [row for row in letters(session) if row.state in ("pending", "sending", "unknown")]
    texts = [(letter.address, letter.text) for letter in sms.taken]
    assert len(texts) == len(set(texts)), "no text twice"

    # In the morning the office looks: nothing is dead, and Wang reads in the app what he was told.
    dead = phone_of(cast.sun).get(NOTICES, query_string={"state": "failed"}).json["items"]
    assert dead == []
    mine = phone_of(cast.feng).get(NOTICES).json["items"]
    assert {each["title"] for each in mine} >= {"问题已逾期"}
