"""Spot checks at a desk: drawn in secret, written down, and shown."""

from __future__ import annotations

import re

from tests.cast import COUNTY

INSPECTIONS = "/console/inspections"


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
