"""Letters go out: urgent ones by workers of their own, the others beside them; any number of processes may do it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import structlog
from prometheus_client import Counter, Histogram

from backend.channels.sending import Accepted, DeliveryFailed, Letter
from backend.db import AWAY
from backend.domain.lanes import Lane, goes_now
from backend.domain.letters import BROKEN, Failure
from backend.domain.notices import SMS
from backend.services import addressing, delivery, reactions, settling, wording
from backend.services.delivery import Claimed, Outcome
from backend.words import Language
from jobs.runner import House, relay

log = structlog.get_logger(__name__)

POLL_S = 0.3
"""How often a stream looks whether something is due."""
RETRY_S = 1.0
DWELL = Histogram(
    "hezhang_letter_dwell_seconds",
    "From when a letter was due until its provider took it.",
    ["lane"],
    buckets=(0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1800, 7200),
)
THROTTLES = Counter("hezhang_channel_throttles", "How often a provider asked for rest.", ["channel"])
FAILURES = Counter("hezhang_letter_failures", "Tries that failed.", ["channel", "kind"])


@dataclass(frozen=True, slots=True)
class Stream:
    """Lanes that are served together, and how many of their letters are under way at once."""

    name: str
    lanes: tuple[Lane, ...]
    width: int


STREAMS = (Stream("urgent", (Lane.URGENT,), 64), Stream("normal", (Lane.NORMAL, Lane.DIGEST), 64))
"""A thread that waits for a provider costs next to nothing; with 32 and answers after 20–200 ms 2,000 take 12 s."""


def run(house: House, *, now: datetime, alive: Callable[[], object] = lambda: None) -> int:
    """Send everything that is due as of a moment, urgent letters first; how many."""
    sent = 0
    for stream in STREAMS:
        with ThreadPoolExecutor(stream.width, f"{stream.name}-letters") as pool:
            sent += Desk(house, stream, lambda: now).clear(pool)
        alive()
    return sent


def keep(house: House, ended: threading.Event) -> Sequence[threading.Thread]:
    """Go on sending until the process ends; each stream in a thread of its own."""
    threads = [threading.Thread(target=_keep, args=(house, each, ended), name=f"{each.name}-desk") for each in STREAMS]
    for thread in threads:
        thread.start()
    return threads


def _keep(house: House, stream: Stream, ended: threading.Event) -> None:
    desk = Desk(house, stream, house.settings.clock, ended)
    with ThreadPoolExecutor(stream.width, f"{stream.name}-letters") as pool:
        while not ended.is_set():
            try:
                desk.clear(pool)
            except AWAY as away:
                log.error("delivery_must_wait", stream=stream.name, error=type(away).__name__)
                ended.wait(RETRY_S)
            except Exception:
                log.exception("delivery_broke", stream=stream.name)
                ended.wait(RETRY_S)
            ended.wait(POLL_S)


class Desk:
    """Where the letters of a stream go out."""

    def __init__(
        self, house: House, stream: Stream, clock: Callable[[], datetime], ended: threading.Event | None = None
    ) -> None:
        self._house, self._stream, self._clock = house, stream, clock
        self._ended = ended or threading.Event()
        self._is_fresh = True

    def clear(self, pool: ThreadPoolExecutor) -> int:
        """Send until nothing is due; how many went out or were tried."""
        if self._is_fresh:  # the settings may name other channels than when letters were written
            self._strand()
            self._is_fresh = False
        return relay(self._claim, self._send, self._record, width=self._stream.width, pool=pool)

    def _strand(self) -> None:
        left = 1
        while left:
            with self._house.database.transaction() as session:
                left = settling.strand(session, self._house.ways, now=self._clock())

    def _claim(self, free: int) -> Sequence[Claimed]:
        """What is to be sent now, held under a lease; nothing is written where nothing is due."""
        house, now = self._house, self._clock()
        lanes = [lane for lane in self._stream.lanes if goes_now(lane, now, house.settings.zone, house.hours)]
        if self._ended.is_set() or not lanes:
            return []
        if not self._is_due(lanes, now):
            return []
        with house.database.transaction() as session:
            addressing.prepare(session, lanes, house.ways, now=now, zone=house.settings.zone, hours=house.hours)
            claimed = delivery.claim(session, lanes, house.ways, now=now, limit=free)
            house.pass_by("claim.before_commit")
        house.pass_by("claim.after_commit")
        return claimed

    def _is_due(self, lanes: Sequence[Lane], now: datetime) -> bool:
        zone, hours = self._house.settings.zone, self._house.hours
        with self._house.database.reading() as session:
            return addressing.is_due(session, lanes, now=now, zone=zone, hours=hours) or delivery.is_due(
                session, lanes, now=now
            )

    def _send(self, claimed: Claimed) -> Outcome:
        """One try, whatever comes of it; no transaction is open meanwhile."""
        try:
            letter = self._letter(claimed)
        except Exception as broken:
            log.exception("letter_broke", letter=str(claimed.id), error=type(broken).__name__)
            return Outcome(claimed, Failure(BROKEN, permanent=True))
        if letter is None:
            return Outcome(claimed, Failure(delivery.GONE, permanent=True))
        self._house.pass_by("send.before")
        try:
            accepted = self._handed_over(claimed, letter)
        except DeliveryFailed as failed:
            return Outcome(claimed, Failure(failed.reason, failed.permanent, failed.retry_after_s, failed.is_ambiguous))
        except Exception as broken:
            log.exception("channel_broke", channel=claimed.channel, error=type(broken).__name__)
            return Outcome(claimed, Failure(BROKEN, permanent=True))
        self._house.pass_by("send.after")
        return Outcome(claimed, None, accepted.reference, accepted.is_delivered)

    def _handed_over(self, claimed: Claimed, letter: Letter) -> Accepted:
        """Ask first about one that may have got through; what the provider does not know is sent, as a repeat."""
        channel = self._house.channels[claimed.channel]
        known = channel.ask(claimed.id) if claimed.repeats else None
        return known or channel.send(letter)

    def _letter(self, claimed: Claimed) -> Letter | None:
        """The letter in the reader's language with its address opened; None when the address is gone."""
        needs_address = self._house.ways[claimed.channel].needs_address
        if claimed.address_sealed is None and needs_address:
            return None
        assert self._house.keyring is not None
        address = self._house.keyring.open(claimed.address_sealed) if claimed.address_sealed and needs_address else ""
        language = wording.language_of(claimed.notice.language)
        text, link = self._worded(claimed, language)
        return Letter(
            id=claimed.id,
            address=address,
            title=wording.title(claimed.notice, language),
            text=text,
            number=claimed.repeats + 1,
            is_urgent=claimed.lane is Lane.URGENT,
            link=link,
            page=wording.page(claimed.notice),
            is_drill=claimed.notice.is_drill,
            level=wording.level(claimed.notice),
        )

    def _worded(self, claimed: Claimed, language: Language) -> tuple[str, str | None]:
        """Its text, and the link that its channel is to put beside it."""
        settings, notice, repeats = self._house.settings, claimed.notice, claimed.repeats
        assert self._house.keyring is not None
        link = wording.link(notice, settings.address, self._house.keyring)
        if claimed.channel == SMS:
            before = self._house.ways[SMS].signature_length
            short = wording.in_one_segment(
                notice, language, settings.zone, link, signature_length=before, repeats=repeats
            )
            if short is not None:
                return short, None
        spoken = wording.sentence(notice, language, settings.zone, repeats=repeats, channel=claimed.channel)
        return spoken, link

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        now = self._clock()
        self._house.pass_by("record.before")
        with self._house.database.transaction() as session:
            recorded = delivery.record(session, outcomes, self._house.ways, now=now)
            reactions.heard(session, recorded.heard, now=now)
            self._house.pass_by("record.before_commit")
        self._house.pass_by("record.after_commit")
        if recorded.dead:
            log.error("dead_letters", count=recorded.dead, stream=self._stream.name)
        for outcome in outcomes:
            _count(outcome, now)


def _count(outcome: Outcome, now: datetime) -> None:
    """Figures without anybody in them."""
    letter, failure = outcome.letter, outcome.failure
    if failure is None:
        DWELL.labels(letter.lane.value).observe(max(0.0, (now - letter.due_at).total_seconds()))
    elif failure.retry_after_s is not None:
        THROTTLES.labels(letter.channel).inc()
    else:
        kind = "permanent" if failure.permanent else "ambiguous" if failure.is_ambiguous else "temporary"
        FAILURES.labels(letter.channel, kind).inc()
