"""Workbooks and comma texts for offices: headings and rows written to a file, in which no text becomes a formula.

Rows are taken one by one and none is kept, so a list may be as long as one likes. The workbook is written by hand
(ECMA-376, inline strings): with openpyxl a hundred thousand rows take minutes, so written they take seconds.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LETTERS = 32_767
"""Of a cell; Excel calls a file with more of them damaged."""
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NEEDS_CARE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff&<>]|_x")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads _x000A_ in a text as a letter by its number."""
_NO_TITLE = re.compile(r"[][:*?/\\']")
_EPOCH = date(1899, 12, 30)
"""Day 0 of a workbook, which takes 1900 for a leap year."""
_PIECE = 1_000
"""Rows that are handed on to the file together."""
_PLAIN, _BOLD, _PERCENT, _MOMENT, _DAY, _QUOTED = range(6)
"""Styles, in the order in which they stand in `_STYLES`."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FONT = '<sz val="11"/><name val="Calibri"/>'
_XF = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0"{}/>'
_FORMATS = ((0, 0, ""), (0, 1, ""), (10, 0, ""), (164, 0, ""), (165, 0, ""), (0, 0, ' quotePrefix="1"'))
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>'
    f'</numFmts><fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">'
    f'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="{len(_FORMATS)}">'
    f'{"".join(_XF.format(*each) for each in _FORMATS)}</cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
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
    """The sheets as an xlsx, written to a file; of each no more is in memory than a piece."""
    titles = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        for number, sheet in enumerate(sheets, start=1):
            titles.append(_NO_TITLE.sub(" ", sheet.title)[:31])
            with packed.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for piece in _pieces(sheet):
                    part.write(piece.encode("utf-8"))
        for name, text in _frame(titles):
            packed.writestr(name, text)


def _frame(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The other parts of a workbook with sheets of these titles."""
    numbers = range(1, len(titles) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{at}" r:id="rId{at}"/>'
        for at, title in zip(numbers, titles, strict=True)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_PARTS}.worksheet+xml"/>' for at in numbers
    )
    leads = "".join(_relation(at, "worksheet", f"worksheets/sheet{at}.xml") for at in numbers)
    book = _relation(1, "officeDocument", "xl/workbook.xml")
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    yield "xl/styles.xml", _STYLES
    yield "xl/_rels/workbook.xml.rels", _related(leads + _relation(0, "styles", "styles.xml"))
    yield "_rels/.rels", _related(book)
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_PARTS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_PARTS}.styles+xml"/>{kinds}</Types>',
    )


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _related(relations: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'


def _pieces(sheet: Sheet) -> Iterator[str]:
    """A sheet's XML, some rows at a time."""
    letters = [_letters(at) for at in range(max(1, len(sheet.headings)))]
    places = [(letter, _PERCENT if at in sheet.percent else _PLAIN) for at, letter in enumerate(letters)]
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{max(17, len(heading) * 2 + 4)}" customWidth="1"/>'
        for at, heading in enumerate(sheet.headings, start=1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )
    heading = (_cell(name, 1, letter, _BOLD) for name, letter in zip(sheet.headings, letters, strict=False))
    rows = [f'<row r="1">{"".join(heading)}</row>']
    for number, row in enumerate(sheet.rows, start=2):
        cells = (_cell(value, number, *place) for value, place in zip(row, places, strict=False))
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(rows) >= _PIECE:
            yield "".join(rows)
            rows.clear()
    yield "".join((*rows, "</sheetData></worksheet>"))


def _cell(value: Value, row: int, letter: str, style: int) -> str:
    """A cell that holds what it shows; nothing for an empty one."""
    if isinstance(value, str):
        return _text(value, row, letter, style) if value else ""
    if value is None:
        return ""
    if isinstance(value, date):
        style = _MOMENT if isinstance(value, datetime) else _DAY
        value = _days(value)
    if not math.isfinite(value):
        return _text(str(value), row, letter, style)
    return f'<c r="{letter}{row}" s="{style}"><v>{value!r}</v></c>'


def _text(text: str, row: int, letter: str, style: int) -> str:
    """A text that looks like a formula is one of somebody who means harm, or a phone number with its country."""
    text = text[:MOST_LETTERS]
    if text.startswith(_BEGINS_FORMULA):
        style = _QUOTED
    if _NEEDS_CARE.search(text):
        text = escape(_LOOKS_ESCAPED.sub("_x005F_", _NO_XML.sub("", text))).replace("\r", "_x000D_")
    return f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _days(moment: date) -> float:
    """Days since the beginning, to a ten-thousandth of a second."""
    days = (date(moment.year, moment.month, moment.day) - _EPOCH).days
    if not isinstance(moment, datetime):
        return days
    seconds = moment.hour * 3_600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return round(days + seconds / 86_400, 9)


def _letters(column: int) -> str:
    """The name of a column: A to Z, then AA."""
    first, last = divmod(column, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)


def comma_text(sheet: Sheet) -> bytes:
    """A sheet as csv, for those of a few hundred rows."""
    written = io.BytesIO()
    write_comma_text(written, sheet)
    return written.getvalue()


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
