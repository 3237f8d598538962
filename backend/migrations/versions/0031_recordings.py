"""Recordings lie beside photos: a file says which of the two it is, and so does whatever names it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_recordings"
down_revision = "0030_refresh_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there are photos."""
    for table in ("photo", "photo_use"):
        op.add_column(table, sa.Column("kind", sa.String(length=10), nullable=False, server_default="photo"))
    with op.batch_alter_table("photo") as photo:
        photo.alter_column("width", existing_type=sa.Integer(), nullable=True)
        photo.alter_column("height", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """The rows of recordings go; their bytes stay in the store, and nothing names them."""
    op.execute("DELETE FROM photo_use WHERE kind = 'recording'")
    op.execute("DELETE FROM photo_upload WHERE sha256 IN (SELECT sha256 FROM photo WHERE kind = 'recording')")
    op.execute("DELETE FROM photo WHERE kind = 'recording'")
    with op.batch_alter_table("photo_use") as use:
        use.drop_column("kind")
    with op.batch_alter_table("photo") as photo:
        photo.alter_column("width", existing_type=sa.Integer(), nullable=False)
        photo.alter_column("height", existing_type=sa.Integer(), nullable=False)
        photo.drop_column("kind")
