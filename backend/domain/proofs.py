"""The proof that nothing was altered: facts in chains, one for each thing, and seals over the heads of all chains.

A fact is hashed with the one before it in its chain (SHA-256 over canonical JSON, RFC 8785), so that altering,
leaving out or swapping one breaks every later link. A seal hashes a Merkle tree (as in RFC 6962, section 2.1) over
the chains that have grown since the last one together with that seal, so that a chain cut short shows, too; a seal
that was handed out of the house holds for everything before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

_LEAF, _NODE = b"\x00", b"\x01"


def exact(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of texts, whole numbers, truth values, lists and objects with plain names.

    For these orjson and the standard agree to the letter. Fractions, which they write differently, are written as
    texts by whoever makes the values.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many facts it has, and the hash of the last."""

    number: int = 0
    hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a thing; `body` is canonical JSON, personal values stand in it as salted digests."""

    thing_type: str
    thing_id: UUID
    number: int
    """Its place in the chain, from 1."""
    at: datetime
    by: UUID | None
    """None: the clockwork, or the command line."""
    act: str
    body: str
    before: bytes | None
    """The hash of the fact before it; None for the first."""
    hash: bytes

    def written(self) -> bytes:
        """What is hashed: one line of canonical JSON."""
        return _line(self.thing_type, self.thing_id, self.number, self.at, self.by, self.act, self.body, self.before)


@dataclass(frozen=True, slots=True)
class Leaf:
    """How far a chain had grown when it was sealed."""

    seal: int
    thing_type: str
    thing_id: UUID
    number: int
    hash: bytes

    def written(self) -> bytes:
        """What is hashed."""
        thing = f"{self.thing_type}/{self.thing_id}"
        return exact({"thing": thing, "number": self.number, "hash": self.hash.hex()})


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal over the chains that have grown since the one before it."""

    number: int
    at: datetime
    root: bytes
    chains: int
    """How many chains have grown, which are the leaves of the tree."""
    facts: int
    """How many facts there are in all chains together."""
    before: bytes | None
    hash: bytes

    def written(self) -> bytes:
        """What is hashed: one line of canonical JSON."""
        return _seal_line(self.number, self.at, self.root, self.chains, self.facts, self.before)


@dataclass(frozen=True, slots=True)
class Break:
    """Where something does not add up: in which thing or seal, from which number on, and why."""

    what: str
    number: int
    why: str
    """`altered`, `missing`, `order`, `head`, `sealed`, `root`, `count` or `file`."""


def chained(
    thing_type: str, thing_id: UUID, head: Head, *, at: datetime, by: UUID | None, act: str, body: Mapping[str, Any]
) -> Fact:
    """The next fact of a chain."""
    text, number = exact(body).decode(), head.number + 1
    line = _line(thing_type, thing_id, number, at, by, act, text, head.hash)
    return Fact(thing_type, thing_id, number, at, by, act, text, head.hash, hashlib.sha256(line).digest())


def sealed(before: Seal | None, leaves: Sequence[Leaf], grown: int, *, at: datetime) -> Seal:
    """The next seal: over these leaves in their order, which hold `grown` facts more than there were."""
    number, facts = (before.number + 1, before.facts + grown) if before else (1, grown)
    top, last = root([leaf.written() for leaf in leaves]), before.hash if before else None
    line = _seal_line(number, at, top, len(leaves), facts, last)
    return Seal(number, at, top, len(leaves), facts, last, hashlib.sha256(line).digest())


def secret_digest(salt: bytes, value: str) -> str:
    """What stands in a fact for a personal value: nobody finds the value by trying once its salt is gone."""
    return hashlib.sha256(salt + value.encode()).hexdigest()


def root(lines: Sequence[bytes]) -> bytes:
    """The Merkle root of some lines; of none the digest of nothing."""
    if not lines:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(_LEAF + line).digest() for line in lines]
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(lines: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """What a single line needs to find the root: the sides and hashes of its neighbours, from the bottom up."""
    level, found = [hashlib.sha256(_LEAF + line).digest() for line in lines], []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(("left" if beside < index else "right", level[beside]))
        level, index = _above(level), index // 2
    return found


def check_chain(thing: str, facts: Iterable[Fact]) -> Break | None:
    """The first fact of a chain that does not add up."""
    last = Head()
    for fact in facts:
        wrong = _why(fact, last)
        if wrong is not None:
            return Break(thing, last.number + 1, wrong)
        last = Head(fact.number, fact.hash)
    return None


def check_seals(seals: Iterable[tuple[Seal, Sequence[Leaf]]]) -> Break | None:
    """The first seal that does not add up to its leaves and to the seal before it."""
    last: Seal | None = None
    for seal, leaves in seals:
        number, before = (last.number + 1, last.hash) if last else (1, None)
        if seal.number != number or seal.before != before:
            return Break("seal", number, "missing")
        if hashlib.sha256(seal.written()).digest() != seal.hash:
            return Break("seal", number, "altered")
        if len(leaves) != seal.chains or root([leaf.written() for leaf in leaves]) != seal.root:
            return Break("seal", number, "root")
        last = seal
    return None


def _why(fact: Fact, last: Head) -> str | None:
    if fact.number != last.number + 1:
        return "missing"
    if hashlib.sha256(fact.written()).digest() != fact.hash:
        return "altered"
    return None if fact.before == last.hash else "order"


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The next level of the tree; one without a neighbour goes up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [hashlib.sha256(_NODE + left + right).digest() for left, right in pairs]
    return above + list(level[-1:]) if len(level) % 2 else above


def _line(
    thing_type: str,
    thing_id: UUID,
    number: int,
    at: datetime,
    by: UUID | None,
    act: str,
    body: str,
    before: bytes | None,
) -> bytes:
    # Written by hand in the order of its names, so that `body` goes in as it is kept, and at half the cost.
    last = f'"{before.hex()}"' if before else "null"
    who = f'"{by}"' if by else "null"
    return (
        f'{{"act":{exact(act).decode()},"at":"{_moment(at)}","before":{last},"body":{body},"by":{who},'
        f'"number":{number},"thing":{exact(f"{thing_type}/{thing_id}").decode()}}}'
    ).encode()


def _seal_line(number: int, at: datetime, top: bytes, chains: int, facts: int, before: bytes | None) -> bytes:
    return exact(
        {
            "at": _moment(at),
            "before": before.hex() if before else None,
            "chains": chains,
            "facts": facts,
            "number": number,
            "root": top.hex(),
        }
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
