"""Workbooks and comma texts for offices: headings and rows written to a file, in which no text becomes a formula.

Rows are taken one by one and none is kept, so a list may be as long as one likes.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LETTERS = 32_767
"""Of a cell; Excel calls a file with more of them damaged."""
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The wide ones, too: Excel reads them as the others where Chinese is typed (OWASP, CSV Injection)."""
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_TITLE = re.compile(r"[][:*?/\\']")
_FORMATS = {
    "bold": {"bold": True},
    "percent": {"num_format": "0.00%"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "day": {"num_format": "yyyy-mm-dd"},
    "quoted": {"quote_prefix": True},
}
Value = str | int | float | datetime | date | None
"""What a cell holds; moments are those of the reader's zone, without it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `percent`: columns that hold shares."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    percent: frozenset[int] = frozenset()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an xlsx, for those of a few hundred rows."""
    packed = io.BytesIO()
    write_workbook(packed, sheets)
    return packed.getvalue()


def write_workbook(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """The sheets as an xlsx, written to a file; of each no more than a row is in memory."""
    with Workbook(file, {"constant_memory": True}) as book:
        formats = {name: book.add_format(said) for name, said in _FORMATS.items()}
        for sheet in sheets:
            page = book.add_worksheet(_NO_TITLE.sub(" ", sheet.title)[:31])
            page.freeze_panes(1, 0)
            for column, heading in enumerate(sheet.headings):
                page.set_column(column, column, max(17, len(heading) * 2 + 4))
                page.write_string(0, column, heading, formats["bold"])
            for number, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    _write(page, number, column, value, formats, is_share=column in sheet.percent)


def _write(
    page: Worksheet, row: int, column: int, value: Value, formats: Mapping[str, Format], *, is_share: bool
) -> None:
    """A cell that holds what it shows; nothing for an empty one."""
    if isinstance(value, date):
        page.write_datetime(row, column, value, formats["moment" if isinstance(value, datetime) else "day"])
    elif isinstance(value, int | float) and math.isfinite(value):
        page.write_number(row, column, value, formats["percent"] if is_share else None)
    elif value is not None and value != "":
        # A text that looks like a formula is one of somebody who means harm, or a phone number with its country.
        text = _NO_XML.sub("", str(value))[:MOST_LETTERS]
        page.write_string(row, column, text, formats["quoted"] if text.startswith(_BEGINS_FORMULA) else None)


def write_comma_text(file: IO[bytes], sheet: Sheet) -> None:
    """A sheet as csv that Excel opens: UTF-8 with its mark, and an apostrophe before what looks like a formula."""
    lines = io.TextIOWrapper(file, "utf-8-sig", newline="", errors="replace")
    try:
        writer = csv.writer(lines)
        writer.writerow([_plain(heading) for heading in sheet.headings])
        for row in sheet.rows:
            writer.writerow([_plain(value) for value in row])
        lines.flush()
    finally:
        lines.detach()  # the file is the caller's to close


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_FORMULA) else value
