"""People come and go; what they answer for passes on the same moment."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from backend.models.changes import Record
from backend.models.people import Appointment
from backend.models.segments import Assignment
from tests.cast import VILLAGE
from tests.makers import new_id

TODAY = "2025-07-02"


def link(session, cast) -> Appointment:
    """Make Wang's segment part of his post, as an appointment brings it."""
    appointment = session.scalars(select(Appointment).where(Appointment.person_id == cast.wang)).one()
    for row in session.scalars(select(Assignment).where(Assignment.person_id == cast.wang)):
        row.appointment_id = appointment.id
    session.flush()
    return appointment


def leave(office, cast, appointment):
    path = f"/api/v1/people/{cast.wang}/appointments/{appointment.id}/close"
    return office.post(path, json={"until": TODAY, "reason": "调任"})


def test_a_leaving_chiefs_segment_passes_to_the_superior_the_same_moment(phone_of, cast, session):
    phone = phone_of(cast.wang)
    done = leave(phone_of(cast.sun), cast, link(session, cast))
    assert done.status_code == 200, done.json
    assert list(done.json["passed_to"].values()) == [str(cast.li)]
    assert phone.get("/api/v1/me").status_code == 401  # the post is gone, and so is the token of it
    mine = phone_of(cast.li).get("/api/v1/me").json["segments"]
    assert "TUHAI-371502-001" in [segment["code"] for segment in mine]
    assert phone_of(cast.sun).get("/api/v1/segments/orphans").json[0]["code"] == "TUHAI-371502-003"


def test_it_passes_to_the_substitute_where_there_is_one(phone_of, cast, session):
    appointment = link(session, cast)
    appointment.substitute_id = cast.chen
    session.flush()
    assert list(leave(phone_of(cast.sun), cast, appointment).json["passed_to"].values()) == [str(cast.chen)]


def test_a_post_ends_once_and_only_by_the_office_of_the_region(phone_of, cast, session):
    appointment = link(session, cast)
    assert leave(phone_of(cast.li), cast, appointment).status_code == 403
    assert leave(phone_of(cast.sun), cast, appointment).status_code == 200
    assert leave(phone_of(cast.sun), cast, appointment).status_code == 409


def test_a_new_chief_is_created_and_appointed_and_may_be_sent_again(phone_of, cast):
    office, person, post = phone_of(cast.sun), new_id(), new_id()
    body = {"name": "新村长", "phone": "12355556666"}
    assert office.put(f"/api/v1/people/{person}", json=body).status_code == 201
    assert office.put(f"/api/v1/people/{person}", json=body).status_code == 200
    assert office.put(f"/api/v1/people/{person}", json=body | {"name": "别人"}).status_code == 409
    assert office.put(f"/api/v1/people/{new_id()}", json=body).status_code == 409
    placing: dict[str, object] = {"id": str(post), "post": "village_chief", "region": VILLAGE, "from": TODAY}
    placing |= {"segments": ["TUHAI-371502-001"]}
    path = f"/api/v1/people/{person}/appointments"
    assert office.post(path, json=placing).status_code == 201
    assert office.post(path, json=placing).status_code == 200
    assert office.post(path, json=placing | {"id": str(uuid4()), "segments": ["TUHAI-371502-002"]}).status_code == 422
    assert office.post(path, json=placing | {"id": str(uuid4()), "region": "371503001001"}).status_code == 404
    assert phone_of(person).get("/api/v1/me").json["segments"][0]["code"] == "TUHAI-371502-001"


def test_a_stand_in_sees_and_walks_the_absent_ones_segment_and_it_counts_for_the_post(phone_of, cast):
    from tests.cast import LINE
    from tests.makers import patrol_body

    away = {"from": TODAY, "until": "2025-07-10", "substitute": str(cast.chen)}
    path = f"/api/v1/me/absences/{new_id()}"
    assert phone_of(cast.wang).put(path, json=away).status_code == 201
    assert phone_of(cast.wang).put(path, json=away).status_code == 200
    assert phone_of(cast.chen).put(path, json=away | {"substitute": str(cast.li)}).status_code == 409
    chen = phone_of(cast.chen)
    assert "TUHAI-371502-001" in [segment["code"] for segment in chen.get("/api/v1/me").json["segments"]]
    walk = chen.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).json
    assert (walk["verdict"]["outcome"], walk["duty_of"]) == ("valid", str(cast.wang))


def test_numbers_are_masked_and_a_look_at_one_is_on_record(phone_of, cast, session):
    office = phone_of(cast.sun)
    page = office.get("/api/v1/people", query_string={"region": VILLAGE}).json
    assert {person["phone"] for person in page["items"]} == {"123****0006", "123****0008"}
    shown = office.post(f"/api/v1/people/{cast.wang}/phone-reveal", json={"reason": "汛情核实"})
    assert shown.json["phone"] == "+8612300000006"
    act = session.scalars(select(Record).where(Record.act == "reveal_phone")).one()
    assert (act.actor_id, act.body) == (cast.sun, {"reason": "汛情核实"})
    assert phone_of(cast.wu).get(f"/api/v1/people/{cast.wang}").status_code == 404
    assert phone_of(cast.wang).get("/api/v1/people").status_code == 403


def test_lists_of_people_go_on_where_they_stopped(phone_of, cast):
    office = phone_of(cast.sun)
    names, path = [], "/api/v1/people?limit=2"
    while path:
        page = office.get(path).json
        names += [person["name"] for person in page["items"]]
        path = page["next"]
    assert len(names) == len(set(names)) == 11
