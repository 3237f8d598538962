"""Recordings as browsers and phones begin them: the first bytes of each format, and some that only look like one."""

from __future__ import annotations

_REST = bytes(range(256)) * 8
_PAGE = b"OggS\x00\x02" + bytes(8) + b"\x01\x02\x03\x04" + bytes(8) + b"\x01\x13"

WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d4287810442858102") + _REST
OGG = _PAGE + b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00" + _REST
MP4 = b"\x00\x00\x00\x1cftypiso5\x00\x00\x00\x01isomiso5hlsf" + _REST
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + _REST
THREE_GP = b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00isom3gp4" + _REST
TAGGED_MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + _REST
MP3 = b"\xff\xfb\x90\x64" + _REST
AAC = b"\xff\xf1\x50\x80\x02\x1f\xfc" + _REST

TAKEN = {
    "webm": (WEBM, "audio/webm"),
    "ogg": (OGG, "audio/ogg"),
    "mp4": (MP4, "audio/mp4"),
    "m4a": (M4A, "audio/mp4"),
    "3gp": (THREE_GP, "audio/3gpp"),
    "mp3 with a title": (TAGGED_MP3, "audio/mpeg"),
    "mp3": (MP3, "audio/mpeg"),
    "aac": (AAC, "audio/aac"),
}
NOT_TAKEN = {
    "nothing": b"",
    "a letter": b"O",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "matroska": WEBM.replace(b"\x84webm", b"\x88matroska"),
    "ebml alone": WEBM[:4],
    "ogg video": _PAGE + b"\x80theora" + _REST,
    "ogg alone": b"OggS\x00",
    "ogg cut in its lengths": _PAGE[:27],
    "a photo in the same container": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + _REST,
    "a film of a camera": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + _REST,
    "a title alone": b"ID3\x04",
    "two bytes of mp3": b"\xff\xfb",
    "mp3 without a rate": b"\xff\xfb\xf0\x64" + _REST,
    "mp3 of no version": b"\xff\xeb\x90\x64" + _REST,
    "layer 1": b"\xff\xff\x90\x64" + _REST,
    "text in UTF-16": b"\xff\xfeh\x00i\x00" + _REST,
    "aac without a rate": b"\xff\xf1\x7c\x80" + _REST,
    "a jpeg": b"\xff\xd8\xff\xe0" + _REST,
    "wave": b"RIFF\x24\x00\x00\x00WAVEfmt " + _REST,
}
