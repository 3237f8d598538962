"""The child process that opens foreign images: few formats, little memory, little time, and no way to hurt us.

Run as a script with an image on standard input. It answers on standard output with a line of JSON (what the
image is and how many bytes each view has, or why it is refused) and then the views.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from datetime import datetime
from typing import IO, Any

import pillow_heif
from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import IFD
from PIL.ExifTags import Base as Exif

MOST_PIXELS = 40_000_000
VIEWS = {"view": 1600, "thumb": 320}
"""Names of the views and their longest side in pixels, the largest first."""
KINDS = ("JPEG", "PNG", "WEBP", "HEIF")
"""The only formats that are tried."""
# Many phones write a JPEG with a second picture (a preview, a gain map) behind the first: MPO.
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
LIMITS = {
    # WebP of 40 million pixels is the greediest and takes 650 MB for a second.
    resource.RLIMIT_AS: (1000 * 1024 * 1024,) * 2,
    resource.RLIMIT_CPU: (15, 20),
    resource.RLIMIT_FSIZE: (0, 0),
    resource.RLIMIT_CORE: (0, 0),
}
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation → what puts the picture upright."""


def main() -> None:
    """Answer for the image on standard input within the limits; every refusal is an answer."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, most)
    answer, views = judged(sys.stdin.buffer)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(views))


def judged(file: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """What the image is with its views, or why it is refused (`not_an_image`, `too_many_pixels`, `damaged`)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _looked_into(file)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return {"refused": "too_many_pixels"}, []
    except UnidentifiedImageError:
        return {"refused": "not_an_image"}, []
    except Exception:  # whatever a decoder raises, it is about these bytes and nothing else
        return {"refused": "damaged"}, []


def _looked_into(file: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    largest = max(VIEWS.values())
    with Image.open(file, formats=KINDS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Image.DecompressionBombError
        answer = {"media_type": MEDIA_TYPES[image.format or ""], "width": width, "height": height}
        taken_at, orientation = _exif_of(image)
        image.draft("RGB", (largest, largest))  # JPEG can be read smaller than it is
        upright = _small(image, largest)
    if orientation in UPRIGHT:
        upright = upright.transpose(UPRIGHT[orientation])
    views = [_written(upright, side) for side in VIEWS.values()]
    sizes = dict(zip(VIEWS, map(len, views), strict=True))
    return answer | {"taken_at": taken_at, "views": sizes}, views


def _exif_of(image: Image.Image) -> tuple[str | None, int | None]:
    """The moment the camera wrote (ISO 8601, with an offset if it names one) and how it was held."""
    try:
        exif = image.getexif()
        held = exif.get(Exif.Orientation)
        details = exif.get_ifd(IFD.Exif)
    except Exception:  # broken EXIF raises all kinds of things and harms no photo
        return None, None
    return _moment(details), held if isinstance(held, int) else None


def _moment(details: dict[int, Any]) -> str | None:
    text = str(details.get(Exif.DateTimeOriginal, "")).strip("\0 ")
    offset = str(details.get(Exif.OffsetTimeOriginal, "")).strip("\0 ")
    for written, form in ((text + offset, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            return datetime.strptime(written, form).isoformat()  # noqa: DTZ007 - the zone is told by the reader
        except ValueError:
            continue
    return None


def _small(image: Image.Image, side: int) -> Image.Image:
    """The picture in plain colours, made small before anything copies it."""
    if image.mode in ("RGBA", "RGBX", "LA"):
        image.load()
        bands = [image.getchannel(name) for name in ("RGB" if image.mode != "LA" else "L")]
        for band in bands:
            band.thumbnail((side, side), reducing_gap=2.0)
        return Image.merge("RGB", bands * (3 // len(bands)))
    if image.mode in ("RGB", "L", "CMYK", "YCbCr"):
        image.thumbnail((side, side), reducing_gap=2.0)
        return image.convert("RGB")
    if image.mode.startswith("I"):  # 16 bits a pixel; a plain conversion would cut off the brighter ones
        image = image.convert("I").point(lambda value: value / 256)
    plain = image.convert("RGB")
    plain.thumbnail((side, side), reducing_gap=2.0)
    return plain


def _written(image: Image.Image, side: int) -> bytes:
    """A JPEG with the picture and nothing else: no EXIF, comment, XMP or profile; the image shrinks to it."""
    image.thumbnail((side, side))
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


if __name__ == "__main__":
    main()
