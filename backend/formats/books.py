"""Workbooks for offices: sheets of headings and rows as xlsx, in which no text can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LETTERS = 32_767
"""Of a cell; Excel calls a file with more of them damaged."""
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
PERCENT = "0.00%"
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `percent`: columns that hold shares."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    percent: frozenset[int] = frozenset()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an xlsx."""
    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _write(page: Any, sheet: Sheet) -> None:
    page.freeze_panes = "A2"
    for index, heading in enumerate(sheet.headings, start=1):
        page.column_dimensions[get_column_letter(index)].width = max(10, len(heading) * 2 + 4)
    page.append([_cell(page, heading, Font(bold=True)) for heading in sheet.headings])
    for row in sheet.rows:
        cells = [_cell(page, value) for value in row]
        for index in sheet.percent:
            cells[index].number_format = PERCENT
        page.append(cells)


def _cell(page: Any, value: Value, font: Font | None = None) -> Cell:
    """A cell that holds what it shows: a text that looks like a formula is one of somebody who means harm, or a phone
    number with its country.
    """
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_LETTERS] if isinstance(value, str) else value
    cell: Cell = WriteOnlyCell(page, text)
    if isinstance(text, str):
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(_BEGINS_FORMULA)
    if font is not None:
        cell.font = font
    return cell


def comma_text(sheet: Sheet) -> bytes:
    """A sheet as csv that Excel opens: UTF-8 with its mark, and an apostrophe before what looks like a formula."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerows([[_plain(value) for value in row] for row in (sheet.headings, *sheet.rows)])
    return lines.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_FORMULA) else value
