"""Ways to people: the channels that the house is furnished with, and what each provider takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.buckets import Rate
from backend.domain.lines import Lines


@dataclass(frozen=True, slots=True)
class Way:
    """A channel as seen by whoever decides what goes out by it."""

    timeout_s: float = 10.0
    """After so long at most a try has an end."""
    rate: Rate | None = None
    """None: as much as comes."""
    needs_address: bool = True
    """Whether it leads only to those who have a number or a device for it; the log leads to anybody."""
    lines: Lines | None = None
    """None: it carries as many at once as come."""
    signature_length: int = 0
    """So many letters the channel puts in front of a text message."""


Ways = Mapping[str, Way]
