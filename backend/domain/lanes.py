"""Lanes of notices (通知的轻重缓急): what goes out at once, what waits for the morning or the digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Lane(StrEnum):
    """How much a notice presses."""

    URGENT = "urgent"
    """At once, day and night, each by itself."""
    NORMAL = "normal"
    """At once by day; at night it waits for the morning."""
    DIGEST = "digest"
    """Once a day, together with everything else of its reader (每日汇总)."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet hours from – until, and when the digest goes out, in the business zone."""

    quiet_from: time = time(22)
    quiet_until: time = time(7)
    digest_at: time = time(7, 30)


def is_quiet(now: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """Whether people are left alone at that moment, but for what is urgent."""
    clock = now.astimezone(zone).time()
    if hours.quiet_from <= hours.quiet_until:
        return hours.quiet_from <= clock < hours.quiet_until
    return clock >= hours.quiet_from or clock < hours.quiet_until


def quiet_until(now: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """The first moment from now on at which people are not left alone: now itself, or when the quiet hours end."""
    if not is_quiet(now, zone, hours):
        return now
    local = now.astimezone(zone)
    ends = datetime.combine(local.date(), hours.quiet_until, zone)
    return ends if ends > now else datetime.combine(local.date() + timedelta(days=1), hours.quiet_until, zone)


def goes_now(lane: Lane, now: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """Whether anything of a lane goes out at that moment."""
    return lane is Lane.URGENT or not is_quiet(now, zone, hours)


def last_digest(now: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """When the newest digest was due at that moment: what came before then belongs into it."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), hours.digest_at, zone)
    return today if today <= now else datetime.combine(local.date() - timedelta(days=1), hours.digest_at, zone)
