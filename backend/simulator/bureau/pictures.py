"""Pictures of a river bank as a phone might take them, drawn: sky, far bank, water, and what lies there."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_SIZE = (960, 720)
_HEAP = ("#7d6b58", "#968372", "#5f5348", "#b0a08c", "#6d7468")


def bank(dice: np.random.Generator, *, heap: bool) -> bytes:
    """A JPEG; with a heap of rubble on the bank, or without."""
    width, height = _SIZE
    image = Image.new("RGB", _SIZE, "#c3d3dd")
    draw = ImageDraw.Draw(image)
    horizon, shore = int(height * 0.36), int(height * 0.62)
    for x in range(0, width, 24):
        tall = int(dice.integers(18, 62))
        draw.ellipse((x - 20, horizon - tall, x + 32, horizon + 14), fill="#6f8667")
    draw.rectangle((0, horizon, width, shore), fill="#7c97a0")
    for _ in range(90):
        x, y = int(dice.integers(0, width)), int(dice.integers(horizon, shore))
        draw.line((x, y, x + int(dice.integers(20, 120)), y), fill="#93abb2", width=2)
    draw.polygon([(0, shore - 30), (width, shore + 24), (width, height), (0, height)], fill="#8d8f66")
    if heap:
        _rubble(draw, dice, width // 2, int(height * 0.84))
    grain = dice.integers(-9, 10, (height, width, 1))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), np.int16)
    out = io.BytesIO()
    Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=82)
    return out.getvalue()


def _rubble(draw: ImageDraw.ImageDraw, dice: np.random.Generator, x: int, y: int) -> None:
    for _ in range(140):
        left, top = x + int(dice.normal(0, 120)), y - abs(int(dice.normal(0, 46)))
        size = int(dice.integers(14, 54))
        corners = [(left + int(dice.integers(0, size)), top + int(dice.integers(0, size))) for _ in range(4)]
        draw.polygon(corners, fill=_HEAP[int(dice.integers(len(_HEAP)))])
