"""Where the house listens: whether it can, who hears it, and by which addresses it is reached."""

from __future__ import annotations

import errno
import fcntl
import ipaddress
import re
import socket
import ssl
import struct
import urllib.request
from contextlib import suppress

from backend.words import Text

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only compared
_NAME = re.compile(r"(?!-)[A-Za-z0-9.-]{1,253}")
_SIOCGIFADDR = 0x8915
"""The question of Linux for the address of an interface."""


def is_place(host: str) -> bool:
    """Whether it is an address or a name that a machine could have."""
    return is_address(host) or (_NAME.fullmatch(host) is not None and not host.replace(".", "").isdecimal())


def is_address(host: str) -> bool:
    """Whether it is an address and no name."""
    with suppress(ValueError):
        return ipaddress.ip_address(host) is not None
    return False


def is_private(host: str) -> bool:
    """Whether nobody but this machine hears it."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def in_url(host: str) -> str:
    """The host as an address of the web writes it."""
    return f"[{host}]" if ":" in host else host


def from_here(host: str) -> str:
    """How this machine itself reaches a house that listens there, as a URL writes it."""
    return in_url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))  # noqa: S104 - only compared


def from_network(host: str) -> list[str]:
    """How others reach it, as a URL writes it."""
    if is_private(host):
        return []
    return addresses() if host in EVERYWHERE else [in_url(host)]


def addresses() -> list[str]:
    """The IPv4 addresses of this machine but its loopback, in order.

    The name of the machine does not say: on Debian it is 127.0.1.1. Those of IPv6 change from day to day.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        found = {_address_of(asked, name) for _, name in socket.if_nameindex()}
    real = [ipaddress.ip_address(each) for each in found if each is not None]
    return [str(each) for each in sorted(real, key=int) if not each.is_loopback]


def _address_of(asked: socket.socket, interface: str) -> str | None:
    try:
        answer = fcntl.ioctl(asked.fileno(), _SIOCGIFADDR, struct.pack("256s", interface.encode()[:15]))
    except OSError:
        return None
    return socket.inet_ntoa(answer[20:24])


def why_not(host: str, port: int) -> Text | None:
    """Why nobody can listen there, and what to do about it; None where one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            return _reason(refused, host, port)
    return None


def _reason(refused: OSError, host: str, port: int) -> Text:
    if refused.errno == errno.EADDRINUSE:
        return Text("listening.taken", {"port": port, "next": port + 1 if port < 65_535 else 8000})
    if refused.errno == errno.EACCES:
        return Text("listening.low", {"port": port})
    return Text("listening.elsewhere", {"host": host, "addresses": ", ".join(["127.0.0.1", *addresses(), "0.0.0.0"])})  # noqa: S104


def risk(host: str, *, is_sealed: bool, has_proxy: bool) -> Text | None:
    """What others in the network could read along, where the house speaks plain http beyond its own machine."""
    if is_private(host) or is_sealed or has_proxy:
        return None
    return Text("listening.plain", {"host": host})


def unchecked() -> urllib.request.OpenerDirector:
    """For questions to our own server on our own machine: its certificate is ours, and no proxy stands in between."""
    context = ssl._create_unverified_context()  # noqa: S323 - our own certificate
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
