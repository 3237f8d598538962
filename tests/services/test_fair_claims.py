"""No channel keeps back another, no clock holds up a letter, and no innocent hazard is set aside."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from backend.domain.lanes import Lane
from backend.models.hazards import Hazard
from backend.models.notices import Letter
from backend.services import addressing, asides, delivery
from backend.services.asides import Work
from jobs import delivery as job
from tests.api.hazard_cases import Case
from tests.cast import NOON


def test_of_a_crowd_on_one_channel_the_others_have_their_share(office, tell, session):
    for number in range(30):
        tell(str(number), channels=("sms",), lane=Lane.URGENT)
    for number in range(5):
        tell(f"v{number}", channels=("voice",), lane=Lane.URGENT)
    lanes = [Lane.URGENT]
    zone, hours = office.settings.zone, office.hours
    addressing.prepare(session, lanes, office.ways, now=NOON, zone=zone, hours=hours)
    claimed = delivery.claim(session, lanes, office.ways, now=NOON, limit=12)
    channels = [each.channel for each in claimed]
    assert len(channels) == 12
    assert channels.count("voice") >= 4


def test_a_letter_put_off_by_a_clock_that_was_a_day_ahead_goes_out(office, tell, session, sms):
    tell()
    job.run(office, now=NOON)
    ahead = {"state": "pending", "next_try_at": NOON + timedelta(days=1), "accepted_at": None}
    session.execute(update(Letter).values(ahead))
    session.flush()
    assert job.run(office, now=NOON) == 1
    session.execute(update(Letter).values(ahead | {"next_try_at": NOON + timedelta(hours=1)}))
    session.flush()
    assert job.run(office, now=NOON) == 0


def test_the_hazard_that_is_due_first_is_set_aside_and_no_other(phone_of, cast, session):
    due = datetime.fromisoformat("2025-07-04T00:00:00+08:00")
    first, second = Case(phone_of, cast.wang), Case(phone_of, cast.wang)
    assert asides.set_first(session, Work.HAZARD, now=due) == UUID(str(first.id))
    session.flush()
    steps = {row.id: row.next_step_at for row in session.execute(select(Hazard.id, Hazard.next_step_at))}
    assert steps[UUID(str(first.id))] == due + timedelta(hours=1)
    assert (steps[UUID(str(second.id))] or due) < due
    assert asides.set_first(session, Work.HAZARD, now=NOON) is None
