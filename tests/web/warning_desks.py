"""What tests of the pages of warnings share: what somebody types, and a draft."""

from __future__ import annotations

from typing import Any

from tests.cast import TOWN
from tests.makers import new_id
from tests.web.conftest import Desk

BASE = "/console/warnings"


def form(**said: Any) -> dict[str, Any]:
    """What the duty officer types at two in the morning."""
    return {
        "id": str(new_id()),
        "level": "red",
        "headline": "徒骇河超警戒",
        "instruction": "立即上堤巡查",
        "regions": [TOWN],
        "posts": ["village_chief", "town_chief"],
    } | said


def drafted(desk: Desk, **said: Any) -> str:
    """A draft that was written at the desk: its address."""
    desk.get(f"{BASE}/new")
    kept = desk.submit(f"{BASE}/new", step="keep", **form(**said))
    assert kept.status_code == 303, kept.text
    return str(kept.headers["Location"]).partition("?")[0]
