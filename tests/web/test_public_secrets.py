"""What a citizen may not learn, and what their code must not hide: cases of the law, merges, a puzzle used twice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.models.hazards import Hazard
from backend.models.public_reports import PublicReport
from backend.services import public_phones
from backend.services.signs import ShownSigns
from tests.api.hazard_cases import Case
from tests.makers import new_id
from tests.web.test_public_reports import HERE, Citizen, hazards_of, solve


def code_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(re.findall(r"/report/([a-z0-9-]+)", answer.location)[0])


def act(phone: Any, case_id: Any, action: str, **said: Any) -> None:
    path = f"/api/v1/hazards/{case_id}"
    body = {"id": str(new_id()), "action": action} | said
    answer = phone.post(f"{path}/actions", json=body, headers={"If-Match": phone.get(path).headers["ETag"]})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("secret", ["mining", "handed over", "of a clue"])
def test_nobody_is_told_of_what_the_law_is_after(app, cast, phone_of, secret):
    kind = "four_illegal.mine" if secret == "mining" else "four_illegal.dump"
    case = Case(phone_of, cast.wang, kind=kind)
    case.act(cast.feng, "accept")
    if secret != "mining":
        case.act(cast.feng, "transfer", post="police_chief", note="移送")
    if secret == "of a clue":
        clue = {"hazard": str(case.id), "return_on": "2025-07-20", "note": "请答复"}
        assert phone_of(cast.feng).put(f"/api/v1/clues/{case.id}", json=clue).status_code == 201
        case.act(cast.shen, "hand_back", note="移回")
    citizen = Citizen(app)
    for place in ({}, {"lon": "", "lat": "", "where": "徒骇河", "segment": "TUHAI-371502-001"}):
        page = citizen.look(kind=kind, **place)
        assert page.status_code == 200
        assert str(case.id) not in page.text
        puzzle = re.findall(r'name="puzzle" value="([^"]*)"', page.text)[0]
        form = HERE | place | {"kind": kind, "puzzle": puzzle, "answer": solve(puzzle), "case": str(case.id)}
        assert citizen.post("/report/join", form).status_code == 404


def write_about(cast, phone_of, case_id, what):
    """A case goes to the police or the prosecutor, somebody writes about it, and it comes back."""
    feng, law = phone_of(cast.feng), phone_of(cast.shen if what == "clue" else cast.han)
    act(feng, case_id, "transfer", post="police_chief" if what == "clue" else "prosecutor", note="移送")
    clue = {"hazard": str(case_id), "return_on": "2025-07-20", "note": "请答复"}
    suggestion = {"hazard": str(case_id), "document": "检建〔2025〕1号", "text": "请依法履职"}
    said, writer = (clue, feng) if what == "clue" else (suggestion, law)
    assert writer.put(f"/api/v1/{what}s/{new_id()}", json=said).status_code == 201
    act(law, case_id, "hand_back", note="移回")


def shown_to_all(app):
    """Ids of the cases on the public map, anew."""
    object.__setattr__(app.extensions["hezhang"], "public_map", ShownSigns(fresh_s=0.0))
    return {each["id"] for each in app.test_client().get("/map/cases.json").json["features"]}


@pytest.mark.parametrize("what", ["clue", "suggestion"])
def test_what_the_law_and_an_office_wrote_about_is_on_no_map_and_in_no_list(app, cast, phone_of, session, what):
    citizen = Citizen(app)
    code_of(citizen.tell())
    hazard = session.scalars(select(Hazard.id)).one()
    act(phone_of(cast.feng), hazard, "accept")
    assert shown_to_all(app) == {str(hazard)}
    write_about(cast, phone_of, hazard, what)
    assert shown_to_all(app) == set()
    assert citizen.get("/open311/v2/requests.json").json == []
    assert citizen.get(f"/open311/v2/requests/{hazard}.json").status_code == 404
    assert "没有可以显示" in citizen.get("/map").text
    assert str(hazard) not in Citizen(app, "10.9.0.1").look().text
    session.execute(update(Hazard).values(state="closed"))
    assert shown_to_all(app) == {str(hazard)}


@pytest.mark.parametrize("what", ["clue", "suggestion", "handed over"])
def test_no_merge_makes_a_case_of_the_law_one_of_everybody(app, cast, phone_of, session, what):
    feng, others = phone_of(cast.feng), [Case(phone_of, cast.chen).id for _ in range(2)]
    code_of(Citizen(app).tell())
    secret = session.scalars(select(Hazard.id).order_by(Hazard.seq.desc())).first()
    act(feng, secret, "accept")
    if what == "handed over":
        act(feng, secret, "transfer", post="police_chief", note="移送")
    else:
        write_about(cast, phone_of, secret, what)
    act(feng, others[1], "accept")
    assert str(others[1]) in Citizen(app, "10.9.0.1").look().text
    act(feng, secret, "merge", into=str(others[0]), note="同一处")
    act(feng, others[0], "merge", into=str(others[1]), note="同一处")
    assert shown_to_all(app) == set()
    for place in ({}, {"lon": "", "lat": "", "where": "徒骇河", "segment": "TUHAI-371502-001"}):
        assert str(others[1]) not in Citizen(app, "10.9.0.1").look(**place).text
    assert Citizen(app).get(f"/open311/v2/requests/{secret}.json").status_code == 404


def test_a_case_that_was_merged_twice_is_followed_to_where_it_stands(app, cast, phone_of, session):
    feng = phone_of(cast.feng)
    codes = [code_of(Citizen(app, f"10.3.0.{number}").tell(description=f"第{number}个看到")) for number in range(3)]
    first, second, third = session.scalars(select(Hazard.id).order_by(Hazard.seq)).all()
    act(feng, first, "merge", into=str(second))
    act(feng, second, "merge", into=str(third))
    act(feng, third, "reject", note="是水草")
    citizen = Citizen(app)
    for code in codes:
        assert "是水草" in citizen.get(f"/report/{code}").text
    for hazard in (first, second, third):
        (shown,) = citizen.get(f"/open311/v2/requests/{hazard}.json").json
        assert (shown["service_request_id"], shown["status"]) == (str(hazard), "closed")


def test_a_number_is_kept_until_the_case_is_over_into_which_its_own_was_merged(app, cast, phone_of, session, clock):
    feng = phone_of(cast.feng)
    for number in range(3):
        assert Citizen(app, f"10.3.0.{number}").tell(phone=f"1380000000{number}").status_code == 303
    first, second, alone = session.scalars(select(Hazard.id).order_by(Hazard.seq)).all()
    act(feng, first, "merge", into=str(second))
    act(feng, alone, "reject", note="是水草")
    kept = select(PublicReport.hazard_id).where(PublicReport.phone_sealed.is_not(None))

    assert public_phones.forget_phones(session, now=clock.now + timedelta(days=89)) == 0
    assert public_phones.forget_phones(session, now=clock.now + timedelta(days=91)) == 1
    assert set(session.scalars(kept)) == {first, second}
    clock.now += timedelta(days=91)
    act(phone_of(cast.feng), second, "reject", note="是水草")
    assert public_phones.forget_phones(session, now=clock.now + timedelta(days=89)) == 0
    assert public_phones.forget_phones(session, now=clock.now + timedelta(days=91)) == 2


def test_a_puzzle_is_good_for_one_report_and_another_one_is_asked_to_come_once_more(app, session):
    citizen = Citizen(app)
    page = citizen.look()
    puzzle = re.findall(r'name="puzzle" value="([^"]*)"', page.text)[0]
    form = HERE | {"puzzle": puzzle, "answer": solve(puzzle), "description": "一堆垃圾"}
    kept = citizen.post("/report", form)
    assert citizen.post("/report", form).location == kept.location
    other = citizen.post("/report", form | {"description": "另一件事"})
    assert (other.status_code, "另一件事" in other.text) == (409, True)
    anew = re.findall(r'name="puzzle" value="([^"]*)"', other.text)[0]
    assert anew != puzzle
    again = citizen.post("/report", form | {"description": "另一件事", "puzzle": anew, "answer": solve(anew)})
    assert code_of(again) != code_of(kept)
    assert hazards_of(session) == 2
    assert citizen.look(lon="1_1_5.8575").status_code == 422
