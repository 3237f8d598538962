"""Wording: what a notice says, in the reader's language."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from backend.domain.callout_texts import marked, sms_text, unmarked
from backend.domain.notices import DIGEST, spoken
from backend.keyring import KeyRing
from backend.services import links
from backend.words import LANGUAGES, Language, Text, catalogue, say

WITH_LINK = frozenset({"callout", "callout_report"})
"""Texts that are answered by a link."""
OF_ONE_CALL = WITH_LINK | {"take_over"}
"""What is looked at, and answered, on the page of one call-out."""
_LEVEL = "warning.level."


def language_of(preferred: str | None) -> Language:
    """The language that somebody has chosen; zh-CN where they have not."""
    return next((each for each in LANGUAGES if each == preferred), LANGUAGES[0])


def title(notice: Any, language: Language) -> str:
    """What it is about, in a few words that name nobody."""
    found = say(Text(f"notice.{notice.key}.title"), language)
    return marked(found, language) if notice.is_drill else found


def sentence(notice: Any, language: Language, zone: ZoneInfo, *, repeats: int = 0, channel: str = "") -> str:
    """The whole text, with the number of the reminder in it; a drill says first of all that it is one.

    With repeats it also says which time it is sent: an earlier try may have got through. A channel may have a sentence
    of its own: a call says which key to press.
    """
    own = f"{notice.key}.{channel}"
    if notice.key == DIGEST:
        found = _digest(notice.values, language, zone)
    else:
        key = own if f"notice.{own}" in catalogue(language) else notice.key
        found = say(spoken(key, notice.values, zone), language)
    if notice.is_drill:
        found = unmarked(found, language)
    if notice.number > 1:
        found = say(Text.of("notice.nth", number=notice.number, text=found), language)
    if repeats:
        found = say(Text.of("notice.repeat", number=repeats + 1, text=found), language)
    return marked(found, language) if notice.is_drill else found


def link(notice: Any, address: str | None, keyring: KeyRing) -> str | None:
    """The whole of the link that a notice has, where people can reach the house.

    That of a call-out follows from the keys of the house: its token stands in no row.
    """
    path = notice.values.get("link")
    if notice.key in WITH_LINK and notice.about_id is not None:
        path = links.path(keyring, notice.about_id)
    return f"{address}{path}" if address and path else None


def page(notice: Any) -> str:
    """Where a notice leads in the app, below the address of the house: a call to itself, all else to the news."""
    is_call = notice.key in OF_ONE_CALL and notice.about_id is not None
    return f"/m/#/call/{notice.about_id}" if is_call else "/m/#/news"


def level(notice: Any) -> str | None:
    """The level of the warning that a notice is about, so that a phone can be loud for a red one."""
    said = notice.values.get("level")
    key = str(said.get("key", "")) if isinstance(said, dict) else ""
    return key.removeprefix(_LEVEL) if key.startswith(_LEVEL) else None


def in_one_segment(
    notice: Any, language: Language, zone: ZoneInfo, link: str | None, *, signature_length: int, repeats: int = 0
) -> str | None:
    """The text message of a notice that has a `headline` and the number of a `warning`; None for any other."""
    if not {"headline", "warning"} <= set(notice.values):
        return None
    values = spoken("", notice.values, zone).values
    headline, warning = (_said(values[name], language) for name in ("headline", "warning"))
    return sms_text(headline, warning, notice.number + repeats, link, signature_length, notice.is_drill, language)


def readable(notice: Any, language: Language, zone: ZoneInfo) -> str:
    """The same for a list, in which one whose values do not fit its sentence must not hide the others."""
    try:
        return sentence(notice, language, zone)
    except (LookupError, TypeError, ValueError):
        return title(notice, language)


def _said(value: Any, language: Language) -> str:
    return say(value, language) if isinstance(value, Text) else str(value)


def _digest(values: dict[str, Any], language: Language, zone: ZoneInfo) -> str:
    lines = [say(spoken(line["key"], line["values"], zone), language) for line in values["lines"]]
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    if values["count"] > len(lines):
        numbered.append(say(Text.of("notice.digest.more", count=values["count"] - len(lines)), language))
    return "\n".join([say(Text.of("notice.digest", count=values["count"]), language), *numbered])
