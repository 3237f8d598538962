"""Who did what as JSON; shape only."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Day, Length, about, text
from backend.api.schemas.seasons import WhoAnswer
from backend.services.verifying import Proof


class AuditArguments(PageArguments):
    """Whose acts, which, on what, and when."""

    person = fields.UUID(metadata=about("Who did it."))
    act = text(40, "What was done.", least=1)
    type = text(20, "What sort of thing it was done to.", least=1)
    thing = text(60, "Which thing: its id or code.", least=1)
    begin = Day(data_key="from", metadata=about("The first day."))
    end = Day(data_key="until", metadata=about("The last day."))


class ExportArguments(PageArguments):
    """Who took which list, and when."""

    person = fields.UUID(metadata=about("Who took it."))
    list_ = fields.String(data_key="list", validate=Length(1, 40), metadata=about("Which list."))
    begin = Day(data_key="from", metadata=about("The first day."))
    end = Day(data_key="until", metadata=about("The last day."))


class ThingAnswer(Schema):
    """What something was done to."""

    type = fields.String()
    id = fields.String()
    name = fields.String(allow_none=True, metadata=about("Of a person."))


class ActAnswer(Schema):
    """Somebody did something."""

    source = fields.String(metadata=about("`record`, or `fact`: one of a timeline with its proof."))
    number = fields.Integer()
    at = fields.String()
    by = fields.Nested(WhoAnswer, allow_none=True, metadata=about("null: the house itself, or its command line."))
    act = fields.String()
    thing = fields.Nested(ThingAnswer)
    sentence = fields.String(allow_none=True, metadata=about("Of a timeline: what happened, in words."))
    body = fields.Dict(metadata=about("What was said with it."))


class ExportAnswer(Schema):
    """Somebody took a list out of the house."""

    number = fields.Integer(metadata=about("Of the record."))
    at = fields.String()
    by = fields.Nested(WhoAnswer, allow_none=True)
    list_ = fields.String(data_key="list", metadata=about("Which."))
    form = fields.String(allow_none=True, metadata=about("`xlsx` or `csv`."))
    rows = fields.Integer(allow_none=True, metadata=about("How many were in it; null where nobody counted."))
    purpose = fields.String(allow_none=True, metadata=about("What for, where that was asked."))
    asked = fields.Dict(metadata=about("What the list was asked for."))
    said = fields.Dict(
        allow_none=True,
        metadata=about("The same in words, as in the file: by what, and to what; null where none were kept."),
    )
    thing = fields.Nested(
        ThingAnswer, allow_none=True, metadata=about("What the list belongs to, where that is known.")
    )


class ExportPage(Schema):
    """A page of them, the newest first."""

    items = fields.List(fields.Nested(ExportAnswer))
    names = fields.Dict(metadata=about("Of people, regions and units that they name, by id and code."))
    next = fields.String(allow_none=True)


class AuditPage(Schema):
    """A page of acts, the newest first."""

    items = fields.List(fields.Nested(ActAnswer))
    next = fields.String(allow_none=True)


class ActWithBeforeAnswer(ActAnswer):
    """One act, with what was there before."""

    before = fields.Dict(metadata=about("What the last such act on the same thing had said."))
    said = fields.Dict(metadata=about("Personal words, null where they were erased."))
    hash = fields.String(allow_none=True, metadata=about("Of a fact: its link in the chain of proof."))
    names = fields.Dict(metadata=about("Of people, regions and units that it names, by id and code."))


class SealedAnswer(Schema):
    """The newest seal."""

    number = fields.Integer()
    at = fields.String()
    facts = fields.Integer(metadata=about("In all timelines together, up to it."))
    hash = fields.String()


class ProofCheckAnswer(Schema):
    """One look at every timeline and seal."""

    at = fields.String()
    chains = fields.Integer()
    facts = fields.Integer()
    seals = fields.Integer()
    broken = fields.String(allow_none=True, metadata=about("Where something does not add up first."))
    number = fields.Integer(allow_none=True)
    why = fields.String(allow_none=True)


class ChainAnswer(Schema):
    """Whether the timelines are what they were."""

    proof = fields.String(metadata=about(", ".join(Proof)))
    sealed = fields.Nested(SealedAnswer, allow_none=True)
    unsealed = fields.Integer(metadata=about("Facts that wait for the next seal."))
    checks = fields.List(fields.Nested(ProofCheckAnswer), metadata=about("The last looks, the newest first."))
