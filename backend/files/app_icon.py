"""The picture of the phone's app on a home screen: a river between its banks, drawn here so that no binary is kept."""

from __future__ import annotations

import io
import math
from functools import cache

from PIL import Image, ImageDraw

SIZES = (192, 512)
_GROUND, _RIVER, _BANK = "#0b4fb3", "#ffffff", "#7fb2ff"
_FINER = 4
"""Drawn so many times as large and made smaller: Pillow draws no soft edges."""


@cache
def drawn(size: int) -> bytes:
    """A PNG of so many pixels; what matters lies in the middle four fifths, which every launcher shows."""
    wide = size * _FINER
    picture = Image.new("RGB", (wide, wide), _GROUND)
    pen = ImageDraw.Draw(picture)
    for middle, colour, thick in ((0.36, _BANK, 0.05), (0.5, _RIVER, 0.12), (0.64, _BANK, 0.05)):
        pen.line(
            [_point(wide, middle, step / 60) for step in range(61)],
            fill=colour,
            width=round(wide * thick),
            joint="curve",
        )
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _point(wide: int, middle: float, along: float) -> tuple[float, float]:
    across = middle + 0.09 * math.sin(along * 2 * math.pi)
    return wide * (0.14 + 0.72 * along), wide * across
