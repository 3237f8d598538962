"""Joint work: patrols of several houses, clues, meetings with their tasks, and prosecutors' suggestions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, UtcTime

revision = "0040_cooperation"
down_revision = "0039_inspections"
branch_labels = None
depends_on = None

_TABLES = (
    *("suggestion", "joint_task", "joint_meeting_member", "joint_meeting"),
    *("clue", "joint_patrol_member", "joint_patrol"),
)


def upgrade() -> None:
    """Nobody has worked together yet."""
    _noun(
        "joint_patrol",
        {"segment_id": "segment.id"},
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("river_code", sa.String(length=40), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
    )
    op.create_index("ix_joint_patrol_region_code", "joint_patrol", ["region_code"])
    _members("joint_patrol_member", "joint_patrol_id", "joint_patrol")
    _clues()
    _meetings()
    _suggestions()


def downgrade() -> None:
    """Nothing is known of joint work; the hazards stay."""
    for table in _TABLES:
        op.drop_table(table)


def _noun(name: str, references: dict[str, str], *columns: Any) -> None:
    every = {"made_by_id": "person.id"} | references
    op.create_table(
        name,
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        *columns,
        *(sa.ForeignKeyConstraint([own], [other], name=f"fk_{name}_{own}") for own, other in every.items()),
        sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
        sa.UniqueConstraint("id", name=f"uq_{name}_id"),
        sqlite_autoincrement=True,
    )


def _members(name: str, column: str, of: str) -> None:
    op.create_table(
        name,
        sa.Column(column, sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{name}_{column}"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{name}_person_id"),
        sa.PrimaryKeyConstraint(column, "person_id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_person_id", name, ["person_id"])


def _clues() -> None:
    _noun(
        "clue",
        {"hazard_id": "hazard.id", "answered_by_id": "person.id"},
        sa.Column("way", sa.String(length=5), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("law_region", sa.String(length=12), nullable=False),
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("return_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
    )
    op.create_index("ix_clue_hazard_id", "clue", ["hazard_id"])
    op.create_index("ix_clue_region_code", "clue", ["region_code"])


def _meetings() -> None:
    _noun(
        "joint_meeting",
        {"region_code": "region.code"},
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
    )
    op.create_index("ix_joint_meeting_region_code", "joint_meeting", ["region_code"])
    _members("joint_meeting_member", "meeting_id", "joint_meeting")
    op.create_table(
        "joint_task",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["joint_meeting.id"], name="fk_joint_task_meeting_id"),
        sa.ForeignKeyConstraint(["order_id"], ["river_order.id"], name="fk_joint_task_order_id"),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name="fk_joint_task_done_by_id"),
        sa.PrimaryKeyConstraint("meeting_id", "number", name="pk_joint_task"),
    )


def _suggestions() -> None:
    _noun(
        "suggestion",
        {"hazard_id": "hazard.id", "replied_by_id": "person.id"},
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("law_region", sa.String(length=12), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_by", UtcTime(), nullable=False),
        sa.Column("replied_at", UtcTime(), nullable=True),
        sa.Column("replied_by_id", sa.Uuid(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("next_step_at", UtcTime(), nullable=True),
    )
    op.create_index("ix_suggestion_hazard_id", "suggestion", ["hazard_id"])
    op.create_index("ix_suggestion_region_code", "suggestion", ["region_code"])
    op.create_index(
        "ix_suggestion_next_step",
        "suggestion",
        ["next_step_at"],
        sqlite_where=sa.text("next_step_at IS NOT NULL"),
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
