"""Warnings follow from what happened to the water (`flood_event`), by the lines of a dated policy, each on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from backend.db import Session
from backend.domain.callout_texts import shortened
from backend.domain.flood_events import Source, What
from backend.domain.flood_warnings import HEADLINE_LENGTH, UNISSUED, WARNING, Level, State
from backend.domain.regions import widest
from backend.domain.signals import Danger
from backend.domain.terms import CHIEFS
from backend.domain.warning_rules import Follows, Line, Mode, WarningRules, follows, is_new_cause
from backend.services import flood_warnings, notices, revisions, warning_texts
from backend.services.calling import Calling
from backend.services.policies import WARNINGS
from backend.store import changes, flood_events, regions, risk
from backend.store import flood_warnings as store
from backend.words import Language, Text, say

Where = tuple[list[UUID], tuple[str, ...]]
"""The reaches that a warning is about, where it is about some alone, and the regions that it touches."""
_SPACE = UUID("5b0f2f3e-8f1c-5c0e-9c55-8f6f9a3f2a77")
_LANGUAGE: Language = "zh-CN"
"""In which a warning is written down; what a duty officer writes is Chinese, too."""


def waiting(session: Session, limit: int) -> list[int]:
    """The events of which the rules have not been asked, by number, the oldest first."""
    return flood_events.unruled(session, limit)


def follow(session: Session, calling: Calling, seq: int, *, now: datetime) -> bool:
    """Ask the rules about one event; False when somebody else has. What is an exercise is followed by nothing real."""
    event = flood_events.hold_unruled(session, seq)
    if event is None:
        return False
    rules = WARNINGS.at(session, now)
    found, line = follows(rules, Source(event.kind), What(event.what), event.level)
    if not event.is_exercise and found is not Follows.NOTHING and _is_of_water(event):
        _follow(session, calling, event, line, rules, now)
    flood_events.ruled(session, seq, now=now)
    return True


def give_up(session: Session, seq: int, *, now: datetime) -> None:
    """Ask no rule about an event any more: it breaks, and would be the first again at once."""
    flood_events.ruled(session, seq, now=now)


def _follow(
    session: Session, calling: Calling, event: Any, line: Line | None, rules: WarningRules, now: datetime
) -> None:
    known = _held(session, event)
    if line is not None and _is_late(event, now):
        changes.record(session, now, None, "late", Source(event.kind).value, str(event.about_id), {"event": event.seq})
    elif known is not None and event.kind == Source.RISK:
        _reaches_moved(session, calling, known, event, line, rules, now)
    elif line is None:
        if known is not None:
            _ended(session, calling, known, event, now)
    elif known is not None and known.state == State.ISSUED:
        _changed(session, calling, known, event, line, _place(session, event), now)
    elif known is not None or is_new_cause(Source(event.kind), What(event.what)):
        if known is not None:
            revisions.lay_aside(session, known, now=now)  # a draft of what was: the new one says what is
        _written(session, calling, event, line, rules.version, _place(session, event), now)


def _held(session: Session, event: Any) -> Any | None:
    """The warning of that origin as it is now; nobody else alters it until the transaction ends."""
    known = store.in_force_from(session, event.kind, event.about_id)
    if known is not None and store.held(session, known.id):
        known = store.in_force_from(session, event.kind, event.about_id)
    return known


def _is_late(event: Any, now: datetime) -> bool:
    """Whether it was over before anybody looked: its own end follows, and nobody is called for what was."""
    until = event.values.get("until")
    return until is not None and datetime.fromisoformat(until) <= now


def _reaches_moved(
    session: Session, calling: Calling, known: Any, event: Any, line: Line | None, rules: WarningRules, now: datetime
) -> None:
    """Risk moves reach by reach: a warning takes in those that rise, and is over when none of its own is left."""
    if What(event.what) is What.FELL:
        if line is None and not _is_any_left(session, known, event, rules):
            _ended(session, calling, known, event, now)
        return
    if line is None:
        return
    segments, touched = _place(session, event)
    every = [*dict.fromkeys([*map(UUID, known.segments), *segments])]
    where = every, widest([*store.regions_of(session, known.id), *touched])
    if Level(known.level).rank > line.level.rank:
        line = replace(line, level=Level(known.level))  # the safe side: those that rise less are called like the rest
    if known.state == State.ISSUED:
        _changed(session, calling, known, event, line, where, now)
    elif line.level.rank > Level(known.level).rank:
        revisions.lay_aside(session, known, now=now)
        _written(session, calling, event, line, rules.version, where, now)
    else:  # whoever may sign it has been asked, and the time until it goes out by itself runs on
        store.widen(session, known.id, [str(each) for each in every], where[1])


def _is_any_left(session: Session, known: Any, event: Any, rules: WarningRules) -> bool:
    """Whether a reach that it warns is still so bad that a line speaks of it."""
    fell = set(event.segments)
    if not fell & set(known.segments):
        return True
    others = [UUID(each) for each in known.segments if each not in fell]
    return any(rules.of(Source.RISK, row.risk_level) is not None for row in risk.present(session, others))


def _is_of_water(event: Any) -> bool:
    """Whether rivers rise by it: the weather office warns of fog, too."""
    danger = event.values.get("danger")
    return danger is None or Danger(danger).is_of_water


def _written(
    session: Session, calling: Calling, event: Any, line: Line, version: int, where: Where, now: datetime
) -> None:
    """A warning of what has begun, unless one that says as much, or more, is out for the same place already."""
    segments, touched = where
    if not touched:
        return
    said = _said(session, event, line, touched)
    if (over := _covering(session, event.regions, segments, line.level)) is not None:
        about = {"event": event.seq, "covered_by": over.number}
        changes.record(session, now, None, "covered", WARNING, str(over.id), about)
        return
    warning_id = uuid5(_SPACE, f"{event.seq}")
    because = {"source": event.kind, "about": str(event.about_id), "event": event.seq, "step": event.level}
    values = said | {
        "id": warning_id,
        "root_id": warning_id,
        "revision": 1,
        "body_sha256": warning_id.bytes,
        "number": flood_warnings.next_number(session, now=now, zone=calling.zone, is_drill=False),
        "contact": "",
        "regions": [] if segments else list(widest(event.regions)),
        "segments": [str(each) for each in segments],
        "focus": [],
        "posts": [post.value for post in CHIEFS],
        "drill_list_id": None,
        "is_drill": False,
        "because": because | {"rules": version, "mode": line.mode.value},
    }
    if not flood_warnings.add(session, values, touched, by=None, now=now):
        return
    warning = store.existing(session, warning_id)
    if line.mode is Mode.PREPARE:
        people = calling.on_duty(session, warning, now=now)
        notices.queue(session, warning_texts.prepared(warning, people), now=now)
    else:
        calling.ask(session, warning, by=None, within=line.within, at_once=line.mode is Mode.AT_ONCE, now=now)


def _changed(
    session: Session, calling: Calling, known: Any, event: Any, line: Line, where: Where, now: datetime
) -> None:
    """What was warned of is otherwise now: the next revision, which waits for a signature where it is graver."""
    segments, touched = where
    if not touched:
        return
    said = _said(session, event, line, touched)
    place = {"regions": [] if segments else list(widest(event.regions)), "segments": [str(each) for each in segments]}
    is_same = all(said[name] == getattr(known, name) for name in ("level", "headline", "expires_at"))
    if is_same and all(sorted(place[name]) == sorted(getattr(known, name)) for name in place):
        return
    made = revisions.next_of(session, known, uuid5(_SPACE, f"{event.seq}"), said | place, touched, now=now)
    if made is None:
        return
    is_graver = revisions.is_graver(made, known)
    calling.ask(session, made, by=None, within=line.within, at_once=not is_graver or line.mode is Mode.AT_ONCE, now=now)


def _ended(session: Session, calling: Calling, known: Any, event: Any, now: datetime) -> None:
    """What it was for is over: a draft is laid aside; to give the all-clear is for somebody who looks."""
    if State(known.state) in UNISSUED:
        revisions.lay_aside(session, known, now=now)
        return
    if event.values.get("continued_by") not in (None, str(event.about_id)):
        return  # another signal goes on where this one ends
    people = calling.on_duty(session, known, now=now)
    notices.queue(session, warning_texts.cause_over(known, people, event.seq), now=now)


def _place(session: Session, event: Any) -> Where:
    """The reaches that it is about where it is about some alone, and the regions that it touches."""
    named = [UUID(each) for each in event.segments]
    if event.rivers and not named:
        named = store.segments_on(session, event.regions, event.rivers)
    if named:
        return named, widest(row.region_code for row in store.segments_named(session, list(named)).values())
    return [], widest(event.regions)


def _covering(session: Session, regions: list[str], segments: list[UUID], level: Level) -> Any:
    """A warning in force, or on its way out, that says as much for the whole of the place."""
    for warning in store.live(session):
        is_wide = all(any(each.startswith(region) for region in warning.regions) for each in regions)
        is_same = bool(segments) and {str(each) for each in segments} <= set(warning.segments)
        if Level(warning.level).rank >= level.rank and (is_wide or is_same):
            return warning
    return None


def _said(session: Session, event: Any, line: Line, touched: Sequence[str]) -> dict[str, Any]:
    """What it says: what and where in few words, for so much fits a text message."""
    values = event.values
    words = {name: str(values.get(name) or "") for name in ("event", "name", "level_m", "over_m")}
    words |= {"step": say(Text(f"warning_rule.step.{event.kind}.{event.level}"), _LANGUAGE)}
    words |= {"place": _place_name(session, touched)}
    headline = say(Text(f"warning_rule.headline.{event.kind}", words), _LANGUAGE)
    until = values.get("until")
    return {
        "level": line.level.value,
        "headline": shortened(headline, HEADLINE_LENGTH),
        "instruction": say(Text(f"warning_rule.todo.{line.level}"), _LANGUAGE),
        "expires_at": datetime.fromisoformat(until) if until else None,
    }


def _place_name(session: Session, touched: Sequence[str]) -> str:
    first = min(touched, key=len)
    name = regions.names(session, [first]).get(first, first)
    return say(Text("warning_rule.places", {"place": name}), _LANGUAGE) if len(touched) > 1 else name
