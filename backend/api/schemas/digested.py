"""Bodies that a client may send again: what makes two of them the same."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, post_load

from backend.formats.canonical import NotCanonical, canonical_sha256
from backend.words import Text


class Digested(Schema):
    """A body with its digest: the same body under the same id is the same thing, another one a conflict."""

    class Meta:
        unknown = RAISE

    @post_load(pass_original=True)
    def _with_digest(self, data: dict[str, Any], original: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"body_sha256": _digest_of(original)}


class DigestedWhole(Digested):
    """The same with the body as it was sent beside it, which is kept as evidence."""

    @post_load(pass_original=True)
    def _with_original(self, data: dict[str, Any], original: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"original": original}


def _digest_of(original: dict[str, Any]) -> bytes:
    """The digest of the canonical JSON without `client`."""
    try:
        return canonical_sha256(original)
    except NotCanonical:
        raise ValidationError([Text("flaw.not_canonical")]) from None
