"""Questions for reports that no rollup answers: who is in office on a day, which reaches there are, acts by kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from backend.models.hazards import Hazard, HazardAct
from backend.models.people import Appointment
from backend.models.training import Training, TrainingAttendance
from backend.store.people import covers
from backend.store.regions import inside
from backend.store.segments import in_force, segment
from backend.store.vacancies import is_vacant


def posts(session: Session, regions: Sequence[str], day: date) -> dict[str, int]:
    """How many appointments hold there on a day, by post."""
    here = or_(*(inside(Appointment.region_code, region) for region in regions))
    question = select(Appointment.post, func.count()).where(here, covers(Appointment, day)).group_by(Appointment.post)
    return {row[0]: row[1] for row in session.execute(question)}


def reaches(session: Session, regions: Sequence[str], day: date) -> dict[int, tuple[int, int]]:
    """How many reaches there are on a day, and how many of them have no chief of their own, by level."""
    here = or_(*(inside(segment.c.region_code, region) for region in regions))
    vacant = func.sum(case((is_vacant(day), 1), else_=0))
    question = select(segment.c.level, func.count(), vacant).where(here, in_force(day)).group_by(segment.c.level)
    return {level: (count, int(empty)) for level, count, empty in session.execute(question)}


def trainings(session: Session, regions: Sequence[str], begin: datetime, end: datetime) -> tuple[int, int, float]:
    """Sessions that offices there held between two moments, how many people were credited with one, and the hours."""
    here = or_(*(inside(Training.region_code, region) for region in regions))
    held = (here, Training.begins_at >= begin, Training.begins_at < end, Training.withdrawn_at.is_(None))
    count = session.scalar(select(func.count()).select_from(Training).where(*held)) or 0
    question = select(func.count(), func.coalesce(func.sum(TrainingAttendance.hours), 0.0))
    question = question.join(Training, Training.id == TrainingAttendance.training_id)
    credited, hours = session.execute(question.where(*held, TrainingAttendance.hours > 0)).one()
    return count, credited, hours


def acts(session: Session, regions: Sequence[str], begin: datetime, end: datetime) -> dict[str, int]:
    """How many acts on hazards there were between two moments, by act."""
    here = or_(*(inside(Hazard.region_code, region) for region in regions))
    question = select(HazardAct.act, func.count()).join(Hazard, Hazard.id == HazardAct.hazard_id)
    question = question.where(HazardAct.at >= begin, HazardAct.at < end, here).group_by(HazardAct.act)
    return {row[0]: row[1] for row in session.execute(question)}
