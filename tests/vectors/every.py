"""All cases, in the order of the table."""

from __future__ import annotations

from tests.vectors import on_the_phone, on_the_river
from tests.vectors.cases import Case

CASES: list[Case] = [
    *on_the_river.honest(),
    *on_the_river.too_little(),
    *on_the_river.nearness(),
    *on_the_river.shapes(),
    *on_the_phone.few(),
    *on_the_phone.driven(),
    *on_the_phone.gaps(),
    *on_the_phone.jumps(),
    *on_the_phone.stillness(),
    *on_the_phone.recordings(),
    *on_the_phone.clocks(),
    *on_the_phone.standing(),
]
