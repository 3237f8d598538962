"""A campaign (专项行动) in the town: most chiefs answer that they found nothing, one did, some are silent."""

from __future__ import annotations

from typing import Any

from backend.simulator.bureau.cast import Cast

_OFFICE = "office_clerk-2"
_FINDER = 1
"""The walker who finds something."""
_SILENT = 0.25


def play(cast: Cast) -> int:
    """One campaign of ten days, and the answers to it; how many answers."""
    path, today = f"/campaigns/{cast.name('campaign')}", cast.today
    order: dict[str, Any] = {
        "name": "汛后防洪隐患大排查",
        "document": f"东河办〔{today.year}〕{today.timetuple().tm_yday}号",
        "text": "逐河段排查堤顶、堤坡、穿堤涵闸和河道阻水物，没有发现问题的也要零报告。",
        "regions": [cast.town],
        "kinds": ["flood", "four_illegal"],
        "deadline": cast.on(10, 18),
    }
    cast[_OFFICE].do("PUT", path, order)
    dice, answered = cast.dice("campaign"), 0
    for number in range(len(cast.walkers)):
        if number != _FINDER and dice.random() < _SILENT:
            continue
        _answer(cast, path, number)
        answered += 1
    return answered


def _answer(cast: Cast, path: str, number: int) -> None:
    """With what was found on the reach, or that it was nothing."""
    phone = cast.walker(number)
    segment = phone.get("/me")["segments"][0]["code"]
    said: dict[str, Any] = {"segment": segment, "found": number == _FINDER, "at": cast.at(minutes=-number)}
    if number == _FINDER:
        hazard, here = cast.name("campaign hazard"), cast.line(phone, segment).interpolate(0.4, normalized=True)
        found: dict[str, Any] = {
            "kind": "flood.obstruction",
            "severity": "major",
            "description": "河道里倒了三棵杨树，挡水",
        }
        found |= {"location": {"lon": round(here.x, 6), "lat": round(here.y, 6)}, "observed_at": cast.at(minutes=-9)}
        phone.do("PUT", f"/hazards/{hazard}", found)
        said["hazards"] = [hazard]
    phone.do("PUT", f"{path}/answers/{cast.name(f'campaign {number}')}", said)
