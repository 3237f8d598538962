"""The pictures under a map (底图) that the office has set: their hosts are let through on pages with a map."""

from __future__ import annotations

import re

from flask import Response

from backend.context import house

_HOST = re.compile(r"https://[^/]+")
_PLACE = re.compile(r"\{[^}]*\}")


def shown() -> str:
    """The addresses of the pictures, as a page hands them to its map."""
    return " ".join(house().settings.basemap)


def opened(page: Response) -> Response:
    """The page with its policy opened for these hosts; as it is where none are set."""
    if basemap := house().settings.basemap:
        hosts = " ".join(sorted({_allowed(each) for each in basemap}))
        policy = page.headers["Content-Security-Policy"]
        page.headers["Content-Security-Policy"] = policy.replace("img-src 'self'", f"img-src 'self' {hosts}")
    return page


def _allowed(address: str) -> str:
    """The host of a picture as a policy names it: with a star for the places in its first part."""
    found = _HOST.match(address)
    host = found[0].removeprefix("https://") if found else ""
    first, dot, rest = host.partition(".")
    return "https://" + (f"*.{rest}" if dot and _PLACE.search(first) else host)
