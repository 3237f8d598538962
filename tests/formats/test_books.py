"""Workbooks hold what they show: no text of somebody else becomes a formula."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from backend.formats.books import MOST_LETTERS, Sheet, Value, workbook, write_comma_text, write_workbook

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


def comma_text(sheet: Sheet) -> bytes:
    written = io.BytesIO()
    write_comma_text(written, sheet)
    return written.getvalue()


def test_a_csv_opens_in_excel_and_holds_no_formula():
    rows: list[list[Value]] = [["=1+1", "+86 1", "-5", "@x", "字", -5, None, "＝1+1", "＠x"]]
    text = comma_text(Sheet("t", ["a", "b", "c", "d", "e", "f", "g", "h", "i"], rows))
    assert text.decode("utf-8").startswith("\ufeffa,b,")
    assert text.decode("utf-8-sig").splitlines()[1] == "'=1+1,'+86 1,'-5,'@x,字,-5,,'＝1+1,'＠x"


def test_moments_days_and_numbers_are_cells_of_their_kind():
    at = datetime.fromisoformat("2025-07-02T08:15:30")
    sheet = opened(Sheet("表", ["a"] * 6, [[at, date(2025, 7, 2), 31.42, -5, float("nan"), ""]]))["表"]
    cells: Any = sheet[2]
    assert [cells[0].value, cells[1].value.date(), cells[2].value, cells[3].value] == [at, date(2025, 7, 2), 31.42, -5]
    assert (cells[0].is_date, cells[0].number_format, cells[1].number_format) == (
        True,
        "yyyy-mm-dd hh:mm",
        "yyyy-mm-dd",
    )
    assert (cells[4].value, cells[5].value) == ("nan", None)
    assert comma_text(Sheet("t", ["a", "b"], [[at, date(2025, 7, 2)]])).decode("utf-8-sig").splitlines()[1] == (
        "2025-07-02 08:15:30,2025-07-02"
    )


def test_what_xml_would_take_for_itself_stays_as_it_was_typed():
    texts = ["<b>&amp;</b>", "a\ud800b", " 空 格 ", "一行\n两行"]
    sheet = opened(Sheet("[表]:*?/\\' <&", [*"abcd"], [texts], frozenset()))
    assert [cell.value for cell in sheet.worksheets[0][2]] == ["<b>&amp;</b>", "ab", " 空 格 ", "一行\n两行"]
    packed = workbook([Sheet("表", ["a"], [["_x000A_"], ["a\rb"]])])
    with zipfile.ZipFile(io.BytesIO(packed)) as members:
        written = members.read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x000A_" in written
    assert "a_x000D_b" in written


def test_columns_beyond_z_have_names_of_two_letters():
    sheet = opened(Sheet("表", [f"c{at}" for at in range(60)], [list(range(60))]))["表"]
    assert (sheet["AA2"].value, sheet["BH2"].value) == (26, 59)


@pytest.mark.parametrize("write", [lambda file, sheet: write_workbook(file, [sheet]), write_comma_text])
def test_a_hundred_thousand_rows_need_no_more_memory_than_a_few(write):
    rows: Iterator[list[Value]] = ([f"河段{at}", at, "说明" * 10] for at in range(100_000))
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        write(file, Sheet("表", ["a", "b", "c"], rows))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert file.tell() > 1_000_000
    assert most < 4_000_000
