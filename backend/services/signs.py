"""Notice boards (公示牌): kept by the office, printed with the names of today, seen by whoever stands before one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from shapely import Point

from backend.db import Session
from backend.domain.access import Actor, Scope, may, scope_of
from backend.domain.actions import Action
from backend.domain.signs import (
    SIGN,
    Content,
    Difference,
    Named,
    Printed,
    SignDraft,
    Today,
    check_days,
    differences,
    digest,
    is_overdue,
    is_token,
    new_token,
)
from backend.errors import BadInput, Conflict, NotFound
from backend.recent import Recent
from backend.services import reaches
from backend.store import changes, public_signs, segments, signs

MOST_KEPT, FRESH_S = 2_000, 30.0
"""Pages kept a process, of some kilobytes each, and how long one is told again without a question (our judgement)."""
_TEXTS = ("office_phone", "goals", "forbidden")


@dataclass(frozen=True, slots=True)
class Seen:
    """A board with what should stand on it today, and in what it differs."""

    row: Any
    content: Content
    differs: list[Difference]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What anybody is shown of a board, as it was put together last."""

    version: str
    body: bytes
    at_s: float
    """By a clock that is never set."""


class ShownSigns:
    """Pages of boards that were looked at lately, by board, day and language; kept in the house."""

    def __init__(self, fresh_s: float = FRESH_S) -> None:
        self._fresh_s = fresh_s
        self._kept: Recent[tuple[str, date, str], Page] = Recent(MOST_KEPT)

    def fresh(self, key: tuple[str, date, str], at_s: float) -> Page | None:
        """The page that was shown just now."""
        kept = self._kept.get(key)
        return kept if kept is not None and at_s - kept.at_s < self._fresh_s else None

    def of_version(self, key: tuple[str, date, str], version: str) -> bytes | None:
        """The page that was shown before, where nothing on it has changed since."""
        kept = self._kept.get(key)
        return kept.body if kept is not None and kept.version == version else None

    def holds(self, key: tuple[str, date, str]) -> bool:
        """Whether the page was shown lately, be it as it is now or not."""
        return self._kept.get(key) is not None

    def keep(self, key: tuple[str, date, str], page: Page) -> None:
        """Keep what is shown."""
        self._kept.keep(key, page)


def scope(actor: Actor, action: Action = Action.SEE_SIGNS) -> Scope:
    """Where the actor sees boards, or keeps them."""
    return Scope(scope_of(actor, action).regions)


def one(session: Session, actor: Actor, code: str, *, today: date) -> Seen:
    """The board of that code; NotFound outside one's part of the world."""
    row = signs.one(session, code, scope(actor))
    if row is None:
        raise NotFound()
    return seen(session, [row], today=today)[0]


def seen(session: Session, rows: Sequence[Any], *, today: date) -> list[Seen]:
    """Boards beside how it is today: two questions for all of them."""
    chiefs: dict[UUID, list[Named]] = defaultdict(list)
    for each in signs.chiefs(session, {row.segment_id for row in rows}, today):
        named = Named(each.person_id, each.name, each.post, each.region_name or "", each.from_day)
        chiefs[each.segment_id].append(named)
    names: dict[UUID, dict[tuple[UUID, str], date | None]] = defaultdict(dict)
    for each in signs.names(session, [row.id for row in rows], today):
        names[each.board_id][each.person_id, each.post] = each.until_day
    return [_compared(row, chiefs[row.segment_id], names[row.id], today) for row in rows]


def make(session: Session, actor: Actor, draft: SignDraft, *, today: date, now: datetime) -> bool:
    """A new board; False when there is one of that code. NotFound for a reach where the actor keeps none."""
    columns = columns_of(session, actor, draft, today=today)
    code_of_house = {"id": uuid4(), "code": draft.code, "token": new_token(), "version": 1}
    columns.setdefault("point", _upper_end(session, columns["segment_id"]))
    if not signs.add(session, columns | code_of_house | {"text_on": today}):
        return False
    changes.record(session, now, actor.person_id, "make", SIGN, draft.code, said(columns) | {"segment": draft.segment})
    return True


def change(session: Session, actor: Actor, row: Any, columns: Mapping[str, Any], *, today: date, now: datetime) -> None:
    """Describe a board anew, on record; texts that are on it already make it differ from today on."""
    if any(getattr(row, name) != columns[name] for name in _TEXTS):
        columns = {**columns, "text_on": today, "is_text_newer": row.printed_on is not None}
    signs.change(session, row.id, **columns)
    changes.record(session, now, actor.person_id, "change", SIGN, row.code, said(columns))


