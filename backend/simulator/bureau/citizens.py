"""Citizens: they report by the public pages, solve the puzzle, and follow by a code what becomes of their case."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from backend.simulator.bureau import pictures, points
from backend.simulator.bureau.cast import Cast
from backend.simulator.phones import Phone, ServerGone

_FORM = "application/x-www-form-urlencoded"
_REPORTS: tuple[tuple[str, float, str], ...] = (
    ("four_illegal.dump", 0.55, "桥东头堆了一车装修垃圾，下雨就往河里冲"),
    ("water.drift", 0.30, "闸前水葫芦和泡沫板漂了一大片"),
    ("four_illegal.occupy", 0.72, "河滩上有人用网围了一片养鸭子"),
    ("water.pollution", 0.42, "傍晚这段水有怪味"),
    ("flood.levee_defect", 0.86, "堤顶路面塌了一个坑，电动车差点掉进去"),
)
_TIDY = "已安排清运，现场已恢复"


def play(cast: Cast) -> int:
    """Five reports: one is cleared and closed, one mended, one accepted, one refused with its reason, one waits."""
    points.give(cast)
    citizen = Phone(cast.stage.url, "", "", cast.dice("citizen"), cast.stage.trust, "zh-CN")
    try:
        told = [_told(cast, citizen, *each) for each in _REPORTS]
    finally:
        citizen.close()
    (heap, code), (drift, _), (ducks, _), (smell, _), _ = told
    _clear(cast, heap, 0.55)
    cast.act("bureau_clerk", drift, "accept")
    cast.act("bureau_clerk", drift, "assign", person=cast.person("village_chief"), note="请组织河管员打捞")
    cast.act("village_chief", drift, "start")
    cast.act("bureau_clerk", ducks, "accept", note="已电话核实位置")
    cast.act("bureau_clerk", smell, "reject", note="经现场取水检测，水质正常，气味来自岸上堆肥，已请村里清理")
    points.redeem(cast, code)
    return len(told)


def _clear(cast: Cast, hazard: str, share: float) -> None:
    """Accepted, given out, cleared with a photo, looked at by other eyes, closed."""
    cast.act("bureau_clerk", hazard, "accept")
    unit = f"water_bureau-{cast.county}"
    given = cast.act("bureau_clerk", hazard, "assign", unit=unit, note="两日内清运")
    digest = cast["unit_liaison"].upload(pictures.bank(cast.dice("cleared"), heap=False))
    # A photo proves something when it was taken after the case was given out.
    at = datetime.fromisoformat(given["timeline"][-1]["at"]) + timedelta(seconds=1)
    shown = {"sha256": digest, "at": at.isoformat(), "location": cast.place(share)}
    cast.act("unit_liaison", hazard, "report_done", photos=[shown], note=_TIDY)
    cast.act("office_clerk-2", hazard, "verify", note="现场看过，已清干净")
    cast.act("bureau_clerk", hazard, "close")


def _told(cast: Cast, citizen: Phone, kind: str, share: float, text: str) -> tuple[str, str]:
    """Report it by the page; the hazard that it became, and the answer code."""
    status, answered = citizen.sent("GET", "/report/puzzle", None, {})
    if status != 200:
        raise ServerGone(f"/report/puzzle: {status}")
    puzzle = json.loads(answered)["puzzle"]
    form: dict[str, Any] = {"kind": kind, "description": text, "puzzle": puzzle, "answer": solved(puzzle)}
    form |= cast.place(share)
    status, page = citizen.sent("POST", "/report", urlencode(form).encode(), {"Content-Type": _FORM})
    shown = re.search(rb"/report/([a-z0-9-]+)", page)
    if status != 303 or shown is None:
        raise ServerGone(f"/report: {status} {page[:200]!r}")
    found = cast["bureau_clerk"].get("/hazards?source=public&limit=20")["items"]
    return next(each["id"] for each in found if text in each["description"]), shown[1].decode()


def solved(puzzle: str) -> int:
    """The first number that solves a puzzle: with it the digest begins with so many zero bits."""
    found = re.fullmatch(r"[0-9a-f]+\.(\d+)\..+", puzzle)
    if found is None:
        raise ServerGone(f"puzzle: {puzzle[:80]}")
    most = 1 << (256 - int(found[1]))
    hashes = (int.from_bytes(hashlib.sha256(f"{puzzle}:{each}".encode()).digest(), "big") for each in count())
    return next(number for number, each in enumerate(hashes) if each < most)
