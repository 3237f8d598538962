"""Duty at a desk: who is behind, and how few questions that takes."""

from __future__ import annotations

import pytest

from tests.api.campaign_cases import six_segments
from tests.cast import COUNTY, LINE
from tests.counting import MOST, questions
from tests.makers import new_id, patrol_body

DUTIES = "/console/duties"


@pytest.mark.parametrize("query", ["", "?all=1", f"?region={COUNTY}&day=2025-07-28"])
def test_the_page_takes_few_questions_whatever_periods_its_posts_have(desk_of, cast, session, keyring, query):
    six_segments(session, cast, keyring)
    desk = desk_of(cast.qian)
    with questions() as asked:
        page = desk.get(f"{DUTIES}{query}")
    assert page.status_code == 200
    assert "王村长" in page.text
    assert len(asked) <= MOST, "\n".join(asked)


def test_the_one_behind_is_found_at_once_among_those_who_have_walked(phone_of, cast):
    for chief, reach, from_m in (
        ("zhao", "TUHAI-371502", 20),
        ("li", "TUHAI-371502001", 20),
        ("tang", "TUHAI-371502002", 2_150),
        ("wang", "TUHAI-371502-001", 20),
        ("chen", "TUHAI-371502-002", 1_090),
    ):
        walk = patrol_body(LINE, segment=reach, from_m=from_m, speed_mps=0.5, seed=from_m + len(reach))
        kept = phone_of(cast.people[chief]).put(f"/api/v1/patrols/{new_id()}", json=walk)
        assert kept.json["verdict"]["counts"], kept.json["verdict"]["sentence"]
    with questions() as asked:
        (found,) = phone_of(cast.sun).get(f"/api/v1/duties?region={COUNTY}&limit=1&behind=true").json["items"]
    assert found["person"]["name"] == "何巡河"
    assert len(asked) <= MOST, "\n".join(asked)
