"""Phones under load: each hands in walks, alone or in batches, sends again until a receipt has come, and keeps it."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException
from random import Random
from uuid import UUID, uuid4

import orjson

from backend.clock import utcnow
from tests.bench.scene import Chief
from tests.makers import patrol_body

CUT = (OSError, HTTPException)
"""The link broke: whether it was kept, the phone cannot know."""
BATCH = 4
MOST_WAITS = 20
_POOL = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, media type, Retry-After and body of an answer."""

    status: int
    media_type: str
    retry_after: str | None
    body: bytes


def ask(port: int, method: str, path: str, token: str, body: bytes = b"", timeout: float = 60.0) -> Answer:
    """One request on a connection of its own; raises one of CUT when no whole answer came."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, body, headers)
        came = connection.getresponse()
        media_type = came.headers.get_content_type()
        return Answer(came.status, media_type, came.headers.get("Retry-After"), came.read())
    finally:
        connection.close()


def ask_until_taken(port: int, method: str, path: str, token: str, body: bytes) -> tuple[Answer, int]:
    """As every phone does: whoever is told to wait comes again. The answer, and how often they were told so."""
    for waits in range(MOST_WAITS):
        answer = ask(port, method, path, token, body, timeout=180.0)
        if answer.status != 503:
            return answer, waits
        assert answer.retry_after is not None
        time.sleep(float(answer.retry_after))
    raise AssertionError(f"told to wait {MOST_WAITS} times")


class Phone(threading.Thread):
    """One chief's phone; whatever should never happen is noted in `wrong`."""

    def __init__(self, port: int, chief: Chief, token: Callable[[], str], seed: int, ending: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.ending = port, token, ending
        self.dice = Random(seed)
        self.walks = walks(chief, self.dice)
        self.waiting: dict[UUID, bytes] = {}
        self.receipts: dict[UUID, int] = {}
        self.sent: dict[UUID, bytes] = {}
        self.statuses: Counter[int | str] = Counter()
        self.wrong: list[str] = []
        self.has_given_up = False

    def run(self) -> None:
        """Hand in until told to end, then until nothing waits any more."""
        while not (self.ending.is_set() and not self.waiting) and not self.has_given_up:
            if not self.waiting and not self.ending.is_set():
                self._walk()
            try:
                if len(self.waiting) > 1:
                    self._send_together()
                else:
                    self._send_alone()
            except CUT as cut:
                self.statuses[type(cut).__name__] += 1
                time.sleep(0.1)
            except Exception as broken:  # the thread would die unseen
                self.wrong.append(repr(broken))
                return

    def _walk(self) -> None:
        """One walk, or several of a day without signal; now and then one is sent again that was received."""
        for _ in range(BATCH if self.dice.random() < 0.3 else 1):
            body = self.walks[self.dice.randrange(_POOL)] | {"note": str(self.dice.random())}
            self.waiting[uuid4()] = orjson.dumps(body)
        if self.receipts and self.dice.random() < 0.1:
            known = self.dice.choice(list(self.receipts))
            self.waiting[known] = self.sent[known]
        self.sent |= self.waiting

    def _send_alone(self) -> None:
        ((walk, body),) = self.waiting.items()
        answer = ask(self.port, "PUT", f"/api/v1/patrols/{walk}", self.token(), body)
        self.statuses[answer.status] += 1
        if answer.status in (200, 201):
            self._received(walk, json.loads(answer.body)["receipt"]["seq"])
        else:
            self._not_now(answer)

    def _send_together(self) -> None:
        items = [b'{"type":"patrol","id":"%s","body":%s}' % (str(k).encode(), v) for k, v in self.waiting.items()]
        answer = ask(self.port, "POST", "/api/v1/sync", self.token(), b'{"items":[' + b",".join(items) + b"]}")
        self.statuses[answer.status] += 1
        if answer.status != 200:
            return self._not_now(answer)
        for result in json.loads(answer.body)["results"]:
            self.statuses[result["status"]] += 1
            if result["status"] in ("created", "unchanged"):
                self._received(UUID(result["id"]), result["receipt"]["seq"])
            elif result["status"] != "retry":
                self.wrong.append(str(result)[:500])
        return None

    def _received(self, walk: UUID, seq: int) -> None:
        if self.receipts.setdefault(walk, seq) != seq:
            self.wrong.append(f"{walk} was {self.receipts[walk]} and is {seq}")
        self.waiting.pop(walk)

    def _not_now(self, answer: Answer) -> None:
        """503 with Retry-After is an answer; everything else is wrong."""
        if (answer.status, answer.media_type) != (503, "application/problem+json") or not answer.retry_after:
            self.wrong.append(f"{answer.status} {answer.media_type} {answer.body[:300]!r}")
        time.sleep(0.2)


class Crowd:
    """Many phones at once."""

    def __init__(self, phones: list[Phone]) -> None:
        self.phones = phones

    @property
    def receipts(self) -> dict[UUID, int]:
        """Every walk for which a receipt has come, with its number."""
        return {walk: seq for phone in self.phones for walk, seq in list(phone.receipts.items())}

    @property
    def sent(self) -> set[UUID]:
        """Every walk that was ever sent."""
        return {walk for phone in self.phones for walk in list(phone.sent)}

    @property
    def statuses(self) -> Counter[int | str]:
        """How often each answer came."""
        return sum((Counter(dict(phone.statuses)) for phone in self.phones), Counter())

    @property
    def wrong(self) -> list[str]:
        """Whatever should never have happened."""
        return [each for phone in self.phones for each in phone.wrong]

    def wait_for(self, more: int, within_s: float) -> float:
        """Seconds until so many more receipts have come."""
        began, before = time.monotonic(), len(self.receipts)
        while len(self.receipts) < before + more:
            assert time.monotonic() - began < within_s, f"no {more} receipts within {within_s} s: {self.statuses}"
            time.sleep(0.1)
        return time.monotonic() - began


@contextmanager
def crowd(port: int, chiefs: list[Chief], token_of: Callable[[UUID], str], seed: int) -> Iterator[Crowd]:
    """A phone for each chief, handing in until the end of the block; then what waits is handed in, too."""
    ending = threading.Event()
    phones = [
        Phone(port, chief, partial(token_of, chief.person_id), seed * 1000 + number, ending)
        for number, chief in enumerate(chiefs)
    ]
    for phone in phones:
        phone.start()
    try:
        yield Crowd(phones)
    except BaseException:
        for phone in phones:
            phone.has_given_up = True
        raise
    finally:
        ending.set()
        deadline = time.monotonic() + 180
        for phone in phones:
            phone.join(max(0.1, deadline - time.monotonic()))
    assert not [phone for phone in phones if phone.is_alive()], "some phones never got everything in"


def walks(chief: Chief, dice: Random) -> list[dict[str, object]]:
    """Short walks of one chief on different days, some of them with a photo that has not come yet."""
    return [
        patrol_body(
            chief.line,
            segment=chief.segment_code,
            started_at=utcnow() - timedelta(days=1 + number, hours=dice.randrange(8)),
            metres=250,
            step_s=10,
            seed=dice.randrange(2**31),
        )
        | ({"photos": [dice.randbytes(32).hex()]} if number % 3 == 0 else {})
        for number in range(_POOL)
    ]
