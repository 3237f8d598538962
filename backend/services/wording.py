"""Wording: what a notice says, in the reader's language."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from backend.domain.notices import DIGEST, spoken
from backend.words import LANGUAGES, Language, Text, say


def language_of(preferred: str | None) -> Language:
    """The language that somebody has chosen; zh-CN where they have not."""
    return next((each for each in LANGUAGES if each == preferred), LANGUAGES[0])


def title(notice: Any, language: Language) -> str:
    """What it is about, in a few words that name nobody."""
    found = say(Text(f"notice.{notice.key}.title"), language)
    return say(Text.of("notice.drill", text=found), language) if notice.is_drill else found


def sentence(notice: Any, language: Language, zone: ZoneInfo) -> str:
    """The whole text, with the number of the reminder in it; a drill says that it is one."""
    if notice.key == DIGEST:
        found = _digest(notice.values, language, zone)
    else:
        found = say(spoken(notice.key, notice.values, zone), language)
    if notice.number > 1:
        found = say(Text.of("notice.nth", number=notice.number, text=found), language)
    return say(Text.of("notice.drill", text=found), language) if notice.is_drill else found


def readable(notice: Any, language: Language, zone: ZoneInfo) -> str:
    """The same for a list, in which one whose values do not fit its sentence must not hide the others."""
    try:
        return sentence(notice, language, zone)
    except (LookupError, TypeError, ValueError):
        return title(notice, language)


def repeated(text: str, number: int, language: Language) -> str:
    """The same text, saying which time it is sent: an earlier try may have got through."""
    return say(Text.of("notice.repeat", number=number, text=text), language)


def _digest(values: dict[str, Any], language: Language, zone: ZoneInfo) -> str:
    lines = [say(spoken(line["key"], line["values"], zone), language) for line in values["lines"]]
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    if values["count"] > len(lines):
        numbered.append(say(Text.of("notice.digest.more", count=values["count"] - len(lines)), language))
    return "\n".join([say(Text.of("notice.digest", count=values["count"]), language), *numbered])
