"""Pictures for tests: of every kind that is taken, of some that are not, and the eight samples."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

SAMPLES = sorted((Path(__file__).parent / "data" / "photos").glob("*.jpg"))
GOOD = next(path for path in SAMPLES if path.stem == "synth_tuhai_ok").read_bytes()
SIDEWAYS = next(path for path in SAMPLES if path.stem == "synth_tuhai_rot90").read_bytes()


def sha(data: bytes) -> str:
    """The digest of bytes, as an address names it."""
    return hashlib.sha256(data).hexdigest()


def drawn(form: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, None if mode not in ("RGB", "RGBA") else (20, 90, 160)).save(out, form, **options)
    return out.getvalue()


def noisy(size: tuple[int, int], form: str = "JPEG", **options: Any) -> bytes:
    """A picture that does not compress well."""
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, form, **options)
    return out.getvalue()


def heic(size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture as an iPhone keeps it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", size, (9, 9, 9))).save(out)
    return out.getvalue()


def two_in_one() -> bytes:
    """A JPEG with a second picture behind the first, as many phones write it (MPO)."""
    return noisy((640, 480), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be that large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
NOT_TAKEN = {
    "nothing": b"",
    "svg": SVG,
    "gif": drawn("GIF", mode="P"),
    "bmp": drawn("BMP"),
    "tiff": drawn("TIFF"),
    "gif header": b"GIF89a" + bytes(200),
    "pdf before a photo": b"%PDF-1.4 " + GOOD,
    "page before a photo": b"<html><script>alert(1)</script>" + GOOD,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "zeros": bytes(5000),
    "text": "徒骇河".encode() * 100,
}
"""What is no photo."""
DAMAGED = {
    "half a JPEG": GOOD[: len(GOOD) // 2],
    "half a PNG": noisy((300, 200), "PNG")[:20_000],
    "half a WebP": noisy((300, 200), "WEBP")[:5_000],
    "half a HEIC": heic((256, 256))[:400],
    "only a header": GOOD[:40],
    "a PNG without its picture": claiming(3000, 2000),
}
"""What was a photo once."""
TOO_LARGE = {
    "PNG bomb": drawn("PNG", (8000, 6000), "L"),
    "a claim": claiming(60_000, 60_000),
    "a greater claim": claiming(2**31 - 1, 2**31 - 1),
    "JPEG bomb": drawn("JPEG", (8000, 6000), "L"),
    "WebP bomb": drawn("WEBP", (8000, 5200), method=0, quality=1),
}
"""More pixels than are taken."""
