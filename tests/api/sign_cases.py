"""A notice board on Wang's reach, as the office puts it up."""

from __future__ import annotations

from typing import Any

BASE = "/api/v1/signs"
CODE = "TUHAI-371502-001-B1"
BODY: dict[str, Any] = {
    "segment": "TUHAI-371502-001",
    "place": "兴华桥头",
    "put_up_on": "2025-05-20",
    "office_phone": "0635-0371502",
}


def put_up(phone: Any, code: str = CODE, **said: Any) -> dict[str, Any]:
    """A board as it is shown after it was put up."""
    made = phone.put(f"{BASE}/{code}", json=BODY | said)
    assert made.status_code == 201, made.text
    return dict(made.json)


def print_it(phone: Any, *codes: str, **said: Any) -> Any:
    """Say that boards hang with the content of today."""
    sheets = [
        {"code": code, "content": phone.get(f"{BASE}/{code}").json["today"]["content"]} for code in codes or (CODE,)
    ]
    return phone.post(f"{BASE}/printed", json={"signs": sheets} | said)
