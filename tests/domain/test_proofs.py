"""Chains, seals and trees: whatever is altered, left out or swapped is found where it is."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.proofs import (
    Break,
    Fact,
    Head,
    Leaf,
    Seal,
    chained,
    check_chain,
    check_seals,
    exact,
    path,
    root,
    sealed,
    secret_digest,
)
from backend.formats.verifier import climbed

NOON = datetime(2025, 7, 2, 4, 0, tzinfo=UTC)
THING = UUID(int=7)
NAME = f"hazard/{THING}"

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.from_regex(r"[a-z_0-9]{1,8}", fullmatch=True), inner),
    max_leaves=20,
)


@given(plain)
def test_what_is_hashed_is_canonical_json(value):
    assert exact(value) == rfc8785.dumps(value)


def chain(count: int = 4) -> list[Fact]:
    made, head = [], Head()
    for number in range(count):
        at = NOON + timedelta(minutes=number)
        made.append(chained("hazard", THING, head, at=at, by=None, act="comment", body={"n": number, "词": "字"}))
        head = Head(made[-1].number, made[-1].hash)
    return made


def test_a_fact_is_hashed_as_one_line_of_canonical_json():
    fact = chained(
        "hazard", THING, Head(2, b"\x01" * 32), at=NOON, by=UUID(int=9), act="close", body={"b": 1, "a": "é"}
    )
    assert fact.written() == rfc8785.dumps(orjson.loads(fact.written()))
    assert hashlib.sha256(fact.written()).digest() == fact.hash
    assert (fact.number, fact.before) == (3, b"\x01" * 32)
    elsewhere = NOON.astimezone(timezone(timedelta(hours=8)))
    assert replace(fact, at=elsewhere).written() == fact.written()


def test_a_whole_chain_adds_up():
    assert check_chain(NAME, chain()) is None
    assert check_chain(NAME, []) is None


@pytest.mark.parametrize(
    ("spoilt", "number", "why"),
    [
        (lambda facts: [facts[0], replace(facts[1], body='{"n":9}'), *facts[2:]], 2, "altered"),
        (lambda facts: [facts[0], replace(facts[1], by=UUID(int=1)), *facts[2:]], 2, "altered"),
        (lambda facts: [facts[0], *facts[2:]], 2, "missing"),
        (lambda facts: facts[1:], 1, "missing"),
        (lambda facts: [facts[1], facts[0], *facts[2:]], 1, "missing"),
    ],
)
def test_the_first_fact_that_does_not_add_up_is_named(spoilt, number, why):
    assert check_chain(NAME, spoilt(chain())) == Break(NAME, number, why)


def test_a_fact_put_in_with_a_hash_of_its_own_breaks_the_link_after_it():
    facts = chain()
    forged = chained("hazard", THING, Head(1, b"\x02" * 32), at=NOON, by=None, act="close", body={})
    assert check_chain(NAME, [facts[0], forged, *facts[2:]]) == Break(NAME, 2, "order")


def leaf(number: int, seal: int = 1) -> Leaf:
    return Leaf(seal, "hazard", UUID(int=number), number, bytes([number]) * 32)


@pytest.mark.parametrize("count", [*range(1, 10), 64, 100])
def test_every_leaf_finds_the_root_by_its_path(count):
    lines = [leaf(number).written() for number in range(count)]
    for place, line in enumerate(lines):
        steps = [[side, beside.hex()] for side, beside in path(lines, place)]
        assert climbed(line.decode(), steps) == root(lines).hex()


def test_the_root_of_nothing_is_the_digest_of_nothing():
    assert root([]) == hashlib.sha256(b"").digest()


def made() -> list[tuple[Seal, list[Leaf]]]:
    found: list[tuple[Seal, list[Leaf]]] = []
    for number in (1, 2, 3):
        leaves = [leaf(each, number) for each in range(number, number + 3)]
        before = found[-1][0] if found else None
        found.append((sealed(before, leaves, 5, at=NOON + timedelta(minutes=5 * number)), leaves))
    return found


def test_seals_add_up_to_their_leaves_and_to_each_other():
    assert check_seals(made()) is None
    assert [(seal.number, seal.facts, seal.chains) for seal, _ in made()] == [(1, 5, 3), (2, 10, 3), (3, 15, 3)]


@pytest.mark.parametrize(
    ("spoilt", "number", "why"),
    [
        (lambda seals: seals[1:], 1, "missing"),
        (lambda seals: [seals[0], seals[2]], 2, "missing"),
        (lambda seals: [seals[0], (replace(seals[1][0], facts=11), seals[1][1]), seals[2]], 2, "altered"),
        (lambda seals: [seals[0], (seals[1][0], seals[1][1][:-1]), seals[2]], 2, "root"),
        (lambda seals: [seals[0], (seals[1][0], seals[1][1][::-1]), seals[2]], 2, "root"),
        (lambda seals: [seals[0], (sealed(None, seals[1][1], 10, at=NOON), seals[1][1])], 2, "missing"),
    ],
)
def test_the_first_seal_that_does_not_add_up_is_named(spoilt, number, why):
    assert check_seals(spoilt(made())) == Break("seal", number, why)


def test_a_personal_value_is_not_found_by_trying_without_its_salt():
    assert secret_digest(b"one", "张三") != secret_digest(b"two", "张三")
