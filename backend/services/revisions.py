"""What becomes of a warning that was written: the next revision, the all-clear, its expiry, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.actions import Action
from backend.domain.flood_warnings import WARNING, Act, Level, State, WarningDraft, asks_again, moved
from backend.domain.regions import widest
from backend.errors import BadInput, Flaw
from backend.services import replays
from backend.services.flood_warnings import add, drop_waiting, places, require
from backend.store import changes, flood_warnings
from backend.words import Text

UPDATE = "update"
_OF_CHANGE = ("level", "headline", "instruction", "contact", "expires_at", "regions", "segments", "focus", "posts")


def revise(
    session: Session,
    actor: Actor,
    warning: Any,
    new_id: UUID,
    digest: bytes,
    said: Mapping[str, Any],
    kind: str,
    *,
    now: datetime,
) -> tuple[Any, bool]:
    """Write the next revision of a warning that is in force: it, and whether it is new.

    `said`: what it says differently, and `reason`. Conflict where nothing is in force.
    """
    known = flood_warnings.existing(session, new_id)
    if known is not None:
        return replays.same(known, actor.person_id, digest), False
    require(actor, Action.MAKE_WARNING, session, warning)
    moved(State(warning.state), Act.UPDATE if kind == UPDATE else Act.CORRECT)
    values = {name: getattr(warning, name) for name in (*_OF_CHANGE, "number", "is_drill", "drill_list_id", "root_id")}
    values |= {name: said[name] for name in _OF_CHANGE if name in said}
    if values["expires_at"] is not None and values["expires_at"] <= now:
        raise BadInput(Flaw("/expires_at", Text("flaw.warning_over")))
    touched = flood_warnings.regions_of(session, warning.id)
    where, focus = (tuple(said.get(name, ())) for name in ("regions", "focus"))
    draft = WarningDraft(new_id, digest, Level(values["level"]), "", "", regions=where, focus=focus)
    there, _ = places(session, actor, draft)
    if "regions" in said:
        touched = there
        values |= {"regions": list(widest(said["regions"])), "segments": []}
    because = {"kind": kind, "reason": said.get("reason", ""), "of": str(warning.id)}
    values |= {"id": new_id, "body_sha256": digest, "because": _cause(warning) | because}
    values["revision"] = _next(session, warning)
    add(session, values, touched, by=actor.person_id, now=now)
    return flood_warnings.existing(session, new_id), True


def next_of(
    session: Session,
    warning: Any,
    new_id: UUID,
    said: Mapping[str, Any],
    touched: Sequence[str],
    *,
    now: datetime,
) -> Any | None:
    """The next revision as a rule writes it; None where it is there already."""
    kept = (*_OF_CHANGE, "number", "is_drill", "drill_list_id", "root_id")
    values = {name: getattr(warning, name) for name in kept} | dict(said)
    because = warning.because | {"kind": UPDATE, "of": str(warning.id)}
    values |= {"id": new_id, "body_sha256": new_id.bytes, "because": because, "revision": _next(session, warning)}
    is_new = add(session, values, touched, by=None, now=now)
    return flood_warnings.existing(session, new_id) if is_new else None


def lay_aside(session: Session, warning: Any, *, now: datetime) -> None:
    """A draft that a rule wrote is of no use any more."""
    after = moved(State(warning.state), Act.DROP)
    flood_warnings.change(session, warning.id, state=after.value, ended_at=now, sign_by=None)
    changes.record(session, now, None, "drop", WARNING, str(warning.id), {})


def _next(session: Session, warning: Any) -> int:
    return int(flood_warnings.revisions(session, warning.root_id)[-1].revision) + 1


def _cause(warning: Any) -> dict[str, Any]:
    """What made a rule write it, which its revisions are for, too."""
    return {name: warning.because[name] for name in ("source", "about") if name in warning.because}


def is_graver(warning: Any, before: Any) -> bool:
    """Whether a revision must be answered anew."""
    return asks_again(Level(before.level), Level(warning.level))


def lift(session: Session, actor: Actor, warning: Any, text: str, *, is_mistake: bool, now: datetime) -> Any:
    """Give the all-clear (解除), or say that it was a mistake; Conflict for what is not in force."""
    require(actor, Action.MAKE_WARNING, session, warning)
    after = moved(State(warning.state), Act.CORRECT if is_mistake else Act.ALL_CLEAR)
    ended = {"state": after.value, "ended_at": now, "ended_by_id": actor.person_id, "ended_text": text}
    flood_warnings.change(session, warning.id, **ended)
    latest = flood_warnings.revisions(session, warning.root_id)[-1].revision
    drop_waiting(session, warning.root_id, latest + 1, now=now)
    changes.record(session, now, actor.person_id, after.value, WARNING, str(warning.id), {"text": text})
    return flood_warnings.existing(session, warning.id)


def drop(session: Session, actor: Actor, warning: Any, reason: str, *, now: datetime) -> None:
    """Throw a draft away, on record."""
    require(actor, Action.MAKE_WARNING, session, warning)
    after = moved(State(warning.state), Act.DROP)
    flood_warnings.change(session, warning.id, state=after.value, ended_at=now, ended_text=reason, sign_by=None)
    changes.record(session, now, actor.person_id, "drop", WARNING, str(warning.id), {"reason": reason})


def expire(session: Session, warning: Any, *, now: datetime) -> Any:
    """Its time is up."""
    after = moved(State(warning.state), Act.EXPIRE)
    flood_warnings.change(session, warning.id, state=after.value, ended_at=now)
    changes.record(session, now, None, "expire", WARNING, str(warning.id), {})
    return flood_warnings.existing(session, warning.id)
