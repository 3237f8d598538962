"""A message of the Common Alerting Protocol (CAP) as plain values: what it says, before anybody judges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Place = tuple[float, float]
"""Longitude and latitude in degrees; CAP itself writes them the other way round."""


class Status(StrEnum):
    """For whom a message is meant."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class Kind(StrEnum):
    """What a message does to those that it refers to (CAP: `msgType`)."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Severity(StrEnum):
    """How bad it is."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
)
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
DEFAULT_LANGUAGE = "en-US"
"""Of an `info` that names none, as CAP says."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another message, by all that makes it one."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Circle:
    """All within a distance of a place."""

    centre: Place
    radius_m: float


@dataclass(frozen=True, slots=True)
class Code:
    """A value in somebody's system of codes."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the world: the union of its polygons, circles and codes."""

    desc: str
    polygons: tuple[tuple[Place, ...], ...] = ()
    """Rings, each with its first place again at the end."""
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What is said in one language about one event."""

    event: str
    language: str = DEFAULT_LANGUAGE
    categories: tuple[str, ...] = ("Met",)
    responses: tuple[str, ...] = ()
    urgency: str = "Unknown"
    severity: Severity = Severity.UNKNOWN
    certainty: str = "Unknown"
    codes: tuple[Code, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Code, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message; sender, identifier and moment make it that one and no other."""

    identifier: str
    sender: str
    sent: datetime
    status: Status = Status.ACTUAL
    kind: Kind = Kind.ALERT
    scope: str = "Public"
    source: str = ""
    note: str = ""
    references: tuple[Reference, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def reference(self) -> Reference:
        """By what other messages refer to it."""
        return Reference(self.sender, self.identifier, self.sent)
