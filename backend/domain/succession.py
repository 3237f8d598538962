"""Who takes over a segment when a chief leaves: the same moment, and never nobody while there is a superior."""

from __future__ import annotations

from collections.abc import Container, Sequence
from uuid import UUID

from backend.domain.terms import Duty


def passes_on(duty: Duty) -> bool:
    """Whether a duty goes to somebody else when its holder leaves: a chief's does, paid walking does not."""
    return duty is Duty.CHIEF


def heir(leaving: UUID, substitute: UUID | None, superiors: Sequence[UUID], in_office: Container[UUID]) -> UUID | None:
    """The substitute, else the nearest chief above on that river; None leaves an orphan, which is an alarm.

    `superiors` holds the chiefs of the reaches above, the nearest first; the one who leaves takes over nothing,
    nor does anybody who has left office.
    """
    candidates = ([substitute] if substitute is not None else []) + list(superiors)
    return next((person for person in candidates if person != leaving and person in in_office), None)
