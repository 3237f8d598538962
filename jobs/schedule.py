"""TIMETABLE: every job and when its turn comes, on one screen."""

from __future__ import annotations

from datetime import timedelta

from jobs import (
    alerts,
    audit,
    auditor,
    callouts,
    campaigns,
    changes,
    deadlines,
    delivery,
    drift,
    drills,
    duty_periods,
    escalation,
    feeds,
    flood_warnings,
    flood_window,
    logins,
    orders,
    photos,
    proofs,
    public_reports,
    reminders,
    risk,
    rollups,
    seals,
    signals,
    stations,
    stats,
    succession,
    suggestions,
)
from jobs.runner import InPieces, Job, Steady, Whole

SHORT = timedelta(seconds=15)
"""For what must not wait when its runner is killed; two that run at once leave each other's hazards alone."""

TIMETABLE: tuple[Job, ...] = (
    Steady("delivery", delivery.run, timedelta(seconds=1), keep=delivery.keep),
    InPieces("flood_warnings", flood_warnings.run, timedelta(seconds=2), lease=SHORT),
    InPieces("callouts", callouts.run, timedelta(seconds=2), lease=SHORT),
    InPieces("escalation", escalation.run, timedelta(seconds=5), lease=SHORT, preview=escalation.preview),
    InPieces("deadlines", deadlines.run, timedelta(minutes=5)),
    InPieces("auditor", auditor.run, timedelta(seconds=30), lease=SHORT),
    InPieces("audit", audit.run, timedelta(days=1)),
    InPieces("seals", seals.run, timedelta(minutes=5)),
    InPieces("proofs", proofs.run, timedelta(days=1)),
    InPieces("alerts", alerts.run, timedelta(seconds=10), lease=SHORT),
    InPieces("feeds", feeds.run, timedelta(seconds=10), lease=SHORT),
    InPieces("signals", signals.run, timedelta(seconds=10), lease=SHORT),
    InPieces("risk", risk.run, timedelta(seconds=10), lease=SHORT),
    InPieces("drift", drift.run, timedelta(days=1)),
    InPieces("rollups", rollups.run, timedelta(seconds=10), lease=SHORT),
    InPieces("stats", stats.run, timedelta(days=1)),
    InPieces("duty_periods", duty_periods.run, timedelta(days=1)),
    InPieces("reminders", reminders.run, timedelta(minutes=15)),
    InPieces("campaigns", campaigns.run, timedelta(minutes=1)),
    InPieces("orders", orders.run, timedelta(seconds=10), lease=SHORT),
    InPieces("suggestions", suggestions.run, timedelta(minutes=1)),
    InPieces("drills", drills.run, timedelta(minutes=5)),
    InPieces("flood_window", flood_window.run, timedelta(minutes=1)),
    InPieces("stations", stations.run, timedelta(minutes=1)),
    InPieces("succession", succession.run, timedelta(minutes=1)),
    InPieces("photos", photos.run, timedelta(hours=1)),
    Whole("public_reports", public_reports.run, timedelta(hours=1)),
    Whole("logins", logins.run, timedelta(minutes=15)),
    Whole("changes", changes.run, timedelta(hours=6)),
)


def named(name: str | None) -> Job | None:
    """The job of that name."""
    return next((job for job in TIMETABLE if job.name == name), None)
