"""The duty as data: how a version is stored, read, and made from the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from backend.domain.duties import DutyRule, Frequency, Span
from backend.domain.responses import ResponseLevel
from backend.domain.terms import WALKERS, Post
from backend.words import Text

MOST_WALKS = 100
"""A bound on the walks of a period, which only keeps out what cannot be meant."""


class ImpossibleDuty(ValueError):
    """A rule that cannot be meant; `name` says which part, `text` why."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(name)
        self.name, self.text = name, text


def duty_rule(version: int, body: dict[str, Any]) -> DutyRule:
    """Read a stored or proposed version; what it does not name keeps its default. ImpossibleDuty names the part."""
    default = body_of(DutyRule())
    for name in body.keys() - default.keys():
        raise ImpossibleDuty(name, _choice(default))
    whole = default | body
    begin, end = (_day_of_year(name, whole[name]) for name in ("window_begin", "window_end"))
    if end < begin:
        raise ImpossibleDuty("window_end", Text("flaw.day_of_year"))
    return DutyRule(
        version=version,
        usual=DutyRule().usual | _frequencies("usual", whole["usual"]),
        in_window=_frequencies("in_window", whole["in_window"]),
        under_response=_by_level(whole["under_response"]),
        window_begin=begin,
        window_end=end,
    )


def changed(rule: DutyRule, version: int, proposal: dict[str, Any]) -> DutyRule:
    """The next version, of which only the parts that change are named; null takes a post out of window or response."""
    body = body_of(rule)
    for name, part in proposal.items():
        body[name] = _merged(body.get(name), part)
    for name in ("in_window", "under_response"):
        body[name] = _without_none(body[name])
    return duty_rule(version, body)


def body_of(rule: DutyRule) -> dict[str, Any]:
    """The rule as it is stored and shown."""
    return {
        "usual": _written(rule.usual),
        "in_window": _written(rule.in_window),
        "under_response": {level.value: _written(posts) for level, posts in rule.under_response.items()},
        "window_begin": list(rule.window_begin),
        "window_end": list(rule.window_end),
    }


def _written(frequencies: dict[Post, Frequency]) -> dict[str, Any]:
    return {post.value: {"walks": each.walks, "span": each.span.value} for post, each in frequencies.items()}


def _merged(old: Any, new: Any) -> Any:
    """What is named replaces what was there; of parts that have names of their own only these."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return old | {name: _merged(old.get(name), part) for name, part in new.items()}


def _without_none(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {name: _without_none(part) for name, part in body.items() if part is not None}


def _frequencies(name: str, body: Any) -> dict[Post, Frequency]:
    if not isinstance(body, dict):
        raise ImpossibleDuty(name, _choice(WALKERS))
    for post in body.keys() - WALKERS:
        raise ImpossibleDuty(f"{name}/{post}", _choice(WALKERS))
    return {Post(post): _frequency(f"{name}/{post}", asked) for post, asked in body.items()}


def _by_level(body: Any) -> dict[ResponseLevel, dict[Post, Frequency]]:
    if not isinstance(body, dict):
        raise ImpossibleDuty("under_response", _choice(ResponseLevel))
    for level in body.keys() - set(ResponseLevel):
        raise ImpossibleDuty(f"under_response/{level}", _choice(ResponseLevel))
    return {ResponseLevel(level): _frequencies(f"under_response/{level}", posts) for level, posts in body.items()}


def _frequency(name: str, body: Any) -> Frequency:
    if not isinstance(body, dict) or body.keys() != {"walks", "span"}:
        raise ImpossibleDuty(name, _choice(("walks", "span")))
    walks, span = body["walks"], body["span"]
    if isinstance(walks, bool) or not isinstance(walks, int) or not 0 <= walks <= MOST_WALKS:
        raise ImpossibleDuty(f"{name}/walks", Text("flaw.between", {"low": 0, "high": MOST_WALKS}))
    if span not in list(Span):
        raise ImpossibleDuty(f"{name}/span", _choice(Span))
    return Frequency(walks, Span(span))


def _day_of_year(name: str, body: Any) -> tuple[int, int]:
    """A month and a day that every year has."""
    try:
        month, day = body
        date(2025, month, day)
    except (TypeError, ValueError):
        raise ImpossibleDuty(name, Text("flaw.day_of_year")) from None
    return month, day


def _choice(choices: Iterable[str]) -> Text:
    return Text("flaw.choice", {"choices": ", ".join(sorted(choices))})
