"""Walks at a desk: the list, one with its verdict and its picture, the review, and taking one back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from backend.models.patrols import Patrol
from backend.models.people import Person
from tests.cast import LINE
from tests.counting import PAYLOAD
from tests.makers import new_id, patrol_body


@pytest.fixture
def walked(phone_of, cast):
    """A walk of Wang's, and its id."""

    def made(**walk):
        patrol_id = new_id()
        answer = phone_of(cast.wang).put(f"/api/v1/patrols/{patrol_id}", json=patrol_body(LINE, **walk))
        assert answer.status_code == 201
        return patrol_id

    return made


def version(page) -> str:
    return page.text.split('name="version" value="')[1].split('"')[0].replace("&#34;", '"')


def test_the_list_shows_who_walked_where_and_whether_it_counts(desk_of, cast, walked):
    walked()
    page = desk_of(cast.sun).get("/console/patrols")
    for word in ("徒骇河兴华村段", "王村长", "村级河长", "算数", "今天 08:00"):
        assert word in page.text


def test_the_list_is_narrowed_by_day_verdict_region_and_reach(desk_of, cast, walked):
    walked()
    desk = desk_of(cast.sun)
    for query in ("from=2025-07-02&to=2025-07-02", "outcome=valid", "region=371502001", "segment=TUHAI-371502-001"):
        assert "徒骇河兴华村段" in desk.get(f"/console/patrols?{query}").text, query
    for query in ("to=2025-07-01", "outcome=invalid", "region=371502002", "segment=TUHAI-371502-002"):
        assert "没有这样的巡河" in desk.get(f"/console/patrols?{query}").text, query
    for day in ("nonsense", "0001-01-01", "9999-12-31"):
        assert desk.get(f"/console/patrols?from={day}&to={day}").status_code == 200, day


def test_one_walk_says_its_verdict_in_a_sentence_and_each_reason(desk_of, cast, walked):
    page = desk_of(cast.sun).get(f"/console/patrols/{walked(metres=60.0)}")
    assert "不算数" in page.text
    assert 'class="reasons"' in page.text
    assert "/trace" in page.text


def test_the_picture_has_the_reach_the_points_the_clean_track_and_what_was_walked(desk_of, cast, walked):
    desk, walk = desk_of(cast.sun), walked()
    answer = desk.get(f"/console/patrols/{walk}/trace")
    parts = {each["properties"]["what"]: each["geometry"]["type"] for each in answer.json["features"]}
    assert parts == {"reach": "LineString", "walked": "LineString", "points": "MultiPoint", "track": "MultiLineString"}
    again = desk.get(f"/console/patrols/{walk}/trace", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_gap_is_drawn_between_its_ends(desk_of, cast, phone_of):
    body, walk = patrol_body(LINE), new_id()
    points = body["track"]["points"]
    body["track"]["points"] = points[:60] + points[100:]
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=body).status_code == 201
    features = desk_of(cast.sun).get(f"/console/patrols/{walk}/trace").json["features"]
    (gap,) = [each for each in features if each["properties"]["what"] == "gap"]
    assert len(gap["geometry"]["coordinates"]) == 2
    (track,) = [each for each in features if each["properties"]["what"] == "track"]
    assert len(track["geometry"]["coordinates"]) == 2


def test_a_walk_without_points_has_a_picture_of_its_reach_alone(desk_of, cast, phone_of):
    body, walk = patrol_body(LINE), new_id()
    body["track"]["points"] = []
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=body).status_code == 201
    features = desk_of(cast.sun).get(f"/console/patrols/{walk}/trace").json["features"]
    assert [each["properties"]["what"] for each in features] == ["reach"]


def test_a_walk_of_a_reach_surveyed_anew_is_drawn_on_the_reach_as_it_lies_now(desk_of, cast, walked, session):
    walk = walked()
    session.execute(update(Patrol).where(Patrol.id == walk).values(segment_version=0))
    features = desk_of(cast.sun).get(f"/console/patrols/{walk}/trace").json["features"]
    assert "walked" in [each["properties"]["what"] for each in features]


def test_the_superior_reviews_with_a_note_that_the_walker_reads(desk_of, cast, walked):
    desk, walk = desk_of(cast.li), walked()
    page = desk.get(f"/console/patrols/{walk}")
    said = {"outcome": "invalid", "note": "当天在镇上开会", "version": version(page)}
    assert desk.submit(f"/console/patrols/{walk}/review", **said).status_code == 303
    after = desk.get(f"/console/patrols/{walk}?kept=1").text
    assert "当天在镇上开会" in after
    assert "不算数" in after


