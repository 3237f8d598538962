"""Stations as the tests of them make them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

BASE = "/api/v1/flood"
GAUGE = {
    "name": "聊城站",
    "kind": "river",
    "river": "TUHAI",
    "region": "371502",
    "location": {"lon": 115.975, "lat": 36.4325},
    "warning_m": 33.5,
    "guaranteed_m": 35.0,
    "datum": "1985国家高程基准",
}


def make_station(phone: Any, code: str = "LC", **said: Any) -> str:
    """A gauge on Wang's reach; its key."""
    assert phone.put(f"{BASE}/stations/{code}", json=GAUGE | said).status_code == 201
    key: str = phone.post(f"{BASE}/stations/{code}/key", json={}).json["key"]
    return key


def level(at: datetime, level_m: float, station: str = "LC", **more: Any) -> dict[str, Any]:
    """A level of a moment."""
    return {"station": station, "at": at.isoformat(), "water_level_m": level_m} | more


def send(phone: Any, key: str, *items: Any) -> list[dict[str, Any]]:
    """Send readings; what became of each."""
    response = phone.post(f"{BASE}/readings", json=list(items), headers={"X-Station-Key": key})
    assert response.status_code == 200, response.text
    results: list[dict[str, Any]] = response.json["results"]
    return results
