"""The channels of this house, opened by its settings: once, at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.channels.log import LogChannel
from backend.channels.sending import Channel
from backend.config import ImpossibleSettings, Settings
from backend.domain.buckets import Rate
from backend.domain.ways import Way

KINDS: Mapping[str, Callable[[str, Mapping[str, Any]], Channel]] = {"log": lambda name, _: LogChannel(name)}


def open_channels(settings: Settings) -> dict[str, Channel]:
    """Every channel by its name; ImpossibleSettings for one that nobody knows."""
    opened = {}
    for name, wanted in settings.channels.items():
        if wanted["kind"] not in KINDS:
            raise ImpossibleSettings("setting.channel_kind", name=name, kinds=", ".join(KINDS))
        opened[name] = KINDS[wanted["kind"]](name, wanted)
    return opened


def ways(settings: Settings, channels: Mapping[str, Channel]) -> dict[str, Way]:
    """The same as seen by whoever decides what goes out by them: what each provider takes."""
    return {
        name: Way(channel.timeout_s, _rate(name, settings.channels[name]), settings.channels[name]["kind"] != "log")
        for name, channel in channels.items()
    }


def _rate(name: str, wanted: Mapping[str, Any]) -> Rate | None:
    """`"rate": {"per_minute": 20, "burst": 20, "reserved": 0.3}`; without it as much as comes."""
    if wanted.get("rate") is None:
        return None
    try:
        asked = dict(wanted["rate"])
        rate = Rate(float(asked["per_minute"]) / 60, int(asked["burst"]), float(asked.get("reserved", 0.3)))
    except (KeyError, TypeError, ValueError):
        raise ImpossibleSettings("setting.channel_rate", name=name) from None
    if not (0 < rate.per_s <= 10_000 and 1 <= rate.burst <= 100_000 and 0 <= rate.reserved < 1):
        raise ImpossibleSettings("setting.channel_rate", name=name)
    return rate
