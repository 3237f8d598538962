"""Lines and places as people type them: GeoJSON, or longitudes and latitudes one after the other."""

from __future__ import annotations

import re
from typing import Any

import orjson

MOST_TYPED = 2_000_000
"""Letters; more than that nobody pastes, and the API takes 20,000 points."""
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_BETWEEN = re.compile(r"[\s,;，；、()（）\[\]]+")


def line_of(typed: str) -> dict[str, Any] | None:
    """The GeoJSON geometry that was typed: itself, that of the only feature, or points `lon,lat`; None for neither."""
    text = typed.strip()
    if text.startswith("{"):
        return _geometry(text)
    numbers = _numbers(text)
    if not numbers or len(numbers) % 2 or len(numbers) < 4:
        return None
    return {"type": "LineString", "coordinates": [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]}


def place_of(typed: str) -> tuple[float, float] | None:
    """The one place `lon,lat` that was typed."""
    numbers = _numbers(typed)
    return (numbers[0], numbers[1]) if numbers is not None and len(numbers) == 2 else None


def typed_of(line: dict[str, Any]) -> str:
    """A line as somebody would type it: a point a line, longitude first."""
    return "\n".join(f"{lon:.6f},{lat:.6f}" for lon, lat, *_ in line["coordinates"])


def _geometry(text: str) -> dict[str, Any] | None:
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if tree.get("type") == "FeatureCollection":
        features = tree.get("features")
        tree = features[0] if isinstance(features, list) and len(features) == 1 else None
    if isinstance(tree, dict) and tree.get("type") == "Feature":
        tree = tree.get("geometry")
    return tree if isinstance(tree, dict) and _can_be_sent(tree) else None


def _can_be_sent(tree: dict[str, Any]) -> bool:
    """Whether it is not nested so deep that nobody writes it; what is read may be."""
    try:
        return bool(orjson.dumps(tree))
    except orjson.JSONEncodeError:
        return False


def _numbers(text: str) -> list[float] | None:
    """Every number of a text in which nothing else stands."""
    words = [word for word in _BETWEEN.split(text) if word]
    return [float(word) for word in words] if all(map(_NUMBER.fullmatch, words)) else None
