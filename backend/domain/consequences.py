"""What an act changes: the columns of the hazard, by act; deadlines are counted elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.domain.handling import ActDraft, Standing
from backend.domain.hazards import MENDING, Act, State
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level

Columns = dict[str, Any]
_NOT_DONE: Columns = {"done": [], "done_at": None, "done_by_id": None}
_NO_EXTENSION: Columns = {"extension_until": None, "extension_by_id": None}


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that may be taken: on what, by whom, when, and how often it was returned and came back before."""

    standing: Standing
    draft: ActDraft
    by: UUID
    now: datetime
    returns: int = 0
    rebounds: int = 0
    helps: int = 0
    """How often help was asked for before."""
    helper: Level | None = None
    """Whose help somebody in this seat asks for."""
    is_flood_pressed: bool = False
    """A flood hazard in the key window or under a response."""


def _accept(taken: Taken) -> Columns:
    return {"severity": taken.draft.severity.value} if taken.draft.severity else {}


def _assign(taken: Taken) -> Columns:
    unit = taken.draft.unit if taken.draft.unit is not None or taken.draft.person is not None else taken.standing.unit
    given = {"unit_code": unit, "assignee_id": taken.draft.person}
    # Given on to somebody else, it keeps its time: else every late one would be given on.
    begins = {} if taken.standing.state in MENDING else {"assigned_at": taken.now}
    return _accept(taken) | given | begins


def _report_done(taken: Taken) -> Columns:
    photos = [photo.written() for photo in taken.draft.photos]
    return {"done": photos, "done_at": taken.now, "done_by_id": taken.by} | _NO_EXTENSION


def _return(taken: Taken) -> Columns:
    if taken.standing.state in MENDING:
        return {"unit_code": None, "assignee_id": None, "assigned_at": None} | _NO_EXTENSION
    return {"returns": taken.returns + 1, "assigned_at": taken.now} | _NOT_DONE


def _reopen(taken: Taken) -> Columns:
    if taken.standing.state is State.REJECTED:
        return {}
    return {"rebounds": taken.rebounds + 1, "assigned_at": taken.now, "closed_at": None} | _NOT_DONE


def _transfer(taken: Taken) -> Columns:
    assert taken.draft.post is not None
    return {"handed_to": taken.draft.post.value, "handed_region": taken.standing.region[: LENGTHS[Level.COUNTY]]}


def _shown_done(taken: Taken) -> Columns:
    """Whoever looks at the mended place may bring the photo that proves it."""
    if not taken.draft.photos:
        return {}
    return {"done": [photo.written() for photo in taken.standing.done_photos + taken.draft.photos]}


def _ask_extension(taken: Taken) -> Columns:
    """Whoever needs more time says that it cannot be mended in time: in the flood season it must be made safe."""
    unsafe = {"unsafe_since": taken.now} if taken.is_flood_pressed and not taken.standing.interim else {}
    return {"extension_until": taken.draft.until, "extension_by_id": taken.by} | unsafe


def _ask_help(taken: Taken) -> Columns:
    asked = {"helped_by_level": taken.helper, "help_asked_by_id": taken.by, "help_asked_at": taken.now}
    return asked | {"help_answered_at": None, "helps": taken.helps + 1}


_CHANGES: Mapping[Act, Callable[[Taken], Columns]] = {
    Act.ACCEPT: _accept,
    Act.ASSIGN: _assign,
    Act.REPORT_DONE: _report_done,
    Act.RETURN: _return,
    Act.VERIFY: _shown_done,
    Act.CLOSE: lambda taken: _shown_done(taken) | {"closed_at": taken.now},
    Act.REOPEN: _reopen,
    Act.TRANSFER: _transfer,
    Act.HAND_BACK: lambda _: {"handed_to": None, "handed_region": None},
    Act.SUPERVISE: lambda taken: {"watch": taken.draft.watch.value if taken.draft.watch else None},
    Act.ASK_EXTENSION: _ask_extension,
    Act.ASK_COORDINATION: _ask_help,
    Act.ANSWER_COORDINATION: lambda taken: {"help_answered_at": taken.now},
    Act.ADD_INTERIM: lambda _: {"unsafe_since": None},
    Act.GRANT_EXTENSION: lambda _: _NO_EXTENSION,
    Act.REFUSE_EXTENSION: lambda _: _NO_EXTENSION,
    Act.MERGE: lambda taken: {"merged_into_id": taken.draft.into},
    Act.UNMERGE: lambda _: {"merged_into_id": None},
}


def changes(taken: Taken, state: State) -> Columns:
    """Everything that an act alters in the hazard's row beside its deadline."""
    safe = {} if state in MENDING or state is State.ACCEPTED else {"unsafe_since": None}
    return {"state": state.value} | safe | _CHANGES.get(taken.draft.act, lambda _: {})(taken)
