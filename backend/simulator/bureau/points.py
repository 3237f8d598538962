"""Points of citizens (碧水积分): the city gives some, and whoever told the truth takes a towel home for theirs."""

from __future__ import annotations

from backend.simulator.bureau.cast import Cast

_TOWEL = 8


def give(cast: Cast) -> None:
    """From now on a report that was true earns points; a city that gives some already is left as it is."""
    rule = cast["administrator"].get("/rules/points")
    if not rule["body"]["is_on"]:
        reason = "试行碧水积分，鼓励群众举报"
        said = {"body": {"is_on": True}, "valid_from": cast.at(), "reason": reason, "seen": rule["version"]}
        cast["administrator"].do("POST", "/rules/points", said)


def redeem(cast: Cast, code: str) -> None:
    """A citizen reads their code out at the office's window and takes something for it."""
    said = {"code": code, "deed": "redeem", "points": _TOWEL, "reason": "兑换毛巾一条"}
    cast["office_clerk-2"].do("PUT", f"/points/deeds/{cast.name('towel')}", said)
