"""A quarter's assessment: what was owed is settled by night, published, appealed against, and one figure says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from backend.models.notices import Notice
from backend.models.people import Absence
from jobs import duty_periods
from tests.api.assessment_cases import Made, walk, weeks
from tests.makers import new_id

WANG, CHEN = "TUHAI-371502-001", "TUHAI-371502-002"
APRIL, JULY = date(2025, 4, 7), date(2025, 6, 30)
"""From the first Monday of the quarter on: twelve weeks."""


def test_a_quarters_assessment_with_an_appeal_that_changes_one_figure_and_says_so(
    phone_of, cast, clock, session, house
):
    # Twelve weeks go by. Wang walks in each; Chen in nine, and in one more his town chief stands in for him.
    for day in weeks(12, APRIL):
        walk(session, cast, cast.wang, WANG, day)
    for day in weeks(9, APRIL):
        walk(session, cast, cast.chen, CHEN, day)
    away = weeks(10, APRIL)[9]
    session.execute(
        insert(Absence),
        [
            {
                "id": new_id(),
                "person_id": cast.chen,
                "substitute_id": cast.li,
                "version": 1,
                "from_day": away - timedelta(days=1),
                "until_day": away + timedelta(days=4),
            }
        ],
    )
    walk(session, cast, cast.li, CHEN, away, duty_of_id=cast.chen)

    # Nobody can assess what is not over yet, nor what may still be handed in.
    clock.now = datetime(2025, 7, 2, 4, tzinfo=UTC)
    duty_periods.run(house, now=clock.now)
    quarter = {"from": APRIL.isoformat(), "until": JULY.isoformat()}
    early = Made(phone_of, cast.sun, **quarter)
    assert (early.answer.status_code, early.answer.json["errors"][0]["pointer"]) == (422, "/until")
    clock.now = datetime(2025, 7, 9, 4, tzinfo=UTC)
    assert duty_periods.run(house, now=clock.now) == 7
    made = Made(phone_of, cast.sun, **quarter)
    assert made.answer.status_code == 201, made.answer.text

    # The office publishes it; both hear of it, and Chen sees that the walk in his leave was counted for him.
    assert made.act("publish").json["appeals_until"] == "2025-07-24T00:00:00+08:00"
    clock.now += timedelta(days=2)
    (chen,) = made.seen_by(cast.chen).json["mine"]
    figure = chen["indicators"]["patrols"]
    assert (figure["hits"], figure["size"], chen["rank"], chen["figures"]["leave_days"]) == (10, 12, 2, 5)
    periods = phone_of(cast.chen).get(figure["path"]).json["items"]
    missed = [each["from"] for each in periods if not each["is_hit"]]
    assert missed == ["2025-06-16", "2025-06-23"]

    # He walked in one of these weeks; his phone was broken, and there is a paper.
    said = made.appeal(cast.chen, text="6月17日巡过，手机坏了，村里有纸质记录。")
    assert said.status_code == 201
    waiting = made.seen_by(cast.sun, "/appeals?state=open").json["items"]
    assert [each["person"]["name"] for each in waiting] == ["陈村长"]
    decided = made.decide(said.json["id"], ruling="upheld", hits=11, size=12).json

    # One figure has changed; it says what it was, and so do score and place.
    assert decided["before"] == {"hits": 10, "size": 12, "score": decided["before"]["score"], "rank": 2, "of": 2}
    assert (decided["after"]["hits"], round(decided["after"]["score"], 2)) == (11, 91.67)
    (wang, chen) = made.scores()
    assert (wang["score"], wang["score_was"], chen["score"], chen["score_was"]) == (100.0, 100.0, 91.67, 83.33)
    (notice,) = session.scalars(select(Notice).where(Notice.person_id == cast.chen, Notice.key == "appeal_upheld"))
    told = {name: notice.values[name] for name in ("was", "figure", "score_was", "score")}
    assert told == {"was": "10/12", "figure": "11/12", "score_was": "83.3", "score": "91.7"}
    assert made.act("close").json["state"] == "closed"
    assert made.appeal(cast.wang).status_code == 409
