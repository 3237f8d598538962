"""Indexes with which lists stay as fast in a province as in a town."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_lists"
down_revision = "0004_walks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Walks by village, people by name and post, segments by county, and how wide those of a level are."""
    op.create_index("ix_patrol_region_walked_at", "patrol", ["region_code", "walked_at", "seq"])
    op.create_index("ix_person_name", "person", ["name", "id"])
    op.create_index("ix_appointment_post_region", "appointment", ["post", "region_code"])
    op.create_index("ix_segment_county_code", "segment", [sa.literal_column("substr(region_code, 1, 6)"), "code"])
    op.create_index("ix_segment_width", "segment", ["level", sa.text("(east - west)")])


def downgrade() -> None:
    """Without them lists are slower and say the same."""
    op.drop_index("ix_segment_width", "segment")
    op.drop_index("ix_segment_county_code", "segment")
    op.drop_index("ix_appointment_post_region", "appointment")
    op.drop_index("ix_person_name", "person")
    op.drop_index("ix_patrol_region_walked_at", "patrol")
