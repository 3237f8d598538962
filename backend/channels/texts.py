"""Text messages are paid for and delivered in segments: 70 letters of Chinese in one, 67 each in several.

A provider refuses what is too long for it, and a warning that is refused is worse than one that ends early, so a text
is cut to the segments that it may take. The signature (签名) that carriers demand in front of it counts as well.
"""

from __future__ import annotations

from backend.domain.callout_texts import length, shortened

_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Letters of the small alphabet (GSM 03.38), of which 160 fit into a segment."""
_ONE_PLAIN, _EACH_PLAIN = 160, 153
_ONE_WIDE, _EACH_WIDE = 70, 67
_LEAST = 20
"""Without so much text before it a link says nothing."""


def segments(text: str) -> int:
    """How many segments a text takes."""
    one, each = (_ONE_PLAIN, _EACH_PLAIN) if _PLAIN.issuperset(text) else (_ONE_WIDE, _EACH_WIDE)
    places = length(text)
    return 1 if places <= one else -(-places // each)


def signed(text: str, signature: str | None) -> str:
    """The text behind its signature."""
    return f"【{signature}】{text}" if signature else text


def fitted(text: str, signature: str | None, most: int, link: str | None = None) -> str:
    """The text behind its signature, cut to at most so many segments; a link stands behind it, whole or not at all."""
    before, after = signed(text, signature), f" {link}" if link else ""
    if segments(before + after) <= most:
        return before + after
    room = _ONE_WIDE if most == 1 else most * _EACH_WIDE
    if length(after) + _LEAST > room:
        after = ""
    return shortened(before, room - length(after)) + after
