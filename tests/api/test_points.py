"""Points of citizens over the API: off until a rule turns them on, entered once, and taken back by a new entry."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from backend.models.changes import Record
from backend.models.points import PointEntry
from tests.api.hazard_cases import Case
from tests.api.points_cases import PHONE, POINTS, act, deed, told, turn_on
from tests.cast import NOON, OTHER_COUNTY
from tests.makers import new_id
from tests.web.test_public_reports import HERE, Citizen, solve


def test_nothing_is_earned_until_a_rule_turns_points_on(app, phone_of, cast, session):
    code, page, hazard = told(app, session)
    act(phone_of(cast.feng), hazard, "accept")
    assert "积分" not in page
    assert "积分" not in Citizen(app).get(f"/report/{code}").text
    office = phone_of(cast.sun)
    assert office.get(POINTS).json == {"items": [], "next": None, "is_on": False, "sums": {}, "balance": 0}
    assert deed(office, code, deed="correct").json["detail"].startswith("积分没有开启")


def test_a_true_report_earns_once_and_loses_it_by_a_new_entry(app, phone_of, cast, session):
    turn_on(phone_of(cast.jin))
    code, page, hazard = told(app, session, phone=PHONE)
    assert "举报受理后得 10 分" in page
    act(phone_of(cast.feng), hazard, "accept")
    assert ">10<" in Citizen(app).get(f"/report/{code}").text
    act(phone_of(cast.feng), hazard, "reject", note="复核不属实")
    act(phone_of(cast.feng), hazard, "reopen", note="再核属实")
    act(phone_of(cast.feng), hazard, "accept")
    seen = phone_of(cast.sun).get(POINTS)
    assert [(each["what"], each["points"]) for each in seen.json["items"]] == [
        ("earned", 10),
        ("taken_back", -10),
        ("earned", 10),
    ]
    assert (seen.json["balance"], seen.json["sums"]) == (10, {"earned": 20, "taken_back": -10})
    assert code not in seen.text
    assert PHONE[-4:] not in seen.text
    assert [each["number"] for each in phone_of(cast.sun).get(f"{POINTS}?what=taken_back").json["items"]] == [2]
    day = f"{NOON:%Y-%m-%d}"
    assert phone_of(cast.sun).get(f"{POINTS}?from={day}&to={day}&limit=2").json["next"]
    assert phone_of(cast.sun).get(f"{POINTS}?to=2025-01-01").json["items"] == []


def test_points_of_a_merged_report_go_and_those_of_who_joined_never_came(app, phone_of, cast, session, clock):
    turn_on(phone_of(cast.jin))
    kept_code, _, kept = told(app, session, 1)
    code, _, merged = told(app, session, 2)
    act(phone_of(cast.feng), kept, "accept")
    act(phone_of(cast.feng), merged, "accept")
    act(phone_of(cast.feng), merged, "merge", into=str(kept), note="同一处")
    found = phone_of(cast.sun).get(f"{POINTS}/codes/{code}").json
    assert (found["balance"], [each["points"] for each in found["entries"]]) == (0, [10, -10])

    # The other way round, who told first keeps theirs, and the later one gives its own back: one case earns once.
    clock.now += timedelta(minutes=5)
    later_code, _, later = told(app, session, 3)
    act(phone_of(cast.feng), later, "accept")
    act(phone_of(cast.feng), kept, "merge", into=str(later), note="同一处")
    balances = [phone_of(cast.sun).get(f"{POINTS}/codes/{each}").json["balance"] for each in (kept_code, later_code)]
    assert balances == [10, 0]
    kept = later
    neighbour = Citizen(app, "10.0.0.3")
    puzzle = re.findall(r'name="puzzle" value="([^"]*)"', neighbour.look().text)[0]
    joined = neighbour.post("/report/join", HERE | {"puzzle": puzzle, "answer": solve(puzzle), "case": str(kept)})
    assert "积分" not in neighbour.get(joined.location.partition("?")[0]).text


def balance(office, code):
    return office.get(f"{POINTS}/codes/{code}").json["balance"]


def told_twice(app, session, clock):
    """The codes and cases of two citizens, five minutes apart."""
    first_code, _, first = told(app, session, 1)
    clock.now += timedelta(minutes=5)
    later_code, _, later = told(app, session, 2)
    return (first_code, first), (later_code, later)


def test_one_case_earns_once_whenever_its_reports_are_merged_and_nothing_when_it_is_refused(
    app, phone_of, cast, session, clock
):
    turn_on(phone_of(cast.jin))
    clerk, office = phone_of(cast.feng), phone_of(cast.sun)
    (first_code, first), (later_code, later) = told_twice(app, session, clock)
    act(clerk, first, "accept")
    act(clerk, first, "merge", into=str(later), note="同一处")
    act(clerk, later, "accept")
    assert (balance(office, first_code), balance(office, later_code)) == (10, 0)
    act(clerk, later, "reject", note="复核不属实")
    assert (balance(office, first_code), balance(office, later_code)) == (0, 0)
    act(clerk, later, "reopen", note="再核属实")
    act(clerk, later, "accept")
    assert (balance(office, first_code), balance(office, later_code)) == (10, 0)


def test_what_a_merge_took_comes_back_when_it_was_none(app, phone_of, cast, session, clock):
    turn_on(phone_of(cast.jin))
    clerk, office = phone_of(cast.feng), phone_of(cast.sun)
    (first_code, first), (later_code, later) = told_twice(app, session, clock)
    act(clerk, first, "accept")
    act(clerk, later, "accept")
    act(clerk, first, "merge", into=str(later), note="同一处")
    assert (balance(office, first_code), balance(office, later_code)) == (10, 0)
    act(clerk, first, "unmerge", note="不是同一处")
    act(clerk, first, "accept")
    assert (balance(office, first_code), balance(office, later_code)) == (10, 10)


def test_a_chief_who_told_it_later_leaves_a_citizen_the_points_until_the_case_is_refused(
    app, phone_of, cast, session, clock
):
    turn_on(phone_of(cast.jin))
    clerk, office = phone_of(cast.feng), phone_of(cast.sun)
    code, _, hazard = told(app, session)
    clock.now += timedelta(minutes=5)
    of_chief = Case(phone_of, cast.wang)
    act(clerk, hazard, "merge", into=str(of_chief.id), note="同一处")
    act(clerk, of_chief.id, "accept")
    assert balance(office, code) == 10
    act(clerk, of_chief.id, "reject", note="复核不属实")
    assert balance(office, code) == 0


def test_what_is_at_a_code_is_redeemed_by_whoever_shows_it_and_a_deed_is_entered_once(app, phone_of, cast, session):
    turn_on(phone_of(cast.jin))
    first, _, one = told(app, session, 1, phone=PHONE)
    second, _, two = told(app, session, 2, phone=PHONE)
    act(phone_of(cast.feng), one, "accept")
    act(phone_of(cast.feng), two, "accept")
    office = phone_of(cast.sun)
    found = office.get(f"{POINTS}/codes/{second[:5]}-{second[5:].upper()}").json
    assert (found["balance"], found["may_keep"]) == (
        10,
        True,
    )  # of a neighbour, whose number is soon typed, nothing

    path = f"{POINTS}/deeds/{new_id()}"
    said = {"code": second, "deed": "redeem", "points": 6, "reason": "毛巾一条"}
    assert office.put(path, json=said).status_code == 201
    again = office.put(path, json=said)
    assert (again.status_code, again.json["points"]) == (200, -6)
    assert office.put(path, json=said | {"points": 2}).status_code == 409
    short = deed(office, second)
    assert (short.status_code, short.json["detail"]) == (409, "积分不够：只有 4 分。")
    assert deed(office, second, deed="correct", points=-5).status_code == 409
    assert deed(office, second, deed="correct", points=-4, reason="误记").status_code == 201
    for wrong in ({"points": 0}, {"points": -1}, {"reason": " "}, {"points": "十"}, {"deed": "steal"}):
        assert deed(office, first, **wrong).status_code == 422
    assert [office.get(f"{POINTS}/codes/{code}").json["balance"] for code in (first, second)] == [10, 0]
    assert session.scalar(select(func.sum(PointEntry.points))) == 10
    acts = session.execute(select(Record.act, Record.body).where(Record.thing_type == "points").order_by(Record.seq))
    assert [(act, body["points"]) for act, body in acts] == [("redeem", -6), ("correct", -4)]


def test_points_are_kept_by_the_office_of_the_place_alone(app, phone_of, cast, session):
    turn_on(phone_of(cast.jin))
    code, _, hazard = told(app, session)
    act(phone_of(cast.feng), hazard, "accept")
    assert phone_of(cast.li).get(f"{POINTS}/codes/{code}").json["may_keep"] is False
    assert deed(phone_of(cast.li), code).status_code == 403
    assert phone_of(cast.wu).get(f"{POINTS}/codes/{code}").status_code == 404
    assert phone_of(cast.sun).get(f"{POINTS}/codes/2222222222").status_code == 404
    assert deed(phone_of(cast.sun), "2222222222").json["errors"][0]["pointer"] == "/code"
    assert phone_of(cast.sun).get(f"{POINTS}?region={OTHER_COUNTY}").status_code == 404


def test_a_proposed_rule_says_what_it_would_have_given(app, phone_of, cast, session):
    _, _, hazard = told(app, session)
    said = {"body": {"is_on": True, "per_report": 20}, "valid_from": NOON.isoformat()}
    admin = phone_of(cast.jin)
    assert admin.post("/api/v1/rules/points/estimate", json=said).json["points"] == 0
    act(phone_of(cast.feng), hazard, "accept")
    found = admin.post("/api/v1/rules/points/estimate", json=said).json
    assert (found["reports"], found["points"], found["body"]) == (1, 20, {"is_on": True, "per_report": 20})
    assert admin.post("/api/v1/rules/points/estimate", json=said | {"body": {}}).json["points"] == 0
    assert admin.post("/api/v1/rules/points/estimate", json=said | {"body": {"is_on": 1}}).status_code == 422
    assert admin.get("/api/v1/rules/points").json["body"] == {"is_on": False, "per_report": 10}
    assert admin.get("/api/v1/rules/points/versions").json["items"][0]["standing"] == "present"
