"""A name that stands twice in one object is found, and nothing else is taken for one."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.formats.doubles import double_name


class Pairs(list[Any]):
    """The members of an object, of which some may have the same name."""


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"{}", None),
        (b'{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]}', None),
        (b'{"a": 1, "a" : 2}', "a"),
        (b'{"c": [{"a": {}}, {"b": {}, "a": [], "b": 1}]}', "b"),
        (b'{"a": "\\"a\\":", "b": "{"}', None),
        (b'{"a": 1, "\\u0061": 2}', "a"),
        (b'{"": 1, "b": ":", "": 2}', ""),
        (b'{"a": "{", "b": "}", ":a": 1, ":a": 1}', ":a"),
        ('{"河": 1, "河": 2}'.encode(), "河"),
        (b"[1, 2.5e3, null, true]", None),
    ],
)
def test_what_stands_twice_is_named(raw, name):
    assert double_name(raw) == name


NAMES = st.text(alphabet='ab":{}\\, 河', max_size=3)
VALUES = st.recursive(
    st.none() | st.floats(-1e6, 1e6) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(NAMES, inner), max_size=4).map(Pairs),
)


def written(value: Any, spaces: str) -> str:
    if isinstance(value, Pairs):
        members = [f"{json.dumps(name)}{spaces}:{spaces}{written(inner, spaces)}" for name, inner in value]
        return "{" + f",{spaces}".join(members) + "}"
    if isinstance(value, list):
        return "[" + f"{spaces},".join(written(inner, spaces) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def has_double(value: Any) -> bool:
    if isinstance(value, Pairs):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(has_double(inner) for _, inner in value)
    return isinstance(value, list) and any(map(has_double, value))


@given(VALUES, st.sampled_from(["", " ", "\n\t"]))
def test_of_any_text_it_is_known_whether_a_name_stands_twice(value, spaces):
    raw = written(value, spaces).encode()
    orjson.loads(raw)
    assert (double_name(raw) is not None) == has_double(value)
