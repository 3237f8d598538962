"""Notices (通知): one person is told one fact, once; by which channels, and in what words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from backend.clock import in_words
from backend.domain.lanes import Lane
from backend.words import Text

APP, SMS, VOICE, CHAT, MAIL = "app", "sms", "voice", "chat", "mail"
CHANNELS = (APP, CHAT, MAIL, SMS, VOICE)
"""Every way to a person, in the order in which they are tried where the person has not said otherwise."""
BY_PHONE = frozenset({SMS, VOICE})
"""Channels that need the number of the account; the others need a device or an address of their own."""
_SPACE = UUID("b7a3f6c2-55b1-5d0e-9a53-0f6d2f6a1c40")
ORDINARY = 5
"""The priority of whoever is told neither before nor after others."""
DIGEST = "digest"
"""The key of the one that gathers others."""
MOST_LINES = 20
"""Lines of a digest; of more the number is said (our judgement)."""
SUBSTITUTES: Mapping[Lane, frozenset[str]] = {
    Lane.URGENT: frozenset(CHANNELS),
    Lane.NORMAL: frozenset({APP, CHAT, MAIL, SMS}),
    Lane.DIGEST: frozenset({APP, CHAT, MAIL}),
}
"""Which channels may take the place of another: nobody is called for a daily matter, nor sent a text for a digest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is to be told. The same fact for the same person is the same notice, however often it is wanted."""

    person_id: UUID
    fact: str
    """What makes it the same: `climb:{hazard}:{phase}:{step}`."""
    key: str
    """The sentence: `notice.{key}`, with its title `notice.{key}.title`."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """In JSON's types; `{"key": …}` is a text itself, `{"at": …}` a moment."""
    lane: Lane = Lane.NORMAL
    channels: tuple[str, ...] = (APP,)
    about: tuple[str, UUID] | None = None
    number: int = 1
    """Which repeat of the same matter it is (第n次)."""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    """When it is of no use any more; a warning has no such moment."""
    is_drill: bool = False
    priority: int = ORDINARY
    """Among urgent ones that wait for the same channel: lower goes first."""

    @property
    def id(self) -> UUID:
        """The notice's id, made from person and fact: the database cannot hold the same one twice."""
        return uuid5(_SPACE, f"{self.fact}:{self.person_id}")


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody can be reached: addresses by channel, the order of their choice, and what they do not want."""

    addresses: Mapping[str, Sequence[UUID | None]]
    """The devices of each channel; one None where the channel needs none."""
    order: Sequence[str] = CHANNELS
    muted: frozenset[str] = frozenset()
    """Channels for nothing but what is urgent."""

    def reached_by(self, lane: Lane) -> list[str]:
        """The channels that lead to them, in their order."""
        wanted = [*dict.fromkeys((*self.order, *CHANNELS))]
        return [each for each in wanted if self.addresses.get(each) and (lane is Lane.URGENT or each not in self.muted)]


def chosen(channels: Sequence[str], lane: Lane, reader: Reader) -> list[str]:
    """The channels a notice goes out by: those that were wanted, or the first other one where none of them leads there.

    Empty: it is only to be read in the app (and, where it presses, a dead letter).
    """
    there = reader.reached_by(lane)
    wanted = [each for each in dict.fromkeys(channels) if each in there]
    return wanted or [each for each in there if each in SUBSTITUTES[lane]][:1]


def others(lane: Lane, reader: Reader, used: Sequence[str]) -> list[str]:
    """The channels that may still be tried after these."""
    return [each for each in reader.reached_by(lane) if each in SUBSTITUTES[lane] and each not in used]


def spoken(key: str, values: Mapping[str, Any], zone: ZoneInfo) -> Text:
    """A stored sentence as a text that can be said in any language."""
    return Text(f"notice.{key}", {name: _value(value, zone) for name, value in values.items()})


def digest_values(lines: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """What a digest stores of the notices it gathers: the first of them as they are, and how many there are."""
    return {"count": len(lines), "lines": [{"key": key, "values": dict(values)} for key, values in lines[:MOST_LINES]]}


def _value(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, Mapping) and "key" in value:
        return Text(value["key"], {name: _value(each, zone) for name, each in value.get("values", {}).items()})
    if isinstance(value, Mapping) and "at" in value:
        return in_words(datetime.fromisoformat(value["at"]), zone)
    return value
