"""Two clerks act on the same hazards at once, on what each has seen: one wins, the other is shown how it is now."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from backend.services import verifying
from backend.store.backup import moment
from tests.api.hazard_cases import HAZARDS, Case
from tests.makers import new_id

pytestmark = pytest.mark.torture

ACTS: tuple[dict[str, Any], ...] = (
    {"action": "accept"},
    {"action": "assign", "unit": "HOUSING"},
    {"action": "assign", "unit": "HOUSING", "note": "改由二科办理"},
    {"action": "start"},
    {"action": "supervise", "watch": "key"},
    {"action": "reject", "note": "重复"},
    {"action": "return", "note": "不属于本单位"},
    {"action": "comment", "note": "已电话联系"},
)


def test_of_two_clerks_one_wins_and_nothing_is_lost(lasting, times):
    """B4: every act with 200 is a fact of the timeline, every other one was told why and left nothing."""
    dice, outcomes = Random(4), Counter[int]()
    clerks = [lasting.cast.feng, lasting.cast.sun]
    case = None
    with ThreadPoolExecutor(2) as pool:
        for number in range(times(16)):
            if number % 10 == 0:
                case = Case(lasting.phone_of, lasting.cast.wang)
            assert case is not None
            seen = [case.seen_by(clerk).headers["ETag"] for clerk in clerks]
            before = facts_of(case, lasting)
            drafts = [{"id": str(new_id())} | dice.choice(ACTS) for _ in clerks]
            tries = list(zip(clerks, drafts, seen, strict=True))
            answers = [each.result() for each in [pool.submit(act, lasting, case, *one) for one in tries]]
            outcomes.update(answer.status_code for answer in answers)
            assert {answer.status_code for answer in answers} <= {200, 403, 409, 412}
            won = [draft["id"] for draft, answer in zip(drafts, answers, strict=True) if answer.status_code == 200]
            assert len(won) <= 1, "both acted on what they had seen"
            assert [each["body"]["id"] for each in facts_of(case, lasting)[len(before) :]] == won
            for answer in answers:
                if answer.status_code == 412:
                    assert answer.json["present"]["id"] == str(case.id)
            again = [act(lasting, case, *one).status_code for one in tries]
            assert [status == 200 for status in again] == [draft["id"] in won for draft in drafts]
    assert outcomes[200] > times(16) / 4
    assert outcomes[412] > 0
    with moment(lasting.database) as session:
        assert verifying.verify(session).wrong is None


def act(lasting: Any, case: Case, clerk: Any, draft: dict[str, Any], etag: str) -> Any:
    phone = lasting.phone_of(clerk)
    return phone.post(f"{HAZARDS}/{case.id}/actions", json=draft, headers={"If-Match": etag})


def facts_of(case: Case, lasting: Any) -> list[dict[str, Any]]:
    return case.seen_by(lasting.cast.sun).json["timeline"]
