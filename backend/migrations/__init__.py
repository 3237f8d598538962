"""Alembic, numbered: how every schema came to be, on both databases."""
