"""Whoever was called finds it on the first page of the console, and answers there for themselves alone."""

from __future__ import annotations

import re

import pytest

from tests.api.warning_cases import Night
from tests.counting import MOST, questions
from tests.makers import new_id
from tests.web.warning_desks import BASE


@pytest.mark.parametrize("name", ["li", "wang"])
def test_whoever_was_called_finds_it_on_the_first_page_and_answers_there(desk_of, night: Night, name):
    warning = night.red()
    night.at(1)
    desk = desk_of(night.cast.people[name])
    with questions() as asked:
        first = desk.get("/console/").text
    assert len(asked) <= MOST
    assert "叫应我的，等我应答" in first
    (address,) = set(re.findall(r'href="(/console/warnings/callouts/[0-9a-f-]+)"', first))
    page = desk.get(address)
    assert page.status_code == 200
    assert "代为应答" not in page.text
    answer = {"id": str(new_id()), "note": "已上堤"}
    assert desk.submit(f"{address}/own", **answer).status_code == 422
    assert desk.submit(f"{address}/own", status="acting", **answer).status_code == 303
    assert "等我应答" not in desk.get("/console/").text
    assert night.callout(warning, name)["answers"][0]["how"] == "app"


def test_nobody_answers_as_somebody_else(desk_of, night: Night):
    warning = night.red()
    night.at(1)
    other = night.roll(warning)["wang"]["id"]
    desk = desk_of(night.cast.zhao)
    desk.get("/console/")
    said = {"id": str(new_id()), "status": "acting", "note": ""}
    assert desk.submit(f"{BASE}/callouts/{other}/own", **said).status_code == 404
    assert night.callout(warning, "wang")["answers"] == []
