"""Text messages of call-outs (叫应短信): in one segment, with number, repetition and link whole.

A message of one segment arrives at once and whole; one of several may arrive in pieces, or not at all.
"""

from __future__ import annotations

from backend.words import Language, Text, say

SEGMENT = 70
"""Letters of a segment, in the alphabet that knows Chinese."""
LEAST = 13
"""So much is always said, the five letters of the colour among it: rather a second segment, spelled out, than a message
that does not name what and where (our judgement).
"""
_CUT = "…"


def sms_text(
    headline: str,
    number: str,
    nth: int,
    link: str | None,
    signature_length: int,
    is_drill: bool,
    language: Language = "zh-CN",
) -> str:
    """The message behind its signature: spelled out where that fits, else in short, with as much headline as fits."""
    shown = unmarked(headline, language) if is_drill else headline
    form, room = "link" if link else "app", SEGMENT - signature_length

    def said(how: str, what: str) -> str:
        values = {"headline": what, "number": number, "tail": number.rpartition("-")[2], "nth": nth, "link": link or ""}
        found = say(Text(f"callout.sms.{how}", values), language)
        return marked(found, language) if is_drill else found.strip()

    brief = "brief" if nth == 1 else "brief_again"
    for how in (form, "short", brief):
        if length(whole := said(how, shown)) <= room:
            return whole
    left = room - length(said(brief, ""))
    return said(brief, shortened(shown, left)) if left >= LEAST else said(form, shown)


def marked(text: str, language: Language) -> str:
    """The text of a drill, which says so at its beginning, once."""
    return say(Text.of("notice.drill", text=unmarked(text, language)), language)


def unmarked(text: str, language: Language) -> str:
    """Without the mark of a drill, wherever a part of it has brought one along."""
    return text.replace(say(Text.of("notice.drill", text=""), language).strip(), "").strip()


def shortened(text: str, room: int) -> str:
    """The text, or as much of its beginning as fits, with a mark that it goes on."""
    return text if length(text) <= room else beginning(text, room - len(_CUT)).rstrip() + _CUT


def length(text: str) -> int:
    """In UTF-16, in which a rare character or a picture takes two places."""
    return len(text) + sum(each > "\uffff" for each in text)


def beginning(text: str, room: int) -> str:
    """So many places of it, with no picture cut in two."""
    taken = 0
    for place, each in enumerate(text):
        taken += 2 if each > "\uffff" else 1
        if taken > room:
            return text[:place]
    return text
