"""Posts at a desk: given with their reaches, ended with their succession, never without the office's word."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.models.people import Appointment
from backend.models.segments import Assignment
from tests.cast import COUNTY, NEXT_VILLAGE, TOWN, VILLAGE
from tests.counting import MOST, questions
from tests.makers import new_id
from tests.web.test_people import PEOPLE, hidden, of


@pytest.fixture
def form(desk_of, cast):
    """The form of a new post for He, as the office sees it: the desk, and what it holds."""
    desk = desk_of(cast.sun)
    page = desk.get(of(cast.he, "/posts/new"))
    said = {name: hidden(page, name).replace("&#34;", '"') for name in ("id", "version")}
    return desk, said | {"post": "village_chief", "from": "2025-07-03", "region": COUNTY}


def test_one_chooses_down_to_the_village_and_is_shown_its_reaches(form, cast):
    desk, said = form
    page = desk.submit(of(cast.he, "/posts/new"), **said, narrow="1")
    assert page.status_code == 200
    assert f'value="{TOWN}"' in page.text
    page = desk.submit(of(cast.he, "/posts/new"), **said | {"region": VILLAGE}, narrow="1")
    assert 'value="TUHAI-371502-001"' in page.text
    assert 'value="2025-07-03"' in page.text
    assert page.text.count('value="village_chief" selected') == 1


def test_a_post_is_given_with_its_reaches_once_however_often_the_form_is_sent(form, cast, session):
    desk, said = form
    said |= {"region": NEXT_VILLAGE, "segments": ["TUHAI-371502-002"]}
    for _ in range(2):
        assert (
            desk.submit(of(cast.he, "/posts/new"), **said).headers["Location"]
            == f"{of(cast.he)}?kept=console.did.appointed"
        )
    held = select(Appointment.post).where(Appointment.person_id == cast.he, Appointment.region_code == NEXT_VILLAGE)
    assert session.scalars(held).all() == ["village_chief"]
    given = select(Assignment.segment_id).where(Assignment.appointment_id == new_id_of(said))
    assert session.scalars(given).all() == [cast.segments["TUHAI-371502-002"].id]
    assert "未到任" in desk.get(of(cast.he)).text


def new_id_of(said):
    return type(new_id())(said["id"])


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"region": COUNTY}, 422, "#f-post"),
        ({"from": ""}, 422, "#f-from"),
        ({"post": ""}, 422, "#f-post"),
        ({"post": "county_chief"}, 403, 'role="alert"'),
        ({"version": '"old"', "region": VILLAGE}, 412, 'role="alert"'),
    ],
)
def test_what_is_refused_is_told_and_nothing_typed_is_lost(form, cast, change, status, told):
    desk, said = form
    page = desk.submit(of(cast.he, "/posts/new"), **said | change)
    assert page.status_code == status
    assert told in page.text
    assert f'value="{said["id"]}"' in page.text


def test_a_post_is_ended_after_the_password_with_a_reason(proven, cast, session):
    desk, path = proven(cast.sun), of(cast.wang, f"/posts/{cast.appointments['wang']}/close")
    page = desk.get(path)
    assert "王村长不再担任兴华村村级河长" in page.text
    version = hidden(page, "version").replace("&#34;", '"')
    refused = desk.submit(path, version=version, until="2025-07-03", reason=" ")
    assert (refused.status_code, 'href="#f-reason"' in refused.text) == (422, True)
    assert desk.submit(path, version=version, until="2025-07-03", reason="调任").status_code == 303
    session.expire_all()
    assert session.get_one(Appointment, cast.appointments["wang"]).until_day.isoformat() == "2025-07-03"
    stale = desk.submit(path, version=version, until="2025-07-04", reason="再调")
    assert stale.status_code == 412
    assert 'value="再调"' in stale.text


def test_another_countys_post_and_one_of_somebody_else_are_not_there(proven, cast):
    desk = proven(cast.sun)
    assert desk.get(of(cast.wu, f"/posts/{cast.appointments['wu']}/close")).status_code == 404
    assert desk.get(of(cast.wang, f"/posts/{cast.appointments['li']}/close")).status_code == 404
    assert desk.get(of(cast.wu, "/posts/new")).status_code == 404
    assert desk.get(f"{PEOPLE}/{new_id()}/posts/new").status_code == 404


def test_the_form_asks_few_questions(form, cast):
    desk, said = form
    with questions() as asked:
        desk.submit(of(cast.he, "/posts/new"), **said | {"region": VILLAGE}, narrow="1")
    assert len(asked) <= MOST, "\n".join(asked)
