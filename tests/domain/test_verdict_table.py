"""The shared table of walks and verdicts, judged by the server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vectors.every import CASES
from tests.vectors.table import judged as by_the_server
from tests.vectors.table import packed, read, shown, unpacked

VECTORS = read()


@pytest.mark.parametrize(("name", "asked", "expected"), VECTORS, ids=[name for name, _, _ in VECTORS])
def test_the_server_decides_as_the_table_says(name: str, asked: dict[str, Any], expected: dict[str, Any]):
    assert shown(by_the_server(asked)) == expected


def test_the_table_holds_every_case_and_each_name_once():
    names = [name for name, _, _ in VECTORS]
    assert names == [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 40


def test_what_is_packed_is_what_was_recorded():
    for case, (_, asked, _) in zip(CASES, VECTORS, strict=True):
        assert unpacked(packed(case.rows)) == case.rows
        assert asked["fixes"] == case.rows


def test_the_table_has_every_reason_that_a_phone_can_foresee():
    found = {each["code"] for _, _, expected in VECTORS for each in expected["reasons"]}
    assert found == {
        *("no_track", "segment_ended", "not_assigned", "too_far", "driven", "too_little", "too_short"),
        *("mock_location", "clock", "incomplete_track", "unsorted", "late"),
    }
