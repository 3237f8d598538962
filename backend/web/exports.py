"""Lists as files: xlsx and csv of what a page shows, with the filter written in them and a record of who took what.

A page says which list of the API it is, how a row is written, and what was asked in words; the rest is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from flask import Response

from backend.clock import local
from backend.context import house, now
from backend.errors import NotFound
from backend.formats import books
from backend.formats.books import Sheet, Value
from backend.services import exporting
from backend.web import desk
from backend.words import Text, say

FORMS = ("xlsx", "csv")
MOST_ROWS = 50_000
"""More than a city has of anything that is kept in lists by hand; the file says where it was cut (our judgement)."""
_PAGE = 500
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """A list that can be taken: `noun` names it in records, `rows` writes an item as one row or several."""

    noun: str
    path: str
    title: str
    headings: Sequence[str]
    rows: Callable[[Item], Sequence[Sequence[Value]]]
    asked: Mapping[str, str]
    """What is asked of the API."""
    said: Sequence[tuple[str, str]] = ()
    """The same in words: what was filtered by, and to what."""


def file_of(export: Export, form: str) -> Response:
    """The whole list as a file, not only the page that is seen."""
    if form not in FORMS:
        raise NotFound()
    rows: list[Sequence[Value]] = [row for item in _items(export) for row in export.rows(item)]
    headings = [word(heading) for heading in export.headings]
    title, at = word(export.title), local(now(), house().settings.zone)
    about = _about(export, len(rows), f"{at:%Y-%m-%d %H:%M}")
    with house().database.transaction() as session:
        exporting.taken(session, desk.actor(), export.noun, export.asked, form=form, rows=len(rows), now=now())
    if form == "csv":
        response = Response(books.comma_text(Sheet(title, headings, [*rows, [], *about])), mimetype="text/csv")
    else:
        filters = Sheet(word("export.about"), [word("export.what"), word("export.value")], about)
        response = Response(books.workbook([Sheet(title, headings, rows), filters]), mimetype=books.MEDIA_TYPE)
    name = quote(f"{title}-{at:%Y%m%d-%H%M}.{form}", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{export.noun}.{form}\"; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def word(key: str, **values: object) -> str:
    """A word in the reader's language."""
    return say(Text(key, values), desk.language())


def _items(export: Export) -> Iterator[Item]:
    """Every item of the list, page by page."""
    asked, count = dict(export.asked) | {"limit": str(_PAGE)}, 0
    while count < MOST_ROWS:
        listed = desk.ask(export.path, asked).body
        yield from listed["items"]
        count += len(listed["items"])
        if not listed["next"]:
            return
        asked["cursor"] = parse_qs(urlsplit(listed["next"]).query)["cursor"][0]


def _about(export: Export, count: int, at: str) -> list[list[Value]]:
    """What was asked, by whom and when, and how much there is of it."""
    about: list[list[Value]] = [[name, value] for name, value in export.said]
    if not about:
        about.append([word("export.filter"), word("console.all")])
    about += [[word("export.by"), desk.actor().name], [word("export.at"), at], [word("export.rows"), count]]
    if count >= MOST_ROWS:
        about.append([word("export.cut"), MOST_ROWS])
    return about
