"""Settings: read once from the environment, frozen, and impossible ones refused at start."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backend.clock import Clock, Drill, clock_of
from backend.listening import in_url, is_place, is_private
from backend.words import Text, say

_PUBLIC = re.compile(r"https?://[0-9A-Za-z.:\[\]-]+(/[0-9A-Za-z._~-]+)*/?")
"""No name, no question and no rest in it: a path is put behind it."""
_PICTURES = re.compile(r"https://[0-9A-Za-z.{}-]+(:[0-9]+)?/[!-:<-~]*")
"""Nothing in it may end the line of a policy."""
Stage = Literal["development", "production", "test"]


class ImpossibleSettings(ValueError):
    """A setting that cannot work, named with what would be right; a log gets it in English."""

    def __init__(self, key: str, **values: Any) -> None:
        self.text = Text(key, values)
        super().__init__(say(self.text, "en"))


@dataclass(frozen=True, slots=True)
class Door:
    """A network inside, and a port or all of them, to which the house may connect though it is nobody else's."""

    network: IPv4Network | IPv6Network
    port: int | None = None

    def leads_to(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Whether a connection goes through it."""
        return address in self.network and self.port in (None, port)

    @classmethod
    def read(cls, value: str) -> Door:
        """`10.1.0.0/16`, `127.0.0.1:9900` or `[::1]:9900`; ValueError for anything else."""
        found = re.fullmatch(r"\[([0-9a-fA-F:./]+)\](?::(\d+))?|([0-9./]+)(?::(\d+))?", value)
        if found is None:
            raise ValueError(value)
        network, port = found[1] or found[3], found[2] or found[4]
        return cls(ip_network(network, strict=False), int(port) if port else None)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the house needs to know from outside."""

    stage: Stage
    home: Path
    """State directory: database file, photos, keys."""
    database_url: str
    photos_url: str
    """Where evidence photos live: an object store address (`file://…`, `s3://…`)."""
    keys_file: Path
    seals_file: Path
    """Where seals over the timelines are written; best a disk that others keep."""
    host: str
    """The address to listen on; 0.0.0.0 for all of this machine."""
    port: int
    zone: ZoneInfo
    """The business time zone: a day is a day in it."""
    trusted_proxies: int
    """How many reverse proxies in front may set X-Forwarded-For."""
    tls: bool
    log_level: str
    limits_url: str
    """Where request rates are counted: `memory://` or a Redis address."""
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The ways out by name, each with its `kind` and what that kind needs; secrets among it."""
    drill: Drill | None = None
    """A clock that runs faster, for drills."""
    doors: tuple[Door, ...] = ()
    """Where inside the house may connect to: gateways in its own network."""
    part: str = "here"
    """What this process is called among its like: the name of its machine, and a number where it has brothers there."""
    heartbeat: str | None = None
    """An address outside that sounds an alarm when it is not asked for a while (healthchecks.io and its like)."""
    quiet: tuple[time, time] = (time(22), time(7))
    """From when until when people are left alone, in the business zone, but for what is urgent."""
    digest_at: time = time(7, 30)
    address: str | None = None
    """Where people reach the house from outside, for the links in texts; without it there are none.

    A house for trying out that only this machine hears is reached there."""
    basemap: tuple[str, ...] = ()
    """Addresses of foreign map pictures under the console's map, the lowest first, each with {z}, {x} and {y}.

    Without any nothing foreign is loaded.
    """
    failpoint: str | None = None
    """Where this process is to die, for tests."""

    @property
    def clock(self) -> Clock:
        """The time of the house: the real one, but in a drill."""
        return clock_of(self.drill)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read and check every setting; ImpossibleSettings names the first one that cannot work."""
        home = Path(environ.get("HEZHANG_DATA") or "var").absolute()
        stage = _stage(environ.get("HEZHANG_ENV", "development"))
        host, port = _host(environ.get("HOST") or "127.0.0.1"), _whole("PORT", environ.get("PORT", "8000"), 1, 65_535)
        tls = environ.get("TLS", "") not in ("", "0")
        is_here = stage == "development" and is_private(host) and not tls
        here = f"http://{in_url(host)}:{port}" if is_here else None
        return cls(
            stage=stage,
            home=home,
            database_url=_database_url(environ.get("DATABASE_URL") or f"sqlite:///{home / 'hezhang.sqlite'}"),
            photos_url=environ.get("HEZHANG_PHOTOS") or (home / "photos").as_uri(),
            keys_file=Path(environ.get("HEZHANG_KEYS") or home / "keys" / "keys.json"),
            seals_file=Path(environ.get("HEZHANG_SEALS") or home / "seals.jsonl"),
            host=host,
            port=port,
            zone=_zone(environ.get("HEZHANG_ZONE", "Asia/Shanghai")),
            trusted_proxies=_whole("TRUSTED_PROXIES", environ.get("TRUSTED_PROXIES", "0"), 0, 10),
            tls=tls,
            log_level=environ.get("HEZHANG_LOG", "INFO").upper(),
            limits_url=environ.get("HEZHANG_LIMITS", "memory://"),
            channels=_channels(environ.get("HEZHANG_CHANNELS"), stage),
            drill=_drill(environ.get("HEZHANG_CLOCK"), stage),
            part=(environ.get("HEZHANG_PART") or platform.node() or "here")[:60],
            heartbeat=environ.get("HEZHANG_HEARTBEAT") or None,
            doors=_doors(environ.get("HEZHANG_DOORS", "")),
            quiet=_quiet(environ.get("HEZHANG_QUIET", "22:00-07:00")),
            digest_at=_clock("HEZHANG_DIGEST", environ.get("HEZHANG_DIGEST", "07:30")),
            address=_address(environ.get("HEZHANG_ADDRESS") or here, stage),
            basemap=_basemap(environ.get("HEZHANG_BASEMAP", "")),
            failpoint=_failpoint(environ.get("HEZHANG_FAILPOINT"), stage),
        )


def _stage(value: str) -> Stage:
    if value in ("development", "production", "test"):
        return value  # type: ignore[return-value]  # narrowed by the line above
    raise ImpossibleSettings("setting.stage", value=value)


def _database_url(value: str) -> str:
    """Accept the addresses people have at hand and name the driver ourselves."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if value.startswith(prefix):
            _refuse_unreadable(value)
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    if value.startswith("sqlite:///"):
        return value
    raise ImpossibleSettings("setting.database", scheme=value.split(":")[0])


def _refuse_unreadable(url: str) -> None:
    """Said without the address itself, for a password may stand in it."""
    try:
        urlsplit(url).port  # noqa: B018 - asked for its refusal only
    except ValueError:
        raise ImpossibleSettings("setting.database_unreadable") from None


def _host(value: str) -> str:
    if is_place(value):
        return value
    raise ImpossibleSettings("setting.host", value=value)


def _whole(name: str, value: str, least: int, most: int) -> int:
    if value.isdecimal() and least <= int(value) <= most:
        return int(value)
    raise ImpossibleSettings("setting.whole", name=name, value=value, least=least, most=most)


def _channels(value: str | None, stage: Stage) -> dict[str, dict[str, Any]]:
    """The file that says by what people are reached; without one everything goes to the log, but in production."""
    if not value:
        return {} if stage == "production" else {name: {"kind": "log"} for name in ("app", "sms", "voice")}
    try:
        found = json.loads(Path(value).read_text("utf-8"))
    except (OSError, ValueError):
        raise ImpossibleSettings("setting.channels_file", value=value) from None
    if not isinstance(found, dict) or not found:
        raise ImpossibleSettings("setting.channels_file", value=value)
    for name, way in found.items():
        if not isinstance(way, dict) or not isinstance(way.get("kind"), str):
            raise ImpossibleSettings("setting.channel", name=name)
    return found


def _drill(value: str | None, stage: Stage) -> Drill | None:
    """Never in production."""
    if not value:
        return None
    try:
        drill = Drill.read(value)
    except ValueError:
        raise ImpossibleSettings("setting.drill", value=value) from None
    if stage == "production":
        raise ImpossibleSettings("setting.clock_in_production")
    return drill


def _doors(value: str) -> tuple[Door, ...]:
    try:
        return tuple(Door.read(each.strip()) for each in value.split(",") if each.strip())
    except ValueError:
        raise ImpossibleSettings("setting.doors", value=value) from None


def _quiet(value: str) -> tuple[time, time]:
    begin, _, end = value.partition("-")
    return _clock("HEZHANG_QUIET", begin), _clock("HEZHANG_QUIET", end)


def _clock(name: str, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise ImpossibleSettings("setting.clock", name=name, value=value) from None


def _address(value: str | None, stage: Stage) -> str | None:
    """`https://hz.example.cn`; http is only for what nobody but this machine hears, and not for production."""
    if not value:
        return None
    try:
        place = urlsplit(value)
        is_whole = bool(place.hostname and is_place(place.hostname)) and place.port != 0
    except ValueError:
        raise ImpossibleSettings("setting.address", value=value) from None
    is_plain = place.scheme == "http" and is_private(place.hostname or "") and stage != "production"
    if not _PUBLIC.fullmatch(value) or not is_whole or not (place.scheme == "https" or is_plain):
        raise ImpossibleSettings("setting.address", value=value)
    return value.rstrip("/")


def _basemap(value: str) -> tuple[str, ...]:
    """Several are separated by spaces; the key of a map service is part of its address."""
    found = tuple(value.split())
    for each in found:
        if not _PICTURES.fullmatch(each) or not all(place in each for place in ("{z}", "{x}", "{y}")):
            raise ImpossibleSettings("setting.basemap")
    return found


def _failpoint(value: str | None, stage: Stage) -> str | None:
    if value and stage == "production":
        raise ImpossibleSettings("setting.failpoint")
    return value or None


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ImpossibleSettings("setting.zone", value=value) from unknown
