"""Previews (预览): what a warning would say by each channel and whom it would call, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from backend.clock import day_of
from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.callout_plans import Plan
from backend.domain.callout_texts import SEGMENT, length
from backend.domain.callouts import CALLOUT, forecast
from backend.domain.flood_warnings import SIGN_WITHIN, Level, WarningDraft, asks_again, check_draft
from backend.domain.notices import APP, SMS, VOICE, Wanted
from backend.domain.regions import below_length, overlap
from backend.domain.rolls import Called
from backend.domain.ways import Ways
from backend.errors import BadInput, Flaw
from backend.services import enrolling, flood_warnings, warning_areas, warning_texts, wording
from backend.services.calling import Calling
from backend.services.policies import CALLOUTS
from backend.services.warning_areas import Where
from backend.store import regions
from backend.words import Text

_LINK = f"/a/{'x' * 16}"
"""As long as a real one; whose it is, is not known yet."""


@dataclass(frozen=True, slots=True)
class Channelled:
    """What a channel says; of a text message with the room that its signature takes."""

    channel: str
    title: str
    text: str
    length: int
    most: int | None = None
    """So many letters go in one message; None where it does not matter."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region, and how many are called there."""

    region: str
    name: str
    people: int
    at: tuple[float, float] | None
    """The middle of the reaches there that it is about, in degrees; None where it is about none."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen."""

    number: str
    texts: list[Channelled]
    told: list[Channelled]
    """What those hear who have answered an earlier revision, which is not graver."""
    people: int
    places: list[Place]
    area: BaseGeometry | None
    """Where it would hold, as far as one sees; None for no place, one without reaches, or what is written already."""
    plan: Plan
    begins_at: datetime
    sign_within: timedelta | None
    lasts: timedelta | None
    """One round of calls with the lines that there are."""


class Previewing:
    """Previews with what the house has: its keys and hours, its channels, and the address to which links lead."""

    def __init__(self, calling: Calling, ways: Ways, address: str | None) -> None:
        self.zone, self.hours, self.ways, self.address = calling.zone, calling.hours, ways, address

    def of_draft(
        self,
        session: Session,
        actor: Actor,
        draft: WarningDraft,
        *,
        is_drill: bool = False,
        before: Any = None,
        kind: str = "",
        now: datetime,
    ) -> Preview:
        """Of what somebody has typed so far, as a new warning or as the next revision of `before`; without a place
        only its words.

        NotFound for a place or a list that is not the actor's, BadInput for what could not be issued.
        """
        touched, reaches = self._places(session, actor, draft, now) if draft.regions or draft.segments else ((), [])
        is_drill = before.is_drill if before else is_drill or draft.is_drill
        row = SimpleNamespace(
            number=before.number
            if before
            else flood_warnings.likely_number(session, is_drill=is_drill, now=now, zone=self.zone),
            level=draft.level.value,
            headline=draft.headline,
            instruction=draft.instruction,
            contact=draft.contact,
            expires_at=draft.expires_at,
            regions=list(draft.regions),
            segments=[str(each) for each in reaches],
            focus=list(draft.focus),
            posts=[post.value for post in draft.called],
            drill_list_id=before.drill_list_id if before else draft.drill_list,
            is_drill=is_drill,
        )
        is_milder = before is not None and not asks_again(Level(before.level), draft.level)
        today = day_of(now, self.zone)
        where = warning_areas.foreseen(session, row, scope_of(actor, Action.SEE_SEGMENTS), today)
        found = self._preview(session, row, touched, where, now)
        return replace(found, told=self._told(row, before.level, kind), sign_within=None) if is_milder else found

    def of_written(self, session: Session, warning: Any, parts: Sequence[str], *, now: datetime) -> Preview:
        """Of a warning as it was written: whom it would call in the part that somebody sees; where was looked at."""
        return self._preview(session, warning, parts, Where(None, []), now)

    def _preview(
        self,
        session: Session,
        row: Any,
        parts: Sequence[str],
        where: Where,
        now: datetime,
    ) -> Preview:
        level = Level(row.level)
        people = enrolling.audience(session, row, day_of(now, self.zone)) if parts else []
        people = [each for each in people if overlap(parts, [each.region_code])]
        return Preview(
            number=row.number,
            texts=self._texts(row),
            told=[],
            people=len(people),
            places=_by_place(session, people, parts, where),
            area=where.area,
            plan=CALLOUTS.at(session, now).plans[level],
            begins_at=enrolling.begins_at(level, now, self.zone, self.hours),
            sign_within=SIGN_WITHIN[level],
            lasts=self._lasts(len(people)),
        )

    def _places(
        self, session: Session, actor: Actor, draft: WarningDraft, now: datetime
    ) -> tuple[tuple[str, ...], list[UUID]]:
        check_draft(draft, now)
        if empty := [name for name in ("headline", "instruction") if not getattr(draft, name).strip()]:
            raise BadInput(*(Flaw(f"/{name}", Text(f"flaw.{name}_empty")) for name in empty))
        found = flood_warnings.places(session, actor, draft)
        flood_warnings.check_list(session, actor, draft)
        return found

    def _texts(self, row: Any) -> list[Channelled]:
        """The call as each channel says it, to somebody who has not chosen another language."""
        notice = _notice(CALLOUT, warning_texts.said_by_call(row), row)
        language = wording.language_of(None)
        way = self.ways.get(SMS)
        before = way.signature_length if way else 0
        link = f"{self.address}{_LINK}" if self.address else None
        short = wording.in_one_segment(notice, language, self.zone, link, signature_length=before) or ""
        title = wording.title(notice, language)
        return [
            Channelled(SMS, title, short, length(short) + before, SEGMENT),
            self._spoken(notice, VOICE),
            self._spoken(notice, APP),
        ]

    def _told(self, row: Any, before: str, kind: str) -> list[Channelled]:
        key = "warning_corrected" if kind == flood_warnings.CORRECT else "warning_updated"
        return [self._spoken(_notice(key, warning_texts.said_by_change(row, before), row), SMS)]

    def _spoken(self, notice: Wanted, channel: str) -> Channelled:
        language = wording.language_of(None)
        text = wording.sentence(notice, language, self.zone, channel=channel)
        return Channelled(channel, wording.title(notice, language), text, length(text))

    def _lasts(self, people: int) -> timedelta | None:
        way = self.ways.get(VOICE)
        if way is None or way.lines is None:
            return None
        return forecast(people, way.lines.count, way.lines.call_s)


def _notice(key: str, values: dict[str, Any], row: Any) -> Wanted:
    """A notice to nobody, which is never queued."""
    return Wanted(UUID(int=0), "", key, values, is_drill=row.is_drill)


def _by_place(session: Session, people: Iterable[Called], parts: Sequence[str], where: Where) -> list[Place]:
    """How many are called in each region directly below, as the board will have it."""
    if not parts:
        return []
    size = min(below_length(part) for part in parts)
    counts = Counter(each.region_code[:size] for each in people)
    names = regions.names(session, counts)
    return [Place(code, names.get(code, code), count, where.middle(code)) for code, count in sorted(counts.items())]
