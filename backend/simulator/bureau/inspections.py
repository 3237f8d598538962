"""Spot checks: reaches, walks and closed cases are drawn and looked at; some findings no chief had seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.simulator.bureau import pictures
from backend.simulator.bureau.cast import Cast

_OFFICE = "office_clerk-2"


def play(cast: Cast) -> int:
    """Three draws, one of them done, and a visit that was not drawn; how many records there are."""
    _told_before(cast)
    return _of_reaches(cast) + _of_walks(cast) + _of_cases(cast) + _unannounced(cast)


def _told_before(cast: Cast) -> None:
    """What a chief reported four days ago, and inspectors find, too."""
    report = {
        "kind": "four_illegal.build",
        "severity": "ordinary",
        "location": cast.place(0.2),
        "description": "堤脚新搭了一间简易板房",
        "observed_at": cast.on(-4, 8),
    }
    cast["village_chief"].do("PUT", f"/hazards/{cast.name('hazard told before')}", report)


def _of_reaches(cast: Cast) -> int:
    """A reach of each town and level of the county; so far three were visited, one of them with a finding."""
    path = _drawn(cast, "reaches", region=cast.county, of="segments", by="region", each=1)
    places = [each["place"] for each in _targets(cast, path)][:3]
    notes = ("河面干净，公示牌完好", "岸坡种了菜，堤脚有渗水痕迹", "拦河网后有少量漂浮物，已当场打捞")
    for number, (place, note) in enumerate(zip(places, notes, strict=False)):
        found = []
        if number == 1:
            segment = next(each for each in _targets(cast, path) if each["place"] == place)["segment"]["code"]
            found = [_finding(cast, "seepage", "flood.seepage", "堤脚渗水约3米，水清", segment=segment)]
        _seen(cast, f"reach {number}", note, draw=path.rpartition("/")[2], place=place, findings=found)
    return len(places)


def _of_walks(cast: Cast) -> int:
    """Walks of the town's chiefs: all that were drawn were gone after, and those who were inspected see it."""
    path = _drawn(cast, "walks", region=cast.town, of="patrols", by="class", each=4)
    targets = _targets(cast, path)
    for each in targets:
        note = "轨迹与现场脚印、村民说法一致" if each["place"] % 3 else "轨迹属实，但沿线2处垃圾没有上报"
        _seen(cast, f"walk {each['place']}", note, draw=path.rpartition("/")[2], place=each["place"])
    cast[_OFFICE].do("POST", f"{path}/finish", {})
    return len(targets)


def _of_cases(cast: Cast) -> int:
    """Closed cases of the county: drawn, and nobody has been there yet."""
    _drawn(cast, "cases", region=cast.county, of="hazards", by="class", each=5)
    return 0


def _unannounced(cast: Cast) -> int:
    """On the reach of the examples: one finding the chief had reported, one nobody had, with a photo."""
    picture = pictures.bank(cast.dice("inspection"), heap=True)
    shown = {"sha256": cast["bureau_clerk"].upload(picture), "at": cast.at(hours=-1), "location": cast.place(0.63)}
    found = [
        _finding(cast, "hut", "four_illegal.build", "堤脚简易板房一间，约15平方米", location=cast.place(0.2)),
        _finding(cast, "heap", "four_illegal.dump", "桥下建筑垃圾两车", location=cast.place(0.63), photos=[shown]),
    ]
    body = {"segment": cast.reach, "location": cast.place(0.6), "photos": [shown], "findings": found}
    _seen(cast, "unannounced", "未打招呼，直接到现场；沿堤走了全段，问题两处", role="bureau_clerk", **body)
    return 1


def _drawn(cast: Cast, name: str, **body: Any) -> str:
    path = f"/spot-draws/{cast.name(f'draw {name}')}"
    cast[_OFFICE].do("PUT", path, body | {"seed": f"{cast.today.year}年{cast.today.month}月抽查"})
    return path


def _targets(cast: Cast, path: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = cast[_OFFICE].get(f"{path}/targets?limit=100")["items"]
    return found


def _finding(cast: Cast, name: str, kind: str, text: str, **where: Any) -> dict[str, Any]:
    return {"id": cast.name(f"finding {name}"), "kind": kind, "severity": "ordinary", "description": text} | where


def _seen(cast: Cast, name: str, note: str, *, role: str = _OFFICE, **body: Any) -> None:
    path = f"/inspections/{cast.name(f'inspection {name}')}"
    hours = 0 if "draw" in body else -1  # nobody goes where it has not been drawn yet
    cast[role].do("PUT", path, {"at": cast.at(hours=hours), "note": note} | body)
