"""Sheets of offices: whatever is wrong with a workbook is told by sheet and row, and nothing is taken for empty."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from backend.formats import sheets
from backend.formats.sheets import NotASheet

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
HEADINGS = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is>'
    "</c></row>"
)
END = "</sheetData></worksheet>"


@pytest.fixture
def book(tmp_path) -> Path:
    """A workbook with two columns and two rows."""
    return written(tmp_path / "good.xlsx", ["code", "name"], ["TUHAI", "徒骇河"], ["MAJIA", "马颊河"])


def written(path: Path, *rows: list[Any]) -> Path:
    opened = openpyxl.Workbook(write_only=True)
    sheet = opened.create_sheet("河湖")
    for row in rows:
        sheet.append(row)
    opened.save(path)
    return path


def with_member(book: Path, name: str, content: str | bytes | None) -> Path:
    """The same workbook with one part of it put in place of what was there, or left out."""
    other = book.with_name("other.xlsx")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        if content is not None:
            new.writestr(name, content)
    return other


def why(path: Path) -> tuple[str, dict[str, Any]]:
    with pytest.raises(NotASheet) as refused:
        list(sheets.rows(path))
    return refused.value.key, refused.value.values


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"><c r="A2" t="n"><v>abc</v></c></row>',
        '<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>',
        '<row r="x"><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>99999</v></c></row>',
        '<row r="2"><c r="A2" t="d"><v>2025-99-99</v></c></row>',
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_sheet_and_row(book, row):
    broken = with_member(book, SHEET, HEAD + HEADINGS + row + END)
    assert why(broken) == ("import.broken_sheet", {"sheet": "河湖", "row": 2})


def test_what_is_no_workbook_is_told_so(book, tmp_path):
    for part in (SHEET, "xl/workbook.xml", "[Content_Types].xml"):
        assert why(with_member(book, part, "<broken"))[0] == "import.not_a_sheet"
        assert why(with_member(book, part, None))[0] in ("import.not_a_sheet", "import.no_sheet")
    (tmp_path / "cut.xlsx").write_bytes(book.read_bytes()[:-40])
    assert why(tmp_path / "cut.xlsx")[0] == "import.not_a_sheet"


def test_an_old_or_locked_workbook_is_told_what_to_do(tmp_path):
    (tmp_path / "locked.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 2000)
    assert why(tmp_path / "locked.xlsx")[0] == "import.old_or_locked"


def test_a_workbook_whose_only_sheet_is_hidden_has_none_for_us(book):
    with zipfile.ZipFile(book) as packed:
        hidden = packed.read("xl/workbook.xml").replace(b'state="visible"', b'state="hidden"')
    assert why(with_member(book, "xl/workbook.xml", hidden))[0] == "import.no_sheet"


@pytest.mark.parametrize("size", ["A1:XFD1048576", "A1", "A1:A1"])
def test_what_a_sheet_says_of_its_size_is_not_believed(book, size):
    row = '<row r="2"><c r="A2"><v>3715</v></c><c r="B2" t="inlineStr"><is><t>聊城</t></is></c></row>'
    told = with_member(book, SHEET, f'{HEAD}<dimension ref="{size}"/>{HEADINGS}{row}{END}')
    assert list(sheets.rows(told)) == [(2, {"code": 3715, "name": "聊城"})]


def test_a_row_beyond_all_others_is_refused_before_the_gap_is_walked(book):
    far = '<row r="999999999"><c r="A999999999"><v>1</v></c></row>'
    assert why(with_member(book, SHEET, HEAD + HEADINGS + far + END))[0] == "import.too_many_rows"


def test_a_bomb_is_refused_before_it_is_opened(book):
    assert why(with_member(book, SHEET, b" " * (sheets.MOST_BYTES + 1)))[0] == "import.too_large"


def test_entities_are_not_followed(book, tmp_path):
    (tmp_path / "secret").write_text("secret", "utf-8")
    entity = f'<!DOCTYPE w [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&a;</t></is></c></row>'
    assert why(with_member(book, SHEET, entity + HEAD + HEADINGS + row + END))[0] == "import.not_a_sheet"


def test_a_heading_that_stands_twice_is_refused_by_its_name(tmp_path):
    (tmp_path / "twice.csv").write_text("code,name,,, code \n1,a,,,2\n", "utf-8")
    assert why(tmp_path / "twice.csv") == ("import.double_heading", {"heading": "code"})


def test_a_formula_that_nobody_computed_is_handed_on_as_it_is_written_and_a_computed_one_as_its_value(book):
    formula = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>A2&amp;"河"</f></c></row>'
    read = list(sheets.rows(with_member(book, SHEET, HEAD + HEADINGS + formula + END)))
    assert read == [(2, {"code": 2, "name": '=A2&"河"'})]


def test_dates_are_dates_and_short_rows_have_empty_cells(tmp_path):
    first = datetime(2024, 1, 1)  # noqa: DTZ001 - a sheet's cell has no zone
    days = written(tmp_path / "days.xlsx", ["since", "until", "note"], [first], [45292, 45292.5, ""])
    assert list(sheets.rows(days)) == [
        (2, {"since": first, "until": None, "note": None}),
        (3, {"since": 45292, "until": 45292.5, "note": None}),
    ]


def test_a_csv_that_breaks_off_is_told_by_its_row(tmp_path):
    (tmp_path / "long.csv").write_text("code,name\n3715," + "x" * 200_000 + "\n", "utf-8")
    assert why(tmp_path / "long.csv") == ("import.broken_row", {"row": 2})
