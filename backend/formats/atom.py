"""Lists of documents: Atom and RSS feeds and plain lists of addresses, read; Atom, written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from backend.errors import BadInput, NotReadable
from backend.formats import cap, xml_tree
from backend.formats.cap_out import escaped
from backend.formats.xml_tree import Bounds, Node

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES, MOST_LETTERS = 5_000, 1_000
EMPTY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed was altered that never had anything in it."""
_BOUNDS = Bounds((ATOM, ""), None, most_elements=60_000)
"""The elements of RSS have no name of their own; what others put into a feed is passed over."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that a list names, and when it says that it was altered, as it says it."""

    url: str
    altered: str = ""


def read(document: bytes, base: str) -> list[Entry]:
    """The documents of an Atom or RSS feed whose address is `base`, in order; NotReadable when it is none."""
    root = xml_tree.parsed(document, _BOUNDS)
    if root.name == "feed":
        found = [(_link(each), _altered(each)) for each in root.children.get("entry", ())]
    elif root.name == "rss" and "channel" in root.children:
        items = root.children["channel"][0].children.get("item", ())
        found = [(_text(each, "link"), _text(each, "pubDate")) for each in items]
    else:
        raise NotReadable("feed_root", name=root.name[:80])
    return _entries((base, *each) for each in found)


def read_list(document: bytes, base: str) -> list[Entry]:
    """The addresses of a plain list, one a line; what follows a # is for people."""
    if len(document) > cap.MOST_BYTES:
        raise NotReadable("xml_large", most=MOST_ENTRIES)
    try:
        lines = [line.partition(" #")[0].strip() for line in document.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        raise NotReadable("xml_encoding", encoding="?") from None
    return _entries((base, line, "") for line in lines if line and not line.startswith("#"))


def _entries(found: Iterable[tuple[str, str, str]]) -> list[Entry]:
    entries: dict[Entry, None] = {}
    for base, link, altered in found:
        url = _whole(base, link)
        if url is not None:
            entries[Entry(url, altered[:100])] = None
        if len(entries) > MOST_ENTRIES:
            raise BadInput.at("/feed", "flaw.length", low=0, high=MOST_ENTRIES)
    return list(entries)


def _whole(base: str, link: str) -> str | None:
    """The address itself; None for what is none that anything could be fetched from."""
    try:
        url = urljoin(base, link)
        is_web = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return None
    return url if link and is_web and len(url) <= MOST_LETTERS and url.isprintable() else None


def _link(entry: Node) -> str:
    """The link that says it leads to CAP, else the first that is not about something else."""
    links = [each.attributes for each in entry.children.get("link", ())]
    plain = [each for each in links if each.get("rel", "alternate") in ("alternate", "enclosure", "related")]
    best = [each for each in plain if "cap" in each.get("type", "")] or plain
    return best[0].get("href", "") if best else ""


def _altered(entry: Node) -> str:
    return _text(entry, "updated") or _text(entry, "published")


def _text(node: Node, name: str) -> str:
    found = node.children.get(name)
    return found[0].text.strip() if found else ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed of our own."""

    id: str
    title: str
    url: str
    updated: datetime
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of our own; its id never changes."""

    id: str
    title: str
    url: str
    author: str
    updated: datetime


def write(feed: Feed, items: Iterable[Item]) -> bytes:
    """The feed as Atom (RFC 4287), its links of the type of CAP."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<feed xmlns="{ATOM}">', *_head(feed)]
    for item in items:
        lines += ["<entry>", *_entry(item), "</entry>"]
    return "\n".join([*lines, "</feed>", ""]).encode()


def _head(feed: Feed) -> Iterator[str]:
    yield f"<id>{escaped(feed.id)}</id>"
    yield f"<title>{escaped(feed.title)}</title>"
    yield f"<updated>{_when(feed.updated)}</updated>"
    yield f"<author><name>{escaped(feed.author)}</name></author>"
    yield f'<link rel="self" type="{MEDIA_TYPE}" href="{_quoted(feed.url)}"/>'


def _entry(item: Item) -> Iterator[str]:
    yield f"<id>{escaped(item.id)}</id>"
    yield f"<title>{escaped(item.title)}</title>"
    yield f"<updated>{_when(item.updated)}</updated>"
    if item.summary:
        yield f"<summary>{escaped(item.summary)}</summary>"
    yield f'<link rel="alternate" type="{cap.MEDIA_TYPES[0]}" href="{_quoted(item.url)}"/>'


def _when(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _quoted(url: str) -> str:
    return escaped(url).replace('"', "&quot;")
