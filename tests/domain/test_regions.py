"""Division codes: cut, contained, related."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from backend.domain.regions import BadRegionCode, Relation, around, cut, level_of, parent_of, relation, way_to

SEED = Path(__file__).parents[2] / "seed_data" / "regions.csv"


def test_padding_is_cut_only_where_a_whole_group_is_zeros():
    assert cut("371500000000") == "3715"
    assert cut("371502000000") == "371502"
    assert cut("371502001000") == "371502001"
    assert cut("371502010") == "371502010"  # a town whose code ends in 0
    assert cut("371502010000") == "371502010"
    assert cut("371500") == "3715"
    assert cut("37") == "37"


def test_every_published_code_keeps_its_level():
    with SEED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert level_of(cut(row["code"])).word == row["level"], row


@pytest.mark.parametrize("wrong", ["", "3", "37150", "37150a", "3715020011", "３７１５"])
def test_what_is_no_code_is_refused(wrong):
    with pytest.raises(BadRegionCode):
        level_of(wrong)
    with pytest.raises(BadRegionCode):
        cut(wrong)


def test_regions_relate_by_their_prefixes():
    assert relation("371502", "371502") is Relation.OWN
    assert relation("371502", "371502001") is Relation.BELOW
    assert relation("371502001", "3715") is Relation.ABOVE
    assert relation("371502001", "371502") is Relation.AROUND
    assert relation("371502001", "371502002") is Relation.BESIDE
    assert relation("371502001", "371503001") is Relation.FOREIGN
    assert relation("371502001", "371503") is Relation.FOREIGN


def test_parents_and_levels_are_found_by_length():
    assert parent_of("371502001") == "371502"
    assert parent_of("37") is None


def test_the_region_around_a_stretch_of_codes_is_the_smallest_that_holds_both():
    assert around("371502001", "371502002001") == "371502"
    assert around("3715", "371503") == "3715"
    assert around("3715", "4101") == ""


def test_the_way_to_a_region_begins_at_the_widest():
    assert way_to("371502001001") == ["37", "3715", "371502", "371502001", "371502001001"]
    assert way_to("371502") == ["37", "3715", "371502"]
    assert way_to("") == []
