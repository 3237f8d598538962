"""Signals in any order, from several feeds at once, and documents with anything in them."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from backend.db import Database
from backend.domain.cap import Message
from backend.domain.signals import judge
from backend.errors import Problem
from backend.formats import cap, cap_out
from backend.models.base import Base
from backend.models.flood_events import FloodEvent
from backend.models.signals import Signal
from backend.services import signals
from tests.api.signal_cases import at, cancel, exercise, message
from tests.cast import COUNTY, NOON, OTHER_COUNTY, assemble

pytestmark = pytest.mark.torture

CORPUS = Path(__file__).parents[1] / "data" / "cap"
LONGEST_S = 1.0


def story(dice: Random) -> tuple[list[Message], set[str]]:
    """Some chains of random length with their cancels and exercises beside them, and what holds at the end."""
    messages: list[Message] = []
    hold: set[str] = set()
    for chain in range(dice.randint(1, 3)):
        links: list[Message] = []
        for link in range(dice.randint(1, 4)):
            named = tuple(links) if dice.random() < 0.5 else tuple(links[-1:])
            colour, where = dice.choice(["blue", "yellow", "orange", "red"]), dice.choice([COUNTY, OTHER_COUNTY])
            links.append(message(f"{chain}-{link}", colour, regions=(where,), minutes=link, updates=named))
        messages += [*links, exercise(cancel(f"{chain}-drill", *links))]
        if dice.random() < 0.5:
            messages.append(cancel(f"{chain}-cancel", links[-1], minutes=30))
        else:
            hold.add(links[-1].identifier)
    return messages, hold


def bring(database: Database, messages: list[Message]) -> None:
    for each in messages:
        with database.reading() as session:
            paper = signals.prepare(session, each, cap_out.write(each), today=NOON.date())
        with database.transaction() as session:
            signals.receive(session, paper, now=at(31))


def test_whatever_the_order_and_however_many_bring_it_the_same_holds_at_the_end(fresh_database, keyring, times):
    with fresh_database.transaction() as session:
        assemble(session, keyring)
    dice, count = Random(4), Counter[str]()
    for _ in range(times(8)):
        messages, hold = story(dice)
        orders = [dice.sample(messages, len(messages)) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda order: bring(fresh_database, order), orders))
        with fresh_database.transaction() as session:
            rows = session.execute(select(Signal.identifier, Signal.state, Signal.is_exercise)).all()
            assert len(rows) == len(messages)
            assert {row.identifier for row in rows if row.state == "active"} == hold
            events = session.execute(select(FloodEvent.about_id, FloodEvent.what)).all()
            begun = Counter(row.about_id for row in events if row.what == "began")
            ended = Counter(row.about_id for row in events if row.what == "ended")
            assert set(begun.values()) <= {1}
            assert set(ended.values()) <= {1}
            assert ended.keys() <= begun.keys()
            assert len(begun) - len(ended) == len(hold)
            count.update(row.state for row in rows)
            for table in ("signal_area", "signal_reference", "signal", "flood_event"):
                session.execute(Base.metadata.tables[table].delete())
    print(dict(count))


NOISE = [b"<", b"&", b"&#x0;", b"<!DOCTYPE a>", b"<![CDATA[", b"]]>", b"\xff", b"<info>", b"</info>", b"<area/>"]
TEXTS = [
    b"",
    b" ",
    b"NaN",
    b"-0",
    b"1e999",
    b"36,115",
    b"36.1,115.2 " * 6_000,
    b"2025-07-28T09:00:00",
    b"\xf0\x9f\x8c\x8a",
]
TEXTS += [b"9999-12-31T23:59:59-14:00", b"Actual", b"Cancel", b"x" * 600, b"371502000000", b"a,b,c d,e,f", b"zh"]


def spoilt(document: bytes, dice: Random) -> bytes:
    """With other texts in some of its elements, and now and then with noise anywhere."""
    for _ in range(dice.randint(1, 4)):
        texts = [found.span(1) for found in re.finditer(rb">([^<>]{0,3000})</", document)]
        begin, end = dice.choice(texts) if texts else (0, 0)
        document = document[:begin] + dice.choice([*TEXTS, dice.randbytes(9).hex().encode()]) + document[end:]
    if dice.random() < 0.3:
        place = dice.randrange(len(document))
        document = (
            document[:place] + dice.choice([*NOISE, dice.randbytes(20)]) + document[place + dice.choice([0, 40]) :]
        )
    return document


def test_a_document_with_anything_in_it_is_read_or_refused_and_soon(times):
    dice, seen = Random(5), Counter[str]()
    whole = [file.read_bytes() for file in sorted(CORPUS.glob("synthetic_*.xml"))]
    for _ in range(times(1_000)):
        document = spoilt(dice.choice(whole), dice)
        began = time.perf_counter()
        try:
            read = cap.read(document)
        except Problem as problem:
            seen[problem.code] += 1
        else:
            seen["read"] += 1
            assert cap.read(cap_out.write(read)).reference == read.reference
            assert judge(read).over_at
        assert time.perf_counter() - began < LONGEST_S
    print(dict(seen))
    assert len(seen) == 3
