"""Points of citizens at a desk: found by a code, redeemed and corrected with a reason, taken as a file on record."""

from __future__ import annotations

import re

from sqlalchemy import select

from backend.models.changes import Record
from tests.api.points_cases import act, told, turn_on

POINTS = "/console/points"


def test_points_are_redeemed_and_corrected_at_a_code(app, desk_of, phone_of, cast, session):
    turn_on(phone_of(cast.jin))
    code, _, hazard = told(app, session)
    desk = desk_of(cast.sun)
    page = desk.get(POINTS).text
    assert "没有积分记录" in page
    act(phone_of(cast.feng), hazard, "accept")
    page = desk.get(POINTS).text
    assert "+10" in page
    assert code not in page
    assert desk.get(f"{POINTS}/find?code={code[:5]}-{code[5:]}").headers["Location"] == f"{POINTS}/{code}"
    assert desk.get(f"{POINTS}/find?code=2222222222").status_code == 404
    assert desk.get(f"{POINTS}/find").headers["Location"] == POINTS
    assert desk.get(f"{POINTS}/2222222222").status_code == 404
    assert desk.get(f"{POINTS}?from=never").status_code == 422

    form = {"id": re.findall(r'name="id" value="([^"]+)"', desk.get(f"{POINTS}/{code}").text)[0]}
    form |= {"deed": "redeem", "points": "4", "reason": "毛巾一条"}
    for wrong in ({"points": "许多"}, {"points": "0"}, {"reason": ""}):
        assert desk.submit(f"{POINTS}/{code}", **(form | wrong)).status_code == 422
    assert desk.submit(f"{POINTS}/{code}", **(form | {"points": "11"})).status_code == 409
    for _ in range(2):  # the button pressed twice
        assert desk.submit(f"{POINTS}/{code}", **form).status_code == 303
    undone = {"deed": "correct", "points": "－2", "reason": "误记"}
    assert desk.submit(f"{POINTS}/{code}", **undone).status_code == 303
    page = desk.get(f"{POINTS}/{code}").text
    assert "毛巾一条" in page
    assert "<b>4</b>" in page
    taken = desk.get(f"{POINTS}/export.csv?what=redeemed").get_data(as_text=True)
    assert "毛巾一条" in taken
    assert "误记" not in taken
    assert code not in taken
    kept = session.scalars(select(Record.body).where(Record.act == "export")).one()
    assert (kept["rows"], kept["said"]) == (1, {"事由": "兑换"})


def test_a_chief_looks_and_enters_nothing(app, desk_of, phone_of, cast, session):
    turn_on(phone_of(cast.jin))
    code, _, hazard = told(app, session)
    act(phone_of(cast.feng), hazard, "accept")
    chief = desk_of(cast.li)
    assert "记一笔" not in chief.get(f"{POINTS}/{code}").text
    assert chief.submit(f"{POINTS}/{code}", deed="redeem", points="1", reason="x").status_code == 403
