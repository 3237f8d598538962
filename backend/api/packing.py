"""Answers are compressed when asked for: a page of walks is a tenth of itself on a village's telephone network."""

from __future__ import annotations

import gzip

from flask import Response, request

LEAST_BYTES = 1024
"""A smaller answer fits one packet or two anyway (our judgement)."""
_LEVEL = 3
"""Costs a third of the usual level and leaves a tenth more (JSON of walks and segments)."""
# Not pages: their forms hold secrets, whose length compression would tell. Not images: they are compressed.
_TYPES = frozenset(
    {"application/json", "application/geo+json", "application/problem+json", "application/gpx+xml", "text/csv"}
    | {"application/cap+xml", "application/atom+xml", "application/vnd.mapbox-vector-tile"}
)


def packed(response: Response) -> Response:
    """The answer, compressed when the asker takes it so.

    Its ETag stays: it names the thing as it is, and a phone sends it back as If-Match whatever way it came.
    """
    if response.mimetype not in _TYPES or response.direct_passthrough or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    is_wanted = request.accept_encodings.quality("gzip") > 0 and "Content-Encoding" not in response.headers
    if not is_wanted or (response.content_length or 0) < LEAST_BYTES:
        return response
    response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
