"""Feeds: kept by an administrator, let in by their key, fetched over stuttering lines without loss or double."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from backend.config import Settings
from backend.formats import cap_out
from backend.formats.atom import Entry
from backend.models.feeds import FeedEntry
from backend.models.flood_events import FloodEvent
from backend.models.signals import Signal
from backend.services import feeds
from backend.services.feeds import Looked
from jobs import feeds as job
from jobs.runner import House
from tests.api.signal_cases import SIGNALS, XML, at, cancel, events, message
from tests.cast import NOON
from tests.rig.feeds import Office

FEEDS = "/api/v1/flood/feeds"
KEY = "a-long-secret-of-the-weather-office"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office().open() as opened:
        yield opened


@pytest.fixture
def fetching(house, office, tmp_path) -> House:
    """The house with a door to the office."""
    said = {"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"}
    return House(Settings.from_env(said | {"HEZHANG_DOORS": f"127.0.0.1:{office.port}"}), house.database, house.photos)


@pytest.fixture
def jin(phone_of, cast):
    return phone_of(cast.jin)


def body(office: Office, form: str = "atom", path: str | None = None, **changed) -> dict:
    said = {
        "title": "市气象台",
        "form": form,
        "url": f"{office.address}/{path or form}",
        "every_s": 30,
        "silent_s": 600,
    }
    return {name: value for name, value in (said | changed).items() if value is not None}


def kinds(jin) -> list[str]:
    return sorted(each["kind"] for each in jin.get("/api/v1/alarms?open=true").json["items"])


def told(session) -> list[tuple[str, str | None]]:
    return [(what, level) for what, level, _ in events(session)]


def test_a_feed_is_kept_and_altered_by_whoever_has_seen_it(jin, office):
    made = jin.put(f"{FEEDS}/city", json=body(office))
    assert made.status_code == 201, made.json
    assert "key" not in made.json
    assert jin.put(f"{FEEDS}/city", json=body(office)).status_code == 200
    slower = body(office, every_s=300)
    assert jin.put(f"{FEEDS}/city", json=slower).status_code == 428
    assert jin.put(f"{FEEDS}/city", json=slower, headers={"If-Match": '"feed-9"'}).status_code == 412
    kept = jin.put(f"{FEEDS}/city", json=slower, headers={"If-Match": made.headers["ETag"]})
    assert (kept.status_code, kept.json["every_s"]) == (200, 300)
    assert [each["name"] for each in jin.get(FEEDS).json["items"]] == ["city"]
    one = jin.get(f"{FEEDS}/city")
    assert (one.json, one.headers["ETag"]) == (kept.json, kept.headers["ETag"])
    assert jin.get(f"{FEEDS}/other").status_code == 404


@pytest.mark.parametrize(
    ("name", "changed", "pointer"),
    [
        ("City!", {}, ""),
        ("city", {"url": "ftp://example.org/x"}, "/url"),
        ("city", {"url": "https://"}, "/url"),
        ("city", {"url": "http://[::1/x"}, "/url"),
        ("city", {"every_s": 1}, "/every_s"),
        ("city", {"key": "short"}, "/key"),
        ("city", {"form": "pigeon"}, "/form"),
        ("city", {"nonsense": 1}, "/nonsense"),
    ],
)
def test_a_feed_that_cannot_be_is_refused_by_its_place(jin, office, name, changed, pointer):
    refused = jin.put(f"{FEEDS}/{name}", json=body(office, **changed))
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_a_feed_brings_signals_by_its_key_and_by_no_other(jin, office, phone_of, session):
    pushes = body(office, url=None, key=KEY)
    assert jin.put(f"{FEEDS}/push", json=pushes).json["has_key"]
    assert jin.put(f"{FEEDS}/push", json=pushes).status_code == 200
    assert jin.put(f"{FEEDS}/other", json=pushes).status_code == 409
    machine, document = phone_of(None), cap_out.write(message())
    refused = machine.post(SIGNALS, data=document, headers=XML | {"X-Feed-Key": "x" * 30})
    assert (refused.status_code, refused.json["type"]) == (401, "/problems/unauthenticated")
    brought = machine.post(SIGNALS, data=document, headers=XML | {"X-Feed-Key": KEY})
    assert (brought.status_code, brought.json["feed"], brought.json["entered_by"]) == (201, "push", None)
    assert jin.get(FEEDS).json["items"][0]["heard_at"] is not None
    off = jin.put(f"{FEEDS}/push", json=pushes | {"on": False}, headers={"If-Match": '"feed-1"'})
    assert off.status_code == 200
    assert machine.post(SIGNALS, data=document, headers=XML | {"X-Feed-Key": KEY}).status_code == 401


@pytest.mark.parametrize("form", ["atom", "list", "rss"])
def test_a_list_is_fetched_once_and_its_documents_once(jin, office, fetching, session, form):
    yellow = message(1)
    office.publish("1.xml", cap_out.write(yellow))
    office.publish("2.xml", cap_out.write(message(2, "red", minutes=5, updates=(yellow,))))
    listing = body(office, {"rss": "atom"}.get(form, form), path={"list": "plain"}.get(form, form))
    assert jin.put(f"{FEEDS}/city", json=listing).status_code == 201
    assert job.run(fetching, now=at(6)) == 2
    assert job.run(fetching, now=at(7)) == 0
    assert office.asked["/1.xml"] == office.asked["/2.xml"] == 1
    assert office.unchanged == 1
    assert set(told(session)) == {("began", "yellow"), ("changed", "red")}
    assert set(session.scalars(select(Signal.feed))) == {"city"}
    assert kinds(jin) == []


def test_before_its_time_a_feed_is_left_alone_and_switched_off_it_is_never_asked(jin, office, fetching):
    made = jin.put(f"{FEEDS}/city", json=body(office, every_s=60))
    job.run(fetching, now=at(1))
    job.run(fetching, now=at(1.5))
    assert office.asked["/atom"] == 1
    jin.put(f"{FEEDS}/city", json=body(office, on=False), headers={"If-Match": made.headers["ETag"]})
    job.run(fetching, now=at(60))
    assert office.asked["/atom"] == 1
    assert kinds(jin) == []


def test_a_feed_that_fails_rests_longer_each_time_and_is_missed_until_it_is_back(jin, office, fetching):
    jin.put(f"{FEEDS}/city", json=body(office))
    office.faults.extend(["500", "half", "empty", "cut", "301", "429", "500", "500"])
    pauses, before, now = [], NOON, NOON
    while office.faults:
        now += timedelta(seconds=10)
        asked = office.asked["/atom"]
        job.run(fetching, now=now)
        if office.asked["/atom"] > asked:
            pauses.append((now - before).total_seconds())
            before = now
    assert pauses[1] < pauses[3] < pauses[5]
    assert max(pauses) <= 15 * 60 * 1.2 + 10
    assert kinds(jin) == ["silent_feed"]
    (feed,) = jin.get(FEEDS).json["items"]
    assert (feed["failures"], feed["failure"]) == (8, "http_500")
    job.run(fetching, now=now + timedelta(minutes=20))
    assert kinds(jin) == []
    assert jin.get(FEEDS).json["items"][0]["failures"] == 0


def test_a_provider_that_asks_for_rest_is_given_it(jin, office, fetching):
    jin.put(f"{FEEDS}/city", json=body(office, every_s=10))
    office.faults.append("429")
    job.run(fetching, now=at(0))
    job.run(fetching, now=at(1.9))
    assert office.asked["/atom"] == 1
    job.run(fetching, now=at(2))
    assert office.asked["/atom"] == 2


def test_an_address_inside_the_house_is_not_asked(jin, office, house):
    office.publish("1.xml", cap_out.write(message()))
    jin.put(f"{FEEDS}/city", json=body(office))
    assert job.run(house, now=at(0)) == 0
    assert not office.asked
    assert jin.get(FEEDS).json["items"][0]["failure"] == "blocked"


def test_a_list_that_leads_inside_the_house_is_not_followed(jin, office, fetching, session):
    office.documents["/plain"] = b"http://169.254.169.254/latest\nhttp://127.0.0.1:9/x\nfile:///etc/passwd\n"
    jin.put(f"{FEEDS}/city", json=body(office, "list", path="plain"))
    assert job.run(fetching, now=at(0)) == 0
    assert sorted(session.scalars(select(FeedEntry.failure))) == ["blocked", "blocked"]


def test_a_document_that_cannot_be_read_is_told_of_and_tried_until_it_can(jin, office, fetching, session):
    office.publish("1.xml", b"<alert>")
    office.publish("2.xml", cap_out.write(message(2)))
    jin.put(f"{FEEDS}/city", json=body(office))
    assert job.run(fetching, now=at(0)) == 1
    job.run(fetching, now=at(1))
    assert kinds(jin) == ["unreadable_signal"]
    office.documents["/1.xml"] = cap_out.write(message(1))
    assert job.run(fetching, now=at(5)) == 1
    assert kinds(jin) == []


def test_a_document_on_which_something_of_ours_breaks_is_told_of_and_holds_up_no_other_run(jin, office, fetching):
    office.publish("1.xml", cap_out.write(message(1)))
    jin.put(f"{FEEDS}/city", json=body(office))
    broken = replace(fetching, settings=replace(fetching.settings, zone="nowhere"))
    for minutes in (0, 2):
        assert job.run(broken, now=at(minutes)) == 0
    assert kinds(jin) == ["unreadable_signal"]
    assert job.run(fetching, now=at(10)) == 1
    assert kinds(jin) == []


def test_what_an_old_form_of_a_feed_has_brought_is_not_taken_for_the_new_one(jin, office, database, session):
    made = jin.put(f"{FEEDS}/city", json=body(office))
    with database.transaction() as claiming:
        (claimed,) = feeds.claim(claiming, now=at(0))
        assert feeds.claim(claiming, now=at(1)) == []
    jin.put(f"{FEEDS}/city", json=body(office, path="other"), headers={"If-Match": made.headers["ETag"]})
    with database.transaction() as recording:
        feeds.record(recording, Looked(claimed, (Entry("http://example.org/1"),), etag="x"), now=at(1))
    assert session.scalar(select(func.count()).select_from(FeedEntry)) == 0
    assert jin.get(f"{FEEDS}/city").json["heard_at"] is None


def test_a_document_that_nobody_can_read_is_given_up_after_a_day(jin, office, fetching, session):
    office.publish("1.xml", b"<alert>")
    jin.put(f"{FEEDS}/city", json=body(office))
    for hours in (0, 25):
        job.run(fetching, now=at(hours * 60))
    asked = office.asked["/1.xml"]
    job.run(fetching, now=at(60 * 60))
    assert office.asked["/1.xml"] == asked


def test_a_document_that_is_altered_is_fetched_again_and_old_ones_are_forgotten(jin, office, fetching, session):
    office.publish("1.xml", cap_out.write(message(1)))
    jin.put(f"{FEEDS}/city", json=body(office))
    job.run(fetching, now=at(0))
    office.publish("1.xml", cap_out.write(message(1, "red", minutes=1)))
    assert job.run(fetching, now=at(10)) == 1
    assert session.scalar(select(func.count()).select_from(Signal)) == 2
    job.run(fetching, now=NOON + timedelta(days=31))
    office.publish("3.xml", cap_out.write(message(3)))
    job.run(fetching, now=NOON + timedelta(days=32))
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(FeedEntry)) == 2


@pytest.mark.parametrize("seed", range(3))
def test_a_feed_that_stutters_loses_nothing_and_doubles_nothing(jin, office, fetching, session, seed):
    dice = Random(seed)
    first = message(0, "blue")
    chain = [first]
    for number, colour in enumerate(("yellow", "orange", "red", "orange"), start=1):
        chain.append(message(number, colour, minutes=number, updates=tuple(chain)))
    documents = [*chain, cancel(9, *chain, minutes=30), message(20, "red", minutes=3)]
    dice.shuffle(documents)
    office.names = 2
    jin.put(f"{FEEDS}/city", json=body(office, every_s=10))
    now = at(31)
    while documents or now < at(180):
        if documents:
            office.publish(f"{len(documents)}.xml", cap_out.write(documents.pop()))
            office.documents = dict(dice.sample(list(office.documents.items()), len(office.documents)))
            office.faults.extend(dice.choice(["500", "half", "cut", "empty", None]) for _ in range(2))
        job.run(fetching, now=now)
        now += timedelta(minutes=5)
    session.expire_all()
    stands = dict(session.execute(select(Signal.identifier, Signal.state)).all())
    assert len(stands) == session.scalar(select(func.count()).select_from(Signal)) == 7
    assert [name for name, state in stands.items() if state == "active"] == ["3715_20"]
    rows = session.execute(select(FloodEvent.about_id, FloodEvent.what)).all()
    begun = [row.about_id for row in rows if row.what == "began"]
    ended = [row.about_id for row in rows if row.what == "ended"]
    assert len(begun) == len(set(begun)) == len(ended) + 1
    assert set(ended) < set(begun)
    assert kinds(jin) == []
