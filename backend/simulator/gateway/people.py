"""People of the farm: they take calls or do not, hear all of the message or hang up, press keys, and open links."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from backend.simulator.gateway.farm import Farm, Later, Message
from backend.simulator.gateway.reports import DIRECT, Reports, now

GATEWAYS = ("sms", "voice")
_LINK = re.compile(r"https?://[^\s/]+(\S*/a/[0-9A-Za-z._~-]+)")
_EARLY = 0.4
"""Whoever hangs up does so after at most this share of the call."""
_AT_ONCE = 16


class People:
    """Everybody whom the providers reach."""

    def __init__(self, farm: Farm, later: Later, reports: Reports) -> None:
        self._farm, self._later, self._reports = farm, later, reports
        self._hands = ThreadPoolExecutor(_AT_ONCE, "people")

    def stop(self) -> None:
        """Do nothing any more."""
        self._hands.shutdown(wait=True, cancel_futures=True)

    def follow(self, message: Message) -> None:
        """What comes of a message that a provider has taken."""
        if message.outcome != "taken" or message.channel not in GATEWAYS:
            return
        if message.channel == "voice":
            self._call(message)
        else:
            self._text(message)

    def _call(self, message: Message) -> None:
        """The line is free when the call is over, and the report says so."""
        script, key = self._farm.script, message.key
        manner, chance = script.manners["voice"], script.chance
        if not self._is_reached(message):
            lasting, outcome = script.between(key, "no_answer_s", manner.no_answer_s), _failed("no_answer")
        else:
            lasting, outcome = (
                script.between(key, "call_s", manner.call_s),
                _ended(script.pick(key, "key", manner.keys)),
            )
            if chance(key, "hangs_up") < manner.hangs_up_share:
                lasting, outcome = lasting * _EARLY * chance(key, "early"), _early(outcome)
        self._later.after(lasting / script.speed, lambda: self._hang_up(message, outcome))

    def _hang_up(self, message: Message, outcome: dict[str, str]) -> None:
        shown = outcome.get("reason") or outcome["outcome"]
        self._farm.books.end("voice", shown)
        self._report(message, outcome, shown)

    def _text(self, message: Message) -> None:
        script, key = self._farm.script, message.key
        manner = script.manners[message.channel]
        is_reached = self._is_reached(message)
        outcome = {"outcome": "delivered"} if is_reached else _failed("no_answer")
        after_s = script.between(key, "receipt_s", manner.receipts_after_s) / script.speed
        self._later.after(after_s, lambda: self._report(message, outcome, "" if is_reached else "failed"))
        if is_reached and script.house and script.chance(key, "opens") < manner.opens_share:
            opened = _LINK.search(message.text)
            after_s = script.between(key, "opens_s", manner.opens_after_s) / script.speed
            if opened:
                self._later.after(after_s, partial(self._open_soon, message, opened[1]))

    def _open_soon(self, message: Message, path: str) -> None:
        with suppress(RuntimeError):  # the farm is closing, and nobody opens anything any more
            self._hands.submit(self._open, message, path)

    def _open(self, message: Message, path: str) -> None:
        """By the house's own address here, wherever the link says that it is: nobody is played to outside."""
        script = self._farm.script
        url = f"{(script.house or '').rstrip('/')}{_below(script.house or '', path)}"
        status = script.pick(message.key, "status", script.manners[message.channel].statuses)
        try:
            with DIRECT.open(url, timeout=10):
                self._farm.books.link("opened")
            if status:
                body = json.dumps({"id": str(uuid.uuid5(uuid.NAMESPACE_URL, message.key)), "status": status}).encode()
                request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - the house
                with DIRECT.open(request, timeout=10):
                    self._farm.books.link(status)
        except OSError as wrong:
            self._farm.books.link(f"http_{getattr(wrong, 'code', 'none')}")

    def _report(self, message: Message, outcome: dict[str, str], shown: str) -> None:
        """Some reports never come; `shown` is what is told of it here."""
        script = self._farm.script
        if (
            script.hooks is None
            or script.chance(message.key, "receipt") >= script.manners[message.channel].receipts_share
        ):
            return

        def told() -> None:
            if shown:
                self._farm.tell(replace(message, at=now(), outcome=shown))

        self._reports.tell(message.channel, {"key": message.key} | outcome, told)

    def _is_reached(self, message: Message) -> bool:
        ends = self._farm.script.manners[message.channel].unreachable
        return not (ends and message.to.endswith(ends))


def _ended(key: str) -> dict[str, str]:
    heard = {"heard": "whole"}
    return {"outcome": "answered", "answer": key} | heard if key else {"outcome": "delivered"} | heard


def _early(outcome: dict[str, str]) -> dict[str, str]:
    """They hang up, or press a key before they have heard what it means."""
    part = {"heard": "part"}
    return outcome | part if "answer" in outcome else _failed("hung_up") | part


def _failed(reason: str) -> dict[str, str]:
    return {"outcome": "failed", "reason": reason}


def _below(house: str, path: str) -> str:
    """The path of a link below the address of the house, whose own path it may begin with."""
    return path.removeprefix(urlsplit(house).path.rstrip("/"))
