"""Spot checks at a desk: drawn in secret, written down, and shown."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from tests.api.test_lookbacks import closed
from tests.cast import COUNTY, LINE, NEXT_TOWN, NOON, TOWN, VILLAGE
from tests.makers import new_id, patrol_body
from tests.pictures import GOOD
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
    said = {"id": draw_id, "region": COUNTY, "strata": "segments/class", "each": "1", "seed": "夏"}
    assert desk.submit(INSPECTIONS, **(said | {"each": "很多"})).status_code == 422
    assert 'href="#f-strata"' in desk.submit(INSPECTIONS, **(said | {"strata": "其他"})).text
    assert desk.submit(INSPECTIONS, **said).headers["Location"] == f"{INSPECTIONS}/{draw_id}?kept=console.did.draw"
    path = f"{INSPECTIONS}/{draw_id}"
    page = desk.get(path).text
    assert "未公开" in page
    assert "<dd>按层级</dd>" in page
    assert "重抽结果一致" in desk.get(f"{path}/again").text
    assert "还有 3 处没有写检查记录" in page
    assert "<button>检查完毕，公开结果</button>" in page
    one = {"at": "2025-07-02T11:00", "note": "堤脚渗水", "kind-0": "flood.seepage", "severity-0": "major"}
    one |= {"description-0": "渗水三米"}
    assert desk.get(f"{path}/record?place=9").status_code == 404
    assert desk.get(f"{path}/record?place=x").status_code == 404
    assert desk.submit(f"{path}/record", place="0", **(one | {"note": ""})).status_code == 422
    for place in "012":
        assert f'href="{path}/record?place={place}"' in desk.get(path).text
        assert desk.get(f"{path}/record?place={place}").status_code == 200
        assert desk.submit(f"{path}/record", place=place, **one).status_code == 303
        assert desk.get(f"{path}/record?place={place}").status_code == 302
    page = desk.get(path).text
    assert "没有写检查记录" not in page
    assert '<button class="main">检查完毕，公开结果</button>' in page
    assert desk.submit(f"{path}/finish").status_code == 303
    assert "已公开" in desk.get(INSPECTIONS).text
    alone = one | {"segment": "TUHAI-371502-002", "lon": "115.98", "lat": "36.4333"}
    assert desk.submit(f"{INSPECTIONS}/findings", **(alone | {"lon": "东"})).status_code == 422
    assert desk.submit(f"{INSPECTIONS}/findings", **alone).status_code == 303
    page = desk.get(f"{INSPECTIONS}/findings?unseen=true").text
    assert page.count("渗水三米") == 4
    assert "渗水三米" in desk.get(f"{INSPECTIONS}/findings/export.csv").get_data(as_text=True)
    assert "堤脚渗水" in desk.get(f"{path}/export.csv").get_data(as_text=True)


def test_yesterdays_visit_is_written_up_with_place_and_photos_and_leads_to_the_hazard_that_came_of_it(
    desk_of, phone_of, cast
):
    path, desk = drawn(phone_of, cast, "segments"), desk_of(cast.sun)
    form = desk.get(f"{path}/record?place=0").text
    assert 'name="at" type="datetime-local" value="2025-07-02T12:00"' in form
    said = dict(re.findall(r'name="(id|id-0|place)" value="([^"]+)"', form))
    said |= {"at": "2025-07-01T16:30", "note": "堤脚渗水", "kind-0": "flood.seepage", "severity-0": "major"}
    said |= {"lon": "115.98", "lat": "36.4333"}
    wrong = desk.submit(f"{path}/record", **said, **{"description-0": ""}, photos=(io.BytesIO(b"none"), "a.jpg"))
    assert (wrong.status_code, 'href="#f-photos"' in wrong.text) == (422, True)
    later = desk.submit(f"{path}/record", **(said | {"at": "2025-07-03T16:30"}), photos=(io.BytesIO(GOOD), "a.jpg"))
    assert (later.status_code, 'href="#f-at"' in later.text) == (422, True)
    assert "堤脚渗水</textarea>" in later.text, "what was typed is kept"
    (photo,) = re.findall(r'name="photo" value="([0-9a-f]{64})"', later.text)
    east = desk.submit(f"{path}/record", **(said | {"lon": "东"}), **{"description-0": "渗水三米"}, photo=photo)
    assert re.findall(r'href="#f-([a-z]+)"', east.text).count("location") == 1
    assert desk.submit(f"{path}/record", **said, **{"description-0": "渗水三米"}, photo=photo).status_code == 303
    assert desk.submit(f"{path}/record", **said, **{"description-0": "渗水三米"}, photo=photo).status_code == 303

    page = desk.get(path).text
    assert "昨天 16:30" in page
    assert '<a href="/console/map?at=16/36.43330/115.98000">' in page
    assert f'<a href="/console/photos/{photo}">照片 1</a>' in page
    (hazard,) = re.findall(r'查出的问题： <a class="name" href="/console/hazards/([0-9a-f-]+)">', page)
    assert hazard == said["id-0"]
    case = phone_of(cast.sun).get(f"/api/v1/hazards/{hazard}").json
    assert [each["sha256"] for each in case["photos"]] == [photo]
    assert case["observed_at"] == "2025-07-01T16:30:00+08:00"
    (record,) = phone_of(cast.sun).get("/api/v1/inspections").json["items"]
    assert record["location"] == {"lon": 115.98, "lat": 36.4333}
    assert desk.get(f"/console/photos/{photo}").status_code == 200


def test_a_visit_finds_as_many_things_as_there_are_and_each_becomes_a_hazard(desk_of, phone_of, cast):
    path, desk = drawn(phone_of, cast, "segments"), desk_of(cast.sun)
    said = dict(re.findall(r'name="(id|id-0|place)" value="([^"]+)"', desk.get(f"{path}/record?place=0").text))
    said |= {"at": "2025-07-02T11:00", "note": "两处不好", "kind-0": "flood.seepage", "severity-0": "major"}
    said |= {"description-0": "渗水三米"}
    more = desk.submit(f"{path}/record", **said, step="more", photos=(io.BytesIO(GOOD), "a.jpg"))
    assert (more.status_code, "渗水三米</textarea>" in more.text) == (200, True)
    (photo,) = re.findall(r'name="photo" value="([0-9a-f]{64})"', more.text)
    said |= dict(re.findall(r'name="(id-1)" value="([^"]+)"', more.text))
    said |= {"kind-1": "four_illegal.dump", "severity-1": "huge", "description-1": "一车垃圾", "photo": photo}
    wrong = desk.submit(f"{path}/record", **said, step="keep")
    assert (wrong.status_code, re.findall(r'href="#f-([a-z0-9-]+)"', wrong.text)) == (422, ["severity-1"])
    twice = desk.submit(f"{path}/record", **(said | {"severity-1": "minor", "id-1": said["id-0"]}), step="keep")
    assert (twice.status_code, re.findall(r'href="#f-([a-z0-9-]+)"', twice.text)) == (422, ["kind-1"])
    nameless = desk.submit(f"{path}/record", **(said | {"kind-1": "", "severity-1": "minor"}), step="keep")
    assert (nameless.status_code, re.findall(r'href="#f-([a-z0-9-]+)"', nameless.text)) == (422, ["kind-1"])
    assert "一车垃圾</textarea>" in nameless.text

    assert desk.submit(f"{path}/record", **(said | {"severity-1": "minor"}), step="keep").status_code == 303
    (record,) = phone_of(cast.sun).get("/api/v1/inspections").json["items"]
    assert {each["id"]: each["kind"] for each in record["findings"]} == {
        said["id-0"]: "flood.seepage",
        said["id-1"]: "four_illegal.dump",
    }
    assert {row[-1] for row in lines_of(desk.get(f"{path}/export.csv"))[1:] if "两处不好" in row} == {"渗水、乱堆"}


def test_somewhere_unannounced_the_form_takes_twenty_findings_at_most(desk_of, cast):
    desk, said = desk_of(cast.sun), {f"kind-{number}": "" for number in range(20)}
    page = desk.submit(f"{INSPECTIONS}/findings", step="more", **dict(list(said.items())[:19])).text
    assert (page.count('<select id="f-kind-'), 'value="more"' in page) == (20, False)
    assert desk.submit(f"{INSPECTIONS}/findings", step="more", **said).text.count('<select id="f-kind-') == 20


def test_a_draw_is_made_for_a_place_of_ones_own_by_name_and_its_strata_are_called_by_what_they_are(desk_of, cast):
    desk = desk_of(cast.sun)
    page = desk.get(INSPECTIONS).text
    offered = re.findall(r'<option value="(3715\d*)"', page)
    assert offered == [COUNTY, TOWN, NEXT_TOWN]
    below = desk.submit(INSPECTIONS, region=TOWN, strata="patrols/class", each="3", step="below").text
    assert f'<option value="{TOWN}" selected>' in below
    assert f'<option value="{VILLAGE}">　　兴华村' in below
    strata = dict(re.findall(r'<option value="((?:segments|patrols|hazards)/[a-z]+)"[^>]*>([^<]+)<', page))
    assert strata["segments/class"] == "河段 · 按层级"
    assert strata["patrols/class"] == "巡河记录 · 按结论"
    assert strata["hazards/class"] == "已销号问题 · 按类别"


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
