"""What a hand does with a phone: take a photo, be somewhere, come back to where there is signal."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import FilePayload, Page, expect

from tests.pictures import noisy
from tests.rig.handset import Handset

SENT_MS = 60_000
SIZE = (320, 240)


def shoot(page: Page, count: int = 1, at: str = "input[capture]") -> None:
    """Take a photo, unlike every other; so many are there then."""
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": noisy(SIZE)}
    page.locator(at).first.set_input_files(photo)
    expect(page.locator("img.shot")).to_have_count(count)


def be_at(phone: Handset, lonlat: list[float]) -> None:
    """The receiver hears where the phone is, now."""
    phone.receive([[*lonlat, datetime.now(UTC).timestamp() * 1000, 8.0]])


def send(phone: Handset) -> None:
    """The signal is back; everything goes to the office."""
    phone.find_signal()
    phone.open("queue")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("article.row")).to_have_count(0, timeout=SENT_MS)
    left = phone.disk()
    assert (left["items"], left["photos"]) == ([], [])
