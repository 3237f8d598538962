"""Joint work: a case from the police and back, on to the prosecutor and their suggestion; patrols and a meeting."""

from __future__ import annotations

from typing import Any

from backend.simulator.bureau import walks
from backend.simulator.bureau.cast import Cast


def play(cast: Cast) -> int:
    """Four clues, two suggestions, two patrols and two meetings; how many of all."""
    sand = _sand(cast)
    _suggested(cast, sand, answered=True)
    _waiting(cast)
    _patrols(cast)
    _meetings(cast)
    return 10


def _sand(cast: Cast) -> str:
    """The police find sand being taken; the bureau answers, hands the case over with a date, and gets it back."""
    hazard, clue = _clue_in(cast, "police_chief", "sand", "four_illegal.mine", "夜间有两条船在主槽抽砂", 0.35)
    cast.act("bureau_clerk", hazard, "accept")
    cast["bureau_clerk"].do("POST", f"{clue}/answer", {"text": "经核实该段未发放采砂许可，现场留有新鲜砂堆，已立案。"})
    cast.act("bureau_clerk", hazard, "transfer", post="police_chief", note="涉嫌非法采矿，移送公安")
    out = f"/clues/{cast.name('clue out')}"
    body = {"hazard": hazard, "return_on": str(cast.day(15)), "note": "请查明船主和销赃去向，于期限内书面答复。"}
    cast["bureau_clerk"].do("PUT", out, body)
    cast["police_chief"].do("POST", f"{out}/answer", {"text": "船主已查明，采砂量不足立案标准，移回行政处理。"})
    cast.act("police_chief", hazard, "hand_back", note="不足刑事立案标准，移回并建议公益诉讼")
    return hazard


def _suggested(cast: Cast, hazard: str, *, answered: bool) -> None:
    """The prosecutor suggests in writing what the bureau should do; one of the two is answered."""
    cast.act("bureau_clerk", hazard, "transfer", post="prosecutor", note="公益诉讼线索")
    number = 11 if answered else 12
    path = f"/suggestions/{cast.name(f'suggestion {number}')}"
    body = {
        "hazard": hazard,
        "document": f"东检行公建〔{cast.today.year}〕{number}号",
        "text": "经现场勘查和询问，建议依法责令恢复原状，并在该段建立夜间联合值守。",
        "urgent": not answered,
    }
    cast["prosecutor"].do("PUT", path, body)
    if answered:
        said = {"text": "已责令当事人回填平整，装设监控2处，联合值守至明年汛末。"}
        cast["office_clerk-2"].do("POST", f"{path}/reply", said)


def _waiting(cast: Cast) -> None:
    """The prosecutor's own clue, accepted and under a suggestion that waits; another of the police is not read yet."""
    hazard, _ = _clue_in(cast, "prosecutor", "pipe", "water.pollution", "暗管向河道排放乳白色废水", 0.48)
    cast.act("bureau_clerk", hazard, "accept")
    _suggested(cast, hazard, answered=False)
    _clue_in(cast, "police_chief", "net", "four_illegal.occupy", "河道内设置地笼和拦网", 0.9)


def _clue_in(cast: Cast, role: str, name: str, kind: str, text: str, share: float) -> tuple[str, str]:
    """A clue from the law with its hazard: the hazard, and the path of the clue."""
    hazard, path = cast.name(f"hazard {name}"), f"/clues/{cast.name(f'clue {name}')}"
    found = {"id": hazard, "kind": kind, "severity": "major", "location": cast.place(share), "description": text}
    cast[role].do("PUT", path, {"found": found, "return_on": str(cast.day(10)), "note": f"{text}，请核实后答复。"})
    return hazard, path


def _patrols(cast: Cast) -> None:
    """Yesterday three went together, of whom the chief's walk is known; another is planned."""
    walks.one(cast, "village_chief", cast.day(-1))
    people = [cast.person(role) for role in ("village_chief", "police_chief", "bureau_clerk")]
    for name, day, purpose in (("sand", -1, "联合查处夜间抽砂"), ("net", 4, "清理地笼拦网，现场普法")):
        body: dict[str, Any] = {"segment": cast.reach, "day": str(cast.day(day)), "purpose": purpose, "people": people}
        cast["bureau_clerk"].do("PUT", f"/joint-patrols/{cast.name(f'joint {name}')}", body)


def _meetings(cast: Cast) -> None:
    """The houses sat together twice; of the tasks some are done."""
    people = [cast.person(role) for role in ("county_chief", "police_chief", "prosecutor", "bureau_clerk")]
    for name, days, title, minutes, tasks, done in (
        (
            "first",
            -9,
            "“河湖长+警长+检察长”联席会议",
            "通报第三季度涉河案件5起；研究徒骇河沙镇段夜间抽砂问题；明确线索3日内双向移送。",
            (("在沙镇桥装设监控2处", 20), ("建立夜间值守排班表", -2), ("汇总移送线索台账", -5)),
            (2, 3),
        ),
        (
            "second",
            -1,
            "地笼拦网专项会商",
            "公安、检察、水利三方会商地笼拦网清理，先劝离后查处。",
            (("张贴限期自拆通告", 3), ("组织联合清理", 12)),
            (),
        ),
    ):
        path = f"/joint-meetings/{cast.name(f'meeting {name}')}"
        body: dict[str, Any] = {"region": cast.county, "title": title, "place": "区河长办会议室", "people": people}
        body |= {"at": cast.on(days, 15), "minutes": minutes}
        body |= {"tasks": [{"text": text, "due_on": str(cast.day(due))} for text, due in tasks]}
        cast["office_clerk-2"].do("PUT", path, body)
        for number in done:
            cast["office_clerk-2"].do("POST", f"{path}/tasks/{number}/done", {})
