"""Telling of a hazard: the notices that follow from its acts and from the steps of its ladder, in their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.db import Session
from backend.domain.access import Actor
from backend.domain.handling import ActDraft
from backend.domain.hazards import Severity, State
from backend.domain.lanes import Lane
from backend.domain.notices import VOICE, Wanted
from backend.domain.public_reports import PUBLIC
from backend.domain.regions import LENGTHS
from backend.domain.terms import CHIEFS, Level, Post
from backend.domain.tidings import ABOVE, LANE_OF_REPORT, Whom, channels_of, key_of, lane_of, of_act
from backend.services import notices
from backend.services.escalation import Climbed
from backend.store import escalation, hazards, interim, segments

HAZARD = "hazard"
_NEVER_NOBODY = frozenset({Whom.MENDERS, Whom.LAW, Whom.HELPERS})
"""Whose work it is now; where nobody sits there, the clerks must know of it."""
_CHIEF_AT = {level: post for post, level in CHIEFS.items()}


def climbed(session: Session, each_climbed: Sequence[Climbed], *, now: datetime) -> None:
    """Queue what the steps of these hazards tell everybody whom they reach."""
    names = segments.names(session, {each.hazard.segment_id for each in each_climbed})
    notices.queue(session, _of_steps(each_climbed, names), now=now)


def reported(session: Session, hazard: Any, *, now: datetime, today: date) -> None:
    """Queue the news of a report for the clerks who accept it; of a crisis for the town's chief, too, at once."""
    severity = Severity(hazard.severity)
    lane = LANE_OF_REPORT[severity]
    people = _people(session, Whom.CLERKS, hazard, hazard, today)
    if severity is Severity.CRITICAL:
        town = hazard.region_code[: LENGTHS[Level.TOWN]]
        held = escalation.holders(session, [Post.TOWN_CHIEF], [town], today)
        people = [*people, *held.get((Post.TOWN_CHIEF, town), [])]
    values = {"segment": hazard.segment_name, "kind": _kind(hazard), "due": _at(hazard.due_at)}
    fact, about = f"reported:{hazard.id}", (HAZARD, hazard.id)
    channels = (*channels_of(lane), VOICE) if lane is Lane.URGENT else channels_of(lane)
    told = [Wanted(person, fact, "reported", values, lane, channels, about) for person in dict.fromkeys(people)]
    notices.queue(session, [each for each in told if each.person_id != hazard.reporter_id], now=now)


def acted(
    session: Session, actor: Actor, before: Any, after: Any, draft: ActDraft, *, now: datetime, today: date
) -> None:
    """Queue the news of an act for those whom it concerns, but for whoever took it."""
    news = of_act(draft.act, State(before.state), Severity(after.severity))
    if not news:
        return
    name = segments.names(session, {after.segment_id})[after.segment_id]
    values = {"segment": name, "kind": _kind(after)} | ({"due": _at(after.due_at)} if after.due_at else {})
    wanted = [
        Wanted(
            person,
            f"act:{draft.id}",
            _worded(tiding.key, after),
            values,
            tiding.lane,
            channels_of(tiding.lane),
            (HAZARD, after.id),
        )
        for tiding in news
        for person in _people(session, tiding.whom, before, after, today)
        if person != actor.person_id
    ]
    notices.queue(session, wanted, now=now)


def whose(session: Session, hazard: Any, today: date) -> set[UUID]:
    """Whose case a hazard is wherever it lies: who reported it, has to mend it, watches it, or has it for the law."""
    found = {hazard.reporter_id, hazard.assignee_id} - {None, PUBLIC.person_id} | set(
        interim.watched(session, hazard.id).values()
    )
    if hazard.unit_code and hazard.assigned_at:
        found |= set(escalation.liaisons(session, [hazard.unit_code], today).get(hazard.unit_code, ()))
    if hazard.handed_to:
        seat = Post(hazard.handed_to), hazard.handed_region
        found |= set(escalation.holders(session, seat[:1], [seat[1]], today).get(seat, ()))
    return found


def _worded(key: str, after: Any) -> str:
    """What is given out is to be mended by its deadline; in a crisis somebody is to be there by it."""
    if key != "assigned":
        return key
    if after.due_at is None:
        return "assigned_no_due"
    return "assigned_crisis" if Severity(after.severity) is Severity.CRITICAL else key


def _of_steps(each_climbed: Iterable[Climbed], names: dict[UUID, str]) -> Iterator[Wanted]:
    for each in each_climbed:
        hazard, severity = each.hazard, Severity(each.hazard.severity)
        values = {
            "segment": names[hazard.segment_id],
            "kind": _kind(hazard),
            "due": _at(hazard.due_at),
            "todo": {"key": f"notice.todo.{hazard.state}"},
        }
        fact = f"climb:{hazard.id}:{hazard.phase_begun_at.isoformat()}"
        for told in each.told:
            key = key_of(told.step, told.found_at)
            yield Wanted(
                told.person_id,
                f"{fact}:{told.number}",
                key,
                values,
                lane_of(told.step, severity),
                tuple(channel.value for channel in told.step.channels),
                (HAZARD, hazard.id),
                # To a superior in their own seat it is news, however often those below were reminded.
                1 if key == ABOVE and told.found_at is told.rung else told.number,
            )


def _people(session: Session, whom: Whom, before: Any, after: Any, today: date) -> list[UUID]:
    """Everybody who is meant, today; work goes to whoever stands in for the absent, a word about it does not."""
    meant = _meant(session, whom, before, after, today)
    if not meant and whom in _NEVER_NOBODY:
        meant = _meant(session, Whom.CLERKS, before, after, today)
    if whom in (Whom.REPORTER, Whom.ASKER, Whom.HELPED):
        return meant
    away = escalation.substitutes(session, meant, today)
    found = (away.get(person, person) for person in meant)
    return list(dict.fromkeys(person for person in found if person is not None))


def _meant(session: Session, whom: Whom, before: Any, after: Any, today: date) -> list[UUID]:
    county = after.region_code[: LENGTHS[Level.COUNTY]]
    if whom is Whom.REPORTER:
        told = [after.reporter_id, *(row.reporter_id for row in hazards.merged_into(session, after.id))]
        # Citizens have no account to write to: they look by their code.
        return [person for person in told if person != PUBLIC.person_id]
    if whom is Whom.ASKER:
        return [before.extension_by_id] if before.extension_by_id else []
    if whom is Whom.HELPED:
        return [before.help_asked_by_id] if before.help_asked_by_id else []
    if whom is Whom.HELPERS:
        level = Level(after.helped_by_level)
        posts_of_level = (_CHIEF_AT[level], Post.OFFICE_CLERK)
        region = after.region_code[: LENGTHS[level]]
        return [p for people in escalation.holders(session, posts_of_level, [region], today).values() for p in people]
    if whom is Whom.MENDERS:
        if after.assignee_id is not None:
            return [after.assignee_id]
        return (
            escalation.liaisons(session, [after.unit_code], today).get(after.unit_code, []) if after.unit_code else []
        )
    posts = (Post(after.handed_to),) if whom is Whom.LAW else (Post.BUREAU_CLERK, Post.OFFICE_CLERK)
    held = escalation.holders(session, posts, [county], today)
    return next((held[post, county] for post in posts if held.get((post, county))), [])


def _kind(hazard: Any) -> dict[str, str]:
    return {"key": f"hazard.kind.{hazard.kind}"}


def _at(moment: datetime) -> dict[str, str]:
    return {"at": moment.isoformat()}
