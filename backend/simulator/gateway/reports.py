"""Reports of the farm to the house: signed, several in one where many come at once, and again when it was away."""

from __future__ import annotations

import json
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from backend.simulator.gateway import signing
from backend.simulator.gateway.farm import Farm, Later

_MOST_REPORTS, _AGAIN_S = 4, 1.0
"""How often a report is handed in, and so many seconds more before each time."""
_BUNDLE, _GATHER_S = 100, 0.03
"""So many in one, and so long it waits for more: as providers do who have many to tell."""
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Report:
    """The farm's word on one message; `then` is done when the house has heard it."""

    channel: str
    said: dict[str, str]
    then: Callable[[], object]
    nth: int = 1


class Reports:
    """Hands reports in, in a thread of its own."""

    def __init__(self, farm: Farm, later: Later) -> None:
        self._farm, self._later = farm, later
        self._waiting: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="reports", daemon=True)
        self._thread.start()

    def tell(self, channel: str, said: dict[str, str], then: Callable[[], object]) -> None:
        """Hand it in now."""
        self._waiting.put(Report(channel, said | {"at": now()}, then))

    def stop(self) -> None:
        """Hand in nothing any more."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            bundle = [first]
            is_over = False
            time.sleep(_GATHER_S)
            while len(bundle) < _BUNDLE and not self._waiting.empty():
                another = self._waiting.get()
                if another is None:
                    is_over = True
                    break
                bundle.append(another)
            for channel in dict.fromkeys(each.channel for each in bundle):
                self._hand_in(channel, [each for each in bundle if each.channel == channel])
            if is_over:
                return

    def _hand_in(self, channel: str, bundle: list[Report]) -> None:
        """The house may be away, or not have written down yet that a message was taken; then once more, and again."""
        if self._post(channel, [each.said for each in bundle]):
            for each in bundle:
                each.then()
            return
        for each in bundle:
            if each.nth < _MOST_REPORTS:
                again = Report(channel, each.said, each.then, each.nth + 1)
                self._later.after(each.nth * _AGAIN_S, partial(self._waiting.put, again))

    def _post(self, channel: str, said: list[dict[str, str]]) -> bool:
        script = self._farm.script
        body = json.dumps(said).encode()
        headers = {"Content-Type": "application/json"} | signing.signed(script.secret, body)
        request = urllib.request.Request(f"{script.hooks}/{channel}", body, headers)  # noqa: S310 - the house
        try:
            with DIRECT.open(request, timeout=5):
                return True
        except urllib.error.HTTPError as refused:
            refused.close()
            return False
        except OSError:
            return False


def now() -> str:
    """The present moment, as the farm writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
