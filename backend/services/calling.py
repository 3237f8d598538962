"""A warning goes out, changes and ends: its revision, its roll and everybody who must hear of it, together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import TABLE, Actor
from backend.domain.actions import Action
from backend.domain.alarms import Alarm
from backend.domain.flood_warnings import WARNING, How, State, WarningDraft, is_over
from backend.domain.lanes import Hours
from backend.domain.regions import LENGTHS
from backend.domain.terms import Level, Post
from backend.keyring import KeyRing
from backend.services import (
    alarms,
    callouts,
    door_knocks,
    drills,
    enrolling,
    flood_warnings,
    notices,
    revisions,
    roster,
    warning_texts,
)
from backend.store import callouts as callout_store
from backend.store import changes, escalation, flood_events
from backend.store import flood_warnings as store


class Calling:
    """What every step of it needs: the keys of links, the business zone and the quiet hours.

    `batch`: so many call-outs are written together with the issue of a warning.
    """

    def __init__(self, keyring: KeyRing, zone: ZoneInfo, hours: Hours, batch: int = enrolling.BATCH) -> None:
        self.keyring, self.zone, self.hours, self.batch = keyring, zone, hours, batch

    def make(self, session: Session, actor: Actor, draft: WarningDraft, *, now: datetime) -> tuple[UUID, bool]:
        """Write a warning, and ask for its issue where it says so; whether it is new."""
        warning_id, is_new = flood_warnings.make(session, actor, draft, now=now, zone=self.zone)
        if is_new and draft.wants_issue:
            self.ask(session, store.existing(session, warning_id), by=actor.person_id, now=now)
        return warning_id, is_new

    def ask(self, session: Session, warning: Any, *, by: UUID | None, now: datetime, **how: Any) -> None:
        """Ask for its issue: it goes out now, or those who may sign it hear that it waits for them."""
        found = flood_warnings.ask(session, warning, by=by, now=now, **how)
        if found is not None:
            self.issue(session, store.existing(session, warning.id), found, now=now)
        elif warning.asked_at is None:
            asked = store.existing(session, warning.id)
            people = self._signers(session, asked, now)
            notices.queue(session, warning_texts.asked_to_sign(asked, people), now=now)

    def sign(self, session: Session, actor: Actor, warning: Any, *, now: datetime) -> None:
        """Sign it; where its issue was asked for, it goes out by that."""
        how = flood_warnings.sign(session, actor, warning, now=now)
        if how is not None:
            self.issue(session, store.existing(session, warning.id), how, now=now)

    def issue(self, session: Session, warning: Any, how: How, *, now: datetime) -> None:
        """Let it out: the first people are called in the same transaction, the rest by the clockwork at once."""
        issued, before = flood_warnings.issue(session, warning, how, now=now)
        if before is not None:
            must_answer = revisions.is_graver(issued, before) or before.state != State.ISSUED
            gone = enrolling.renew(
                session, issued, before, now=now, zone=self.zone, hours=self.hours, must_answer=must_answer
            )
            if before.state == State.ISSUED:
                hearers = enrolling.hearers(session, issued, gone)
                notices.queue(session, warning_texts.over(issued, hearers, "warning_released"), now=now)
        left = self.fill(session, issued, now=now, limit=self.batch)
        if left == 0 and not callout_store.people_of(session, issued.root_id):
            self._sound(session, Alarm.EMPTY_ROLL, issued, now=now)
        self.sweep(session, now=now)

    def fill(self, session: Session, warning: Any, *, now: datetime, limit: int) -> int:
        """Add the next people to its roll; how many are left."""
        return enrolling.fill(session, warning, self.keyring, now=now, zone=self.zone, hours=self.hours, limit=limit)

    def sweep(self, session: Session, *, now: datetime, limit: int = callouts.BATCH) -> int:
        """Do what is due about call-outs, and give out the doors that it comes to; how many were looked at."""
        looked, doors = callouts.sweep(session, now=now, zone=self.zone, limit=limit)
        door_knocks.send(session, doors, now=now, zone=self.zone)
        return looked

    def lift(self, session: Session, actor: Actor, warning: Any, text: str, *, is_mistake: bool, now: datetime) -> None:
        """The all-clear, or that it was a mistake: everybody who heard of it hears of that, through every silence."""
        ended = revisions.lift(session, actor, warning, text, is_mistake=is_mistake, now=now)
        self._end(session, ended, "warning_mistaken" if is_mistake else "warning_all_clear", now=now)

    def revise(
        self,
        session: Session,
        actor: Actor,
        warning: Any,
        new: tuple[UUID, bytes],
        said: Mapping[str, Any],
        kind: str,
        *,
        now: datetime,
    ) -> tuple[UUID, bool]:
        """Write the next revision and ask for its issue: only one that is graver waits for a second signature."""
        made, is_new = revisions.revise(session, actor, warning, *new, said, kind, now=now)
        if is_new:
            self.ask(session, made, by=actor.person_id, now=now, at_once=not revisions.is_graver(made, warning))
        found: UUID = made.id
        return found, is_new

    def is_due(self, session: Session, *, now: datetime) -> bool:
        """Whether anything about warnings is due; a look with nothing to do writes nothing."""
        return flood_events.is_any_unruled(session) or store.is_anything_due(session, now)

    def is_calling(self, session: Session, *, now: datetime) -> bool:
        """Whether anything about call-outs may be due."""
        return store.is_any_roll_open(session) or callout_store.is_any_due(session, now)

    def unanswered(self, session: Session, *, now: datetime) -> bool:
        """Let out one warning whose signature was waited for long enough, or lay it aside where its time is up."""
        warning = store.unsigned(session, now)
        if warning is None:
            return False
        if is_over(flood_warnings.standing_of(warning), now):
            revisions.expire(session, warning, now=now)
            self._sound(session, Alarm.LATE_WARNING, warning, now=now)
        else:
            how = How.SIGNED if warning.signed_by_id is not None else How.UNANSWERED
            self.issue(session, warning, how, now=now)
        return True

    def fill_one(self, session: Session, *, now: datetime) -> bool:
        """Add people to the roll of one warning that is not full; whether there was any."""
        warning = store.unfilled(session)
        if warning is None:
            return False
        self.fill(session, warning, now=now, limit=enrolling.MANY)
        return True

    def expire_one(self, session: Session, *, now: datetime) -> bool:
        """End one warning whose time is up; whether there was any."""
        warning = store.over(session, now)
        if warning is None:
            return False
        self._end(session, revisions.expire(session, warning, now=now), "warning_expired", now=now)
        return True

    def close_rolls(self, session: Session, *, now: datetime, limit: int = 100) -> int:
        """Close rolls on which nobody is waited for any more, and say who could not be reached; how many."""
        roots = store.unclosed(session, limit)
        for root in roots:
            self._close(session, root, now)
        return len(roots)

    def _close(self, session: Session, root: Any, now: datetime) -> None:
        store.close(session, root.root_id, now)
        changes.record(session, now, None, "close_roll", WARNING, str(root.id), {})
        silent = callout_store.unreached(session, root.id)
        for county, count in silent.items():
            values = {"count": count, "number": root.number}
            if not root.is_drill:
                alarms.sound(session, Alarm.UNREACHED, f"{root.id}/{county}", now=now, region=county, **values)
        if root.is_drill:
            drills.report(session, root, now=now, today=day_of(now, self.zone))

    def _end(self, session: Session, ended: Any, key: str, *, now: datetime) -> None:
        told = enrolling.end(session, ended.root_id, now=now)
        notices.queue(session, warning_texts.over(ended, enrolling.hearers(session, ended, told), key), now=now)

    def _sound(self, session: Session, kind: Alarm, warning: Any, *, now: datetime) -> None:
        """Somebody must look; a drill wakes nobody."""
        if not warning.is_drill:
            place = store.regions_of(session, warning.id)[0]
            alarms.sound(session, kind, str(warning.id), now=now, region=place, number=warning.number)

    def on_duty(self, session: Session, warning: Any, *, now: datetime) -> list[UUID]:
        """Whoever is on duty where it warns: of its county, else of its city."""
        region = store.regions_of(session, warning.id)[0]
        for level in (Level.COUNTY, Level.CITY):
            place = region[: LENGTHS[level]]
            found = roster.on_duty(session, place, now=now, zone=self.zone) if len(place) == LENGTHS[level] else []
            if found:
                return found
        return escalation.holding(session, Post.ADMINISTRATOR, day_of(now, self.zone))

    def _signers(self, session: Session, warning: Any, now: datetime) -> Iterable[UUID]:
        """Whoever may sign it, but for whoever wrote it: those of its county, else those of its city."""
        region, today = store.regions_of(session, warning.id)[0], day_of(now, self.zone)
        places = [region[:length] for length in LENGTHS.values() if length <= len(region)]
        held = escalation.holders(session, TABLE[Action.SIGN_WARNING], places, today)
        people = dict.fromkeys(person for seats in held.values() for person in seats)
        return [person for person in people if person != warning.made_by_id]
