"""Orders: a chief general's, a walk after a storm, a county's list, a letter of supervision."""

from __future__ import annotations

from typing import Any

from backend.simulator.bureau.cast import Cast


def play(cast: Cast) -> int:
    """Five orders; of each it is known who has read, signed and done it, and who has not. How many were given."""
    _general(cast)
    _storm(cast)
    _banks(cast)
    _county_list(cast)
    _supervision(cast)
    return 5


def _general(cast: Cast) -> None:
    """总河长令: to be signed by every county and town chief; two sign, one has only read it."""
    path = _given(
        cast,
        "city_chief",
        "general",
        kind="chief_order",
        wanted="sign",
        title="关于开展冬春河湖清洁行动的令",
        document=f"聊城市总河长令〔{cast.today.year}〕第2号",
        text="各县（市、区）、乡镇总河长：即日起至月底，集中清理河道垃圾、漂浮物和阻水障碍，建立问题清单，逐项销号。",
        to={"posts": ["county_chief", "town_chief"], "regions": [cast.account("city_chief")["region"]]},
        due_at=cast.on(3, 18),
    )
    for role, *said in (
        ("county_chief", "read", "sign"),
        ("town_chief", "read", "sign"),
        ("county_chief-2", "read"),
    ):
        for word in said:
            _say(cast, path, role, word)


def _storm(cast: Cast) -> None:
    """巡查指令: every village chief of the town walks; two have read it, one of them signed."""
    order = cast.name("order storm")
    cast["town_chief"].do("POST", "/orders/after-storm", {"id": order, "is_safe_to_patrol": True})
    path = f"/orders/{order}"
    _say(cast, path, "village_chief", "sign")
    _say(cast, path, "village_chief-2", "read")


def _banks(cast: Cast) -> None:
    """A patrol order whose answer is a report or a word: one found something, one nothing, the others are silent."""
    path = _given(
        cast,
        "town_chief",
        "banks",
        kind="patrol",
        wanted="report",
        title="排查堤顶路面塌陷",
        document=f"沙镇河长令〔{cast.today.year}〕6号",
        text="群众反映堤顶路面有塌坑，请各村级河长对本段堤顶逐米排查，有问题上报，没有问题也要回复。",
        to={"posts": ["village_chief"], "regions": [cast.town]},
        due_at=cast.on(1, 18),
    )
    report = {
        "kind": "flood.levee_defect",
        "severity": "ordinary",
        "location": cast.place(0.84),
        "description": "堤顶塌坑约半米见方，已立警示桩",
        "observed_at": cast.at(),
    }
    cast["village_chief"].do("PUT", f"/hazards/{cast.name('hazard banks')}", report)
    _say(cast, path, "village_chief", "answer", text="发现塌坑一处，已上报并立警示桩。")
    _say(cast, path, "village_chief-2", "answer", text="全段走完，没有发现塌陷。")


def _county_list(cast: Cast) -> None:
    """一县一单: the chief of a county answers it."""
    path = _given(
        cast,
        "city_chief",
        "list",
        kind="county_list",
        wanted="answer",
        title="东昌府区河湖突出问题清单",
        document=f"聊河办〔{cast.today.year}〕14号",
        text="一、徒骇河沙镇段滩地违规围网；二、新金线河两岸垃圾反弹；三、3处公示牌信息过期。请逐条整改并回复。",
        to={"regions": [cast.county]},
        due_at=cast.on(20, 18),
    )
    _say(cast, path, "county_chief", "answer", text="三项问题均已列入台账，围网已拆除，其余两项本月底前完成。")


def _supervision(cast: Cast) -> None:
    """督办函: to one town chief by name, who has not even read it."""
    _given(
        cast,
        "county_chief",
        "supervision",
        kind="supervision",
        wanted="answer",
        title="督办：公示牌信息未更新",
        document=f"东昌河督〔{cast.today.year}〕9号",
        text="你镇2块公示牌河长信息与现任不符，请5日内更换并报照片。",
        to={"people": [cast.person("town_chief-2")]},
        due_at=cast.on(5, 18),
    )


def _given(cast: Cast, role: str, name: str, **body: Any) -> str:
    path = f"/orders/{cast.name(f'order {name}')}"
    cast[role].do("PUT", path, body)
    return path


def _say(cast: Cast, path: str, role: str, said: str, **more: str) -> None:
    word = cast.name(f"word {path} {role} {said}")
    cast[role].do("PUT", f"{path}/words/{word}", {"said": said, "at": cast.at()} | more)
