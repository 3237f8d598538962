"""Look-backs over HTTP: drawn once, seen in part, checked by other eyes, and drawn again from what is on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.domain.hazards import Severity
from backend.domain.lookbacks import Closed, digest, draw
from backend.models.hazards import Hazard
from backend.models.lookbacks import LookbackHazard
from backend.models.public_reports import PublicReport
from backend.services import lookbacks
from tests.api.campaign_cases import every
from tests.api.hazard_cases import Case, photo
from tests.cast import COUNTY, NOON, OTHER_COUNTY
from tests.makers import new_id, upload
from tests.pictures import GOOD, sha

LOOKBACKS = "/api/v1/lookbacks"
DRAWN_ON = NOON + timedelta(days=60)


def closed(phone_of, cast, clock, **changed: Any) -> Case:
    """A hazard that Yang mended, Sun verified and Feng closed at noon."""
    case = Case(phone_of, cast.wang, **changed)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    case.act(cast.yang, "report_done", photos=[photo(at=clock.now + timedelta(minutes=1))])
    case.act(cast.sun, "verify")
    assert case.act(cast.feng, "close").json["state"] == "closed"
    return case


@pytest.fixture
def cases(phone_of, cast, clock) -> list[Case]:
    """Four ordinary ones and a major one, closed a day apart; sixty days after the first it is looked back."""
    made = []
    for number in range(5):
        made.append(closed(phone_of, cast, clock, severity="major" if number == 2 else "ordinary"))
        clock.now += timedelta(days=1)
    clock.now = DRAWN_ON
    return made


def drawn(phone_of, person: UUID, *, key: UUID | None = None, **changed: Any) -> Any:
    body = {"region": COUNTY, "share": 0.25, "seed": "第二季度"} | changed
    return phone_of(person).put(f"{LOOKBACKS}/{key or new_id()}", json=body)


def test_a_draw_is_kept_once_with_all_that_it_takes_to_draw_it_again(phone_of, cast, cases, session):
    key = new_id()
    made = drawn(phone_of, cast.sun, key=key)
    assert (made.status_code, drawn(phone_of, cast.sun, key=key).status_code) == (201, 200)
    assert (made.json["from"], made.json["to"]) == ("2025-06-02", "2025-08-01")
    assert made.json["totals"] == {
        "candidates": 5,
        "drawn": 2,
        "severe": 1,
        "citizen": 0,
        "checked": 0,
        "held": 0,
        "rebounded": 0,
        "rebound_rate": None,
    }
    # By hand, from nothing but what the API tells.
    rows = every(phone_of(cast.sun), f"{LOOKBACKS}/{key}/hazards")
    candidates = [
        Closed(UUID(row["id"]), datetime.fromisoformat(row["closed_at"]), Severity(row["severity"])) for row in rows
    ]
    assert [row["id"] for row in rows] == [str(case.id) for case in cases]
    assert digest(candidates).hex() == made.json["candidates_sha256"]
    assert {str(hazard) for hazard in draw(candidates, made.json["seed"], made.json["share"])} == {
        row["id"] for row in every(phone_of(cast.sun), made.json["hazards"])
    }
    assert drawn(phone_of, cast.sun, key=key, seed="另一个").status_code == 409

    assert lookbacks.is_same(session, key)
    session.execute(update(LookbackHazard).where(LookbackHazard.place == 0).values(why="severe"))
    assert not lookbacks.is_same(session, key)


def test_a_check_is_made_by_other_eyes_and_a_rebound_opens_the_hazard_again(phone_of, cast, cases, clock):
    made = drawn(phone_of, cast.sun, share=1)
    path = f"{LOOKBACKS}/{made.json['id']}"
    first, second = cases[0], cases[1]

    def check(person: UUID, case: Case, outcome: str, *, key: UUID | None = None, **said: Any) -> Any:
        body = {"hazard": str(case.id), "outcome": outcome} | said
        return phone_of(person).put(f"{path}/checks/{key or new_id()}", json=body)

    # Sun verified them all, so she does not look back; Yang, who mended them, has no say in it anyway.
    assert check(cast.sun, first, "holds").status_code == 403
    assert check(cast.yang, first, "holds").status_code == 403
    assert check(cast.wu, first, "holds").status_code == 404
    assert check(cast.li, first, "rebound").json["errors"][0]["pointer"] == "/note"

    key = new_id()
    upload(phone_of(cast.li), GOOD)
    again = {"note": "原处又有新倾倒的垃圾", "photos": [sha(GOOD)]}
    back = check(cast.li, first, "rebound", key=key, **again)
    assert (back.status_code, back.json["photos"]) == (201, [{"sha256": sha(GOOD), "state": "stored"}])
    assert check(cast.li, first, "rebound", key=key, **again).status_code == 200
    assert check(cast.li, second, "rebound", key=key, **again).status_code == 409
    assert check(cast.zhao, second, "holds", key=key).status_code == 409
    assert check(cast.zhao, first, "holds").status_code == 409
    opened = first.seen_by(cast.li).json
    assert (opened["state"], opened["rebounds"]) == ("assigned", 1)

    # Another was opened again by the bureau before anybody looked: it is counted, and not opened twice.
    second.act(cast.feng, "reopen", note="群众反映反弹")
    assert check(cast.zhao, second, "holds").status_code == 409
    assert check(cast.zhao, second, "rebound", note="确实反弹").status_code == 201
    assert second.seen_by(cast.li).json["rebounds"] == 1
    assert check(cast.li, cases[2], "holds").status_code == 201

    totals = phone_of(cast.li).get(path).json["totals"]
    assert {name: totals[name] for name in ("drawn", "checked", "held", "rebounded", "rebound_rate")} == {
        "drawn": 5,
        "checked": 3,
        "held": 1,
        "rebounded": 2,
        "rebound_rate": 0.6666,
    }
    left = every(phone_of(cast.li), f"{path}/hazards?drawn=true&checked=false")
    assert [row["id"] for row in left] == [str(case.id) for case in cases[3:]]
    seen = every(phone_of(cast.li), f"{path}/hazards?checked=true")
    assert [(row["check"]["outcome"], row["check"]["by"]["name"]) for row in seen] == [
        ("rebound", "李镇长"),
        ("rebound", "赵区长"),
        ("holds", "李镇长"),
    ]


def test_what_was_not_drawn_is_not_checked(phone_of, cast, cases):
    made = drawn(phone_of, cast.sun)
    others = every(phone_of(cast.li), f"{LOOKBACKS}/{made.json['id']}/hazards?drawn=false")
    assert len(others) == 3
    body = {"hazard": others[0]["id"], "outcome": "holds"}
    answer = phone_of(cast.li).put(f"{LOOKBACKS}/{made.json['id']}/checks/{new_id()}", json=body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (404, "/hazard")


def test_a_look_back_is_drawn_in_ones_own_region_and_seen_where_it_reaches(phone_of, cast, cases, clock):
    assert drawn(phone_of, cast.sun, region=OTHER_COUNTY).status_code == 404
    assert drawn(phone_of, cast.sun, region="371502999").status_code == 404
    assert drawn(phone_of, cast.li).status_code == 403
    key = new_id()
    assert drawn(phone_of, cast.sun, key=key).json["id"] == str(key)
    paths = (LOOKBACKS, f"{LOOKBACKS}/{key}", f"{LOOKBACKS}/{key}/hazards")
    for player, count in {"sun": 1, "li": 1, "qian": 1, "wu": 0}.items():
        phone = phone_of(cast.people[player])
        assert len(phone.get(paths[0]).json["items"]) == count
        assert [phone.get(path).status_code for path in paths[1:]] == [200 if count else 404] * 2
    # In the next town nothing of it lies.
    assert phone_of(cast.tang).get(f"{LOOKBACKS}/{key}").json["totals"]["candidates"] == 0


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"to": "2025-09-02"}, "/to"),
        ({"from": "2025-08-20"}, "/from"),
        ({"share": 0}, "/share"),
        ({"share": 1.5}, "/share"),
        ({"seed": ""}, "/seed"),
        ({"region": "37150"}, "/region"),
        ({"shar": 0.1}, "/shar"),
    ],
)
def test_a_draw_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast, clock, changed, pointer):
    clock.now = DRAWN_ON
    answer = drawn(phone_of, cast.sun, **changed)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_draw_without_a_seed_hangs_on_its_id(phone_of, cast, clock, cases):
    key = new_id()
    body = {"region": COUNTY}
    made = phone_of(cast.sun).put(f"{LOOKBACKS}/{key}", json=body)
    assert (made.json["seed"], made.json["share"]) == (str(key), 0.1)
    pages = phone_of(cast.sun).get(f"{LOOKBACKS}?limit=1").json
    assert [each["id"] for each in pages["items"]] == [str(key)]


def test_what_its_citizen_is_not_satisfied_with_is_drawn_unless_it_was_closed_anew_since(
    phone_of, cast, cases, session
):
    mended, merged, again = cases[0], cases[1], cases[3]
    hazards = {row.id: row for row in session.scalars(select(Hazard))}
    joined = Case(phone_of, cast.wang)
    joined.act(cast.feng, "accept")
    session.execute(
        update(Hazard).where(Hazard.id == joined.id).values(state="merged", merged_into_id=merged.id, due_at=None)
    )
    for number, (case, is_satisfied, days) in enumerate(
        [(mended, False, 1), (joined, False, 30), (again, False, -1), (cases[4], True, 1)]
    ):
        row = hazards.get(case.id) or session.scalars(select(Hazard).where(Hazard.id == case.id)).one()
        closed_at = row.closed_at or NOON + timedelta(days=1)
        session.add(
            PublicReport(
                id=new_id(),
                code=f"222222222{number}",
                hazard_id=row.id,
                is_joined=True,
                segment_id=row.segment_id,
                region_code=row.region_code,
                via="page",
                size=0,
                reported_at=NOON,
                is_satisfied=is_satisfied,
                answered_at=closed_at + timedelta(days=days),
            )
        )
    session.flush()
    key = new_id()
    made = drawn(phone_of, cast.sun, key=key, share=0.001)
    assert (made.json["rule"], made.json["totals"]["citizen"], made.json["totals"]["drawn"]) == ("sha256-2", 2, 4)
    rows = every(phone_of(cast.sun), f"{LOOKBACKS}/{key}/hazards")
    why = {row["id"]: row["why"] for row in rows}
    assert (why[str(mended.id)], why[str(merged.id)]) == ("citizen", "citizen")
    assert lookbacks.is_same(session, key)
