"""Boards of many people: counted once in a while, each part of the world and each way to it by itself."""

from __future__ import annotations

from dataclasses import replace

from backend.context import furnish
from backend.services.rolls import ShownBoards
from tests.api.warning_cases import night
from tests.carriers import office, push, sms, tell, voice
from tests.cast import CITY, COUNTY, TOWN

__all__ = ["night", "office", "push", "sms", "tell", "voice"]


def test_a_board_of_many_is_counted_once_in_a_while_whoever_looks(night, cast, app):
    warning = night.red(regions=[COUNTY])
    night.tick()
    _looked_at(app, ShownBoards(many=0, fresh_s=3_600))
    before = night.board(warning)
    night.ack(warning, "chen", "acting")
    assert night.board(warning) == before
    assert night.board(warning, region=TOWN)["way"][-1]["region"] == TOWN
    assert night.board(warning, cast.li)["total"]["acting"] == 1, "another part of it is counted by itself"

    _looked_at(app, ShownBoards(many=0, fresh_s=0))
    assert night.board(warning)["total"]["acting"] == 1
    night.ack(warning, "wang", "acting")
    assert night.board(warning)["total"]["acting"] == 2


def test_a_board_looked_at_from_a_wider_region_names_the_way_to_it(night, app):
    _looked_at(app, ShownBoards(many=0, fresh_s=3_600))
    warning = night.red(regions=[TOWN])
    ways = {region: night.board(warning, region=region)["way"] for region in (CITY, COUNTY, TOWN)}
    assert {region: way[-1]["region"] if way else "" for region, way in ways.items()} == {
        CITY: "",
        COUNTY: "",
        TOWN: TOWN,
    }


def _looked_at(app, boards):
    """From now on boards are kept there."""
    furnish(app, replace(app.extensions["hezhang"], shown_boards=boards))
