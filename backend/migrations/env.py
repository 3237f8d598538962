"""Runs migrations on the connection that `backend.schema` hands over."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers

from backend.models import tables
from backend.models.base import Base

assert tables.NOUNS  # imported so that the metadata knows every table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # True of SQLite too, because backend.db begins its transactions itself: a migration that dies leaves nothing.
    transactional_ddl=True,
    include_object=alembic_helpers.include_object,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
