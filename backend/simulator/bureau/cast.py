"""Who plays: the demo logins of the seed city by their posts, and the village chiefs of one town."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from shapely import LineString

from backend.simulator.phones import Phone

_LANGUAGE = "zh-CN"
"""What an office writes is read by people of the city."""


@dataclass(frozen=True)
class Stage:
    """Where and when it is played."""

    url: str
    seed: int
    zone: ZoneInfo
    now: datetime
    trust: ssl.SSLContext | None = None


@dataclass
class Cast:
    """Each has a phone that is signed in when it is first used; the same seed on the same day names the same things."""

    stage: Stage
    accounts: Sequence[Mapping[str, str]]
    """Demo logins as listed: phone, password, post, region, segment."""
    walkers: Sequence[tuple[str, str]]
    """Number and password of the village chiefs of the first town chief's town."""
    phones: dict[str, Phone] = field(default_factory=dict)
    _people: dict[str, str] = field(default_factory=dict)
    _lines: dict[str, LineString] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Phone:
        """The phone of a post, the first login of it; `town_chief-2` is the second."""
        if role not in self.phones:
            account = self.account(role)
            self._take(role, account["phone"], account["password"])
        return self.phones[role]

    def account(self, role: str) -> Mapping[str, str]:
        """The login of a role, as listed."""
        post, _, number = role.partition("-")
        same = [each for each in self.accounts if each["post"] == post]
        return same[int(number or 1) - 1]

    def walker(self, number: int) -> Phone:
        """The phone of a village chief of the town."""
        role = f"walker/{number}"
        if role not in self.phones:
            self._take(role, *self.walkers[number])
        return self.phones[role]

    def person(self, role: str) -> str:
        """Whose phone it is."""
        self[role]
        return self._people[role]

    @property
    def county(self) -> str:
        """Where most of it is played."""
        return self.account("bureau_clerk")["region"]

    @property
    def town(self) -> str:
        """Whose chiefs are trained, ordered out and assessed."""
        return self.account("town_chief")["region"]

    @property
    def reach(self) -> str:
        """The reach of the examples."""
        return self.account("village_chief")["segment"]

    @property
    def today(self) -> date:
        """The business day."""
        return self.stage.now.astimezone(self.stage.zone).date()

    def name(self, what: str) -> str:
        """The id of a thing."""
        said = f"{self.stage.seed} {self.today} {what}"
        return str(UUID(bytes=hashlib.sha256(said.encode()).digest()[:16], version=4))

    def dice(self, what: str) -> np.random.Generator:
        """Dice that fall the same way for the same thing."""
        return np.random.default_rng([self.stage.seed, *hashlib.sha256(what.encode()).digest()[:8]])

    def at(self, **apart: float) -> str:
        """A moment so far from now: hours=-2 is two hours ago."""
        return self._written(self.stage.now + timedelta(**apart))

    def on(self, days: int, hour: int, minute: int = 0) -> str:
        """An hour of the day so many days from today."""
        return self._written(datetime.combine(self.day(days), time(hour, minute), self.stage.zone))

    def day(self, days: int) -> date:
        """The day so many days from today."""
        return self.today + timedelta(days=days)

    def line(self, phone: Phone, segment: str) -> LineString:
        """The line of a reach that the owner of that phone sees."""
        if segment not in self._lines:
            geometry = phone.get(f"/segments/{segment}")["geometry"]
            self._lines[segment] = LineString(geometry["coordinates"])
        return self._lines[segment]

    def place(self, share: float, role: str = "village_chief") -> dict[str, float]:
        """A place on somebody's own reach, so far along it (0–1)."""
        point = self.line(self[role], self.account(role)["segment"]).interpolate(share, normalized=True)
        return {"lon": round(point.x, 6), "lat": round(point.y, 6)}

    def act(self, role: str, hazard: str, action: str, **said: Any) -> dict[str, Any]:
        """Take an act on a hazard as it is now."""
        body = {"id": self.name(f"act {hazard} {role} {action} {said.get('post')}"), "action": action} | said
        return self[role].act(f"/hazards/{hazard}", "actions", body)

    def close(self) -> None:
        """Everybody hangs up."""
        for phone in self.phones.values():
            phone.close()

    def _take(self, role: str, number: str, password: str) -> None:
        phone = Phone(self.stage.url, number, password, self.dice(role), self.stage.trust, _LANGUAGE)
        self._people[role] = str(phone.sign_in()["id"])
        self.phones[role] = phone

    def _written(self, at: datetime) -> str:
        return at.astimezone(self.stage.zone).replace(microsecond=0).isoformat()
