"""The base: regions, people, rivers, patrols, photos, logins, rules, records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, Shape, UtcTime

revision = "0001_base"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The base: regions, people, rivers, patrols, photos, logins, rules, records."""
    op.create_table(
        "job_slot",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("slot", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_job_slot"),
    )
    op.create_table(
        "login_lock",
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("phone_index", name="pk_login_lock"),
    )
    op.create_index("ix_login_lock_window_started_at", "login_lock", ["window_started_at"])

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_tail", sa.String(length=4), nullable=True),
        sa.Column("phone_head", sa.String(length=3), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("phone_index", name="uq_person_phone_index"),
    )
    op.create_table(
        "photo",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcTime(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_photo"),
    )
    op.create_index("ix_photo_received_at", "photo", ["received_at"])

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("mca_code", sa.String(length=12), nullable=True),
        sa.Column("mca_name", sa.String(length=80), nullable=True),
        sa.CheckConstraint("length(code) IN (2, 4, 6, 9, 12)", name="ck_region_code_length"),
        sa.PrimaryKeyConstraint("code", name="pk_region"),
    )
    op.create_index("ix_region_parent_code", "region", ["parent_code"])

    op.create_table(
        "river",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_river"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ck_absence_days_in_order"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_absence_person_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name="fk_absence_substitute_id"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"])
    op.create_index("ix_absence_substitute_id", "absence", ["substitute_id"])

    op.create_table(
        "change",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("thing_type", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("op", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_change_person_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_at", "change", ["at"])
    op.create_index("ix_change_person_order", "change", ["person_id", "transaction_id", "seq"])

    op.create_table(
        "login_family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=True),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_login_family_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_login_family"),
    )
    op.create_index("ix_login_family_person_id", "login_family", ["person_id"])

    op.create_table(
        "one_time_code",
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name="fk_one_time_code_issued_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_one_time_code_person_id"),
        sa.PrimaryKeyConstraint("code_index", name="pk_one_time_code"),
    )
    op.create_index("ix_one_time_code_person_id", "one_time_code", ["person_id"])

    op.create_table(
        "photo_upload",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_photo_upload_person_id"),
        sa.ForeignKeyConstraint(["sha256"], ["photo.sha256"], name="fk_photo_upload_sha256"),
        sa.PrimaryKeyConstraint("sha256", "person_id", name="pk_photo_upload"),
    )
    op.create_table(
        "photo_use",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("thing_type", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("named_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_photo_use_person_id"),
        sa.PrimaryKeyConstraint("sha256", "thing_type", "thing_id", name="pk_photo_use"),
    )
    op.create_index("ix_photo_use_thing", "photo_use", ["thing_type", "thing_id"])

    op.create_table(
        "record",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("thing_type", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.String(length=60), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_record_actor_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_record"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_record_at", "record", ["at"])
    op.create_index("ix_record_thing", "record", ["thing_type", "thing_id"])

    op.create_table(
        "rule",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", UtcTime(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_rule_made_by_id"),
        sa.PrimaryKeyConstraint("kind", "version", name="pk_rule"),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("river_code", sa.String(length=40), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("width_m", sa.Float(), nullable=False),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("from_m", sa.Double(), nullable=False),
        sa.Column("to_m", sa.Double(), nullable=False),
        sa.Column("line", Shape("LINESTRING"), nullable=False),
        sa.Column("levee", Shape("MULTILINESTRING"), nullable=True),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length_m > 0", name="ck_segment_has_length"),
        sa.ForeignKeyConstraint(["parent_id"], ["segment.id"], name="fk_segment_parent_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_segment_region_code"),
        sa.ForeignKeyConstraint(["river_code"], ["river.code"], name="fk_segment_river_code"),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
        sa.UniqueConstraint("code", name="uq_segment_code"),
    )
    op.create_index("ix_segment_box", "segment", ["level", "west", "east", "south", "north"])
    op.create_index("ix_segment_parent_id", "segment", ["parent_id"])
    op.create_index("ix_segment_region_code", "segment", ["region_code"])
    op.create_index("ix_segment_river_code", "segment", ["river_code"])

    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_unit_region_code"),
        sa.PrimaryKeyConstraint("code", name="pk_unit"),
    )
    op.create_index("ix_unit_region_code", "unit", ["region_code"])

    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=True),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ck_appointment_days_in_order"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_appointment_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_appointment_region_code"),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name="fk_appointment_substitute_id"),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name="fk_appointment_unit_code"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_person_id", "appointment", ["person_id"])
    op.create_index("ix_appointment_region_post", "appointment", ["region_code", "post"])
    op.create_index(
        "uq_appointment_person_post_region_from",
        "appointment",
        ["person_id", "post", "region_code", "from_day"],
        unique=True,
    )

    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("point", Shape("POINT"), nullable=False),
        sa.Column("chainage_m", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_checkpoint_segment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checkpoint"),
        sa.UniqueConstraint("code", name="uq_checkpoint_code"),
    )
    op.create_index("ix_checkpoint_segment_id", "checkpoint", ["segment_id"])

    op.create_table(
        "notice_board",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("point", Shape("POINT"), nullable=False),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_notice_board_segment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice_board"),
        sa.UniqueConstraint("code", name="uq_notice_board_code"),
    )
    op.create_index("ix_notice_board_segment_id", "notice_board", ["segment_id"])

    op.create_table(
        "patrol",
        sa.Column("seq", BigKey, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("duty_of_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("named_segment_id", sa.Uuid(), nullable=False),
        sa.Column("river_code", sa.String(length=40), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=False),
        sa.Column("walked_at", UtcTime(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("crs", sa.String(length=10), nullable=False),
        sa.Column("track", sa.LargeBinary(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("report", Json, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("covered_m", sa.Double(), nullable=False),
        sa.Column("verdict", Json, nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("segment_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("review_outcome", sa.String(length=10), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["duty_of_id"], ["person.id"], name="fk_patrol_duty_of_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_patrol_entered_by_id"),
        sa.ForeignKeyConstraint(["named_segment_id"], ["segment.id"], name="fk_patrol_named_segment_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_patrol_person_id"),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["person.id"], name="fk_patrol_reviewed_by_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_patrol_segment_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name="fk_patrol_withdrawn_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_patrol"),
        sa.UniqueConstraint("id", name="uq_patrol_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_patrol_county_walked_at",
        "patrol",
        [sa.literal_column("substr(region_code, 1, 6)"), "walked_at", "seq"],
    )
    op.create_index("ix_patrol_duty_of_walked_at", "patrol", ["duty_of_id", "walked_at"])
    op.create_index("ix_patrol_person_walked_at", "patrol", ["person_id", "walked_at", "seq"])
    op.create_index("ix_patrol_segment_walked_at", "patrol", ["segment_id", "walked_at", "seq"])
    op.create_index(
        "ix_patrol_town_walked_at",
        "patrol",
        [sa.literal_column("substr(region_code, 1, 9)"), "walked_at", "seq"],
    )
    op.create_index("ix_patrol_walked_at", "patrol", ["walked_at", "seq"])

    op.create_table(
        "refresh_token",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("replaced_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["login_family.id"], name="fk_refresh_token_family_id"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_refresh_token"),
    )
    op.create_index("ix_refresh_token_family_id", "refresh_token", ["family_id"])

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("duty", sa.String(length=10), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ck_assignment_days_in_order"),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_assignment_appointment_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_assignment_person_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_assignment_segment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
    )
    op.create_index("ix_assignment_appointment_id", "assignment", ["appointment_id"])
    op.create_index("ix_assignment_person_id", "assignment", ["person_id"])
    op.create_index("ix_assignment_segment_id", "assignment", ["segment_id"])
    op.create_index(
        "uq_assignment_person_segment_duty_from",
        "assignment",
        ["person_id", "segment_id", "duty", "from_day"],
        unique=True,
    )


def downgrade() -> None:
    """Take it back, with every row."""
    op.drop_table("assignment")
    op.drop_table("refresh_token")
    op.drop_table("patrol")
    op.drop_table("notice_board")
    op.drop_table("checkpoint")
    op.drop_table("appointment")
    op.drop_table("unit")
    op.drop_table("segment")
    op.drop_table("rule")
    op.drop_table("record")
    op.drop_table("photo_use")
    op.drop_table("photo_upload")
    op.drop_table("one_time_code")
    op.drop_table("login_family")
    op.drop_table("change")
    op.drop_table("absence")
    op.drop_table("river")
    op.drop_table("region")
    op.drop_table("photo")
    op.drop_table("person")
    op.drop_table("login_lock")
    op.drop_table("job_slot")
