"""What is written for operators names what the code asks of them."""

from __future__ import annotations

import re

import pytest

from backend.domain.imports import Column
from backend.services.bank_import import LEVEE, ON_THE_BANK
from backend.services.imports import REGION, RIVER, SEGMENT, UNIT
from backend.services.people_import import PERSON, POSTS
from tests.house.tree import ROOT

GUIDE = (ROOT / "docs" / "import.md").read_text("utf-8")


@pytest.mark.parametrize("columns", [REGION, RIVER, UNIT, SEGMENT, LEVEE, ON_THE_BANK, PERSON])
def test_every_column_of_an_import_is_explained(columns: tuple[Column, ...]) -> None:
    words = set(re.findall(r"\w+", GUIDE))
    bold = set(re.findall(r"\*\*(\w+)\*\*", GUIDE))

    assert {column.heading for column in columns} <= words
    assert {column.heading for column in columns if column.is_required} <= bold


def test_every_post_is_explained() -> None:
    assert [name for name, post in POSTS.items() if name not in GUIDE or post.value not in GUIDE] == []
