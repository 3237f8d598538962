"""Sheets as offices have them: xlsx, or csv in UTF-8 or GB 18030; and templates of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

MOST_ROWS = 100_000
MOST_BYTES = 200 * 1024 * 1024
"""Of an xlsx after inflation: a bomb is refused before it is opened."""
_PIECE = 1024 * 1024
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an old .xls and an xlsx with a password begin."""

Row = tuple[int, dict[str, Any]]
"""The row's number as the sheet counts it (1 is the heading) and its cells by heading."""


class NotASheet(ValueError):
    """Neither an xlsx nor a csv that can be read; `key` and `values` say why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def rows(path: Path) -> Iterator[Row]:
    """Every row that is not empty, under the headings of the first one; NotASheet when it is none."""
    lines = _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    headings = _headings(next(lines, []))
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS:
            raise NotASheet("import.too_many_rows")
        if any(cell not in (None, "") for cell in cells):
            named = zip_longest(headings, cells[: len(headings)])
            yield number, {heading: cell for heading, cell in named if heading}


def _headings(cells: Sequence[Any]) -> list[str]:
    headings = [str(cell or "").strip() for cell in cells]
    if not any(headings):
        raise NotASheet("import.no_heading")
    for heading, times in Counter(filter(None, headings)).items():
        if times > 1:
            raise NotASheet("import.double_heading", heading=heading)
    return headings


def template(
    into: Path | BinaryIO, headings: Sequence[str], example: Sequence[str], choices: dict[str, Sequence[str]]
) -> None:
    """Write an xlsx with headings, one example row, and drop-downs for columns with a closed list."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headings))
    sheet.append(list(example))
    sheet.freeze_panes = "A2"
    for index, heading in enumerate(headings, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = max(12, len(heading) * 2 + 4)
        for row in range(2, 1001):
            sheet[f"{letter}{row}"].number_format = "@"  # text, so that a phone number stays one
        if heading in choices:
            listed = DataValidation(type="list", formula1=f'"{",".join(choices[heading])}"', allow_blank=True)
            listed.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(listed)
    book.save(into)


def _csv(path: Path) -> Iterator[list[Any]]:
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES or b"\x00" in raw[:4096]:
        raise NotASheet("import.not_a_sheet")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotASheet("import.encoding")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from reader
    except csv.Error:
        raise NotASheet("import.broken_row", row=reader.line_num) from None


def _xlsx(path: Path) -> Iterator[list[Any]]:
    _check_workbook(path)
    done, name = 0, ""
    try:
        with _sheet(path, data_only=True) as sheet:
            name = sheet.title
            for cells in _with_formulas(path, sheet):
                yield cells
                done += 1
    except NotASheet:
        raise
    except Exception as wrong:  # whatever the reader raises, it is about this file and nothing else
        if not name:
            raise NotASheet("import.not_a_sheet") from wrong
        raise NotASheet("import.broken_sheet", sheet=name, row=done + 1) from wrong


def _check_workbook(path: Path) -> None:
    """A zip of bearable size that holds a workbook."""
    with path.open("rb") as file:
        if file.read(len(_COMPOUND)) == _COMPOUND:
            raise NotASheet("import.old_or_locked")
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as wrong:
        raise NotASheet("import.not_a_sheet") from wrong
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise NotASheet("import.too_large")


@contextmanager
def _sheet(path: Path, *, data_only: bool) -> Iterator[Any]:
    """The first sheet that people see."""
    with path.open("rb") as file:  # ours to close: a workbook that cannot be opened leaves it open
        book = openpyxl.load_workbook(file, read_only=True, data_only=data_only)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise NotASheet("import.no_sheet")
        visible[0].reset_dimensions()  # what a sheet says of its size is often wrong, and can be absurd
        yield visible[0]


def _with_formulas(path: Path, sheet: Any) -> Iterator[list[Any]]:
    """The value of each cell; the formula itself where nobody has computed it, so that it is not taken for empty."""
    computed = sheet.iter_rows(values_only=True)
    if not _has_formulas(path):
        yield from map(list, computed)
        return
    with _sheet(path, data_only=False) as formulas:
        for values, written in zip(computed, formulas.iter_rows(values_only=True), strict=True):
            both = zip(values, written, strict=True)
            yield [formula if value is None else value for value, formula in both]


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        return any(_holds_formula(packed, name) for name in packed.namelist() if name.startswith("xl/worksheets/"))


def _holds_formula(packed: zipfile.ZipFile, name: str) -> bool:
    with packed.open(name) as sheet:
        end = b""
        while piece := sheet.read(_PIECE):
            if b"<f" in end + piece:
                return True
            end = piece[-1:]
    return False
