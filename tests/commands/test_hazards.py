"""What the command about hazards prints."""

from __future__ import annotations


def test_the_table_of_moves_names_every_act_and_who_may_take_it(hezhang):
    printed = hezhang("hazards", "moves", COLUMNS="200", LC_ALL="zh_CN.UTF-8").output
    assert "done_reported → verified" in printed
    assert "police_chief" in printed
    assert "hazards.moves" not in printed
