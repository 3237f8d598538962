"""Joint work: patrols of several houses, clues, meetings with their tasks, and prosecutors' suggestions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Written


class JointPatrol(Written, Base):
    """People of several houses who walk a reach together on a day (联合巡河)."""

    __tablename__ = "joint_patrol"

    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segment.id"))
    river_code: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    day: Mapped[date]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """The business day: walks of it are theirs."""
    purpose: Mapped[str] = mapped_column(Text)


class JointPatrolMember(Base):
    """Somebody who takes part; whose own walk of the day is found when it is asked for."""

    __tablename__ = "joint_patrol_member"

    joint_patrol_id: Mapped[UUID] = mapped_column(ForeignKey("joint_patrol.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Clue(Written, Base):
    """A clue that is handed from one house to another, with the day by which an answer is asked for (线索)."""

    __tablename__ = "clue"

    way: Mapped[str] = mapped_column(String(5))
    post: Mapped[str] = mapped_column(String(20))
    """Police or prosecutor: who hands it in, or gets it."""
    law_region: Mapped[str] = mapped_column(String(12))
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    return_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None] = mapped_column(Text)


class JointMeeting(Written, Base):
    """A meeting of several houses (联席会议) with its minutes."""

    __tablename__ = "joint_meeting"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    minutes: Mapped[str] = mapped_column(Text)


class JointMeetingMember(Base):
    """Somebody who was at a meeting."""

    __tablename__ = "joint_meeting_member"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("joint_meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class JointTask(Base):
    """What a meeting asks for, by when; an order may do it."""

    __tablename__ = "joint_task"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("joint_meeting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("river_order.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Suggestion(Written, Base):
    """A prosecutor's suggestion (检察建议) about a hazard, which climbs until it is answered."""

    __tablename__ = "suggestion"

    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    law_region: Mapped[str] = mapped_column(String(12))
    document: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    reply_by: Mapped[datetime]
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reply: Mapped[str | None] = mapped_column(Text)
    policy_version: Mapped[int]
    rung: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None]


# Only those that may take a step are in it, so a sweep with nothing due reads one page.
Index(
    "ix_suggestion_next_step",
    Suggestion.next_step_at,
    sqlite_where=Suggestion.next_step_at.is_not(None),
    postgresql_where=Suggestion.next_step_at.is_not(None),
)
