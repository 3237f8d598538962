"""The channels of this house, opened by its settings: once, at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from backend.channels import texts
from backend.channels.gateways import Gateway, Texts
from backend.channels.guard import is_public
from backend.channels.log import LogChannel
from backend.channels.mail import Mail
from backend.channels.outside import Outside
from backend.channels.postbox import Postbox
from backend.channels.push import WebPush
from backend.channels.robots import DingTalk, Feishu, WeCom
from backend.channels.sending import Channel
from backend.clock import Clock
from backend.config import ImpossibleSettings, Settings
from backend.domain.buckets import Rate
from backend.domain.lines import Lines
from backend.domain.notices import CHANNELS
from backend.domain.ways import Way

Wanted = Mapping[str, Any]
NAMES = (*CHANNELS, "watch")
"""What a channel may be called: as notices ask for them, and the one by which the house is watched over."""
_PORTS = {"http": 80, "https": 443}
KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[str, Wanted, Outside], Channel]]] = {
    "log": ((), lambda name, _wanted, _outside: LogChannel(name)),
    "sms": (("url", "secret"), lambda _, wanted, outside: Texts(wanted, outside)),
    "voice": (("url", "secret"), lambda _, wanted, outside: Gateway(wanted, outside)),
    "dingtalk": (("url",), lambda _, wanted, outside: DingTalk(wanted, outside)),
    "wecom": (("url",), lambda _, wanted, outside: WeCom(wanted, outside)),
    "feishu": (("url",), lambda _, wanted, outside: Feishu(wanted, outside)),
    "mail": (("host", "from"), lambda _, wanted, outside: Mail(wanted, outside)),
    "apprise": (("url",), lambda _, wanted, outside: Postbox(wanted, outside)),
    "webpush": (("contact",), lambda _, wanted, outside: WebPush(wanted, outside)),
}
"""What each kind cannot do without, and how it is opened."""


def open_channels(settings: Settings, clock: Clock) -> dict[str, Channel]:
    """Every channel by its name; ImpossibleSettings for one that nobody knows, or that lacks something."""
    # A push subscription names its own address, whoever it belongs to: the doors inside are not for it.
    outside, public = Outside(clock, settings.doors), Outside(clock)
    if strange := sorted(set(settings.channels) - set(NAMES)):
        raise ImpossibleSettings("setting.channel_name", name=strange[0], names=", ".join(NAMES))
    keys = {"keys_file": settings.keys_file}
    return {
        name: _opened(name, keys | dict(wanted), public if wanted["kind"] == "webpush" else outside)
        for name, wanted in settings.channels.items()
    }


def _opened(name: str, wanted: Wanted, outside: Outside) -> Channel:
    if wanted["kind"] not in KINDS:
        raise ImpossibleSettings("setting.channel_kind", name=name, kinds=", ".join(KINDS))
    needs, opening = KINDS[wanted["kind"]]
    for what in needs:
        if not isinstance(wanted.get(what), str) or not wanted[what]:
            raise ImpossibleSettings("setting.channel_lacks", name=name, what=what)
    _refuse_closed_doors(name, wanted, outside)
    try:
        return opening(name, wanted, outside)
    except (ValueError, TypeError, AttributeError) as wrong:
        what = str(wrong) if str(wrong) in wanted else ", ".join(needs)  # a secret may stand in what others say
        raise ImpossibleSettings("setting.channel_unfit", name=name, what=what) from None


def _refuse_closed_doors(name: str, wanted: Wanted, outside: Outside) -> None:
    """An address inside that no door leads to would refuse every letter, and the setting that opens it is named here.

    A name is looked up only when it is connected to; what it stands for may change.
    """
    found = urlsplit(str(wanted.get("url", "")))
    host = "127.0.0.1" if found.hostname == "localhost" else str(wanted.get("host") or found.hostname or "")
    try:
        address, port = ip_address(host), int(wanted.get("port") or found.port or _PORTS.get(found.scheme, 0))
    except ValueError:
        return
    if not is_public(address) and not any(door.leads_to(address, port) for door in outside.doors):
        raise ImpossibleSettings("setting.channel_door", name=name, where=f"{address}:{port}")


def ways(settings: Settings, channels: Mapping[str, Channel]) -> dict[str, Way]:
    """The same as seen by whoever decides what goes out by them: what each provider takes."""
    return {name: _way(name, channel, settings.channels[name]) for name, channel in channels.items()}


def _way(name: str, channel: Channel, wanted: Wanted) -> Way:
    needs_address = wanted["kind"] != "log"
    signature = texts.signed("", wanted["signature"]) if isinstance(channel, Texts) and wanted.get("signature") else ""
    return Way(channel.timeout_s, _rate(name, wanted), needs_address, _lines(name, wanted), len(signature))


def _lines(name: str, wanted: Wanted) -> Lines | None:
    """`"lines": 200, "call_s": 40`; without them as many at once as come."""
    if wanted.get("lines") is None:
        return None
    try:
        lines = Lines(int(wanted["lines"]), float(wanted.get("call_s", 40)))
    except (OverflowError, TypeError, ValueError):
        raise ImpossibleSettings("setting.channel_lines", name=name) from None
    if not (1 <= lines.count <= 10_000 and 1 <= lines.call_s <= 600):
        raise ImpossibleSettings("setting.channel_lines", name=name)
    return lines


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
