"""Every key that the phone says is in the catalogues, and every place of a sentence is one that is filled."""

from __future__ import annotations

import re
from pathlib import Path

from backend.words import LANGUAGES, catalogue

PHONE = Path(__file__).parents[2] / "backend/web/phone"
_SAID = re.compile(r'"((?:phone|hazard|warning|reason|verdict|today)(?:\.\w+)+)"')
_MADE = re.compile(r"`((?:phone|hazard|warning|reason|today)(?:\.\w+)*\.)\$\{")


def test_every_key_that_a_script_says_is_in_both_catalogues():
    text = "\n".join(path.read_text("utf-8") for path in PHONE.rglob("*.js"))
    said, begun = set(_SAID.findall(text)), set(_MADE.findall(text))
    assert len(said) > 100
    for language in LANGUAGES:
        known = catalogue(language)
        assert {key for key in said if key not in known} == set()
        assert {start for start in begun if not any(key.startswith(start) for key in known)} == set()


def test_no_key_of_the_phone_is_left_over():
    text = "\n".join(path.read_text("utf-8") for path in PHONE.rglob("*.js"))
    said, begun = set(_SAID.findall(text)), tuple(_MADE.findall(text))
    served = {"phone.title", "phone.short"}
    left = [key for key in catalogue("zh-CN") if key.startswith("phone.") and key not in said | served]
    assert [key for key in left if not key.startswith(begun)] == []
