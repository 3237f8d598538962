"""Feeds of signals are fetched: their lists, then the documents that these name; one that is silent is missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from backend.channels.outside import Answer, Outside, rest_s
from backend.channels.sending import DeliveryFailed
from backend.clock import day_of, outside
from backend.domain.cap import Message
from backend.domain.feeds import Form
from backend.errors import Problem
from backend.formats import atom, cap
from backend.services import feeds, signals
from backend.services.feeds import Looked
from jobs.runner import House, drain

log = structlog.get_logger(__name__)

_WIDTH = 8
"""So many are fetched side by side; a provider that drips holds up no other."""
_ACCEPT = "application/cap+xml, application/atom+xml, application/xml, text/xml, text/plain;q=0.5"
_READ = {Form.ATOM: atom.read, Form.LIST: atom.read_list}


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """A document, or why there is none."""

    entry: Any
    message: Message | None
    document: bytes = b""
    failure: str = ""
    is_unreadable: bool = False

    def __str__(self) -> str:
        return f"{self.entry.feed} {self.entry.url}"


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Look at every list whose turn it is, fetch what is new, and miss who is silent; how many documents came."""
    way = Outside(outside(house.settings.clock), house.settings.doors, most_bytes=cap.MOST_BYTES)
    with ThreadPoolExecutor(_WIDTH, "feeds") as pool:
        _look_all(house, way, pool, now)
        alive()
        count = drain(
            lambda aside: _fetched(house, way, pool, now, aside), lambda fetched: _keep(house, fetched, now), alive
        )
    with house.database.transaction() as session:
        feeds.look_after(session, now=now)
    return count


def _look_all(house: House, way: Outside, pool: ThreadPoolExecutor, now: datetime) -> None:
    with house.database.transaction() as session:
        claimed = feeds.claim(session, now=now)
    for looked in pool.map(lambda feed: _look(way, feed), claimed):
        with house.database.transaction() as session:
            feeds.record(session, looked, now=now)
        if looked.failure:
            log.warning("feed_failed", feed=looked.feed.name, why=looked.failure)


def _look(way: Outside, feed: Any) -> Looked:
    """Ask for a list, if it is another than last time; no transaction is open meanwhile."""
    known = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    try:
        answer = way.ask("GET", feed.url, headers={"Accept": _ACCEPT} | {k: v for k, v in known.items() if v})
        if answer.status == 304:
            return Looked(feed, is_unchanged=True)
        if failure := _failure(answer):
            return Looked(feed, failure=failure, rest_s=rest_s(answer) if answer.status in (429, 503) else None)
        entries = _READ[Form(feed.form)](answer.body, feed.url)
    except DeliveryFailed as failed:
        return Looked(feed, failure=failed.reason)
    except Problem as problem:
        return Looked(feed, failure=str(problem))
    etag, modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
    return Looked(feed, tuple(entries), etag[:300] or None, modified[:100] or None)


def _failure(answer: Answer) -> str | None:
    if answer.status != 200:
        return f"http_{answer.status}"
    return "too_large" if answer.is_cut else None


def _fetched(
    house: House, way: Outside, pool: ThreadPoolExecutor, now: datetime, aside: set[Fetched]
) -> Sequence[Fetched]:
    """The next documents; those on which something of ours broke are tried later, like those that nobody can read."""
    with house.database.transaction() as session:
        for broken in [each for each in aside if each.message is not None]:
            feeds.failed(session, broken.entry, "broke", is_unreadable=True, now=now)
            aside.discard(broken)
        due = feeds.waiting(session, now=now)
    return list(pool.map(lambda entry: _fetch(way, entry), due))


def _fetch(way: Outside, entry: Any) -> Fetched:
    try:
        answer = way.ask("GET", entry.url, headers={"Accept": _ACCEPT})
        if failure := _failure(answer):
            return Fetched(entry, None, failure=failure)
        return Fetched(entry, cap.read(answer.body), answer.body)
    except DeliveryFailed as failed:
        return Fetched(entry, None, failure=failed.reason)
    except Problem as problem:
        where = ", ".join(flaw.pointer for flaw in problem.flaws[:3])
        return Fetched(entry, None, failure=f"{problem} {where}".strip(), is_unreadable=True)


def _keep(house: House, fetched: Fetched, now: datetime) -> bool:
    """Keep a message and that it was read, both or neither; whether one came."""
    entry, message = fetched.entry, fetched.message
    if message is None:
        with house.database.transaction() as session:
            feeds.failed(session, entry, fetched.failure, is_unreadable=fetched.is_unreadable, now=now)
        return False
    with house.database.reading() as session:
        paper = signals.prepare(session, message, fetched.document, today=day_of(now, house.settings.zone))
    with house.database.transaction() as session:
        signals.receive(session, paper, now=now, feed=entry.feed)
        feeds.read(session, entry, now=now)
    return True
