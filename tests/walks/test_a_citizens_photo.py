"""A citizen's photo: taken by a board, accepted, mended, verified; its citizen sees it, is asked, is not satisfied."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.models.hazards import Hazard
from tests.api.hazard_cases import PLACE, photo
from tests.api.sign_cases import put_up
from tests.cast import NOON
from tests.makers import new_id
from tests.pictures import GOOD
from tests.web.test_public_reports import Citizen


def test_a_citizens_photo_is_followed_from_the_board_to_the_question_whether_it_is_good_now(
    app, phone_of, cast, clock, session
):
    # Somebody stands before a heap of rubbish and points a telephone at the board beside it.
    board = put_up(phone_of(cast.sun))
    zhou, neighbour = Citizen(app, "10.0.0.1"), Citizen(app, "10.0.0.2")
    told = zhou.tell(GOOD, sign=board["page"].rpartition("/")[2], description="桥下倒了两车渣土", phone="13800001234")
    followed = told.location
    assert "已收到" in zhou.get(followed).text
    hazard = session.scalars(select(Hazard)).one()

    def seen_by(person: uuid.UUID) -> Any:
        return phone_of(person).get(f"/api/v1/hazards/{hazard.id}")

    def act(person: uuid.UUID, action: str, **said: Any) -> None:
        body = {"id": str(new_id()), "action": action} | said
        etag = seen_by(person).headers["ETag"]
        path = f"/api/v1/hazards/{hazard.id}/actions"
        answer = phone_of(person).post(path, json=body, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text

    # The clerk finds it among what came from the public, and gives it out.
    listed = phone_of(cast.feng).get("/api/v1/hazards?source=public").json["items"]
    assert [each["id"] for each in listed] == [str(hazard.id)]
    assert phone_of(cast.feng).get("/api/v1/hazards?source=staff").json["items"] == []
    act(cast.feng, "accept")
    act(cast.feng, "assign", unit="HOUSING", note="三日内清运")
    assert "正在处理" in zhou.get(followed).text

    # A neighbour sees the same heap: one tap, and it is one case still.
    page = neighbour.look(lon=str(hazard.lon), lat=str(hazard.lat))
    assert str(hazard.id) in page.text

    # It is cleared, looked at by other eyes, and closed.
    clock.now += timedelta(days=2)
    place = {"lon": hazard.lon, "lat": hazard.lat} if hazard.lon else PLACE
    act(cast.yang, "report_done", photos=[photo(at=clock.now, **place)], note="已清运")
    assert "正在复核" in zhou.get(followed).text
    act(cast.sun, "verify")
    act(cast.feng, "close")
    page_of = zhou.get(followed).text
    assert "已解决" in page_of
    for kept in ("王村长", "杨", "1380", "两车", "HOUSING"):
        assert kept not in page_of

    # Four weeks later the citizen is asked; the heap is back, and whoever looks back sees that somebody said so.
    clock.now += timedelta(days=27)
    assert "满意吗" not in zhou.get(followed).text
    clock.now += timedelta(days=1)
    assert "满意吗" in zhou.get(followed).text
    assert zhou.post(f"{followed.partition('?')[0]}/answer", {"satisfied": "no"}).status_code == 303
    facts = [(each["act"], each["sentence"].partition("，应")[0]) for each in seen_by(cast.li).json["timeline"]]
    assert [act for act, _ in facts][-1] == "public_answer"
    assert facts[0][1].startswith("公众举报")
    shown = app.test_client().get("/open311/v2/requests.json?start_date=2025-07-01T00:00:00Z").json
    assert [(each["status"], each["requested_datetime"]) for each in shown] == [
        ("closed", NOON.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ]
