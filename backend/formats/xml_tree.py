"""XML from outside as a plain tree: no DTD, no entities, nothing from elsewhere, UTF-8 alone, and not too much."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from backend.errors import NotReadable, TooLarge

MOST_BYTES = 2 * 1024 * 1024
_MOST_DEPTH, _MOST_ATTRIBUTES = 12, 20
_ENCODING = re.compile(r"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_LONG_TAG = re.compile(rb"<[^!?<>][^<>]{65535}")
"""A tag that nobody writes, and of which the parser would copy the name several times."""
_SHOWN = 80


@dataclass(slots=True)
class Node:
    """An element: its text and what is in it, by name."""

    name: str
    text: str = ""
    children: dict[str, list[Node]] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def add(self, child: Node) -> None:
        """Put one more into it."""
        self.children.setdefault(child.name, []).append(child)

    @classmethod
    def of_json(cls, name: str, value: Any) -> Node:
        """The same from JSON: objects are elements, lists are several of a name."""
        node = cls(name, "" if isinstance(value, dict) else str(value))
        for key, inner in (value if isinstance(value, dict) else {}).items():
            for each in inner if isinstance(inner, list) else [inner]:
                node.add(cls.of_json(key, each))
        return node


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whose elements are read, whose are passed over with all that is in them, and how many of both there may be."""

    namespaces: tuple[str, ...]
    passed_over: tuple[str, ...] | None = ()
    """None: those of anybody else."""
    most_elements: int = 10_000

    @property
    def most_signs(self) -> dict[bytes, int]:
        """How often a sign may stand in a document: counted in a millisecond, and parsed it would take 500."""
        most = self.most_elements
        return {b"<": 2 * most, b"=": most // 2, b"\n": 5 * most, b"&": 20 * most}


class _Refused(Exception):
    """Why a tree is not built any further."""

    def __init__(self, why: str, **values: Any) -> None:
        super().__init__(why)
        self.why, self.values = why, values


def parsed(document: bytes, bounds: Bounds) -> Node:
    """The elements of an XML document within bounds; NotReadable or TooLarge otherwise."""
    if len(document) > MOST_BYTES:
        raise TooLarge(limit=MOST_BYTES)
    _require_few(document, bounds)
    _require_utf8(document)
    builder = _Builder(bounds)
    # Its own option for the encoding holds against whatever a declaration says.
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(document)
        parser.close()
    except DefusedXmlException:
        raise NotReadable("xml_dtd") from None
    except _Refused as refused:
        raise NotReadable(refused.why, **refused.values) from None
    except SyntaxError as broken:
        line, column = getattr(broken, "position", (0, 0))
        raise NotReadable("xml", line=line, column=column) from None
    assert builder.root is not None
    return builder.root


def _require_few(document: bytes, bounds: Bounds) -> None:
    """What can be seen without parsing: each element would cost a call, and a document of them some 60 ms."""
    most = bounds.most_elements
    is_large = any(document.count(sign) > few for sign, few in bounds.most_signs.items())
    if is_large or _has_more_tags(document, most) or _LONG_TAG.search(document):
        raise NotReadable("xml_large", most=most)


def _has_more_tags(document: bytes, most: int) -> bool:
    """Whether more elements begin; what looks like a tag in a comment is counted as one."""
    signs = document.count(b"<")
    return signs > most and signs - sum(document.count(other) for other in (b"</", b"<!", b"<?")) > most


def _require_utf8(document: bytes) -> None:
    """What is read as UTF-8 here must not mean something else to others: UTF-7 and UTF-16 hide what they say."""
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        raise NotReadable("xml_encoding", encoding="?") from None
    declared = _ENCODING.match(text.removeprefix("\ufeff"))
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise NotReadable("xml_encoding", encoding=declared[1][:_SHOWN])


class _Builder:
    """Builds nodes, and stops at what is too deep, too much or of a stranger."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._open: list[Node] = []
        self.root: Node | None = None
        self._elements = self._foreign = 0
        self._known: dict[str, tuple[str, str]] = {}

    def start(self, tag: Any, attrs: Any) -> Any:
        """An element begins."""
        self._elements += 1
        if self._elements > self._bounds.most_elements or len(attrs) > _MOST_ATTRIBUTES:
            raise _Refused("xml_large", most=self._bounds.most_elements)
        if len(self._open) + self._foreign >= _MOST_DEPTH:
            raise _Refused("xml_deep", most=_MOST_DEPTH)
        namespace, name = self._known.get(tag) or self._learn(tag)
        if self._foreign or (self._open and self._is_passed_over(namespace)):
            self._foreign += 1
            return
        if namespace not in self._bounds.namespaces:
            raise _Refused("xml_namespace", namespace=namespace[:_SHOWN])
        self._begin(name, attrs)

    def _learn(self, tag: str) -> tuple[str, str]:
        """Namespace and name of a tag, taken apart once: a document has few of them, each many times."""
        namespace, _, name = tag.removeprefix("{").rpartition("}")
        self._known[tag] = namespace, name
        return namespace, name

    def _is_passed_over(self, namespace: str) -> bool:
        strangers = self._bounds.passed_over
        return namespace not in self._bounds.namespaces and (strangers is None or namespace in strangers)

    def _begin(self, name: str, attrs: Any) -> None:
        node = Node(name, attributes=attrs)
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, tag: Any) -> Any:
        """An element ends."""
        if self._foreign:
            self._foreign -= 1
        else:
            self._open.pop()

    def data(self, data: Any) -> None:
        """Text of the open element."""
        if not self._foreign and self._open:
            self._open[-1].text += data

    def close(self) -> None:
        """The tree is whole."""
