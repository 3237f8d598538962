"""Workbooks hold what they show: no text of somebody else becomes a formula."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from backend.formats.books import MOST_LETTERS, Sheet, Value, comma_text, workbook

EVIL = [
    "=1+1",
    "+8613800000000",
    "-2",
    "@SUM(A1)",
    "\t=cmd()",
    '=HYPERLINK("http://x","点我")',
    "=cmd|' /C calc'!A0",
]


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets)))


@pytest.mark.parametrize("text", EVIL)
def test_a_text_that_looks_like_a_formula_stays_a_text(text):
    packed = workbook([Sheet("表", ["说明"], [[text]])])
    cell = openpyxl.load_workbook(io.BytesIO(packed))["表"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    with zipfile.ZipFile(io.BytesIO(packed)) as members:
        assert b"<f>" not in members.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers_and_shares_are_shown_in_percent():
    sheet = opened(Sheet("表", ["区划", "回复率"], [["古楼街道", 0.5], ["合计", None]], frozenset({1})))["表"]
    assert (sheet["B2"].value, sheet["B2"].number_format, sheet["A2"].quotePrefix) == (0.5, "0.00%", False)
    assert (sheet["B3"].value, sheet.freeze_panes) == (None, "A2")


def test_what_no_workbook_can_hold_is_left_out():
    sheet = opened(Sheet("表", ["说明"], [["桥\x00下\x0b有\x1f垃圾"], ["长" * 40_000]]))["表"]
    assert sheet["A2"].value == "桥下有垃圾"
    assert len(sheet["A3"].value) == MOST_LETTERS


def test_a_csv_opens_in_excel_and_holds_no_formula():
    rows: list[list[Value]] = [["=1+1", "+86 1", "-5", "@x", "字", -5, None]]
    text = comma_text(Sheet("t", ["a", "b", "c", "d", "e", "f", "g"], rows))
    assert text.decode("utf-8").startswith("\ufeffa,b,")
    assert text.decode("utf-8-sig").splitlines()[1] == "'=1+1,'+86 1,'-5,'@x,字,-5,"
