"""A flood of reports from one address and from very many: bounded rows, files and memory, and citizens still get in."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.domain.public_reports import MOST_OF_REACH
from backend.models.facts import Fact
from backend.models.hazards import Hazard
from backend.models.photos import Photo
from tests.pictures import GOOD
from tests.web.test_public_reports import HERE, Citizen

pytestmark = pytest.mark.torture
ADDRESSES, EACH = 1_000, 10


def test_ten_thousand_reports_a_minute_leave_a_clerks_list_as_long_as_ten(app, session, cast, clock, times):
    """Scaled: the shares are those of ten thousand from one address, and from a thousand."""
    rounds = times(20)
    answers: Counter[int] = Counter()
    one = Citizen(app, "10.0.0.1")
    for _ in range(rounds):
        clock.now += timedelta(minutes=1) / rounds
        answers[one.post("/report", HERE | {"description": "x" * 400}).status_code] += 1
    assert answers[429] >= rounds - 12
    for number in range(rounds):
        clock.now += timedelta(minutes=1) / rounds
        # The worst of them have counted, and send a picture of their own.
        many = Citizen(app, f"10.{1 + number % ADDRESSES // 250}.{number % 250}.7")
        is_solved = number % EACH == 0
        answers[many.tell(GOOD + number.to_bytes(4, "big"), is_solved=is_solved).status_code] += 1
    house = app.extensions["hezhang"]
    kept = session.scalar(select(func.count()).select_from(Hazard))
    assert kept <= MOST_OF_REACH
    assert session.scalar(select(func.count()).select_from(Fact)) == kept
    assert session.scalar(select(func.count()).select_from(Photo)) == kept == len(list(house.photos.digests()))
    assert set(answers) <= {303, 422, 429}
    # Two hours later the place is open again for whoever stands there.
    clock.now += timedelta(hours=2)
    assert Citizen(app, "10.200.0.1").tell().status_code == 303
