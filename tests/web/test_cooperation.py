"""Joint work at a desk: counted by place, and a suggestion answered."""

from __future__ import annotations

from tests.api.hazard_cases import Case
from tests.cast import COUNTY, NOON
from tests.makers import new_id

COOPERATION = "/console/cooperation"


def test_joint_work_is_counted_and_a_suggestion_answered(desk_of, phone_of, cast):
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "transfer", post="prosecutor", note="公益诉讼")
    one = new_id()
    said = {"hazard": str(case.id), "document": "东检建1号", "text": "建议清理"}
    assert phone_of(cast.han).put(f"/api/v1/suggestions/{one}", json=said).status_code == 201
    meeting = {
        "region": COUNTY,
        "title": "联席会议",
        "at": NOON.isoformat(),
        "minutes": "通报",
        "people": [str(cast.han)],
    }
    phone_of(cast.feng).put(f"/api/v1/joint-meetings/{new_id()}", json=meeting)
    joint = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "联合", "people": [str(cast.wang)]}
    phone_of(cast.feng).put(f"/api/v1/joint-patrols/{new_id()}", json=joint)
    desk = desk_of(cast.feng)
    page = desk.get(COOPERATION).text
    assert "东检建1号" in page
    assert "联席会议" in page
    assert desk.submit(f"{COOPERATION}/suggestions/{one}", text="").status_code == 422
    assert desk.submit(f"{COOPERATION}/suggestions/{one}", text="已清理").status_code == 303
    assert "已清理" in desk_of(cast.han).get(COOPERATION).text
    assert "古楼街道" in desk.get(f"{COOPERATION}/export.csv").get_data(as_text=True)
