"""Spot checks at a desk: drawn in secret, written down, and shown."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.api.test_lookbacks import closed
from tests.cast import COUNTY, LINE, NOON
from tests.makers import new_id, patrol_body
from tests.web.test_exports import lines_of

INSPECTIONS = "/console/inspections"


def drawn(phone_of, cast, of):
    """The page of a draw of everything that there is."""
    said = {"region": COUNTY, "of": of, "by": "class", "each": 9, "seed": "夏"}
    made = phone_of(cast.sun).put(f"/api/v1/spot-draws/{new_id()}", json=said).json
    return f"{INSPECTIONS}/{made['id']}"


def test_a_draw_is_made_inspected_and_shown(desk_of, cast):
    desk = desk_of(cast.sun)
    draw_id = re.findall(r'name="id" value="([^"]+)"', desk.get(INSPECTIONS).text)[0]
    said = {"id": draw_id, "region": COUNTY, "of": "segments", "by": "region", "each": "1", "seed": "夏"}
    assert desk.submit(INSPECTIONS, **(said | {"each": "很多"})).status_code == 422
    assert desk.submit(INSPECTIONS, **said).headers["Location"] == f"{INSPECTIONS}/{draw_id}?kept=console.did.draw"
    page = desk.get(f"{INSPECTIONS}/{draw_id}").text
    assert "未公开" in page
    assert "重抽结果一致" in desk.get(f"{INSPECTIONS}/{draw_id}/again").text
    one = {"place": "0", "at": "2025-07-02T11:00", "note": "堤脚渗水", "kind": "flood.seepage", "severity": "major"}
    one |= {"segment": re.findall(r'name="segment" value="([^"]+)"', page)[0], "description": "渗水三米"}
    assert desk.submit(f"{INSPECTIONS}/{draw_id}/record", **(one | {"note": ""})).status_code == 422
    assert desk.submit(f"{INSPECTIONS}/{draw_id}/record", **one).status_code == 303
    assert desk.submit(f"{INSPECTIONS}/{draw_id}/finish").status_code == 303
    assert "已公开" in desk.get(INSPECTIONS).text
    alone = one | {"segment": "TUHAI-371502-002", "lon": "115.98", "lat": "36.4333"}
    assert desk.submit(f"{INSPECTIONS}/findings", **(alone | {"lon": "东"})).status_code == 422
    assert desk.submit(f"{INSPECTIONS}/findings", **alone).status_code == 303
    page = desk.get(f"{INSPECTIONS}/findings?unseen=true").text
    assert page.count("渗水三米") == 2
    assert "渗水三米" in desk.get(f"{INSPECTIONS}/findings/export.csv").get_data(as_text=True)
    assert "堤脚渗水" in desk.get(f"{INSPECTIONS}/{draw_id}/export.csv").get_data(as_text=True)


def test_walks_that_were_drawn_are_told_apart_by_walker_day_and_verdict(desk_of, phone_of, cast):
    walks = {new_id(): metres for metres in (900.0, 60.0)}
    for walk, metres in walks.items():
        body = patrol_body(LINE, metres=metres, started_at=NOON - timedelta(hours=5 if metres > 100 else 2))
        assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=body).status_code == 201
    path, desk = drawn(phone_of, cast, "patrols"), desk_of(cast.sun)
    page = desk.get(path).text
    for walk in walks:
        assert f'<a class="name" href="/console/patrols/{walk}">王村长</a>' in page
    assert all(word in page for word in ("今天 07:00", "今天 10:00", "算数", "不算数"))
    headings, *rows = lines_of(desk.get(f"{path}/export.csv"))
    assert headings[1:5] == ["巡河人", "职务", "巡河时间", "结论"]
    assert sorted(row[1:5] for row in rows[:2]) == [
        ["王村长", "村级河长", "2025-07-02 07:00:00", "算数"],
        ["王村长", "村级河长", "2025-07-02 10:00:00", "不算数"],
    ]


def test_cases_that_were_drawn_are_told_apart_by_class_and_the_day_they_were_closed(desk_of, phone_of, cast, clock):
    case = closed(phone_of, cast, clock)
    path, desk = drawn(phone_of, cast, "hazards"), desk_of(cast.sun)
    page = desk.get(path).text
    assert f'<a class="name" href="/console/hazards/{case.id}">乱堆</a>' in page
    assert "桥下有一堆建筑垃圾" in page
    assert "今天 12:00" in page
    _, row, *_ = lines_of(desk.get(f"{path}/export.csv"))
    assert row[1:5] == ["乱堆", "一般", "2025-07-02 12:00:00", "桥下有一堆建筑垃圾"]


def test_reaches_that_were_drawn_say_who_answers_for_them(desk_of, phone_of, cast):
    path, desk = drawn(phone_of, cast, "segments"), desk_of(cast.sun)
    page = desk.get(path).text
    assert "唐镇长" in page
    assert "没有河长" in page
    assert "陈村长" in {row[1] for row in lines_of(desk.get(f"{path}/export.csv")) if len(row) > 1}
