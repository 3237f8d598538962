"""Versions of rules, and what a proposed one would change, as JSON; shape only."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import Moment, about
from backend.api.schemas.seasons import WhoAnswer
from backend.domain.seasons import Phase
from backend.domain.versions import Standing


class VersionAnswer(Schema):
    """One version of a rule."""

    version = fields.Integer(metadata=about("0: as built in, before anybody has written one."))
    standing = fields.String(metadata=about(", ".join(Standing)))
    valid_from = fields.String(allow_none=True)
    until = fields.String(allow_none=True, metadata=about("When a later version takes its place."))
    body = fields.Dict()
    reason = fields.String()
    made_by = fields.Nested(WhoAnswer, allow_none=True, metadata=about("null: the house itself, or its command line."))
    made_at = fields.String(allow_none=True)


class VersionsAnswer(Schema):
    """Every version of a rule, the oldest first."""

    kind = fields.String()
    items = fields.List(fields.Nested(VersionAnswer))


class EstimateSchema(Schema):
    """A proposed version: only what changes, and from when."""

    EXAMPLE = {"body": {}, "valid_from": "2025-07-01T00:00:00+08:00"}

    body = fields.Dict(required=True)
    valid_from = Moment(required=True)


class CountyAnswer(Schema):
    """Hazards of a county whose deadline moves."""

    region = fields.String()
    name = fields.String(allow_none=True)
    earlier = fields.Integer()
    later = fields.Integer()


class SeverityAnswer(Schema):
    """Hazards of a severity whose deadline moves."""

    severity = fields.String()
    earlier = fields.Integer()
    later = fields.Integer()


class HazardEstimateAnswer(Schema):
    """What a policy would make of the hazards that are open now."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    begins_at = fields.String(metadata=about("When they would be counted anew."))
    open = fields.Integer()
    late = fields.Integer(metadata=about("Late by then: they stay as they are."))
    extended = fields.Integer(metadata=about("Given more time: they stay, too."))
    earlier = fields.Integer()
    later = fields.Integer()
    hurried = fields.Integer(metadata=about("Would be over at once: they get the least notice that there is."))
    steps_earlier = fields.Integer()
    steps_later = fields.Integer()
    first_step_at = fields.String(allow_none=True)
    severities = fields.List(fields.Nested(SeverityAnswer))
    counties = fields.List(fields.Nested(CountyAnswer))


class MoveAnswer(Schema):
    """Walks with one outcome that would have another."""

    before = fields.String()
    after = fields.String()
    count = fields.Integer()


class ReasonCountAnswer(Schema):
    """How many of them for which reason."""

    code = fields.String()
    count = fields.Integer()


class PatrolEstimateAnswer(Schema):
    """What a rule would have made of the walks of the last 30 days."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    days = fields.Integer()
    walks = fields.Integer(metadata=about("All of these days, but those reviewed or withdrawn."))
    judged = fields.Integer(
        metadata=about("So many of them were judged: a sample evenly spread, where there are many.")
    )
    otherwise = fields.Integer()
    moves = fields.List(fields.Nested(MoveAnswer))
    reasons = fields.List(fields.Nested(ReasonCountAnswer))


class CaseAnswer(Schema):
    """Events from which something else would have followed; null: no warning."""

    source = fields.String()
    step = fields.String()
    count = fields.Integer()
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)


class WarningEstimateAnswer(Schema):
    """What would have followed from the events of the last year."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    events = fields.Integer()
    cases = fields.List(fields.Nested(CaseAnswer))


class CalloutEstimateAnswer(Schema):
    """The plans as they would be, and how many warnings are out that go on as they began."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    running = fields.Dict(metadata=about("By level."))


class AssessmentEstimateAnswer(Schema):
    """What a proposed library would make of the newest assessment that is out, which stays as it is."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    name = fields.String(allow_none=True, metadata=about("Of that assessment; null: none is out."))
    people = fields.Integer()
    moved = fields.Integer(metadata=about("Who would stand in another place."))
    ranked = fields.Integer(metadata=about("Who would be compared at all."))
    ranked_before = fields.Integer()


class TrainingEstimateAnswer(Schema):
    """Whom a proposed rule would remind in its first days, beside the rule that holds now."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    days = fields.Integer(metadata=about("So long from its beginning."))
    untrained = fields.Integer(metadata=about("New chiefs without any training."))
    people = fields.Integer(metadata=about("Who of them would be reminded."))
    people_before = fields.Integer()
    reminders = fields.Integer()
    reminders_before = fields.Integer()


class PointsEstimateAnswer(Schema):
    """What the reports of the last days would have earned by a proposed rule."""

    body = fields.Dict(metadata=about("The version whole, as it would be."))
    days = fields.Integer()
    reports = fields.Integer(metadata=about("Told by the public in these days and found true."))
    points = fields.Integer(metadata=about("All that they would have earned."))


class PostAnswer(Schema):
    """Who walks, and how often."""

    post = fields.String()
    people = fields.Integer()
    before = fields.Dict(metadata=about("`walks` a `span`."))
    after = fields.Dict()


class StretchAnswer(Schema):
    """Days that would stand elsewhere."""

    begin = fields.Date()
    end = fields.Date(metadata=about("The last of them."))
    before = fields.String(metadata=about(", ".join(Phase)))
    after = fields.String()
    posts = fields.List(fields.Nested(PostAnswer), metadata=about("Whose walks change by it, without responses."))


class OwnDatesAnswer(Schema):
    """A region."""

    region = fields.String()
    name = fields.String(allow_none=True)


class SeasonEstimateAnswer(Schema):
    """What other dates would change from today on."""

    before = fields.Dict()
    stretches = fields.List(fields.Nested(StretchAnswer))
    flood_hazards = fields.Integer(metadata=about("Open ones there: in the key window they have half the time."))
    own = fields.List(
        fields.Nested(OwnDatesAnswer), metadata=about("Regions inside with dates of their own, which stay.")
    )
