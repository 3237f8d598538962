"""The child process that opens foreign images: few formats, little memory, little time, and no way to hurt us.

`python -m backend.files.decoding IMAGE FOLDER` writes the views into the folder and says on standard output,
as JSON, what the image is, or why it is refused.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import IFD
from PIL.ExifTags import Base as Exif

MOST_PIXELS = 40_000_000
MEMORY_BYTES = 900 * 1024 * 1024
CPU_SECONDS = 20
VIEWS = {"thumb": 320, "view": 1600}
"""Names of the views and their longest side in pixels."""
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}


def main() -> None:
    """Open, measure, re-encode; every refusal is an answer, never a crash of anybody else."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    image, folder = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        answer = _opened(image, folder)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        answer = {"refused": "too_many_pixels"}
    except UnidentifiedImageError:
        answer = {"refused": "not_an_image"}
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError):
        answer = {"refused": "damaged"}
    json.dump(answer, sys.stdout)


def _opened(path: Path, folder: Path) -> dict[str, Any]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    with Image.open(path, formats=list(FORMATS)) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            return {"refused": "too_many_pixels"}
        answer = {
            "media_type": FORMATS[image.format or ""],
            "width": width,
            "height": height,
            "taken_at": _taken_at(image),
        }
        largest = max(VIEWS.values())
        image.draft("RGB", (largest, largest))  # JPEG can be read smaller than it is
        upright = ImageOps.exif_transpose(image).convert("RGB")
    for name, side in sorted(VIEWS.items(), key=lambda view: -view[1]):
        upright.thumbnail((side, side))
        upright.save(folder / name, "JPEG", quality=82, exif=b"")
    return answer


def _taken_at(image: Image.Image) -> str | None:
    """What the camera wrote, read as UTC when it names no offset; secondary evidence at best."""
    try:
        exif = image.getexif().get_ifd(IFD.Exif)
        text = str(exif[Exif.DateTimeOriginal])
        offset = str(exif.get(Exif.OffsetTimeOriginal, "+00:00"))
        moment = datetime.strptime(text + offset, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
    except (KeyError, ValueError, OverflowError, OSError, SyntaxError):
        return None
    return moment.isoformat()


if __name__ == "__main__":
    main()
