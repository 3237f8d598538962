"""Reports: a month or a week of a place, made of its sections from figures that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from backend.db import Session
from backend.domain.access import Actor, scope_of
from backend.domain.actions import Action
from backend.domain.reports import Report, before, period_of
from backend.domain.stats import STATS, By
from backend.errors import BadInput
from backend.services import access, stats
from backend.services.report_frame import Frame
from backend.services.report_sections import SECTIONS
from backend.services.stats import Asked
from backend.store import changes

EXPORT = "export_report"


def of_place(session: Session, actor: Actor, of: str, region: str | None, *, now: datetime, zone: ZoneInfo) -> Report:
    """A report for whoever may see the figures; NotFound for a region outside, BadInput for no month or week."""
    where = access.part_of(scope_of(actor, Action.SEE_STATS).regions, region)
    return of_regions(session, where, of, now=now, zone=zone)


def of_regions(session: Session, where: Sequence[str], of: str, *, now: datetime, zone: ZoneInfo) -> Report:
    """The same of these regions; for whoever has the whole house."""
    try:
        period, earlier = period_of(of), before(of)
    except ValueError:
        raise BadInput.at("/of", "flaw.report_of") from None
    by_place = stats.of_regions(session, where, Asked(period, by=By.REGION), now=now, zone=zone)
    by_day = stats.of_regions(session, where, Asked(period, by=By.DAY), now=now, zone=zone)
    compared = stats.of_regions(session, where, Asked(earlier), now=now, zone=zone)
    frame = Frame(session, zone, by_place, by_day, compared)
    place = "、".join(by_place.names[region] for region in where)
    return Report(of, place, period, earlier, by_place.as_of, [section(frame) for section in SECTIONS])


def taken_out(session: Session, actor: Actor, of: str, form: str, region: str | None, *, now: datetime) -> None:
    """Keep that somebody has taken a report as a file."""
    body = {"of": of, "form": form} | ({"region": region} if region else {})
    changes.record(session, now, actor.person_id, EXPORT, STATS, of, body)
