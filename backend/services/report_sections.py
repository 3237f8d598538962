"""The sections of a report in the bureau's order; one more is a function, and a line in the list at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from backend.clock import end_of, start_of
from backend.domain.cooperation import COUNTS
from backend.domain.hazards import Act
from backend.domain.regions import LENGTHS
from backend.domain.reports import Figure, Section, Table, Unit, share
from backend.domain.stats import By, Period
from backend.domain.terms import CHIEFS, Level, Post
from backend.domain.training import COVERED, Coverage
from backend.services.report_duty import duty
from backend.services.report_frame import Frame
from backend.store import cooperation as joint_work
from backend.store import reports, training_coverage
from backend.words import Text

_POSTS = (*CHIEFS, Post.WARDEN, Post.OFFICE_CLERK, Post.POLICE_CHIEF, Post.PROSECUTOR)
_WHOLE = min(LENGTHS.values())
"""Digits of a place that holds everybody."""


def organisation(frame: Frame) -> Section:
    """Who is in office on the last day, and which reaches nobody answers for."""
    day = frame.by_place.asked.period.last
    held = reports.posts(frame.session, frame.by_place.regions, day)
    found = reports.reaches(frame.session, frame.by_place.regions, day)
    people = [Figure(Text(f"post.{post}"), held.get(post, 0)) for post in _POSTS]
    empty = Figure(Text("report.vacant"), sum(vacant for _, vacant in found.values()))
    headings = [Text("stats.split.level"), Text("report.reaches"), Text("report.vacant")]
    rows = [(Text(f"stats.level.{Level(level).word}"), found[level]) for level in sorted(found, reverse=True)]
    return Section(Text("report.organisation"), [*people, empty], [Table(Text("report.table.reaches"), headings, rows)])


def patrols(frame: Frame) -> Section:
    """How much was walked, where, and day by day; and how much of it was owed and done."""
    owed, by_place = duty(frame)
    figures = [
        *(frame.figure("patrols", name) for name in ("handed_in", "counted", "doubtful", "not_counted")),
        frame.share("report.counted_share", "patrols", "counted", "handed_in"),
        frame.figure("patrols", "metres", Unit.KILOMETRES),
        frame.figure("patrols", "seconds", Unit.HOURS),
        *owed,
    ]
    columns = [("patrols", name) for name in ("handed_in", "counted", "doubtful", "metres")]
    tables = [frame.table(By.REGION, columns, 1), *by_place, frame.table(By.DAY, columns[:2], 1)]
    return Section(Text("report.patrols"), figures, tables)


def problems(frame: Frame) -> Section:
    """What was found, and what became of it; the four illegal activities apart."""
    figures = [
        *(frame.figure("hazards", name) for name in ("reported", "cleared", "standing", "rejected", "merged")),
        frame.share("report.cleared_share", "hazards", "cleared", "reported"),
        *(frame.figure("hazards", name) for name in ("accepted", "rectified", "closed", "returned", "reopened")),
        *(frame.figure("four_illegal", name) for name in ("reported", "cleared", "closed")),
    ]
    columns = [("hazards", name) for name in ("reported", "cleared", "standing")] + [("four_illegal", "cleared")]
    return Section(Text("report.problems"), figures, [frame.table(By.REGION, columns)])


def flood(frame: Frame) -> Section:
    """Flood hazards, calls and drills, and answers to campaigns."""
    figures = [
        *(frame.figure("flood", name) for name in ("reported", "cleared", "standing", "rejected", "merged", "closed")),
        *(frame.figure("callouts", name) for name in ("called", "answered", "in_time")),
        frame.share("report.in_time_share", "callouts", "in_time", "called"),
        *(frame.figure("drills", name) for name in ("called", "in_time")),
        *(frame.figure("campaigns", name) for name in ("answered", "late", "found")),
    ]
    columns = [("flood", "reported"), ("flood", "cleared"), ("callouts", "called"), ("callouts", "in_time")]
    return Section(Text("report.flood"), figures, [frame.table(By.REGION, columns)])


def cooperation(frame: Frame) -> Section:
    """What chiefs, police and prosecutors did together, and what was put under watch."""
    now, before = (_together(frame, each.asked.period) for each in (frame.by_place, frame.before))
    figures = [Figure(Text(f"coop.count.{name}"), now[name], before[name]) for name in COUNTS]
    watched = Figure(Text("report.act.supervise"), now[Act.SUPERVISE], before[Act.SUPERVISE])
    return Section(Text("report.cooperation"), [*figures, watched])


def training(frame: Frame) -> Section:
    """Sessions of the time, and how many of those in office on its last day were trained since the year began."""
    regions = frame.by_place.regions
    (held, credited, hours), before = (
        reports.trainings(frame.session, regions, *_ends(each.asked.period, frame))
        for each in (frame.by_place, frame.before)
    )
    last = frame.by_place.asked.period.last
    year = start_of(last.replace(month=1, day=1), frame.zone), end_of(last, frame.zone)
    found: dict[str, Coverage] = {}
    for row in training_coverage.tally(frame.session, regions, COVERED, last, year, _WHOLE):
        found[row.post] = found.get(row.post, Coverage(0, 0)).plus(Coverage(row.people, row.trained))
    everybody = [found.get(post, Coverage(0, 0)) for post in COVERED]
    trained, people = sum(each.trained for each in everybody), sum(each.people for each in everybody)
    figures = [
        Figure(Text("report.training.sessions"), held, before[0]),
        Figure(Text("report.training.credited"), credited, before[1]),
        Figure(Text("report.training.hours"), hours, before[2], Unit.HOURS),
        Figure(Text("report.training.share"), share(trained, people), unit=Unit.SHARE),
    ]
    headings = [Text("stats.split.level"), Text("report.training.people"), Text("report.training.trained")]
    rows = [(Text(f"post.{post}"), (each.people, each.trained)) for post, each in zip(COVERED, everybody, strict=True)]
    return Section(Text("report.training"), figures, [Table(Text("report.training.coverage"), headings, rows)])


def _together(frame: Frame, period: Period) -> Counter[str]:
    """How much of each there was."""
    ends, found = _ends(period, frame), Counter[str]()
    for region in frame.by_place.regions:
        for counts in joint_work.counts(frame.session, region, *ends, _WHOLE).values():
            found.update(counts)
    found[Act.SUPERVISE] = reports.acts(frame.session, frame.by_place.regions, *ends).get(Act.SUPERVISE, 0)
    return found


def _ends(period: Period, frame: Frame) -> tuple[datetime, datetime]:
    return start_of(period.first, frame.zone), end_of(period.last, frame.zone)


SECTIONS: tuple[Callable[[Frame], Section], ...] = (organisation, patrols, problems, flood, cooperation, training)
"""As the bureau reads them."""
