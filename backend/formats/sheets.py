"""Sheets as offices have them: xlsx, or csv in UTF-8 or GB 18030; and templates of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

MOST_ROWS = 100_000
MOST_BYTES = 200 * 1024 * 1024
"""Of an xlsx after inflation: a bomb is refused before it is opened."""

Row = tuple[int, dict[str, Any]]
"""The row's number as the sheet counts it (1 is the heading) and its cells by heading."""


class NotASheet(ValueError):
    """Neither an xlsx nor a csv that can be read; `key` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def rows(path: Path) -> Iterator[Row]:
    """Every row that is not empty, under the headings of the first one; NotASheet when it is none."""
    lines = _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    headings = [str(cell or "").strip() for cell in next(lines, [])]
    if not any(headings):
        raise NotASheet("import.no_heading")
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS:
            raise NotASheet("import.too_many_rows")
        if any(cell not in (None, "") for cell in cells):
            yield number, dict(zip(headings, cells, strict=False))


def template(path: Path, headings: Sequence[str], example: Sequence[str], choices: dict[str, Sequence[str]]) -> None:
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
    book.save(path)


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
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        raise NotASheet("import.not_a_sheet") from None


def _xlsx(path: Path) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(member.file_size for member in packed.infolist()) > MOST_BYTES:
                raise NotASheet("import.too_large")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as wrong:
        if isinstance(wrong, NotASheet):
            raise
        raise NotASheet("import.not_a_sheet") from wrong
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for cells in visible[0].iter_rows(values_only=True):
            yield list(cells)
    finally:
        book.close()
