"""B4: two clerks look and act on one hazard in any order; whoever acts on what they have not seen is shown it instead.

The model knows nothing of states: an act with the present ETag is taken or told why not, one with an older ETag is
refused with how the hazard is now, and one that was taken stays taken once, however often it is sent again.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.api.hazard_cases import HAZARDS, Case, photo
from tests.makers import new_id

pytestmark = pytest.mark.torture

CLERKS = st.sampled_from(("feng", "sun"))
ACTS: tuple[dict[str, Any], ...] = (
    {"action": "accept"},
    {"action": "accept", "severity": "major"},
    {"action": "reject", "note": "重复"},
    {"action": "assign", "unit": "HOUSING"},
    {"action": "assign", "unit": "HOUSING", "note": "改由二科办理"},
    {"action": "start"},
    {"action": "report_done", "photos": [photo()]},
    {"action": "verify"},
    {"action": "return", "note": "没有修好"},
    {"action": "close"},
    {"action": "reopen", "note": "又来了"},
    {"action": "supervise", "watch": "key"},
    {"action": "comment", "note": "已电话联系"},
)


class TwoClerks(RuleBasedStateMachine):
    """One hazard, what each clerk has seen of it, and which acts were taken."""

    phone_of: Any
    people: dict[str, UUID]
    reporter: UUID

    @initialize()
    def report(self) -> None:
        self.case = Case(self.phone_of, self.reporter)
        self.etag = self.case.seen_by(self.reporter).headers["ETag"]
        self.seen = dict.fromkeys(self.people, self.etag)
        self.taken: list[str] = []
        self.tried: list[tuple[str, dict[str, Any], bool]] = []

    @rule(clerk=CLERKS)
    def look(self, clerk: str) -> None:
        self.seen[clerk] = self.case.seen_by(self.people[clerk]).headers["ETag"]
        assert self.seen[clerk] == self.etag

    @rule(clerk=CLERKS, act=st.sampled_from(ACTS))
    def act(self, clerk: str, act: dict[str, Any]) -> None:
        draft = {"id": str(new_id())} | act
        answer = self.send(clerk, draft)
        if self.seen[clerk] != self.etag:
            assert answer.status_code == 412
            present = self.case.seen_by(self.people[clerk]).json
            assert answer.json["present"]["state"] == present["state"]
            assert answer.json["present"]["deadlines"] == present["deadlines"]
        elif answer.status_code == 200:
            self.taken.append(draft["id"])
            self.etag = self.seen[clerk] = answer.headers["ETag"]
        else:
            assert answer.status_code in (403, 409)
            assert act["action"] not in answer.json["allowed"] or answer.status_code == 409
        self.tried.append((clerk, draft, answer.status_code == 200))

    @precondition(lambda self: self.tried)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        clerk, draft, was_taken = data.draw(st.sampled_from(self.tried))
        if was_taken:
            again = self.send(clerk, draft)
            assert (again.status_code, again.headers["ETag"]) == (200, self.etag)

    @rule(clerk=CLERKS)
    def forget_to_say_what_was_seen(self, clerk: str) -> None:
        draft = {"id": str(new_id()), "action": "comment", "note": "没看就写"}
        path = f"{HAZARDS}/{self.case.id}/actions"
        assert self.phone_of(self.people[clerk]).post(path, json=draft).status_code == 428

    @invariant()
    def everything_taken_is_on_record_once_and_nothing_else(self) -> None:
        page = self.case.seen_by(self.reporter)
        assert [fact["body"]["id"] for fact in page.json["timeline"][1:]] == self.taken[-99:]

    def send(self, clerk: str, draft: dict[str, Any]) -> Any:
        path = f"{HAZARDS}/{self.case.id}/actions"
        return self.phone_of(self.people[clerk]).post(path, json=draft, headers={"If-Match": self.seen[clerk]})


def test_in_any_order_nothing_is_lost_and_nothing_is_done_blindly(phone_of, cast, times):
    class Here(TwoClerks):
        people = {"feng": cast.feng, "sun": cast.sun}
        reporter = cast.wang

    Here.phone_of = staticmethod(phone_of)
    many = settings(
        max_examples=times(10), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Here, settings=many)
