"""Whom a page of the audit is about: the filter of its address, in which somebody may be named instead of numbered."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request

from backend.errors import NotFound
from backend.web import audit_words, desk
from backend.web.exports import word
from backend.web.forms import Flaws, flaw

_MOST_NAMED = 10


def asked_for(*names: str) -> tuple[dict[str, str], Flaws]:
    """The filter of the address; whoever is named by name alone is looked up."""
    asked = {name: request.args[name] for name in names if request.args.get(name)}
    who = request.args.get("who", "").strip()
    if not who:
        return asked, []
    found = desk.ask("/people", {"q": who, "limit": _MOST_NAMED}).body["items"]
    exact = [each for each in found if each["name"] == who] or found
    if len(exact) != 1:
        return asked, [flaw("who", "audit.who.unclear" if exact else "audit.who.nobody")]
    return asked | {"person": exact[0]["id"]}, []


def said_of(asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """The same in words: what was filtered by, and to what."""
    return [(word(f"audit.filter.{name}"), _said(name, value)) for name, value in asked.items()]


def _said(name: str, value: str) -> str:
    if name == "person":
        return request.args.get("who", "").strip() or _name_of(value)
    words = {"act": audit_words.acts, "type": audit_words.types, "list": audit_words.lists}
    return dict(words[name]()).get(value, value) if name in words else value


def _name_of(person: str) -> str:
    try:
        return str(desk.ask(f"/people/{UUID(person)}").body["name"])
    except (ValueError, NotFound):  # an address that somebody typed
        return person
