"""Walks: what the phone claimed as it was read at the door, and the place where copies are looked for."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0004_walks"
down_revision = "0003_job_lease"
branch_labels = None
depends_on = None

_BATCH = 500
_patrol = sa.table(
    "patrol",
    sa.column("seq", BigKey),
    sa.column("sketch", sa.LargeBinary()),
    sa.column("report", Json),
    sa.column("place", sa.Integer()),
    sa.column("sent_at", UtcTime()),
    sa.column("claims_mock", sa.Boolean()),
)


def upgrade() -> None:
    """Three columns and an index; what the rows that are there say is read into them."""
    op.add_column("patrol", sa.Column("place", sa.Integer(), nullable=True))
    op.add_column("patrol", sa.Column("sent_at", UtcTime(), nullable=True))
    op.add_column("patrol", sa.Column("claims_mock", sa.Boolean(), nullable=False, server_default=sa.false()))
    for rows in _batches():
        op.get_bind().execute(
            sa.update(_patrol)
            .where(_patrol.c.seq == sa.bindparam("of"))
            .values(
                place=sa.bindparam("cell"),
                sent_at=sa.bindparam("said_at", type_=UtcTime()),
                claims_mock=sa.bindparam("mock"),
            ),
            [_read(row) for row in rows],
        )
    op.create_index("ix_patrol_place_walked_at", "patrol", ["place", "walked_at", "seq"])


def downgrade() -> None:
    """Take them away again; the report still holds what the phone said."""
    op.drop_index("ix_patrol_place_walked_at", table_name="patrol")
    op.drop_column("patrol", "claims_mock")
    op.drop_column("patrol", "sent_at")
    op.drop_column("patrol", "place")


def _batches() -> Iterator[list[Any]]:
    last = 0
    question = sa.select(_patrol.c.seq, _patrol.c.sketch, _patrol.c.report).order_by(_patrol.c.seq).limit(_BATCH)
    while rows := list(op.get_bind().execute(question.where(_patrol.c.seq > last)).all()):
        yield rows
        last = rows[-1].seq


def _read(row: Any) -> dict[str, Any]:
    """As the door read it then; marshmallow took these words for a yes."""
    client = row.report.get("client") or {}
    yes = ("t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1", 1, True)
    mock = client.get("mock_location")
    return {
        "of": row.seq,
        "cell": _cell(row.sketch),
        "said_at": _moment(client.get("sent_at")),
        "mock": isinstance(mock, str | int) and mock in yes,
    }


def _cell(sketch: bytes | None) -> int | None:
    """The cell of 0.02 degrees around the seventeenth of 32 stops."""
    if not sketch:
        return None
    east, north = struct.unpack_from("<2i", sketch, 16 * 8)
    return (north + 90_000_000) // 20_000 * 18_000 + (east + 180_000_000) // 20_000


def _moment(said: Any) -> datetime | None:
    if not isinstance(said, str):
        return None
    text = re.sub(r"^(.{17})60", r"\g<1>59", said.upper().replace(" ", "T"))
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
