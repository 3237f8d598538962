"""Open311: what another city's app can rely on, and what it is told when its bytes are strange."""

from __future__ import annotations

from itertools import count
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select, update

from backend.domain import puzzles
from backend.models.hazards import Hazard
from backend.models.public_reports import PublicReport
from backend.services.gates import Gates
from tests.api.hazard_cases import PLACE, Case
from tests.cast import NOON
from tests.makers import new_id

BASE = "/open311/v2"
BODY = {"service_code": "four_illegal-dump", "lat": f"{PLACE['lat']:.5f}", "long": f"{PLACE['lon']:.5f}"}


@pytest.fixture
def app_of_city(app):
    return app.test_client()


def sent(client, **said):
    return client.post(f"{BASE}/requests.json", data=BODY | said)


def test_services_are_listed_in_both_formats_and_have_no_questions_of_their_own(app_of_city):
    services = app_of_city.get(f"{BASE}/services.json").json
    assert {"service_code": "four_illegal-dump", "service_name": "乱堆"}.items() <= services[0].items()
    read = ElementTree.fromstring(app_of_city.get(f"{BASE}/services.xml").data)
    assert [each.findtext("service_code") for each in read] == [each["service_code"] for each in services]
    assert app_of_city.get(f"{BASE}/services/{services[0]['service_code']}.json").json["attributes"] == []
    unknown = app_of_city.get(f"{BASE}/services/nonsense.xml")
    assert unknown.status_code == 404
    assert ElementTree.fromstring(unknown.data)[0].findtext("code") == "404"
    assert app_of_city.get(f"{BASE}/services.yaml").status_code == 404


def test_a_report_comes_in_and_is_followed_by_its_id_and_token(app_of_city, session, cast, phone_of):
    said = {"description": "桥下", "first_name": "李", "email": "li@example.cn", "media_url": "https://x.example/1.jpg"}
    made = sent(app_of_city, **said)
    assert made.status_code == 201, made.text
    request_id = made.json[0]["service_request_id"]
    hazard = session.scalars(select(Hazard)).one()
    assert (str(hazard.id), hazard.report["via"]) == (request_id, "open311")
    assert hazard.description == "桥下\nhttps://x.example/1.jpg"
    shown = app_of_city.get(f"{BASE}/requests/{request_id}.json").json[0]
    assert (shown["status"], shown["status_notes"], shown["description"]) == ("open", "已收到", None)
    assert shown["lat"] == round(PLACE["lat"], 3)
    told = app_of_city.get(f"{BASE}/tokens/{request_id}.xml")
    assert ElementTree.fromstring(told.data)[0].findtext("service_request_id") == request_id
    # Nobody else sees it before the office has accepted it.
    assert app_of_city.get(f"{BASE}/requests.json").json == []
    session.execute(update(Hazard).values(state="assigned"))
    listed = app_of_city.get(f"{BASE}/requests.json?status=open&service_code=four_illegal-dump").json
    assert [each["service_request_id"] for each in listed] == [request_id]


def test_lists_say_what_changed_and_show_nothing_that_is_not_for_everybody(app_of_city, session, cast, phone_of):
    for _ in range(4):
        Case(phone_of, cast.wang, description="王某")
    ids = list(session.scalars(select(Hazard.id).order_by(Hazard.seq)))
    session.execute(update(Hazard).where(Hazard.id == ids[0]).values(state="closed", closed_at=NOON))
    session.execute(
        update(Hazard).where(Hazard.id == ids[1]).values(state="closed", closed_at=NOON, handed_to="police")
    )
    shown = app_of_city.get(f"{BASE}/requests.json")
    assert [each["service_request_id"] for each in shown.json] == [str(ids[0])]
    assert "王" not in shown.text.replace("王村长", "王")
    for question, is_there in (
        ("updated_after=2025-07-02T00:00:00Z", True),
        ("updated_after=2025-07-03T00:00:00Z", False),
        ("updated_before=2025-07-03T00:00:00%2B08:00", True),
        ("end_date=2025-07-03T00:00:00Z", True),
        ("start_date=2025-07-03T00:00:00Z", False),
        ("status=open", False),
        ("status=open,closed&page_size=1", True),
        ("page=2&page_size=1", False),
        (f"service_request_id={ids[0]},{ids[2]}", True),
    ):
        assert bool(app_of_city.get(f"{BASE}/requests.json?{question}").json) is is_there, question
    assert app_of_city.get(f"{BASE}/requests/{ids[1]}.json").status_code == 404


@pytest.mark.parametrize(
    "question",
    ["start_date=x", "status=half", "service_code=x", "page=0", "page_size=9999", "service_request_id=1,2"],
)
def test_a_strange_question_is_told_what_is_wrong_with_it(app_of_city, question):
    answer = app_of_city.get(f"{BASE}/requests.json?{question}")
    assert answer.status_code == 400
    assert answer.json[0]["code"] == 400
    assert answer.json[0]["description"]


def test_strange_bytes_and_places_are_refused_and_nothing_is_kept(app_of_city, app, session):
    form = "application/x-www-form-urlencoded"
    raw = "service_code=four_illegal-dump&lat=36.43&long=115.97&description="
    strange = [
        (raw.encode() + "桥下".encode("gbk"), form, 400),
        (raw.encode() + b"\xff\xfe", form, 400),
        (raw.encode(), f"{form}; charset=GBK", 400),
        (raw.encode(), "application/json", 400),
        (raw.replace("36.43", "NaN").encode(), form, 400),
        (raw.replace("36.43", "1e999").encode(), form, 400),
        (raw.replace("36.43", "48.85").replace("115.97", "2.35").encode(), form, 400),
        (raw.replace("&lat=36.43&long=115.97", "&address_string=nowhere").encode(), form, 400),
        (raw.replace("four_illegal-dump", "x").encode(), form, 404),
        (raw.replace("service_code", "service").encode(), form, 400),
        (raw.encode() + b"x" * 501, form, 400),
        (raw.encode() + b"&phone=12", form, 400),
        (b"x" * 70_000, form, 413),
    ]
    for body, kind, status in strange:
        object.__setattr__(app.extensions["hezhang"], "gates", Gates())
        answer = app_of_city.post(f"{BASE}/requests.json", data=body, content_type=kind)
        assert (answer.status_code, answer.json[0]["code"]) == (status, status), (body[:90], answer.text)
    assert session.scalar(select(func.count()).select_from(Hazard)) == 0


def test_whoever_does_not_count_comes_through_a_narrow_door(app_of_city, session):
    assert [sent(app_of_city).status_code for _ in range(3)] == [201, 201, 429]
    puzzle = app_of_city.get("/report/puzzle").json["puzzle"]
    bits = int(puzzle.split(".")[1])
    answer = next(str(n) for n in count() if puzzles.zeros(f"{puzzle}:{n}") >= bits)
    first = sent(app_of_city, puzzle=puzzle, answer=answer)
    assert first.status_code == 201
    assert sent(app_of_city, puzzle=puzzle, answer=answer).json == first.json
    assert sent(app_of_city, puzzle="x", answer="1").status_code == 400
    named = sent(app_of_city, lat="", long="", address_string="徒骇河 兴华村", puzzle="")
    assert named.status_code in (201, 429)
    assert session.scalar(select(func.count()).select_from(PublicReport)) == 3
    assert app_of_city.get(f"{BASE}/tokens/{new_id()}.json").status_code == 404
