"""The policy for hazards as data: read, changed in part, and refused by its place where it cannot be meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain.deadlines import Phase
from backend.domain.escalation import Channel, Rung, Step
from backend.domain.hazards import Kind, Severity, Watch
from backend.domain.kinds import KINDS, Evidence
from backend.domain.policies import MOST_STEPS, HazardPolicy, body_of, changed, hazard_policy
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.workdays import Period, Unit

DEFAULT = HazardPolicy()


def test_what_is_written_reads_back_as_it_was():
    again = hazard_policy(0, body_of(DEFAULT))
    assert body_of(again) == body_of(DEFAULT)
    assert again.deadlines.periods == DEFAULT.deadlines.periods
    assert [tuple(ladder) for ladder in again.ladders.ladders.values()] == [
        tuple(ladder) for ladder in DEFAULT.ladders.ladders.values()
    ]
    assert body_of(DEFAULT)["periods"]["accept"] == {
        "minor": "1wd",
        "ordinary": "1wd",
        "major": "1wd",
        "critical": "30min",
    }
    assert [step["late"] for step in body_of(DEFAULT)["ladders"]["critical"]] == [
        "0d",
        "0d",
        "15min",
        "30min",
        "45min",
        "60min",
    ]


def test_only_what_changes_is_named():
    step = {"tell": ["owner", "city_chief"], "channels": ["sms"], "share": 0.5, "watch": "key"}
    later = {"tell": ["city_office"], "late": "2d"}
    new = changed(DEFAULT, 3, {"periods": {"fix": {"minor": "2d"}}, "ladders": {"minor": [step, later]}})
    assert new.version == new.deadlines.version == new.ladders.version == 3
    assert new.deadlines.periods[Phase.FIX][Severity.MINOR] == Period(2, Unit.DAYS)
    assert new.deadlines.periods[Phase.FIX][Severity.MAJOR] == Period(20, Unit.WORKDAYS)
    assert new.ladders.ladders[Severity.MINOR] == (
        Step((Rung.OWNER, Rung.CITY_CHIEF), (Channel.SMS,), 0.5, timedelta(), Watch.KEY),
        Step((Rung.CITY_OFFICE,), late=timedelta(days=2)),
    )
    assert changed(new, 4, {"listed": "90d"}).deadlines.periods[Phase.FIX][Severity.MINOR] == Period(2, Unit.DAYS)


OWNER = {"tell": ["owner"]}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"periodes": {}}, "periodes"),
        ({"periods": []}, "periods"),
        ({"periods": {"sleep": {}}}, "periods/sleep"),
        ({"periods": {"fix": {"minor": 3}}}, "periods/fix/minor"),
        ({"periods": {"fix": {"minor": "0d"}}}, "periods/fix/minor"),
        ({"periods": {"fix": {"minor": "3 weeks"}}}, "periods/fix/minor"),
        ({"listed": "1001d"}, "listed"),
        ({"ladders": {"minor": []}}, "ladders/minor"),
        ({"ladders": {"minor": [OWNER] * (MOST_STEPS + 1)}}, "ladders/minor"),
        ({"ladders": {"minor": [{"tell": []}]}}, "ladders/minor/0/tell"),
        ({"ladders": {"minor": [{"tell": ["king"]}]}}, "ladders/minor/0/tell"),
        ({"ladders": {"minor": [OWNER | {"share": 0}]}}, "ladders/minor/0/share"),
        ({"ladders": {"minor": [OWNER | {"share": True}]}}, "ladders/minor/0/share"),
        ({"ladders": {"minor": [OWNER | {"late": "2wd"}]}}, "ladders/minor/0/late"),
        ({"ladders": {"minor": [OWNER | {"watch": "all"}]}}, "ladders/minor/0/watch"),
        ({"ladders": {"minor": [OWNER | {"channels": "sms"}]}}, "ladders/minor/0/channels"),
        ({"ladders": {"minor": [OWNER | {"late": "3d"}, OWNER]}}, "ladders/minor/1"),
        ({"kinds": {"pigeons": {}}}, "kinds/pigeons"),
        ({"kinds": {"water.drift": {"report": []}}}, "kinds/water.drift/report"),
        ({"kinds": {"water.drift": {"law": ["dream_1"]}}}, "kinds/water.drift/law"),
        ({"kinds": {"water.drift": {"offices": ["circus"]}}}, "kinds/water.drift/offices"),
        ({"kinds": {"water.drift": {"colour": []}}}, "kinds/water.drift/colour"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_place(body, place):
    with pytest.raises(ImpossiblePolicy) as wrong:
        hazard_policy(1, body)
    assert wrong.value.name == place


def test_every_kind_asks_for_evidence_and_names_a_law():
    assert set(KINDS) == set(Kind)
    assert all(rule.report and rule.closing and rule.law for rule in KINDS.values())


def test_a_list_of_a_kind_is_changed_and_the_others_stay():
    made = changed(HazardPolicy(), 1, {"kinds": {"four_illegal.dump": {"report": ["size"]}}})
    assert made.kinds[Kind.DUMP] == replace(KINDS[Kind.DUMP], report=(Evidence.SIZE,))
    assert made.kinds[Kind.MINE] == KINDS[Kind.MINE]
    assert hazard_policy(1, body_of(made)) == made
