"""Cells as offices fill them in, and as they should not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.domain.imports import (
    Column,
    Unreadable,
    choice,
    code,
    codes,
    day,
    kinds,
    level,
    moment_in,
    number,
    plain,
    post_reader,
    read,
    region_code,
    whole,
    within,
    words,
)
from backend.domain.terms import Level, Post

NAME = Column("姓名", "name", words(4))
SINCE = Column("任职起", "since", day, is_required=False)


def test_cells_are_made_plain_before_they_are_read():
    assert plain("　１２３００００００６　") == "1230000006"
    assert plain(13800000000.0) == "13800000000"
    assert plain(1.5) == "1.5"
    assert plain(datetime(2024, 1, 2, 3, 4)) == "2024-01-02"  # noqa: DTZ001 - a sheet's cell has no zone
    assert plain(None) == plain(float("nan")) == ""


@pytest.mark.parametrize("text", ["2024-01-02", "2024/1/2", "2024.1.2", "2024年1月2日", "20240102", "45293", "45293.5"])
def test_days_are_read_however_they_are_written(text):
    assert day(text) == date(2024, 1, 2)


def test_other_cells_are_read_by_their_columns():
    assert region_code("371502000000") == "371502"
    assert level("Town") is level("镇") is level("乡镇级") is level("街道") is Level.TOWN
    assert [level(word) for word in ("省级", "市", "区", "村")] == [5, 4, 3, 1]
    assert number("12.5") == 12.5
    assert codes("A-1、A-2，B;C D".replace("，", ",")) == ["A-1", "A-2", "B", "C", "D"]
    assert post_reader({"村级河长": Post.VILLAGE_CHIEF}, {})("村级河长") is Post.VILLAGE_CHIEF
    assert post_reader({"河管员": Post.WARDEN}, {"巡河员": Post.WARDEN})("巡河员") is Post.WARDEN
    assert post_reader({}, {})("WARDEN") is Post.WARDEN


HERE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text",
    ["2025-07-28 02:00", "2025/7/28 2:00", "2025.7.28 2:00:00", "2025-07-27T18:00:00Z", "2025-07-28T02:00+08:00"],
)
def test_a_moment_without_an_offset_is_of_the_business_zone(text):
    assert moment_in(HERE)(text) == datetime(2025, 7, 27, 18, tzinfo=UTC)


def test_numbers_within_bounds_and_words_of_a_table():
    assert within(-5, 5)("-2.5") == -2.5
    assert whole(5, 60)("30.0") == 30
    assert choice({"ZQ": 1, "rain": 2})("zq") == 1


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (within(-5, 5), "many"),
        (within(-5, 5), "nan"),
        (within(-5, 5), "6"),
        (whole(5, 60), "5.5"),
        (choice({"ZQ": 1}), "XX"),
        (moment_in(HERE), "2025-07-28"),
        (moment_in(HERE), "2025-07-28 25:00"),
        (moment_in(HERE), "1969-12-31 00:00"),
        (moment_in(HERE), "0001-01-01 00:00"),
        (region_code, "37150"),
        (level, "galaxy"),
        (number, "many"),
        (number, "-1"),
        (number, "nan"),
        (day, "soon"),
        (day, "2024-13-01"),
        (code, "a b"),
        (words(3), "four"),
        (words(9), "a\x07b"),
        (post_reader({}, {}), "皇帝"),
    ],
)
def test_what_a_column_does_not_hold_is_refused(reader, text):
    with pytest.raises(Unreadable) as refused:
        reader(text)
    assert refused.value.text.key.startswith("import.")


def test_every_flaw_of_every_row_is_named_and_good_rows_are_kept():
    rows: list[tuple[int, dict[str, Any]]] = [
        (2, {"姓名": "王河长", "任职起": "2024-01-01"}),
        (3, {"姓名": "", "任职起": "soon"}),
        (4, {"姓名": "名字太长了", "任职起": None}),
        (5, {"姓名": "李", "任职起": ""}),
    ]
    sheet = read(rows, [NAME, SINCE])
    assert [(row, values["name"]) for row, values in sheet.rows] == [(2, "王河长"), (5, "李")]
    assert [(flaw.row, flaw.column) for flaw in sheet.flaws] == [(3, "姓名"), (3, "任职起"), (4, "姓名")]


def test_a_column_that_is_not_there_is_told_once_with_those_that_are():
    rows = [(2, {"名字": "王", "任职起": "soon"}), (3, {"名字": "李", "电话": "1"})]
    sheet = read(rows, [NAME, SINCE])
    assert sheet.rows == []
    assert [(flaw.row, flaw.column, flaw.text.key) for flaw in sheet.flaws] == [(1, "姓名", "import.no_column")]
    assert sheet.flaws[0].text.values == {"found": "名字、任职起、电话"}
    assert read([], [NAME]).flaws == []


@pytest.mark.parametrize("cell", ["=A1&B1", "#REF!", "#N/A", "＝1+1"])
def test_a_formula_or_an_error_of_excel_is_no_name(cell):
    assert [flaw.text.key for flaw in read([(2, {"姓名": cell})], [NAME]).flaws] == ["import.formula"]


def test_kinds_of_hazard_are_parted_like_codes_and_an_unknown_one_is_named():
    assert kinds("four_illegal.dump;water.drift、flood.seepage") == [
        "four_illegal.dump",
        "water.drift",
        "flood.seepage",
    ]
    with pytest.raises(Unreadable) as wrong:
        kinds("four_illegal.dump;dragons")
    assert wrong.value.text.values["text"] == "dragons"
