"""Signals of a test: the weather office of the city warns of rain, from noon on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.cap import Area, Code, Info, Kind, Message, Reference, Severity, Status
from backend.formats import cap_out
from backend.models.flood_events import FloodEvent
from tests.cast import COUNTY, NOON

SIGNALS = "/api/v1/flood/signals"
CORPUS = Path(__file__).parents[1] / "data" / "cap"
OFFICE = "Liaocheng_City_Meteorological_Observatory"
WORDS = {"blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红"}
XML = {"Content-Type": "application/cap+xml"}


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def message(
    number: int | str = 1,
    colour: str = "yellow",
    *,
    regions: tuple[str, ...] = (COUNTY,),
    minutes: float = 0,
    lasts: float = 360,
    updates: tuple[Message, ...] = (),
    **changed: Any,
) -> Message:
    """A rain-storm signal over the county, that many minutes after noon, for six hours."""
    sent = at(minutes)
    info = Info(
        event="暴雨",
        language="zh-CN",
        severity=Severity.MODERATE,
        expires=sent + timedelta(minutes=lasts),
        sender_name="聊城市气象台",
        headline=f"聊城市气象台发布暴雨{WORDS[colour]}色预警信号",
        instruction="暂停户外作业。",
        areas=(Area("聊城市", geocodes=tuple(Code("区划代码", code.ljust(12, "0")) for code in regions)),),
    )
    said: dict[str, Any] = {
        "kind": Kind.UPDATE if updates else Kind.ALERT,
        "references": tuple(each.reference for each in updates),
        "infos": (info,),
    }
    return Message(f"3715_{number}", OFFICE, sent, **(said | changed))


def cancel(number: int | str, *ended: Message, minutes: float = 60, **changed: Any) -> Message:
    """The word that these hold no more."""
    to: tuple[Reference, ...] = tuple(each.reference for each in ended)
    return Message(f"3715_{number}", OFFICE, at(minutes), kind=Kind.CANCEL, references=to, **changed)


def exercise(said: Message) -> Message:
    """The same as an exercise."""
    return Message(
        said.identifier,
        said.sender,
        said.sent,
        Status.EXERCISE,
        said.kind,
        references=said.references,
        infos=said.infos,
    )


def send(phone: Any, said: Message | bytes, status: int = 201) -> dict[str, Any]:
    """Bring a message in, and what was answered."""
    document = said if isinstance(said, bytes) else cap_out.write(said)
    answered = phone.post(SIGNALS, data=document, headers=XML)
    assert answered.status_code == status, answered.json
    found: dict[str, Any] = answered.json
    return found


def events(session: Session) -> list[tuple[str, str | None, list[str]]]:
    """What happened: what, in which colour, where."""
    rows = session.execute(select(FloodEvent).order_by(FloodEvent.seq)).scalars()
    return [(row.what, row.level, row.regions) for row in rows]
