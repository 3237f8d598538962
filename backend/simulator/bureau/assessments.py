"""An assessment of the town's village chiefs over settled weeks, published, with an appeal and its decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from backend.simulator.bureau.cast import Cast
from backend.simulator.bureau.walks import span

_OFFICE = "office_clerk-2"
_DRAFTED = 3
"""Weeks of the draft: too few for anybody to be ranked, which is what a draft is looked at for."""


def play(cast: Cast, settle: Callable[[], None]) -> int:
    """Two assessments: one published with an appeal that was upheld, one a draft; how many.

    `settle` writes down what was owed, as the house does by night.
    """
    settle()
    begin, until = span(cast.today)
    last = until - timedelta(days=1)
    name = f"沙镇镇村级河长履职考核（{begin.month}月{begin.day}日至{last.month}月{last.day}日）"
    body = {"name": name, "posts": ["village_chief"], "from": str(begin), "until": str(until)}
    path = f"/assessments/{cast.name('assessment')}"
    cast[_OFFICE].do("PUT", path, body | {"region": cast.town})
    cast[_OFFICE].act(path, "publish")
    _appeal(cast, path)
    draft = {
        "name": f"沙镇镇村级河长履职考核（最近{_DRAFTED}周，初稿）",
        "region": cast.town,
        "posts": ["village_chief"],
    }
    draft |= {"from": str(until - timedelta(weeks=_DRAFTED)), "until": str(until)}
    cast[_OFFICE].do("PUT", f"/assessments/{cast.name('assessment draft')}", draft)
    return 2


def _appeal(cast: Cast, path: str) -> None:
    """A chief whose phone was broken has a paper; the office looks at it, and one figure changes."""
    (mine,) = cast["village_chief"].get(path)["mine"]
    figure = mine["indicators"]["patrols"]
    appeal = f"{path}/appeals/{cast.name('appeal')}"
    said = {"indicator": "patrols", "text": "有一周手机坏了，当天走过，村里有纸质巡河记录。"}
    cast["village_chief"].do("PUT", appeal, said)
    decided = {"ruling": "upheld", "reason": "核对村里纸质记录，当周确已巡河。"}
    right = {"hits": min(figure["hits"] + 1, figure["size"]), "size": figure["size"]}
    cast[_OFFICE].do("POST", f"{appeal}/decide", decided | right)
