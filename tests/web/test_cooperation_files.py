"""Lists of joint work at a desk: page by page, and as files with what became of each; the law takes its own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.makers import new_id
from tests.web.test_cooperation import PAGE, handed
from tests.web.test_exports import lines_of


@pytest.fixture
def meetings(phone_of: Any, cast: Any) -> list[str]:
    """Twenty-three of them; the oldest has two tasks."""
    feng, titles = phone_of(cast.feng), [f"第{number}次会商" for number in range(23)]
    for number, title in enumerate(titles):
        body: dict[str, Any] = {
            "region": "371502",
            "title": title,
            "place": "会议室",
            "at": "2025-07-01T09:00:00+08:00",
        }
        body |= {"minutes": "通报情况", "people": [str(cast.feng), str(cast.shen)], "tasks": []}
        if number == 0:
            body["tasks"] = [{"text": f"任务{each}", "due_on": "2025-07-20"} for each in (1, 2)]
        assert feng.put(f"/api/v1/joint-meetings/{new_id()}", json=body).status_code == 201
    feng.post(
        f"/api/v1/joint-meetings/{feng.get('/api/v1/joint-meetings?limit=50').json['items'][-1]['id']}/tasks/1/done"
    )
    return titles


def test_a_long_list_goes_on_on_the_next_page_and_the_others_stay(desk_of, cast, meetings):
    desk = desk_of(cast.feng)
    first = desk.get(f"{PAGE}?from=2025-01-01").text
    assert re.findall(r"<h3>([^<]+)</h3>", first) == meetings[:2:-1]
    (after,) = re.findall(r'<a class="button" href="([^"#]+)#joint-meetings" rel="next">', first)
    assert "from=2025-01-01" in after
    second = desk.get(after.replace("&amp;", "&")).text
    assert re.findall(r"<h3>([^<]+)</h3>", second) == meetings[2::-1]
    assert 'rel="next"' not in second
    assert desk.get(f"{PAGE}?clues=nonsense").status_code == 422


def test_meetings_are_taken_with_a_row_for_each_task(desk_of, cast, meetings):
    _, *rows = lines_of(desk_of(cast.feng).get(f"{PAGE}/joint-meetings.csv"))
    listed = [(row[0], row[4], row[6], bool(row[8])) for row in rows if row and "会商" in row[0]]
    assert len(listed) == len(meetings) + 1
    assert listed[-2:] == [
        ("第0次会商", "冯科员、沈警长", "任务1", True),
        ("第0次会商", "冯科员、沈警长", "任务2", False),
    ]


def test_what_goes_to_the_law_and_back_is_taken_with_its_answers(desk_of, phone_of, cast):
    case = handed(phone_of, cast, "police_chief")
    feng, clue = phone_of(cast.feng), f"/api/v1/clues/{new_id()}"
    asked = {"hazard": str(case.id), "return_on": "2025-07-20", "note": "请答复"}
    assert feng.put(clue, json=asked).status_code == 201
    assert phone_of(cast.shen).post(f"{clue}/answer", json={"text": "=已立案"}).status_code == 200
    for person in (cast.feng, cast.shen):
        rows = lines_of(desk_of(person).get(f"{PAGE}/clues.csv"))
        (row,) = [row for row in rows if "请答复" in row]
        assert row[:2] == ["移送公安、检察", "河道警长"]
        assert "'=已立案" in row, "a formula stays a text"
    assert "请答复" not in desk_of(cast.han).get(f"{PAGE}/clues.csv").data.decode("utf-8-sig")
    assert desk_of(cast.wang).get(f"{PAGE}/clues.csv").status_code == 403


def test_suggestions_and_walks_of_several_houses_are_taken(desk_of, phone_of, cast):
    case = handed(phone_of, cast, "prosecutor")
    said = {"hazard": str(case.id), "document": "东检建1号", "text": "建议清理", "urgent": True}
    assert phone_of(cast.han).put(f"/api/v1/suggestions/{new_id()}", json=said).status_code == 201
    joint: dict[str, Any] = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "查采砂船"}
    joint |= {"people": [str(cast.wang), str(cast.shen)]}
    assert phone_of(cast.feng).put(f"/api/v1/joint-patrols/{new_id()}", json=joint).status_code == 201
    desk = desk_of(cast.feng)
    assert any("东检建1号" in row for row in lines_of(desk.get(f"{PAGE}/suggestions.csv")))
    assert any(
        {"王村长、沈警长", "沈警长、王村长"} & set(row) for row in lines_of(desk.get(f"{PAGE}/joint-patrols.csv"))
    )
    assert desk.get(f"{PAGE}/joint-patrols.xlsx").status_code == 200
    page = desk_of(cast.sun).get("/console/audit/exports").text
    assert {"检察建议", "联合巡河"} <= set(re.findall(r"检察建议|联合巡河", page))
