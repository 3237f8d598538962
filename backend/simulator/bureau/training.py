"""Training: one that is over, one that goes on with a code on the screen and a quiz, and one that is planned."""

from __future__ import annotations

from typing import Any

from backend.simulator.bureau.cast import Cast
from backend.simulator.phones import ServerGone

_QUIZ = {
    "questions": [
        {"text": "村级河长多久巡河一次？", "choices": ["每周", "每月", "每季度"], "right": [0]},
        {"text": "下面哪些属于“四乱”？", "choices": ["乱占", "乱采", "乱停", "乱堆"], "right": [0, 1, 3]},
        {"text": "巡河时发现险情，先做什么？", "choices": ["拍照上报", "自己下水", "等明天"], "right": [0]},
    ],
    "pass_mark": 2,
}
_OFFICE = "office_clerk-2"


def play(cast: Cast) -> int:
    """Three sessions; how many."""
    _over(cast)
    _now(cast)
    _planned(cast)
    return 3


def _over(cast: Cast) -> None:
    """Eleven days ago: the clerk ticked off who had signed the paper."""
    path = _held(
        cast,
        "over",
        title="秋季巡河与问题上报培训",
        place="沙镇镇政府二楼会议室",
        teacher="区水利局 杨工",
        begins_at=cast.on(-11, 9),
        ends_at=cast.on(-11, 11, 30),
        hours=2.5,
        posts=["town_chief", "village_chief", "warden"],
        regions=[cast.town],
        text="一、巡河要求和路线；二、现场拍照与问题分类；三、常见的不合格记录。",
    )
    dice = cast.dice("training")
    asked = [each["person"]["id"] for each in cast[_OFFICE].get(f"{path}/people?limit=100")["items"]]
    there = [each for each in asked if dice.random() < 0.75]
    cast[_OFFICE].do("POST", f"{path}/attendance", {"there": there})


def _now(cast: Cast) -> None:
    """Begun a while ago: three scan the code, one passes the quiz, one does not."""
    path = _held(
        cast,
        "now",
        title="汛后隐患排查培训",
        place="沙镇镇党群服务中心",
        teacher="区应急管理局 刘科长",
        begins_at=cast.at(minutes=-40),
        ends_at=cast.at(minutes=80),
        hours=2,
        posts=["town_chief", "village_chief"],
        regions=[cast.town],
        text="看图认隐患：渗水、管涌、塌坑、涵闸漏水。课后现场答题。",
        location=cast.place(0.5),
        quiz=_QUIZ,
    )
    for role, answers in (
        ("village_chief", [[0], [0, 1, 3], [0]]),
        ("village_chief-2", [[1], [0, 1, 3], [2]]),
        ("town_chief", None),
    ):
        _scan(cast, path, role)
        if answers is not None:
            cast[role].do("POST", f"{path}/quiz", {"answers": answers})


def _scan(cast: Cast, path: str, role: str) -> None:
    """Read the code from the screen, and once more where it was over when it came: it is another every 20 seconds."""
    phone, here = cast[role], {"location": cast.place(0.5), "accuracy_m": 15}
    for is_last in (False, False, True):
        code = cast[_OFFICE].get(f"{path}/code")["code"]
        try:
            phone.do("POST", "/trainings/attend", {"code": code} | here)
        except ServerGone:
            if is_last:
                raise
        else:
            return


def _planned(cast: Cast) -> None:
    """In twelve days, for everybody who walks in the county."""
    _held(
        cast,
        "planned",
        title="年度河长制业务培训",
        place="东昌府区委党校报告厅",
        teacher="市河长办 周主任",
        begins_at=cast.on(12, 9),
        ends_at=cast.on(12, 16, 30),
        hours=6,
        posts=["county_chief", "town_chief", "village_chief", "warden"],
        regions=[cast.county],
        text="上午讲政策和考核办法，下午分组讨论。请带手机。",
    )


def _held(cast: Cast, name: str, **body: Any) -> str:
    path = f"/trainings/{cast.name(f'training {name}')}"
    cast[_OFFICE].do("PUT", path, body)
    return path