def test_a_review_without_a_reason_is_told_beside_the_field(desk_of, cast, walked):
    desk, walk = desk_of(cast.li), walked()
    page = desk.get(f"/console/patrols/{walk}")
    answer = desk.submit(f"/console/patrols/{walk}/review", outcome="invalid", note="", version=version(page))
    assert answer.status_code == 422
    assert 'id="e-note"' in answer.text
    assert 'value="invalid" checked' in answer.text


def test_of_two_who_review_the_second_is_told_and_keeps_what_was_typed(desk_of, cast, walked):
    walk = walked()
    li, sun = desk_of(cast.li), desk_of(cast.sun)
    seen = version(li.get(f"/console/patrols/{walk}"))
    sun.get(f"/console/patrols/{walk}")
    first = {"outcome": "valid", "note": "现场核实过", "version": seen}
    assert sun.submit(f"/console/patrols/{walk}/review", **first).status_code == 303
    late = li.submit(f"/console/patrols/{walk}/review", outcome="invalid", note="我写了半天的理由", version=seen)
    assert late.status_code == 412
    assert "我写了半天的理由" in late.text
    assert version(late) != seen


def test_the_office_takes_a_mistaken_walk_back_and_it_stays_on_record(desk_of, cast, walked):
    desk, walk = desk_of(cast.sun), walked()
    page = desk.get(f"/console/patrols/{walk}")
    assert "撤回后，王村长" in page.text
    said = {"reason": "选错了河段", "version": version(page)}
    assert desk.submit(f"/console/patrols/{walk}/withdraw", **said).status_code == 303
    after = desk.get(f"/console/patrols/{walk}").text
    assert "已撤回" in after
    assert "选错了河段" in after
    assert "/review" not in after


def test_whoever_walked_does_not_review_it_and_the_bureau_only_looks(desk_of, cast, walked):
    walk = walked()
    own = desk_of(cast.wang).get(f"/console/patrols/{walk}").text
    assert "/review" not in own
    assert "/withdraw" in own
    assert "/review" not in desk_of(cast.feng).get(f"/console/patrols/{walk}").text


def test_a_walk_of_another_county_is_not_there(desk_of, cast, walked):
    desk, walk = desk_of(cast.wu), walked()
    for path in (f"/console/patrols/{walk}", f"/console/patrols/{walk}/trace"):
        assert desk.get(path).status_code == 404
    assert "没有这样的巡河" in desk.get("/console/patrols").text
    desk.get("/console/")
    said = {"outcome": "invalid", "note": "x", "version": '"1"'}
    assert desk.submit(f"/console/patrols/{walk}/review", **said).status_code == 404
    assert desk_of(cast.shen).get("/console/patrols").status_code == 403


def test_what_people_have_typed_is_shown_as_they_typed_it(desk_of, cast, phone_of, session):
    walk = new_id()
    assert (
        phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE) | {"note": PAYLOAD}).status_code
        == 201
    )
    session.execute(update(Person).where(Person.id == cast.wang).values(name="王" * 37 + "<b>"))
    desk = desk_of(cast.li)
    for path in ("/console/patrols", f"/console/patrols/{walk}"):
        text = desk.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "王&lt;b&gt;" in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_pages_speak_english_too(desk_of, cast, walked):
    desk, walk = desk_of(cast.li), walked()
    desk.submit("/console/language", language="en")
    assert "Who walked" in desk.get("/console/patrols").text
    assert "Review this walk" in desk.get(f"/console/patrols/{walk}").text


def test_no_page_of_walks_asks_the_database_more_than_twelve_times(desk_of, cast, walked, questions):
    desk, walk = desk_of(cast.li), walked()
    for path in ("/console/patrols", f"/console/patrols/{walk}", f"/console/patrols/{walk}/trace"):
        questions.clear()
        assert desk.get(path).status_code == 200
        assert len(questions) <= 12, path


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "now"])
def test_a_day_at_an_end_of_the_calendar_asks_for_nothing(desk_of, cast, walked, day):
    walked()
    for edge in ("from", "to"):
        page = desk_of(cast.sun).get(f"/console/patrols?{edge}={day}")
        assert page.status_code == 200
        assert "王村长" in page.text
