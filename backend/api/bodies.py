"""Request bodies: JSON read strictly and within bounds, and what is wrong with it told by its place."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import orjson
from flask import Request, g, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from backend.errors import BadInput, Flaw, NotFound, NotReadable, TooLarge, UnsupportedMedia
from backend.formats.doubles import double_name
from backend.words import Text

JSON_LIMIT = 5 * 1024 * 1024
"""Bytes of a JSON body after inflation."""
_PIECE = 64 * 1024
_SHOWN = 60
"""Letters of a name that somebody made up, as far as an answer repeats it."""
_BATCHES = ("sync.upwards", "readings.receive")
"""Where each item stands alone, and is refused alone for a NUL in it."""
_JSON_TYPES = ("application/json", "application/geo+json", "application/merge-patch+json")


def json_body() -> Any:
    """The body as JSON (no NaN, no infinity, no depth beyond reason, no name twice), read once a request."""
    if "json_body" not in g:
        if request.mimetype not in _JSON_TYPES:
            raise UnsupportedMedia(wanted="application/json")
        raw = read_bytes(JSON_LIMIT)
        try:
            g.json_body = orjson.loads(raw)
        except orjson.JSONDecodeError as wrong:
            raise NotReadable("json", line=wrong.lineno, column=wrong.colno) from None
        if (name := double_name(raw)) is not None:
            raise NotReadable("double", name=name[:_SHOWN])
        if b"\\u0000" in raw and request.endpoint not in _BATCHES:
            refuse_nul(g.json_body)
    return g.json_body


def refuse_nul_in_address() -> None:
    """No database takes a NUL character: nothing has such a name, and no question can ask for one."""
    for name, values in request.args.lists():
        if any("\x00" in text for text in (name, *values)):
            raise BadInput.at("/" + name.replace("\x00", ""), "flaw.nul")
    if "\x00" in request.path:
        raise NotFound()


def refuse_unknown_questions(known: Sequence[str]) -> None:
    """A misspelt question would be answered as if it had not been asked; say which ones there are."""
    names = ", ".join(known)
    text = Text.of("flaw.unknown_question", known=names) if known else Text("flaw.no_questions")
    flaws = [Flaw(_step(name), text) for name in request.args if name not in known]
    if flaws:
        raise BadInput(*flaws)


def read_bytes(limit: int) -> bytes:
    """The body as bytes after inflation; TooLarge beyond `limit` bytes, before or after inflation."""
    return b"".join(body_pieces(limit))


def body_pieces(limit: int) -> Iterator[bytes]:
    """The same piece by piece, for what is too large to hold; none of them is empty."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip"):
        raise UnsupportedMedia("encoding", wanted="gzip")
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(limit=limit)
    pieces = _pieces(limit)
    return filter(None, _inflated(pieces, limit)) if encoding == "gzip" else pieces


def _pieces(limit: int) -> Iterator[bytes]:
    total = 0
    while piece := request.stream.read(_PIECE):
        total += len(piece)
        if total > limit:
            raise TooLarge(limit=limit)
        yield piece
    if total < (request.content_length or 0):
        raise NotReadable("http")  # the phone hung up; a server that marks the end itself does not say so


def _inflated(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Inflate piece by piece, so that a bomb is refused after `limit` bytes and never held."""
    inflater = zlib.decompressobj(wbits=31)
    total = 0
    try:
        for piece in pieces:
            clear = inflater.decompress(piece, limit + 1 - total)
            total += len(clear)
            if total > limit or inflater.unconsumed_tail:
                raise TooLarge(limit=limit)
            yield clear
    except zlib.error:
        raise NotReadable("gzip") from None
    if not inflater.eof or inflater.unused_data:
        raise NotReadable("gzip")


def refuse_nul(value: Any) -> None:
    """No database takes a NUL character in a text; say where it stands."""
    todo: list[tuple[str, Any]] = [("", value)]
    while todo:
        pointer, here = todo.pop()
        if isinstance(here, str) and "\x00" in here:
            raise BadInput.at(pointer, "flaw.nul")
        if isinstance(here, dict):
            for key, inner in here.items():
                if "\x00" in key:
                    raise BadInput.at(pointer, "flaw.nul")
                todo.append((f"{pointer}/{key}", inner))
        elif isinstance(here, list):
            todo.extend((f"{pointer}/{index}", inner) for index, inner in enumerate(here))


def flaws_of(messages: Any, pointer: str = "") -> Iterator[Flaw]:
    """marshmallow's nested messages as flaws with JSON pointers."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from flaws_of(inner, pointer + ("" if key == "_schema" else _step(str(key))))
    elif isinstance(messages, list):
        for inner in messages:
            yield from flaws_of(inner, pointer)
    elif isinstance(messages, Flaw):
        yield Flaw(pointer + messages.pointer, messages.text)
    else:
        yield Flaw(pointer, messages if isinstance(messages, Text) else str(messages))


def _step(name: str) -> str:
    """A name as the next step of a JSON pointer."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def checked(schema: Schema, body: Any) -> Any:
    """Load a body by its schema; BadInput with every flaw and its place."""
    try:
        return schema.load(body)
    except ValidationError as wrong:
        raise BadInput(*flaws_of(wrong.messages)) from None


class StrictParser(FlaskParser):
    """webargs with our JSON reader; flaws leave as problems, query arguments are checked the same way."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, whatever its size in the header says; where nothing is needed, none is as good as an empty one."""
        is_empty = not req.content_length and "Transfer-Encoding" not in req.headers
        if is_empty and not any(field.required for field in schema.fields.values()):
            return {}
        return json_body()

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """One place makes the problem; `json` and `query` are not part of a pointer."""
        messages = error.messages
        if isinstance(messages, dict):
            messages = {
                key: inner for place in messages.values() if isinstance(place, dict) for key, inner in place.items()
            } or list(messages.values())
        raise BadInput(*flaws_of(messages))
