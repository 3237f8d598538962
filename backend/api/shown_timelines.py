"""How a timeline is shown: each fact in one sentence, with what was said and its link of the chain."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from backend.api.shown import moment
from backend.clock import in_words
from backend.domain.handovers import HAND_OVER
from backend.domain.public_reports import PUBLIC
from backend.domain.splits import SPLIT
from backend.services.public_reports import ANSWER
from backend.services.timeline import Told
from backend.words import Language, Text, say


def fact(told: Told, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    """One fact."""
    return {
        "number": told.number,
        "at": moment(told.at, zone),
        "by": {"id": str(told.by), "name": told.name} if told.by else None,
        "act": told.act,
        "sentence": sentence(told, zone, language),
        "said": dict(told.personal),
        "body": dict(told.body),
        "hash": told.hash.hex(),
    }


def line(told: Told, zone: ZoneInfo, language: Language) -> str:
    """The same for reading: number, moment, sentence, and what was said under it."""
    texts = (text if text is not None else say("fact.erased", language) for text in told.personal.values())
    # Every line of it, or what somebody writes could look like a fact.
    said = "".join(f"      {each}\n" for text in texts for each in text.splitlines())
    return f"{told.number:>4}. {_clock(told.at.isoformat(), zone)}  {sentence(told, zone, language)}\n{said}"


def sentence(told: Told, zone: ZoneInfo, language: Language) -> str:
    """What happened, as one reads it: who, what, and until when where a deadline was set."""
    what = say(_what(told, zone), language)
    if told.name is not None and told.by != PUBLIC.person_id:
        what = say(Text.of("fact.by", name=told.name, what=what), language)
    due = told.body.get("due_at")
    if due is None or told.act == "climb":
        return what
    return say(Text.of("fact.due", what=what, due=_clock(due, zone)), language)


def _what(told: Told, zone: ZoneInfo) -> Text:
    body = told.body
    if told.act == "climb":
        rungs = dict.fromkeys(f"escalation.rung.{each['for']}" for each in body["told"])
        is_late = told.at >= datetime.fromisoformat(body["due_at"])
        return Text.of(
            "fact.climb" if is_late else "fact.climb_soon", rung=body["rung"], whom=reduce(_and, map(Text, rungs))
        )
    if told.act == "recount":
        return Text.of("fact.recount", before=_clock(body["before"], zone), after=_clock(body["after"], zone))
    if told.act == SPLIT:
        return Text.of("fact.split", segment=body["segment"])
    if told.act == ANSWER:
        return Text("fact.public_answer.yes" if body["satisfied"] else "fact.public_answer.no")
    if told.act == "report" and told.by == PUBLIC.person_id:
        return Text("fact.public_report")
    if told.act in ("report", "take_evidence", "erase", HAND_OVER):
        return Text(f"fact.{told.act}")
    return Text(f"hazard.act.{told.act}")


def _and(one: Text, other: Text) -> Text:
    return Text.of("fact.and", one=one, other=other)


def _clock(at: str, zone: ZoneInfo) -> str:
    return in_words(datetime.fromisoformat(at), zone)
