"""Lists of documents: Atom, RSS and plain ones, whatever else is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.errors import Problem
from backend.formats import atom
from backend.formats.atom import Entry, Feed, Item

BASE = "https://example.org/feeds/city.atom"
AT = datetime(2025, 7, 28, 1, 2, 3, 999, tzinfo=UTC)


def feed(entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>{entries}</feed>'.encode()


def test_what_we_write_is_read_again():
    items = [Item("urn:1", 'a "b" <c> & d', "https://example.org/1?a=1&b=2", AT, "红色")]
    written = atom.write(Feed("urn:x", "预警", BASE, "河长办", AT), items)
    assert atom.read(written, BASE) == [Entry("https://example.org/1?a=1&b=2", "2025-07-28T01:02:03Z")]
    assert b'type="application/cap+xml"' in written
    assert b"<summary>\xe7\xba\xa2\xe8\x89\xb2</summary>" in written


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (
            '<entry><link href="../1.xml"/><published>2025</published></entry>',
            [Entry("https://example.org/1.xml", "2025")],
        ),
        (
            '<entry><link rel="self" href="a"/><link rel="alternate" href="/b"/></entry>',
            [Entry("https://example.org/b")],
        ),
        (
            '<entry><link href="/page" type="text/html"/><link href="/c" type="application/cap+xml"/></entry>',
            [Entry("https://example.org/c")],
        ),
        ('<entry><link href="/d"/></entry><entry><link href="/d"/></entry>', [Entry("https://example.org/d")]),
        (
            '<entry xmlns:cap="urn:x"><cap:event><cap:a/></cap:event><link href="/e"/></entry>',
            [Entry("https://example.org/e")],
        ),
        ("<entry><title>no link</title></entry>", []),
        ('<entry><link href="ftp://example.org/f"/></entry><entry><link href="http://[x/"/></entry>', []),
        (f'<entry><link href="/{"x" * 1000}"/></entry>', []),
    ],
)
def test_an_entry_leads_to_its_document(entry, found):
    assert atom.read(feed(entry), BASE) == found


def test_rss_and_a_plain_list_lead_there_too():
    items = "<item><link>https://example.org/1</link><pubDate>Mon</pubDate></item><item><title>x</title></item>"
    rss = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    assert atom.read(rss, BASE) == [Entry("https://example.org/1", "Mon")]
    plain = b"# signals\n\nhttps://example.org/1 # the first\n2.xml\r\n"
    assert atom.read_list(plain, BASE) == [Entry("https://example.org/1"), Entry("https://example.org/feeds/2.xml")]


@pytest.mark.parametrize(
    ("read", "document"),
    [
        (atom.read, b"<html/>"),
        (atom.read, b"<rss/>"),
        (atom.read, b"<feed xmlns='urn:x'/>"),
        (atom.read, b"<!DOCTYPE a><feed xmlns='http://www.w3.org/2005/Atom'/>"),
        (atom.read, b""),
        (atom.read_list, b"\xff\xfe"),
        (atom.read_list, b"x" * 3_000_000),
        (atom.read_list, b"".join(b"/%d\n" % n for n in range(6_000))),
    ],
)
def test_what_is_no_list_is_refused(read, document):
    with pytest.raises(Problem) as refused:
        read(document, BASE)
    assert str(refused.value)
