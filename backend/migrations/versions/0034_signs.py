"""Notice boards say where they stand and what is printed on them, each under a code of its own for the public."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from backend.db import BigKey, Json, UtcTime

revision = "0034_signs"
down_revision = "0033_orders"
branch_labels = None
depends_on = None

_ALONE = {"resolve_fks": False}
"""SQLite copies the table: what it refers to stays as it is."""
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 8
_TEXTS = ("place", "office_phone", "goals", "forbidden")
_REST = ("photo", "text_on", "is_text_newer", "printed", "printed_segment_id", "version")
_DAYS = ("put_up_on", "taken_down_on", "printed_on")


def upgrade() -> None:
    """Boards that are there get a code each; what is printed on them nobody has said yet."""
    with op.batch_alter_table("notice_board", reflect_kwargs=_ALONE) as board:
        board.add_column(sa.Column("token", sa.String(16), nullable=True))
        board.add_column(sa.Column("place", sa.String(120), nullable=False, server_default=""))
        board.add_column(sa.Column("office_phone", sa.String(40), nullable=False, server_default=""))
        for name in ("goals", "forbidden"):
            board.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in _DAYS:
            board.add_column(sa.Column(name, sa.Date(), nullable=True))
        board.add_column(sa.Column("photo", sa.LargeBinary(), nullable=True))
        board.add_column(sa.Column("text_on", sa.Date(), nullable=False, server_default="1970-01-01"))
        board.add_column(sa.Column("is_text_newer", sa.Boolean(), nullable=False, server_default=sa.false()))
        board.add_column(sa.Column("printed", Json, nullable=True))
        board.add_column(sa.Column("printed_segment_id", sa.Uuid(), nullable=True))
        board.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        board.create_foreign_key("fk_notice_board_printed_segment_id", "segment", ["printed_segment_id"], ["id"])
    _give_tokens()
    with op.batch_alter_table("notice_board", reflect_kwargs=_ALONE) as board:
        board.alter_column("token", existing_type=sa.String(16), nullable=False)
        board.create_unique_constraint("uq_notice_board_token", ["token"])
    _prints()


def downgrade() -> None:
    """Boards are a place and a reach again."""
    op.drop_table("sign_print")
    op.drop_table("sign_name")
    with op.batch_alter_table("notice_board", reflect_kwargs=_ALONE) as board:
        board.drop_constraint("uq_notice_board_token", type_="unique")
        board.drop_constraint("fk_notice_board_printed_segment_id", type_="foreignkey")
        for name in ("token", *_TEXTS, *_DAYS, *_REST):
            board.drop_column(name)


def _give_tokens() -> None:
    connection = op.get_bind()
    board = sa.table("notice_board", sa.column("id", sa.Uuid()), sa.column("token", sa.String()))
    taken: set[str] = set()
    for board_id in connection.execute(sa.select(board.c.id)).scalars().all():
        token = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        while token in taken:
            token = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        taken.add(token)
        connection.execute(sa.update(board).where(board.c.id == board_id).values(token=token))


def _prints() -> None:
    of_board = "notice_board.id"
    op.create_table(
        "sign_name",
        sa.Column("board_id", sa.Uuid(), sa.ForeignKey(of_board, name="fk_sign_name_board_id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", name="fk_sign_name_person_id"), primary_key=True),
        sa.Column("post", sa.String(20), primary_key=True),
    )
    op.create_table(
        "sign_print",
        sa.Column("seq", BigKey, sa.Identity(always=False), primary_key=True),
        sa.Column("board_id", sa.Uuid(), sa.ForeignKey(of_board, name="fk_sign_print_board_id"), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("said_by_id", sa.Uuid(), sa.ForeignKey("person.id", name="fk_sign_print_said_by_id"), nullable=True),
        sa.Column("said_at", UtcTime(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_print_board", "sign_print", ["board_id", "seq"])
