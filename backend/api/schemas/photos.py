"""The shape of questions and answers about photos."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import OneOf
from backend.files.images import SIZES

ORIGINAL = "original"


class LookArguments(Schema):
    """Which copy of a photo; the original only for staff and the law."""

    size = fields.String(load_default="view", validate=OneOf([*SIZES, ORIGINAL]))


class KeptAnswer(Schema):
    """What is said when the bytes are on disk."""

    sha256 = fields.String()
    state = fields.String(metadata={"enum": ["stored"]})