def columns_of(session: Session, actor: Actor, draft: SignDraft, *, today: date) -> dict[str, Any]:
    """A described board as it is kept; BadInput for what cannot be meant, NotFound for a reach that is not there."""
    check_days(draft.put_up_on, draft.taken_down_on, today)
    named = reaches.found(session, draft.segment)
    if named is None or not may(actor, Action.KEEP_SIGNS, named.region_code):
        raise NotFound.at("/segment", "flaw.sign_reach")
    if named.until_day is not None and named.until_day <= today and draft.taken_down_on is None:
        raise BadInput.at("/segment", "flaw.sign_reach_ended")
    placed = {"point": Point(draft.lonlat)} if draft.lonlat else {}
    return placed | {
        "segment_id": named.id,
        "place": draft.place,
        "put_up_on": draft.put_up_on,
        "taken_down_on": draft.taken_down_on,
        "office_phone": draft.office_phone,
        "goals": draft.goals,
        "forbidden": draft.forbidden,
        "photo": draft.photo,
    }


def differs(row: Any, columns: Mapping[str, Any]) -> bool:
    """Whether a board is kept otherwise than described; without a place it stays where it is."""
    return any(getattr(row, name) != value for name, value in columns.items())


def kept(session: Session, actor: Actor, code: str) -> Any:
    """The board of that code, held, where the actor keeps boards; NotFound elsewhere."""
    held = signs.hold(session, [code], scope(actor, Action.KEEP_SIGNS))
    if not held:
        raise NotFound()
    return held[0]


def note_printed(
    session: Session, actor: Actor, sheets: Mapping[str, str], on: date, *, today: date, now: datetime
) -> int:
    """Note that these sheets hang on their boards: by code the digest of what is on each. How many were not known yet.

    NotFound for a board that is not the actor's to keep, Conflict where a sheet says what is no longer so.
    """
    if on > today:
        raise BadInput.at("/on", "flaw.sign_ahead")
    rows = signs.hold(session, sorted(sheets), scope(actor, Action.KEEP_SIGNS))
    if {row.code for row in rows} != set(sheets):
        raise NotFound()
    found = seen(session, rows, today=today)
    if stale := [each.row.code for each in found if digest(each.content.shown()) != sheets[each.row.code]]:
        raise Conflict("sheet_old", code=stale[0])
    new = [each for each in found if not _hangs(each, on)]
    write_prints(session, new, on, actor.person_id, now=now)
    changes.record_all(
        session, now, actor.person_id, "print", SIGN, [(each.row.code, {"on": on.isoformat()}) for each in new]
    )
    return len(new)


def write_prints(session: Session, found: Sequence[Seen], on: date, said_by: UUID | None, *, now: datetime) -> None:
    """Write down that what should stand on these boards today stands on them since a day."""
    rows, named = [], []
    for each in found:
        content = each.content.shown()
        signs.change(
            session,
            each.row.id,
            printed_on=on,
            printed=content,
            printed_segment_id=each.row.segment_id,
            is_text_newer=False,
        )
        sheet = {"board_id": each.row.id, "printed_on": on, "content": content}
        rows.append(sheet | {"said_by_id": said_by, "said_at": now})
        named += [(each.row.id, *key) for key in dict.fromkeys(chief.key for chief in each.content.chiefs)]
    signs.add_prints(session, rows, named)


def hang(session: Session, is_bare: Callable[[str], bool], *, today: date, now: datetime) -> int:
    """Let every board that came with a city say how it is today since it was put up, but for those that shall be bare;
    how many.
    """
    rows = [row for row in signs.unprinted(session) if row.put_up_on is not None and not is_bare(row.code)]
    for day in sorted({row.put_up_on for row in rows}):
        found = seen(session, [row for row in rows if row.put_up_on == day], today=today)
        write_prints(session, found, day, None, now=now)
    return len(rows)


def look(session: Session, token: str, *, today: date) -> tuple[list[Any], str]:
    """What anybody sees of the board with that code, a row a chief, and the version of it; NotFound for no board."""
    rows = public_signs.look(session, token, today) if is_token(token) else []
    if not rows:
        raise NotFound()
    return rows, hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:32]


def said(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of it on record: words and days."""
    days = {name: value.isoformat() for name, value in columns.items() if isinstance(value, date)}
    return {name: value for name, value in columns.items() if isinstance(value, str)} | days


def _compared(row: Any, chiefs: Sequence[Named], names: dict[tuple[UUID, str], date | None], today: date) -> Seen:
    texts = (row.office_phone, row.goals, row.forbidden)
    content = Content(row.river_name, row.segment_name, tuple(chiefs), *texts)
    printed = None
    if row.printed_on is not None:
        printed = Printed(row.printed_on, row.printed, row.printed_segment_id, names)
    now = Today(content, row.segment_id, row.reach_since, row.text_on, row.put_up_on, row.is_text_newer)
    found = [] if row.taken_down_on else differences(printed, now)
    return Seen(row, content, found, is_overdue(found, today))


def _hangs(each: Seen, on: date) -> bool:
    """Whether that very sheet hangs there already."""
    return each.row.printed_on == on and each.row.printed == each.content.shown() and not each.differs


def _upper_end(session: Session, segment_id: UUID) -> Point:
    line, _, _ = segments.shape_of(session, segment_id)
    return Point(line.coords[0])
