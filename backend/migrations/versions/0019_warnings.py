"""Warnings, call-outs, and drills that cannot leave their list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0019_warnings"
down_revision = "0018_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables of their own, and an index for what is said about call-outs."""

    op.create_table(
        "drill_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_drill_list_made_by_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_drill_list_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_list")),
    )
    op.create_table(
        "silence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("from_at", UtcTime(), nullable=False),
        sa.Column("until_at", UtcTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_silence_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(op.f("ix_silence_region_code"), "silence", ["region_code"], unique=False)
    op.create_table(
        "drill_member",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("agreed_at", UtcTime(), nullable=True),
        sa.Column("left_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["drill_list.id"], name=op.f("fk_drill_member_list_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_drill_member_person_id")),
        sa.PrimaryKeyConstraint("list_id", "person_id", name=op.f("pk_drill_member")),
    )
    op.create_index(op.f("ix_drill_member_person_id"), "drill_member", ["person_id"], unique=False)
    op.create_table(
        "warning",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("segments", Json, nullable=False),
        sa.Column("focus", Json, nullable=False),
        sa.Column("posts", Json, nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("drill_list_id", sa.Uuid(), nullable=True),
        sa.Column("because", Json, nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("sign_by", UtcTime(), nullable=True),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", UtcTime(), nullable=True),
        sa.Column("issued_at", UtcTime(), nullable=True),
        sa.Column("issued_how", sa.String(length=12), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_text", sa.Text(), nullable=True),
        sa.Column("filled_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.CheckConstraint("is_drill = (drill_list_id IS NOT NULL)", name=op.f("ck_warning_drill_has_list")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_warning_asked_by_id")),
        sa.ForeignKeyConstraint(["drill_list_id"], ["drill_list.id"], name=op.f("fk_warning_drill_list_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_warning_ended_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_warning_made_by_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_warning_signed_by_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_warning")),
        sa.UniqueConstraint("id", name=op.f("uq_warning_id")),
        sa.UniqueConstraint("root_id", "revision", name=op.f("uq_warning_root_id_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_warning_live",
        "warning",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_index("ix_warning_number", "warning", ["number"], unique=False)
    op.create_index(
        "ix_warning_unclosed",
        "warning",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND issued_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND issued_at IS NOT NULL"),
    )
    op.create_index(
        "ix_warning_unfilled",
        "warning",
        ["issued_at"],
        unique=False,
        sqlite_where=sa.text("state = 'issued' AND filled_at IS NULL"),
        postgresql_where=sa.text("state = 'issued' AND filled_at IS NULL"),
    )
    op.create_index(
        "ix_warning_unsigned",
        "warning",
        ["sign_by"],
        unique=False,
        sqlite_where=sa.text("state IN ('draft', 'signed') AND asked_at IS NOT NULL"),
        postgresql_where=sa.text("state IN ('draft', 'signed') AND asked_at IS NOT NULL"),
    )
    op.create_table(
        "callout",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("warning_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("drill_list_id", sa.Uuid(), nullable=True),
        sa.Column("link_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("climbs_from", UtcTime(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("calls", sa.SmallInteger(), nullable=False),
        sa.Column("taken", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=True),
        sa.Column("last_notice_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", UtcTime(), nullable=True),
        sa.Column("reached_at", UtcTime(), nullable=True),
        sa.Column("climbed_at", UtcTime(), nullable=True),
        sa.Column("door_at", UtcTime(), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("answer_s", sa.Double(), nullable=True),
        sa.Column("said_at", UtcTime(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=True),
        sa.CheckConstraint("is_drill = (drill_list_id IS NOT NULL)", name=op.f("ck_callout_drill_has_list")),
        sa.ForeignKeyConstraint(
            ["drill_list_id", "person_id"],
            ["drill_member.list_id", "drill_member.person_id"],
            name="fk_callout_drill_member",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_callout_person_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_callout_segment_id")),
        sa.ForeignKeyConstraint(["warning_id"], ["warning.id"], name=op.f("fk_callout_warning_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_callout")),
        sa.UniqueConstraint("id", name=op.f("uq_callout_id")),
        sa.UniqueConstraint("link_sha256", name=op.f("uq_callout_link_sha256")),
        sa.UniqueConstraint("root_id", "person_id", name=op.f("uq_callout_root_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_callout_answer_s",
        "callout",
        ["root_id", "answer_s"],
        unique=False,
        sqlite_where=sa.text("answer_s IS NOT NULL"),
        postgresql_where=sa.text("answer_s IS NOT NULL"),
    )
    op.create_index(
        "ix_callout_due",
        "callout",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_callout_person_id"), "callout", ["person_id"], unique=False)
    op.create_index("ix_callout_root_region", "callout", ["root_id", "region_code", "state"], unique=False)
    op.create_index("ix_callout_root_version", "callout", ["root_id", "version"], unique=False)
    op.create_index(
        "ix_callout_silent",
        "callout",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'unable')"),
        postgresql_where=sa.text("state IN ('open', 'unable')"),
    )
    op.create_table(
        "warning_region",
        sa.Column("warning_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["warning_id"], ["warning.id"], name=op.f("fk_warning_region_warning_id")),
        sa.PrimaryKeyConstraint("warning_id", "region_code", name=op.f("pk_warning_region")),
    )
    op.create_index(op.f("ix_warning_region_region_code"), "warning_region", ["region_code"], unique=False)
    op.create_table(
        "callout_answer",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("callout_id", sa.Uuid(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_callout_answer_by_id")),
        sa.ForeignKeyConstraint(["callout_id"], ["callout.id"], name=op.f("fk_callout_answer_callout_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_callout_answer")),
        sa.UniqueConstraint("id", name=op.f("uq_callout_answer_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_callout_answer_callout", "callout_answer", ["callout_id", "seq"], unique=False)
    op.create_table(
        "callout_step",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("callout_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("drill_list_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["callout_id"], ["callout.id"], name=op.f("fk_callout_step_callout_id")),
        sa.ForeignKeyConstraint(
            ["drill_list_id", "person_id"],
            ["drill_member.list_id", "drill_member.person_id"],
            name="fk_callout_step_drill_member",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_callout_step_person_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_callout_step")),
        sa.UniqueConstraint(
            "callout_id",
            "round",
            "what",
            "number",
            "person_id",
            name=op.f("uq_callout_step_callout_id_round_what_number_person_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_callout_step_person", "callout_step", ["person_id", "callout_id"], unique=False)
    op.create_table(
        "door_knock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("callout_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("given_to_id", sa.Uuid(), nullable=True),
        sa.Column("drill_list_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", UtcTime(), nullable=False),
        sa.Column("passed_at", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["callout_id"], ["callout.id"], name=op.f("fk_door_knock_callout_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_door_knock_done_by_id")),
        sa.ForeignKeyConstraint(
            ["drill_list_id", "given_to_id"],
            ["drill_member.list_id", "drill_member.person_id"],
            name="fk_door_knock_drill_member",
        ),
        sa.ForeignKeyConstraint(["given_to_id"], ["person.id"], name=op.f("fk_door_knock_given_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_knock")),
        sa.UniqueConstraint("callout_id", "round", name=op.f("uq_door_knock_callout_id_round")),
    )
    op.create_index(op.f("ix_door_knock_given_to_id"), "door_knock", ["given_to_id"], unique=False)
    op.create_index(
        "ix_door_knock_open",
        "door_knock",
        ["given_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_door_knock_root", "door_knock", ["root_id", "region_code"], unique=False)
    where = sa.text("about_type = 'callout'")
    op.create_index("ix_notice_callout", "notice", ["about_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """They go, and what they hold."""
    op.drop_index("ix_notice_callout", "notice")
    for name in ("door_knock", "callout_step", "callout_answer", "callout", "warning_region", "warning"):
        op.drop_table(name)
    for name in ("drill_member", "silence", "drill_list"):
        op.drop_table(name)
