"""The rules about recordings (录音): how large, how many, and what their first bytes say that they are."""

from __future__ import annotations

MOST_BYTES = 5 * 1024 * 1024
"""Bytes of a recording: ten minutes as phones record speech (our judgement)."""
MOST = 5
"""Recordings that one report names."""
HEAD_BYTES = 512
"""So many first bytes say what it is."""
ENDINGS = {
    "audio/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/3gpp": "3gp",
}
"""What the recorders of browsers and phones make, and how such files are called."""
MEDIA_TYPES = tuple(ENDINGS)
_BOXED = frozenset({"audio/mp4", "audio/3gpp"})
"""One container under two names: phones say the one and write the other."""
_MP4_BRANDS = (b"iso", b"mp4", b"M4A", b"M4B", b"mp71", b"dash", b"avc1", b"cmf")
"""First letters; a photo (HEIC, AVIF) is in the same container under a brand of its own."""
_IN_OGG = (b"OpusHead", b"\x01vorbis", b"Speex   ")


def media_type_of(head: bytes) -> str | None:
    """What a file is by its first bytes; None when it is no recording that we take."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm" if b"\x42\x82\x84webm" in head[:80] else None
    if head.startswith(b"OggS\x00"):
        return "audio/ogg" if _packet(head).startswith(_IN_OGG) else None
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    if head.startswith(b"ID3") and len(head) > 10:
        return "audio/mpeg"
    return _framed(head[:4])


def is_said(said: str, found: str) -> bool:
    """Whether bytes are what somebody says they are."""
    return said == found or {said, found} == _BOXED


def _packet(page: bytes) -> bytes:
    """The first packet of an Ogg page (RFC 3533): it begins after as many lengths as the 27th byte says."""
    return page[27 + page[26] :] if len(page) > 27 else b""


def _boxed(brand: bytes) -> str | None:
    if brand.startswith((b"3gp", b"3gr", b"3gs", b"3ge", b"3gg", b"3g2")):
        return "audio/3gpp"
    return "audio/mp4" if brand.startswith(_MP4_BRANDS) else None


def _framed(head: bytes) -> str | None:
    """A bare stream of frames: AAC in ADTS (layer 0), or MPEG audio of layer 2 or 3, with a rate that there is."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] >> 1 & 3
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac" if head[2] >> 2 & 15 < 13 else None
    has_version, has_rates = head[1] >> 3 & 3 != 1, head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
    return "audio/mpeg" if layer in (1, 2) and has_version and has_rates else None
