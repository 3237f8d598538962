"""Letters on their way as JSON; shape only."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from backend.api.paging import PageArguments
from backend.api.schemas.fields import Length, OneOf, about, one_of, text
from backend.api.schemas.notices import AboutAnswer
from backend.api.schemas.seasons import WhoAnswer
from backend.domain.lanes import Lane
from backend.domain.letters import State
from backend.domain.notices import CHANNELS
from backend.store.deliveries import ALL, FAILED, STATES
from backend.words import Text

MOST_NAMED = 500


class LetterListArguments(PageArguments):
    """Which letters: those that wait, were tried in vain, or were taken by no channel; of one person, all."""

    state = fields.String(
        validate=OneOf(list(STATES)), metadata=about(f"{', '.join(STATES)}; without a word `{FAILED}`.")
    )
    channel = one_of(*CHANNELS)
    lane = one_of(*Lane)
    failure = text(40, "Why it failed, as letters say it.")
    person = fields.UUID(metadata=about("To whom; needed for `all`."))

    @validates_schema
    def _of_somebody(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("state") == ALL and "person" not in data:
            raise ValidationError({"person": [Text("Missing data for required field.")]})


class RetrySchema(Schema):
    """The body of POST /letters/retry: notices by name, or all that a filter finds."""

    class Meta:
        unknown = RAISE

    EXAMPLE = {"channel": "sms", "failure": "no_answer"}

    notices = fields.List(fields.UUID(), validate=Length(1, MOST_NAMED), metadata=about("These, and no filter."))
    channel = one_of(*CHANNELS)
    lane = one_of(*Lane)
    failure = text(40, "Why they failed.", least=1)

    @validates_schema
    def _one_or_the_other(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError({"notices": [Text("Missing data for required field.")]})


class OnItsWayAnswer(Schema):
    """A letter: to whom, what, and how far it has come."""

    id = fields.UUID()
    notice = fields.UUID()
    person = fields.Nested(WhoAnswer)
    title = fields.String()
    text = fields.String()
    is_drill = fields.Boolean()
    lane = fields.String()
    channel = fields.String()
    state = fields.String(metadata=about(", ".join(State)))
    failure = fields.String(allow_none=True, metadata=about("Of the last try."))
    tries = fields.Integer()
    repeats = fields.Integer(metadata=about("Tries that were cut off and may have got through."))
    created_at = fields.String(metadata=about("When it was wanted."))
    due_at = fields.String(metadata=about("When it was first to go out."))
    next_try_at = fields.String(allow_none=True)
    failed_at = fields.String(allow_none=True)
    passed_to = fields.String(allow_none=True, metadata=about("The channel that took its place."))
    accepted_at = fields.String(allow_none=True, metadata=about("When the provider took it."))
    delivered_at = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    expires_at = fields.String(allow_none=True, metadata=about("When it is of no use any more."))
    reference = fields.String(allow_none=True, metadata=about("The provider's own number for it."))
    about = fields.Nested(AboutAnswer, allow_none=True)


class OnItsWayPage(Schema):
    """A page of letters."""

    items = fields.List(fields.Nested(OnItsWayAnswer))
    next = fields.String(allow_none=True)


class LetterStoryAnswer(Schema):
    """A letter, with all of the same notice in the order in which they were made."""

    letter = fields.Nested(OnItsWayAnswer)
    letters = fields.List(fields.Nested(OnItsWayAnswer))


class QueueAnswer(Schema):
    """What waits for a channel in a lane."""

    channel = fields.String()
    lane = fields.String()
    waiting = fields.Integer()
    retrying = fields.Integer(metadata=about("Of them tried in vain so far."))
    sending = fields.Integer(metadata=about("Of them being sent right now."))
    oldest_s = fields.Float(metadata=about("For so long the oldest has been due."))
    rests = fields.Boolean(metadata=about("Whether the channel rests after failures."))


class DeadAnswer(Schema):
    """What no channel took, for one reason."""

    channel = fields.String()
    lane = fields.String()
    failure = fields.String()
    count = fields.Integer()
    newest_at = fields.String()


class UnwrittenAnswer(Schema):
    """What waits for the morning or a digest."""

    lane = fields.String()
    count = fields.Integer()
    first_at = fields.String()


class QueuesAnswer(Schema):
    """Everything on its way to people of one's part of the world."""

    queues = fields.List(fields.Nested(QueueAnswer))
    dead = fields.List(fields.Nested(DeadAnswer))
    unwritten = fields.List(fields.Nested(UnwrittenAnswer))


class RetriedAnswer(Schema):
    """How much is tried again."""

    notices = fields.Integer()
    letters = fields.Integer()
