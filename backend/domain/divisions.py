"""Divisions: the official regions of a city as its rivers are cut along them: names, villages of a town."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from backend.domain.courses import CannotCut
from backend.domain.regions import LENGTHS, cut, level_of
from backend.domain.terms import Level

COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会)$")


@dataclass(frozen=True)
class Divisions:
    """Names by code and, per town, the village codes in their order."""

    names: dict[str, str]
    villages_by_town: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Divisions:
        """From code, padded with zeros or not, and name; BadRegionCode when a code is none."""
        names = {cut(code): name for code, name in rows}
        villages = defaultdict(list)
        for code in sorted(names):
            if level_of(code) is Level.VILLAGE:
                villages[code[: LENGTHS[Level.TOWN]]].append(code)
        return cls(names=names, villages_by_town={town: tuple(codes) for town, codes in villages.items()})

    def name(self, code: str) -> str:
        """The official name; CannotCut when the list does not have the code."""
        if code not in self.names:
            raise CannotCut("unknown_region", code=code)
        return self.names[code]

    def short_name(self, village: str) -> str:
        """A village as people call it: 榆林村 for 榆林村委会, 古城社区 for 古城社区居委会."""
        name = COMMITTEE.sub("", self.name(village))
        return name if name.endswith(("村", "社区")) else f"{name}村"

    def villages(self, town: str) -> tuple[str, ...]:
        """The villages of a town in code order."""
        return self.villages_by_town.get(town, ())

    def at(self, level: Level) -> list[str]:
        """All codes of a level in order."""
        return sorted(code for code in self.names if level_of(code) is level)
