"""A heap was cleared and closed; two months later the office draws it for a look-back, and it is there again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backend.models.notices import Notice
from tests.api.campaign_cases import every
from tests.api.test_lookbacks import closed, drawn


def test_what_was_closed_is_looked_at_again_and_what_came_back_is_mended_again(phone_of, cast, clock, session):
    heap = closed(phone_of, cast, clock)
    clock.now += timedelta(hours=1)
    levee = closed(phone_of, cast, clock, kind="flood.levee_defect", severity="major")

    # Too soon nothing is drawn; after sixty days both are: the major one always, the heap as the tenth of one.
    assert drawn(phone_of, cast.sun).json["totals"]["candidates"] == 0
    clock.now += timedelta(days=60)
    lookback = drawn(phone_of, cast.sun, share=0.1, seed="秋季回头看").json
    assert (lookback["totals"]["drawn"], lookback["totals"]["severe"]) == (2, 1)
    todo = every(phone_of(cast.li), lookback["hazards"] + "&checked=false")
    assert [each["id"] for each in todo] == [str(heap.id), str(levee.id)]

    # Sun verified them, so the town chief goes: the levee holds, the heap is back.
    path = f"/api/v1/lookbacks/{lookback['id']}"
    li = phone_of(cast.li)
    for number, (case, seen) in enumerate(((levee, "holds"), (heap, "rebound"))):
        check = f"{path}/checks/00000000-0000-4000-8000-00000000000{number}"
        said = {"hazard": str(case.id), "outcome": seen, "note": "现场查看"}
        assert li.put(check, json=said).status_code == 201
        assert li.put(check, json=said).status_code == 200  # the answer was lost, the phone asks again
    totals = li.get(path).json["totals"]
    assert (totals["checked"], totals["held"], totals["rebounded"], totals["rebound_rate"]) == (2, 1, 1, 0.5)

    # It is the unit's to mend again, with a new deadline; it hears of it, and the count stays with the hazard.
    again = heap.seen_by(cast.yang).json
    assert (again["state"], again["rebounds"]) == ("assigned", 1)
    assert again["deadlines"]["due_at"] > clock.now.isoformat()
    told = session.scalars(select(Notice.person_id).where(Notice.key == "reopened")).all()
    assert told == [cast.yang]
    assert levee.seen_by(cast.li).json["state"] == "closed"
