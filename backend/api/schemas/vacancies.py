"""The shape of questions about vacant reaches, and of their answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import RegionCode, about, one_of, text
from backend.api.schemas.segments import LEVELS, NamedSegment


class VacancyArguments(PageArguments):
    """Which of them."""

    region = RegionCode(load_default=None)
    level = one_of(*LEVELS)
    segment = text(60, "The code of one reach.", least=1)


class HolderAnswer(Schema):
    """Somebody who answers, answered or will answer for a reach."""

    person_id = fields.UUID()
    name = fields.String()
    since = fields.Date(data_key="from", metadata=about("The first day."))
    until = fields.Date(allow_none=True, metadata=about("The first day no longer."))


class VacancyAnswer(NamedSegment):
    """A reach without a chief of its own."""

    since = fields.Date(metadata=about("The first day without; of a reach that never had a chief, its own first day."))
    last = fields.Nested(HolderAnswer, allow_none=True, metadata=about("Who was its chief last."))
    acting = fields.List(fields.Nested(HolderAnswer), metadata=about("Who acts for its chief today."))
    above = fields.List(
        fields.Nested(HolderAnswer),
        metadata=about("Where nobody acts: the chiefs of the nearest reach above that has one."),
    )
    coming = fields.Nested(HolderAnswer, allow_none=True, metadata=about("Who will be its chief."))


class VacancyPage(Schema):
    """A page of vacant reaches."""

    items = fields.List(fields.Nested(VacancyAnswer))
    next = fields.String(allow_none=True)
