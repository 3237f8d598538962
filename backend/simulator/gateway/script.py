"""How the providers of the farm behave: a script of one section for each, changed while they run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

CHANNELS = ("sms", "voice", "dingtalk", "wecom", "feishu", "mail")


@dataclass(frozen=True, slots=True)
class Manner:
    """How one provider behaves; shares are of 1, times in seconds, each decided by the key of the message."""

    latency_s: tuple[float, float] = (0.02, 0.06)
    is_down: bool = False
    """Answers 503 to everything."""
    silent_share: float = 0.0
    """Takes the message and never answers."""
    refused_share: float = 0.0
    """Answers 500 and takes nothing."""
    error_share: float = 0.0
    """Answers 200 with an error in the body."""
    dropped_share: float = 0.0
    """Takes the message and loses it."""
    bad_numbers: tuple[str, ...] = ()
    """Ends of numbers that it calls impossible."""
    per_minute: int | None = None
    """More within a minute is refused, and then everything for `rest_s`."""
    rest_s: float = 600.0
    honours_key: bool = True
    """Whether a message that comes again under its key is the same message."""
    receipts_share: float = 1.0
    receipts_after_s: tuple[float, float] = (0.2, 1.0)
    unreachable: tuple[str, ...] = ()
    """Ends of numbers whose owners never answer."""
    lines: int | None = None
    """So many calls at once; one more is refused."""
    call_s: tuple[float, float] = (1.0, 3.0)
    no_answer_s: tuple[float, float] = (1.0, 3.0)
    """How long it rings where nobody answers."""
    keys: Mapping[str, float] = field(default_factory=lambda: {"1": 1.0})
    """Which share of those who heard the message presses which key; "" and the rest: none."""
    hangs_up_share: float = 0.0
    """People who hang up, or press their key, before they have heard everything."""
    opens_share: float = 0.0
    """People who open the link of a text message."""
    opens_after_s: tuple[float, float] = (5.0, 30.0)
    statuses: Mapping[str, float] = field(default_factory=lambda: {"received": 1.0})
    """What they answer there; "" and the rest: nothing."""


@dataclass(frozen=True)
class Script:
    """The manners of every provider, by its name; `secret` signs what goes both ways."""

    manners: Mapping[str, Manner]
    secret: str = "gateway-secret"  # noqa: S105 - of a simulator
    hooks: str | None = None
    """Where reports are sent: the address of the house up to `/hooks/{channel}`."""
    house: str | None = None
    """Where people open links: the address of the house."""
    seed: int = 0
    speed: float = 1.0
    """So many times as fast as real ones do people answer: as fast as the clock of a drill runs."""

    @classmethod
    def plain(cls, **rest: Any) -> Script:
        """Everybody behaves."""
        return cls(dict.fromkeys(CHANNELS, Manner()), **rest)

    def changed(self, said: Mapping[str, Any]) -> Script:
        """With sections of JSON laid over it: `{"sms": {"is_down": true}, "*": {"latency_s": [0.1, 0.2]}}`.

        ValueError names what is no provider or no manner.
        """
        manners = dict(self.manners)
        if not isinstance(said, Mapping):
            raise ValueError("a script is an object")
        rest = {name: said[name] for name in ("secret", "hooks", "house", "seed") if name in said}
        for name, section in said.items():
            if name in rest:
                continue
            if name != "*" and name not in manners:
                raise ValueError(f"no such provider: {name}")
            for each in manners if name == "*" else (name,):
                manners[each] = _changed(manners[each], section)
        return replace(self, manners=manners, **rest)

    def chance(self, key: str, what: str) -> float:
        """A number from 0 to 1 that is the same for the same key and question."""
        digest = hashlib.sha256(f"{self.seed}/{what}/{key}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def between(self, key: str, what: str, span: tuple[float, float]) -> float:
        """A time in a span, decided in the same way."""
        return span[0] + (span[1] - span[0]) * self.chance(key, what)

    def pick(self, key: str, what: str, shares: Mapping[str, float]) -> str:
        """One of several by their shares, or "" for the rest, decided in the same way."""
        left = self.chance(key, what)
        for name, share in shares.items():
            if left < share:
                return name
            left -= share
        return ""


def _changed(manner: Manner, section: Any) -> Manner:
    if not isinstance(section, Mapping):
        raise ValueError(f"no manners: {section}")
    if unknown := set(section) - {each.name for each in fields(Manner)}:
        raise ValueError(f"no such manner: {', '.join(sorted(unknown))}")
    return replace(manner, **{name: _read(name, value) for name, value in section.items()})


def _read(name: str, value: Any) -> Any:
    """A manner as JSON writes it; ValueError when it cannot be meant."""
    for ending, reading in _READINGS.items():
        if name.endswith(ending):
            read = reading(value)
            if read is not None or (value is None and name in ("per_minute", "lines")):
                return read
    raise ValueError(f"{name}: {value}")


def _number(value: Any, most: float = 86_400.0) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= most else None


def _span(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    first, last = map(_number, value)
    return (first, last) if first is not None and last is not None and first <= last else None


def _ends(value: Any) -> tuple[str, ...] | None:
    is_list = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    return tuple(value) if is_list else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000 else None


def _shares(*names: str) -> Callable[[Any], dict[str, float] | None]:
    def read(value: Any) -> dict[str, float] | None:
        if not isinstance(value, dict) or not set(value) <= {*names, ""}:
            return None
        shares = {name: _number(share, 1.0) for name, share in value.items()}
        found = {name: share for name, share in shares.items() if share is not None}
        return found if len(found) == len(shares) and sum(found.values()) <= 1.000001 else None

    return read


_READINGS: Mapping[str, Callable[[Any], Any]] = {
    "_share": lambda value: _number(value, 1.0),
    "rest_s": _number,
    "_s": _span,
    **dict.fromkeys(("per_minute", "lines"), _count),
    "keys": _shares("1", "2", "3"),
    "statuses": _shares("received", "acting", "unable"),
    **dict.fromkeys(("bad_numbers", "unreachable"), _ends),
    **dict.fromkeys(("is_down", "honours_key"), lambda value: value if isinstance(value, bool) else None),
}
"""How each manner is read, by the end of its name; the first that fits."""
