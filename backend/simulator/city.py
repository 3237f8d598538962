"""A city at work: so many chiefs on so many days, most of them honest, and what the server made of it all."""

from __future__ import annotations

import ssl
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from shapely import LineString

from backend.simulator.phones import Phone, ServerGone
from backend.simulator.walks import EXPECTED, Kind, Recording, body, copied, recorded
from geo.datum import Crs

_DAY_S = 86_400.0


@dataclass(frozen=True)
class Plan:
    """What is played."""

    url: str
    days: int
    seed: int
    zone: ZoneInfo
    gcj02_share: float = 0.4
    trust: ssl.SSLContext | None = None
    """Whose certificates the phones believe."""
    shares: tuple[tuple[Kind, float], ...] = (
        (Kind.DRIVEN, 0.06),
        (Kind.COPIED, 0.06),
        (Kind.WRONG_DATUM, 0.06),
        (Kind.TOO_SHORT, 0.03),
        (Kind.TOO_FAR, 0.03),
        (Kind.MOCKED, 0.02),
        (Kind.NO_TRACK, 0.02),
    )
    at_once: int = 8


@dataclass
class Played:
    """What was handed in, and what the server says of it."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    table: dict[Kind, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    caught: Counter[Kind] = field(default_factory=Counter)
    misjudged: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    broken: list[str] = field(default_factory=list)

    def share(self, kind: Kind) -> float:
        """Honest walks judged valid, or others caught by the reason they should be; 1 where there are none."""
        total = sum(self.table[kind].values())
        good = self.table[kind]["valid"] if kind is Kind.HONEST else self.caught[kind]
        return good / total if total else 1.0

    def holds(self) -> bool:
        """Whether the figures that the house promises are met."""
        wanted = {Kind.HONEST: 0.98, Kind.DRIVEN: 0.95, Kind.COPIED: 0.95, Kind.WRONG_DATUM: 0.95}
        shares_hold = all(self.share(kind) >= least for kind, least in wanted.items())
        return shares_hold and not self.lost and not self.doubled and not self.broken


def play(plan: Plan, accounts: list[tuple[str, str]], now: datetime, tick: Callable[[], None] = lambda: None) -> Played:
    """Let every account walk its days, several at once; then compare with what the server decided."""
    played, guard = Played(), threading.Lock()

    def one(number: int) -> None:
        phone_number, password = accounts[number]
        dice = np.random.default_rng([plan.seed, number])
        phone = Phone(plan.url, phone_number, password, dice, plan.trust)
        try:
            kinds = _live(plan, phone, dice, now, tick)
            with guard:
                _compare(played, phone, kinds)
        except ServerGone as gone:
            with guard:
                played.broken.append(str(gone))
        finally:
            phone.close()

    with ThreadPoolExecutor(plan.at_once) as pool:
        list(pool.map(one, range(len(accounts))))
    return played


def _live(
    plan: Plan, phone: Phone, dice: np.random.Generator, now: datetime, tick: Callable[[], None]
) -> dict[str, Kind]:
    """One chief's days on one segment: the kinds of walks by their ids."""
    phone.sign_in()
    segments = phone.get("/me")["segments"]
    segment = segments[int(dice.integers(len(segments)))]
    line = LineString(phone.get(f"/segments/{segment['code']}")["geometry"]["coordinates"])
    crs = Crs.GCJ02 if dice.random() < plan.gcj02_share else Crs.WGS84
    clock_s = float(dice.choice([0.0, 0.0, dice.normal(0, 90), dice.choice([-_DAY_S, _DAY_S])], p=[0.5, 0.2, 0.2, 0.1]))
    kinds: dict[str, Kind] = {}
    earlier: Recording | None = None
    for day in range(plan.days, 0, -1):
        kind = _drawn(plan, dice, can_copy=earlier is not None)
        recording = copied(earlier, dice) if kind is Kind.COPIED and earlier else recorded(line, kind, dice)
        if kind is Kind.HONEST:
            earlier = recording
        patrol_id = str(UUID(bytes=dice.bytes(16), version=4))
        kinds[patrol_id] = kind
        start = _start(plan, day, dice, now)
        phone.hand_in(patrol_id, _body(kind, segment["code"], recording, start, crs, clock_s, now))
        tick()
    return kinds


def _body(
    kind: Kind, segment: str, recording: Recording, start: datetime, crs: Crs, clock_s: float, now: datetime
) -> dict[str, Any]:
    wrong = kind is Kind.WRONG_DATUM
    return body(
        segment,
        recording,
        start,
        crs=Crs.GCJ02 if wrong else crs,
        declared=Crs.WGS84 if wrong else crs,
        clock_s=clock_s,
        sent_at=now,
        mocked=kind is Kind.MOCKED,
    )


def _drawn(plan: Plan, dice: np.random.Generator, *, can_copy: bool) -> Kind:
    throw = dice.random()
    for kind, share in plan.shares:
        throw -= share
        if throw < 0:
            return Kind.HONEST if kind is Kind.COPIED and not can_copy else kind
    return Kind.HONEST


def _start(plan: Plan, days_ago: int, dice: np.random.Generator, now: datetime) -> datetime:
    """Most walk between six and ten in the morning."""
    hour = float(dice.triangular(6.0, 7.2, 10.0) if dice.random() < 0.8 else dice.uniform(6.5, 18.0))
    day = (now.astimezone(plan.zone) - timedelta(days=days_ago)).date()
    return datetime.combine(day, time(), plan.zone) + timedelta(hours=hour)


def _compare(played: Played, phone: Phone, kinds: dict[str, Kind]) -> None:
    there = Counter(patrol["id"] for patrol in phone.patrols())
    verdicts = {patrol["id"]: patrol["verdict"] for patrol in phone.patrols()}
    played.kinds |= kinds
    played.lost += sum(each not in there for each in phone.acknowledged)
    played.doubled += sum(count > 1 for count in there.values())
    for patrol_id, kind in kinds.items():
        verdict = verdicts.get(patrol_id)
        if verdict is None:
            continue
        played.table[kind][verdict["outcome"]] += 1
        is_right = verdict["outcome"] == "valid" if kind is Kind.HONEST else EXPECTED[kind] in verdict["reasons"]
        played.caught[kind] += is_right and kind is not Kind.HONEST
        if not is_right:
            played.misjudged.append({"id": patrol_id, "kind": kind.value, "reasons": verdict["reasons"]})
