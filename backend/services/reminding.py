"""Reminders: once a day who is behind with their walks, and the list to their superior; measures to be checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.clock import day_of
from backend.db import Session
from backend.domain.duties import is_pressing
from backend.domain.lanes import Lane
from backend.domain.notices import APP, SMS, Wanted
from backend.domain.regions import LENGTHS
from backend.domain.terms import CHIEFS, Level, Post
from backend.services import duties, notices
from backend.services.duties import Owing
from backend.services.securing import WITHIN
from backend.store import appointments, escalation, interim, regions

NAMED = 20
"""So many names stand in a superior's list; of more the number is said (our judgement)."""
BATCH = 2_000
_A_DAY = timedelta(days=1)
_LEVELS = (Level.TOWN, Level.COUNTY, Level.CITY)
_POST_AT = {level: post for post, level in CHIEFS.items()}
_LEVEL_OF = {**CHIEFS, Post.WARDEN: Level.VILLAGE}


def behind(session: Session, city: str, *, now: datetime, zone: ZoneInfo) -> list[Wanted]:
    """What is to be said in a city: to everybody who is behind with a walk, and to their superiors.

    Looked at as of yesterday: a period that ended then is over, one that is half gone presses. Where nobody is to go
    to the water today, nobody is sent there by a reminder.
    """
    today = day_of(now, zone)
    yesterday = today - _A_DAY
    behind = [each for each in duties.behind(session, city, yesterday, zone) if is_pressing(each.period, yesterday)]
    late = [each for each in behind if not each.ground.at(now).keeps_off]
    return [*_own(session, late, today), *_lists(session, late, today)]


def queue(session: Session, wanted: Sequence[Wanted], *, now: datetime) -> None:
    """Write them; the same day's are there once however often they are wanted."""
    notices.queue(session, wanted, now=now)


def cities(session: Session) -> list[str]:
    """Every city: each is reminded by itself."""
    return regions.of_level(session, Level.CITY)


def checks(session: Session, *, now: datetime) -> int:
    """Tell the watchers of interim measures (度汛措施) which check is due since yesterday; how many."""
    due = interim.due(session, now - _A_DAY, now)
    notices.queue(
        session,
        [
            Wanted(
                row.watcher_id,
                f"interim:{row.id}:{row.next_check_at.isoformat()}",
                "interim_due",
                {"segment": row.segment, "due": {"at": row.next_check_at.isoformat()}},
                channels=(APP, SMS),
                about=("hazard", row.hazard_id),
            )
            for row in due
        ],
        now=now,
    )
    return len(due)


def unsafe(session: Session, *, now: datetime, zone: ZoneInfo) -> int:
    """Tell whoever mends and the clerks of flood hazards without a measure, and after a day the town's chief; how many.

    Each is told once of each.
    """
    today, wanted = day_of(now, zone), []
    rows = interim.unsafe(session)
    for row in rows:
        is_late = row.unsafe_since + WITHIN <= now
        fact = f"unsafe:{row.id}:{row.unsafe_since.isoformat()}{':late' if is_late else ''}"
        values = {
            "segment": row.segment,
            "kind": {"key": f"hazard.kind.{row.kind}"},
            "due": {"at": (row.unsafe_since + WITHIN).isoformat()},
        }
        for person in _concerned(session, row, today, with_town=is_late):
            key = "unsafe_late" if is_late else "unsafe"
            wanted.append(Wanted(person, fact, key, values, channels=(APP, SMS), about=("hazard", row.id)))
    notices.queue(session, wanted, now=now)
    return len(rows)


def _concerned(session: Session, row: Any, today: date, *, with_town: bool) -> list[UUID]:
    found = [row.assignee_id] if row.assignee_id else []
    if row.unit_code and not found:
        found += escalation.liaisons(session, [row.unit_code], today).get(row.unit_code, [])
    county, town = (row.region_code[: LENGTHS[level]] for level in (Level.COUNTY, Level.TOWN))
    seats = [(Post.BUREAU_CLERK, county)] + ([(Post.TOWN_CHIEF, town)] if with_town else [])
    held = escalation.holders(session, {post for post, _ in seats}, {county, town}, today)
    found += [person for seat in seats for person in held.get(seat, [])]
    away = escalation.substitutes(session, found, today)
    return list(dict.fromkeys(p for p in (away.get(each, each) for each in found) if p is not None))


def _own(session: Session, late: Sequence[Owing], today: date) -> Iterator[Wanted]:
    """A line for each river; whoever stands in for the absent gets theirs."""
    away = escalation.substitutes(session, {each.person_id for each in late}, today)
    for each in late:
        person = away.get(each.person_id, each.person_id)
        if person is None:
            continue
        last = each.period.until - _A_DAY
        values = {
            "river": each.river,
            "needed": each.needed,
            "done": each.done.walks,
            "missing": each.needed - each.done.walks,
            "until": last.isoformat(),
        }
        key = "duty_missed" if each.period.until <= today else "duty_behind"
        fact = f"duty:{each.person_id}:{each.river_code}:{each.post}:{today}"
        yield Wanted(person, fact, key, values, Lane.DIGEST, (APP,))


def _lists(session: Session, late: Sequence[Owing], today: date) -> Iterator[Wanted]:
    """To each superior the names of those below who are behind; a vacant seat passes them upwards."""
    names: dict[UUID, str] = {each.person_id: each.person for each in late}
    below: dict[str, dict[UUID, None]] = defaultdict(dict)
    posts = {(each.person_id, each.post) for each in late}
    for row in appointments.of_people(session, names, today):
        if (row.person_id, Post(row.post)) in posts:
            below[_above(row.region_code, Post(row.post))][row.person_id] = None
    chiefs = _superiors(session, below, today)
    titles = regions.names(session, below)
    for region, people in below.items():
        for person in chiefs[region]:
            yield _list(person, region, titles.get(region, region), [names[each] for each in people], today)


def _list(person: UUID, region: str, title: str, people: Sequence[str], today: date) -> Wanted:
    key = "duty_list" if len(people) <= NAMED else "duty_list_more"
    values = {"region": title, "count": len(people), "names": "、".join(people[:NAMED])}
    return Wanted(person, f"duty_list:{region}:{today}", key, values, Lane.DIGEST, (APP,))


def _above(region: str, post: Post) -> str:
    """The region whose chief is the superior of somebody with that post there."""
    level = _LEVEL_OF[post]
    return region[: LENGTHS[min((each for each in _LEVELS if each > level), default=Level.CITY)]]


def _superiors(session: Session, below: Iterable[str], today: date) -> Mapping[str, list[UUID]]:
    """Who is the superior of each region today: its chief, or whoever acts for them, or the next one up."""
    places = {region[: LENGTHS[level]] for region in below for level in _LEVELS}
    held = escalation.holders(session, [_POST_AT[level] for level in _LEVELS], places, today)
    away = escalation.substitutes(session, {person for people in held.values() for person in people}, today)
    found: dict[str, list[UUID]] = {}
    for region in below:
        chain = (
            held.get((_POST_AT[level], region[: LENGTHS[level]]), [])
            for level in _LEVELS
            if LENGTHS[level] <= len(region)
        )
        reached = ([to for each in people if (to := away.get(each, each)) is not None] for people in chain)
        found[region] = next((people for people in reached if people), [])
    return found
