"""Lists as files: xlsx and csv of what a page shows, with the filter written in them and a record of who took what.

A page says which list of the API it is, how a row is written, and what was asked in words; the rest is done here. Rows
go to a file on the disk page by page, so that a list of a whole city needs no more memory than a short one. Where
telephone numbers are in it, masked ones too, whoever takes it says first what for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import IO, Any
from urllib.parse import parse_qs, quote, urlsplit

from flask import Response, request, send_file

from backend.clock import local
from backend.context import house, now
from backend.errors import BadInput, NotFound, Problem
from backend.formats import books
from backend.formats.books import Sheet, Value
from backend.services import exporting
from backend.web import desk
from backend.web.forms import field, flaws_of, status_of
from backend.words import Text, say

FORMS = {"xlsx": books.MEDIA_TYPE, "csv": "text/csv"}
METHODS = ("GET", "POST")
"""Of an address that gives a file: the form that asks what for is sent to it, too."""
MOST_ROWS = 100_000
"""More than a city has of anything that is kept in lists by hand; the file says where it was cut (our judgement)."""
_PAGE = 500
_LONGEST_PURPOSE = 500
Item = dict[str, Any]
Rows = Iterator[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Export:
    """A list that can be taken: `noun` names it in records, `rows` writes an item as one row or several."""

    noun: str
    path: str
    title: str
    headings: Sequence[str]
    rows: Callable[[Item], Iterable[Sequence[Value]]]
    asked: Mapping[str, Any]
    """What is asked of the API."""
    said: Sequence[tuple[str, str]] = ()
    """The same in words: what was filtered by, and to what."""
    has_phones: bool = False
    items: Callable[[Any], Iterable[Item]] = itemgetter("items")
    """The list in an answer."""
    percent: frozenset[int] = frozenset()
    """Columns that hold shares."""
    is_whole: bool = False
    """Whether the answer is the whole list, without pages."""


def file_of(export: Export, form: str) -> Response:
    """The whole list as a file, not only the page that is seen; or the form that asks what for."""
    if form not in FORMS:
        raise NotFound()
    if export.has_phones and request.method != "POST":
        return _form(export, form)
    try:
        return _taken(export, form, _purpose() if export.has_phones else "")
    except BadInput as problem:
        if export.has_phones and problem.flaws and problem.flaws[0].pointer == "/purpose":
            return _form(export, form, problem)
        raise


def word(key: str, **values: object) -> str:
    """A word in the reader's language."""
    return say(Text(key, values), desk.language())


def yes(is_so: object) -> str:
    """Yes, where it is so; an empty cell says no."""
    return word("export.yes") if is_so else ""


def moment(said: str | None) -> datetime | None:
    """A moment of the API as a cell holds it: in the zone of the house, without saying so."""
    return local(datetime.fromisoformat(said), house().settings.zone).replace(tzinfo=None) if said else None


def _form(export: Export, form: str, problem: Problem | None = None) -> Response:
    """What for? In its own page, with the filter in sight."""
    values = {"title": word(export.title), "form": form, "said": export.said, "purpose": field("purpose")}
    return desk.page("export_purpose.html", status=status_of(problem), flaws=flaws_of(problem), **values)


def _purpose() -> str:
    """What the list is taken for; BadInput for nothing."""
    said = field("purpose", _LONGEST_PURPOSE)
    if not said:
        raise BadInput.at("/purpose", "flaw.purpose")
    return said


def _taken(export: Export, form: str, purpose: str) -> Response:
    with ExitStack() as until_taken:
        file = until_taken.enter_context(tempfile.TemporaryFile())
        count = _write(file, export, form, purpose)
        with house().database.transaction() as session:
            taken = exporting.Taken(export.noun, export.asked, form, count, purpose, dict(export.said))
            exporting.taken(session, desk.actor(), taken, now=now())
        file.seek(0)
        response = send_file(file, FORMS[form])
        until_taken.pop_all()  # from here on the answer closes it
    name = quote(f"{word(export.title)}-{_here():%Y%m%d-%H%M}.{form}", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{export.noun}.{form}\"; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _write(file: IO[bytes], export: Export, form: str, purpose: str) -> int:
    """Write it; how many rows there are."""
    counted = _Counted(row for item in _items(export) for row in export.rows(item))
    headings = [word(heading) for heading in export.headings]
    title = word(export.title)
    if form == "csv":
        books.write_comma_text(file, Sheet(title, headings, _with(counted, export, purpose)))
    else:
        # The second sheet is begun when the first is whole, so that it knows how many rows there were.
        filters = [word("export.what"), word("export.value")]
        sheets = (
            Sheet(title, headings, counted, export.percent)
            if at == 0
            else Sheet(word("export.about"), filters, _about(export, counted, purpose))
            for at in range(2)
        )
        books.write_workbook(file, sheets)
    return counted.count


class _Counted:
    """Rows that are counted on their way, up to the most there may be."""

    def __init__(self, rows: Iterable[Sequence[Value]]) -> None:
        self._rows = iter(rows)
        self.count, self.is_cut = 0, False

    def __iter__(self) -> Rows:
        for row in self._rows:
            if self.count == MOST_ROWS:
                self.is_cut = True
                return
            self.count += 1
            yield row


def _with(counted: _Counted, export: Export, purpose: str) -> Rows:
    """The rows, and below them what was asked: a csv has one sheet only."""
    yield from counted
    yield []
    yield from _about(export, counted, purpose)


def _items(export: Export) -> Iterator[Item]:
    """Every item of the list, page by page."""
    asked = dict(export.asked) | ({} if export.is_whole else {"limit": str(_PAGE)})
    while True:
        listed = desk.ask(export.path, asked).body
        yield from export.items(listed)
        if not listed.get("next"):
            return
        asked["cursor"] = parse_qs(urlsplit(listed["next"]).query)["cursor"][0]


def _about(export: Export, counted: _Counted, purpose: str) -> Rows:
    """What was asked, by whom, when and what for, and how much there is of it."""
    yield from export.said or [(word("export.filter"), word("console.all"))]
    yield word("export.by"), desk.actor().name
    yield word("export.at"), _here().replace(tzinfo=None)
    if purpose:
        yield word("export.purpose"), purpose
    yield word("export.rows"), counted.count
    if counted.is_cut:
        yield word("export.cut"), MOST_ROWS


def _here() -> datetime:
    return local(now(), house().settings.zone)
