"""Two officers of a played night: one writes the warning and lifts it, the other signs; both look at the board."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.simulator.phones import Phone

_WARNINGS = "/flood/warnings"


@dataclass
class Officers:
    """They know the house by its API alone."""

    writer: Phone
    signer: Phone

    def warn(self, said: Mapping[str, Any], posts: Sequence[str]) -> dict[str, Any]:
        """Write a warning, ask for its issue, and sign it where it waits for that: the warning as it is then."""
        body = dict(said) | {"id": str(uuid.uuid4()), "posts": list(posts), "issue": True}
        made = self.writer.do("POST", _WARNINGS, body)
        if made["state"] == "draft":
            return self.signer.do("POST", f"{_WARNINGS}/{made['id']}/sign", {})
        return made

    def look(self, warning: str) -> dict[str, Any]:
        """The warning with its board."""
        return self.writer.get(f"{_WARNINGS}/{warning}")

    def lift(self, warning: str, text: str) -> dict[str, Any]:
        """Give the all-clear."""
        return self.writer.do("POST", f"{_WARNINGS}/{warning}/all-clear", {"text": text})

    def close(self) -> None:
        """Hang up."""
        self.writer.close()
        self.signer.close()
