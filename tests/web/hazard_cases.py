"""What tests of hazards at a desk share: forms as the open page shows them."""

from __future__ import annotations

import re

from tests.api.hazard_cases import Case
from tests.web.conftest import Desk

LIST = "/console/hazards"


def page_of(case: Case) -> str:
    return f"{LIST}/{case.id}"


def chosen(desk: Desk, case: Case) -> str:
    """The row of a hazard, as the box of the open list says it."""
    (value,) = re.findall(rf'name="hazard" value="({case.id} [^"]*)"', desk.text)
    return value.replace("&#34;", '"')


def hidden(desk: Desk, act: str) -> dict[str, str]:
    """What the form of an act carries unseen."""
    found = re.search(
        rf'name="action" value="{act}">(.*?)<label|name="action" value="{act}">(.*?)</form>', desk.text, re.S
    )
    assert found, f"no form for {act}"
    pairs = re.findall(r'name="(id|version|facts)" value="([^"]*)"', found[0])
    return {"action": act} | {name: value.replace("&#34;", '"') for name, value in pairs}


def act(desk: Desk, case: Case, name: str, **said):
    """Fill in and send the form of an act of the page that is open."""
    fields = {f"{name}-{field}": value for field, value in said.items() if field != "sure"}
    return desk.submit(
        f"{page_of(case)}/acts", **hidden(desk, name), **fields, **{"sure": "1"} if "sure" in said else {}
    )
