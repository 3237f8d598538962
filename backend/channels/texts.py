"""Text messages are paid for and delivered in segments: 70 letters of Chinese in one, 67 each in several.

A provider refuses what is too long for it, and a warning that is refused is worse than one that ends early, so a text
is cut to the segments that it may take. The signature (签名) that carriers demand in front of it counts as well.
"""

from __future__ import annotations

_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Letters of the small alphabet (GSM 03.38), of which 160 fit into a segment."""
_ONE_PLAIN, _EACH_PLAIN = 160, 153
_ONE_WIDE, _EACH_WIDE = 70, 67
_CUT = "…"


def segments(text: str) -> int:
    """How many segments a text takes."""
    one, each = (_ONE_PLAIN, _EACH_PLAIN) if _PLAIN.issuperset(text) else (_ONE_WIDE, _EACH_WIDE)
    length = _length(text)
    return 1 if length <= one else -(-length // each)


def fitted(text: str, signature: str | None, most: int) -> str:
    """The text behind its signature, cut to at most so many segments."""
    whole = f"【{signature}】{text}" if signature else text
    if segments(whole) <= most:
        return whole
    room = (_ONE_WIDE if most == 1 else most * _EACH_WIDE) - len(_CUT)
    return _first(whole, room).rstrip() + _CUT


def _length(text: str) -> int:
    """In UTF-16, in which a rare character or a picture takes two places."""
    return len(text) + sum(each > "\uffff" for each in text)


def _first(text: str, room: int) -> str:
    taken = 0
    for place, each in enumerate(text):
        taken += 2 if each > "\uffff" else 1
        if taken > room:
            return text[:place]
    return text
