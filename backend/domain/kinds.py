"""The kinds of hazard: what is to be shown of each at its report and at its closing, and the law that it offends.

Articles are named, never quoted: Water Law (水法, 2016), Flood Control Law (防洪法, 2016), River Channel Regulations
(河道管理条例, 2018), Flood Control Regulations (防汛条例, 2011), Water Pollution Prevention Law (水污染防治法, 2017).
The lists of evidence are our judgement, after what a clerk asks back for most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.domain.hazards import Kind
from backend.domain.proposals import members, some


class Evidence(StrEnum):
    """What is asked for; in words in the catalogues (`evidence.<name>`). It never keeps a report from coming in."""

    WHOLE_VIEW = "whole_view"
    CLOSE_VIEW = "close_view"
    SIZE = "size"
    MACHINES = "machines"
    WHO = "who"
    CLARITY = "clarity"
    FLOW = "flow"
    FROM_TOE = "from_toe"
    CRACK = "crack"
    LEVEL = "level"
    FAULT = "fault"
    COLOUR = "colour"
    OUTFALL = "outfall"
    AFTER_VIEW = "after_view"
    DISPOSAL = "disposal"
    BANK = "bank"
    TEST_RUN = "test_run"
    INSPECTION = "inspection"
    RULING = "ruling"
    SAMPLE = "sample"


class Law(StrEnum):
    """The articles, by law and number; in words in the catalogues (`law.<name>`)."""

    WATER_37 = "water_37"
    WATER_39 = "water_39"
    WATER_40 = "water_40"
    WATER_41 = "water_41"
    WATER_65 = "water_65"
    WATER_66 = "water_66"
    FLOOD_22 = "flood_22"
    FLOOD_27 = "flood_27"
    FLOOD_37 = "flood_37"
    FLOOD_42 = "flood_42"
    CHANNEL_24 = "channel_24"
    CHANNEL_25 = "channel_25"
    FLOOD_RULES_15 = "flood_rules_15"
    POLLUTION_37 = "pollution_37"


class Office(StrEnum):
    """The sorts of responsible unit that usually mend a kind; a unit that says what it handles comes first."""

    WATER_BUREAU = "water_bureau"
    URBAN_MANAGEMENT = "urban_management"
    NATURAL_RESOURCES = "natural_resources"
    TRANSPORT = "transport"
    HOUSING = "housing"
    ECOLOGY = "ecology"
    EMERGENCY = "emergency"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class KindRule:
    """What one kind asks for, and the law behind it."""

    report: tuple[Evidence, ...]
    closing: tuple[Evidence, ...]
    law: tuple[Law, ...]
    offices: tuple[Office, ...] = (Office.WATER_BUREAU,)

    def written(self) -> dict[str, list[str]]:
        """As it is stored and shown."""
        return {
            "report": [each.value for each in self.report],
            "closing": [each.value for each in self.closing],
            "law": [each.value for each in self.law],
            "offices": [each.value for each in self.offices],
        }


_PICTURES = frozenset({Evidence.WHOLE_VIEW, Evidence.CLOSE_VIEW, Evidence.AFTER_VIEW})


def given(wanted: Sequence[Evidence], photos: int) -> list[tuple[Evidence, bool | None]]:
    """Whether each was given, as far as counting photos can say; None where only reading could."""
    pictures = [each for each in wanted if each in _PICTURES]
    return [(each, pictures.index(each) < photos if each in _PICTURES else None) for each in wanted]


def kind_rule(name: str, said: Any, default: KindRule) -> KindRule:
    """Read a stored or proposed one; a list that it does not name stays. ImpossiblePolicy names the part."""
    stated = default.written() | dict(members(name, said, _PARTS))
    return KindRule(
        tuple(map(Evidence, some(f"{name}/report", stated["report"], Evidence))),
        tuple(map(Evidence, some(f"{name}/closing", stated["closing"], Evidence))),
        tuple(map(Law, some(f"{name}/law", stated["law"], Law))),
        tuple(map(Office, some(f"{name}/offices", stated["offices"], Office))),
    )


_PARTS = ("report", "closing", "law", "offices")
_VIEWS = (Evidence.WHOLE_VIEW, Evidence.CLOSE_VIEW)
_CLEARED = (Evidence.AFTER_VIEW, Evidence.BANK)
_MENDED = (Evidence.AFTER_VIEW, Evidence.INSPECTION)
_RUNS = (Evidence.AFTER_VIEW, Evidence.TEST_RUN)
_LEVEE = (Law.WATER_41, Law.FLOOD_37, Law.FLOOD_RULES_15)
_WET = KindRule((*_VIEWS, Evidence.CLARITY, Evidence.FLOW, Evidence.FROM_TOE, Evidence.LEVEL), _MENDED, _LEVEE)
_CRACKED = KindRule((*_VIEWS, Evidence.CRACK, Evidence.LEVEL), _MENDED, _LEVEE)
_BROKEN = KindRule((*_VIEWS, Evidence.FAULT), _RUNS, (Law.FLOOD_RULES_15,))
_LAND = (Office.NATURAL_RESOURCES, Office.URBAN_MANAGEMENT)
KINDS: Mapping[Kind, KindRule] = {
    Kind.OCCUPY: KindRule(
        (*_VIEWS, Evidence.SIZE, Evidence.WHO),
        _CLEARED,
        (Law.WATER_37, Law.WATER_40, Law.FLOOD_22, Law.CHANNEL_24, Law.WATER_66),
        (Office.WATER_BUREAU, Office.TOWN),
    ),
    Kind.MINE: KindRule(
        (*_VIEWS, Evidence.MACHINES, Evidence.WHO),
        (*_CLEARED, Evidence.RULING),
        (Law.WATER_39, Law.CHANNEL_25, Law.FLOOD_22),
    ),
    Kind.DUMP: KindRule(
        (*_VIEWS, Evidence.SIZE),
        (*_CLEARED, Evidence.DISPOSAL),
        (Law.WATER_37, Law.FLOOD_22, Law.CHANNEL_24, Law.POLLUTION_37, Law.WATER_66),
        (Office.URBAN_MANAGEMENT, Office.TOWN),
    ),
    Kind.BUILD: KindRule(
        (*_VIEWS, Evidence.SIZE, Evidence.WHO),
        (*_CLEARED, Evidence.RULING),
        (Law.WATER_37, Law.FLOOD_22, Law.FLOOD_27, Law.WATER_65),
        _LAND,
    ),
    Kind.LEVEE_DEFECT: _CRACKED,
    Kind.SEEPAGE: _WET,
    Kind.PIPING: _WET,
    Kind.SCOUR: _CRACKED,
    Kind.SLIDE: _CRACKED,
    Kind.OVERTOPPING: KindRule((*_VIEWS, Evidence.LEVEL), _MENDED, _LEVEE),
    Kind.SLUICE_FAULT: _BROKEN,
    Kind.PUMP_FAULT: _BROKEN,
    Kind.OBSTRUCTION: KindRule(
        (*_VIEWS, Evidence.SIZE, Evidence.WHO),
        _CLEARED,
        (Law.WATER_37, Law.FLOOD_22, Law.FLOOD_42),
        (Office.TOWN, Office.WATER_BUREAU, Office.TRANSPORT),
    ),
    Kind.BLOCKED_DRAIN: KindRule(
        (*_VIEWS, Evidence.LEVEL), _RUNS, (Law.FLOOD_RULES_15,), (Office.HOUSING, Office.TOWN)
    ),
    Kind.WIND: KindRule(_VIEWS, _MENDED, (Law.FLOOD_RULES_15,), (Office.TOWN, Office.EMERGENCY)),
    Kind.POLLUTION: KindRule(
        (*_VIEWS, Evidence.COLOUR, Evidence.OUTFALL),
        (Evidence.AFTER_VIEW, Evidence.SAMPLE),
        (Law.POLLUTION_37,),
        (Office.ECOLOGY,),
    ),
    Kind.DRIFT: KindRule(
        (*_VIEWS, Evidence.SIZE),
        (Evidence.AFTER_VIEW, Evidence.DISPOSAL),
        (Law.POLLUTION_37, Law.CHANNEL_24),
        (Office.TOWN,),
    ),
}
