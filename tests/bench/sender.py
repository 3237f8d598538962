"""A sender of the measured house, to be killed: it sends by the channels of its settings until it is."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from backend import logs
from backend.channels.known import open_channels, ways
from backend.config import Settings
from backend.db import Database
from backend.files.store import PhotoStore
from backend.keyring import KeyRing
from jobs import delivery
from jobs.runner import House


def ready(home: Path, pid: int) -> Path:
    """A file that is there as soon as a sender sends."""
    return home / f"sender-{pid}"


if __name__ == "__main__":
    settings = Settings.from_env()
    logs.configure("CRITICAL")
    channels = open_channels(settings, settings.clock)
    keyring, photos = KeyRing.load(settings.keys_file), PhotoStore.open(settings.photos_url)
    database = Database.connect(settings.database_url)
    house = House(settings, database, photos, keyring, channels, ways(settings, channels))
    threads = delivery.keep(house, threading.Event())
    ready(settings.home, os.getpid()).touch()
    for thread in threads:
        thread.join()
