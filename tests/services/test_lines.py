"""Calls take the lines of their provider: those that press most first, never more at once than there are."""

from __future__ import annotations

from backend.domain.lanes import Lane
from backend.services import addressing, delivery
from tests.carriers import letters
from tests.cast import NOON


def test_who_presses_most_is_addressed_and_called_first(office, tell, session):
    for priority in (5, 2, 0, 1):
        tell(f"priority {priority}", priority=priority, lane=Lane.URGENT, channels=("voice",))
    addressing.address(session, Lane.URGENT, office.ways, now=NOON, limit=3)
    assert sorted(row.priority for row in letters(session)) == [0, 1, 2]
    addressing.address(session, Lane.URGENT, office.ways, now=NOON)
    order = {row.id: row.priority for row in letters(session)}
    called = [delivery.claim(session, [Lane.URGENT], office.ways, now=NOON, limit=1) for _ in order]
    assert [order[each.id] for (each,) in called] == [0, 1, 2, 5]
