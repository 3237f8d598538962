"""A sender to be killed: `python -m tests.torture.sender URL PORT` sends for ever, with `once` until it is done."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from uuid import UUID

from backend import logs
from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.domain.ways import Way
from backend.files.store import PhotoStore
from backend.keyring import KeyRing
from jobs import delivery
from jobs.runner import House


class ToSink:
    """Hands letters to a sink; a connection that breaks after the message was written may have got it through."""

    timeout_s = 2.0

    def __init__(self, port: int) -> None:
        self.port = port

    def send(self, letter: Letter) -> Accepted:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout_s)
        try:
            connection.connect()
        except OSError:
            raise DeliveryFailed("refused") from None
        message = {"key": str(letter.id), "to": letter.address, "text": letter.text, "number": letter.number}
        try:
            connection.request("POST", "/", json.dumps(message))
            connection.getresponse().read()
        except (OSError, HTTPException):
            raise DeliveryFailed("cut", is_ambiguous=True) from None
        finally:
            connection.close()
        return Accepted(str(letter.id))

    def ask(self, letter_id: UUID) -> Accepted | None:
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        raise Forged


def furnished(url: str, port: int) -> House:
    settings = Settings.from_env()
    logs.configure("CRITICAL")
    database = Database.connect(url)
    keyring = KeyRing.load(settings.keys_file)
    photos = PhotoStore.open(settings.photos_url)
    return House(settings, database, photos, keyring, {"sms": ToSink(port)}, {"sms": Way(ToSink.timeout_s)})


if __name__ == "__main__":
    house = furnished(sys.argv[1], int(sys.argv[2]))
    if "once" in sys.argv:
        delivery.run(house, now=utcnow())
        os._exit(0)
    for thread in delivery.keep(house, threading.Event()):
        thread.join()
