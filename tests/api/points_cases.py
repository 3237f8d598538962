"""Points of citizens as stories tell them: reports with their codes, acts of the office, deeds of clerks."""

from __future__ import annotations

import re

from sqlalchemy import select

from backend.models.public_reports import PublicReport
from tests.cast import NOON
from tests.makers import new_id
from tests.web.test_public_reports import Citizen

POINTS = "/api/v1/points"
PHONE = "13800001234"


def turn_on(administrator):
    """Points are on: 10 for a report."""
    said = {"body": {"is_on": True}, "valid_from": NOON.isoformat(), "reason": "试行办法"}
    assert administrator.post("/api/v1/rules/points", json=said).status_code == 201


def act(office, hazard, action, **said):
    """An act of the office on a hazard, sent twice, as whoever got no answer sends it."""
    path, body = f"/api/v1/hazards/{hazard}", {"id": str(new_id()), "action": action} | said
    for _ in range(2):
        answer = office.post(f"{path}/actions", json=body, headers={"If-Match": office.get(path).headers["ETag"]})
        assert answer.status_code == 200, answer.text


def told(app, session, number=1, **said):
    """A report: its code, its page, and its hazard."""
    zhou = Citizen(app, f"10.0.0.{number}")
    answer = zhou.tell(description=f"第 {number} 处", **said)
    code = re.findall(r"/report/(\w+)", answer.location)[0]
    hazard = session.scalars(select(PublicReport.hazard_id).where(PublicReport.code == code)).one()
    return code, zhou.get(answer.location.partition("?")[0]).text, hazard


def deed(office, code, **said):
    """Something that a clerk enters at a code."""
    body = {"code": code, "deed": "redeem", "points": 10, "reason": "毛巾一条"} | said
    return office.put(f"{POINTS}/deeds/{new_id()}", json=body)
