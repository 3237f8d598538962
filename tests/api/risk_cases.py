"""What the tests of risk know of the rivers, and the jobs that keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.models.flood_events import FloodEvent as Row
from backend.models.risk import RiskChange
from jobs import risk as job
from jobs.runner import House
from tests.api.signal_cases import cancel, exercise, message
from tests.api.signal_cases import send as bring
from tests.api.station_cases import BASE
from tests.cast import NOON, Cast

REACHES = [f"TUHAI-371502-00{number}" for number in (1, 2, 3)]


class Rivers:
    """What is known of them, and the jobs that keep it."""

    def __init__(self, house: House, phone_of: Callable[[UUID], Any], cast: Cast, clock: Any, session: Any) -> None:
        self.house, self.phone_of, self.cast, self.clock, self.session = house, phone_of, cast, clock, session
        self.signals = 0

    @property
    def phone(self) -> Any:
        """The city chief, who has just signed in."""
        return self.phone_of(self.cast.qian)

    def settle(self) -> int:
        """Let the job follow; how many parts it weighed."""
        return job.run(self.house, now=self.clock.now)

    def signal(self, colour: str, *regions: str, updates: Any = (), as_exercise: bool = False, **said: Any) -> Any:
        """The weather office warns, and the job follows."""
        self.signals += 1
        minutes = (self.clock.now - NOON).total_seconds() / 60
        made = message(self.signals, colour, regions=regions, minutes=minutes, updates=updates, **said)
        bring(self.phone_of(self.cast.deng), exercise(made) if as_exercise else made)
        self.settle()
        return made

    def end(self, signal: Any) -> None:
        """It is lifted."""
        self.signals += 1
        minutes = (self.clock.now - NOON).total_seconds() / 60
        bring(self.phone_of(self.cast.deng), cancel(self.signals, signal, minutes=minutes))
        self.settle()

    def levels(self, question: str = "") -> dict[str, str]:
        """By code, as the city sees it."""
        page = self.phone.get(f"{BASE}/risk?{question}")
        assert page.status_code == 200, page.text
        return {each["segment"]["code"]: each["level"] for each in page.json["items"]}

    def one(self, code: str = REACHES[0]) -> dict[str, Any]:
        """One reach in the list of segments."""
        found: dict[str, Any] = self.phone.get(f"/api/v1/segments/{code}").json["properties"]["risk"]
        return found

    def points(self, code: str = REACHES[0]) -> dict[str, int]:
        """Its factors, without its walks."""
        factors = self.one(code)["factors"]
        return {each["name"]: each["points"] for each in factors if each["name"] != "never_walked"}

    def changes(self) -> int:
        """How often anything became another."""
        return self.session.scalar(select(func.count()).select_from(RiskChange)) or 0

    def told(self) -> list[tuple[str, str | None, int]]:
        """What was told of risk: what, level, how many reaches."""
        question = select(Row).where(Row.kind == "risk").order_by(Row.seq)
        return [(row.what, row.level, len(row.segments)) for row in self.session.scalars(question)]
