"""Saved filters as JSON; shape only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.api.schemas.digested import Digested
from backend.api.schemas.fields import about, one_of, text
from backend.domain.filters import FilterDraft, Listed


class FilterArguments(Schema):
    """The filters of which list; of all when nothing is said."""

    list = one_of(*Listed)


class FilterSchema(Digested):
    """The body of PUT /me/filters/{uuid}."""

    EXAMPLE = {"list": "hazards", "name": "古楼街道逾期", "query": "region=371502001&overdue=true"}

    list = one_of(*Listed, required=True)
    name = text(40, "As one calls it.", required=True, least=1)
    query = text(500, "What the address of the list asks for, after its question mark.", required=True)


def filter_of(filter_id: UUID, loaded: dict[str, Any]) -> FilterDraft:
    """The filter as the rules know it."""
    return FilterDraft(filter_id, loaded["body_sha256"], Listed(loaded["list"]), loaded["name"], loaded["query"])


class FilterAnswer(Schema):
    """A filter."""

    id = fields.UUID()
    list = one_of(*Listed)
    name = fields.String()
    query = fields.String(metadata=about("What the address of the list asks for, after its question mark."))


class FilterList(Schema):
    """One's own filters, by name."""

    items = fields.List(fields.Nested(FilterAnswer))
