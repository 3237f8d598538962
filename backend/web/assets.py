"""The files of the pages, scripts and styles: where they are, under an address that changes with their bytes."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path

from flask import Response, current_app, request

FOLDER = Path(__file__).parent / "static"
BUILT = FOLDER / "built"
"""What `make web` builds from `backend/web/src`; git knows nothing of it."""
_FOREVER = "public, max-age=31536000, immutable"
_TEXTS = frozenset(
    {"text/css", "text/javascript", "application/javascript", "application/json", "application/manifest+json"}
    | {"image/svg+xml", "text/html", "text/plain"}
)
"""What is compressed: pictures are already."""
_LEAST_BYTES, _MOST_KEPT = 1024, 256
_NAMED_BY_BYTES = "built/chunk-"
"""What several scripts share: its own name changes with its bytes."""


def asset(name: str) -> str | None:
    """The address of a file of ours; None when it has not been built."""
    digest = _digest_of(name)
    return f"/static/{name}?v={digest}" if digest else None


def style_sheet() -> str:
    """The address of the console's style: one file where it was built, else the list of its sheets."""
    return asset("built/console.css") or asset("console.css") or ""


def kept(response: Response) -> Response:
    """A file that was asked for under the address of its bytes is never asked for again; any other one each time."""
    if request.endpoint == "static" and response.status_code in (200, 304):
        name = (request.view_args or {}).get("filename", "")
        if name.startswith(_NAMED_BY_BYTES) or request.args.get("v", "-") == _digest_of(name):
            response.headers["Cache-Control"] = _FOREVER
        _pack(response, _file_of(name))
    return response


def _pack(response: Response, file: Path) -> None:
    """Compress a text for whoever takes it so, once for all; its ETag is a weak one then, for its bytes are others."""
    if response.mimetype not in _TEXTS and response.status_code == 200:
        return
    response.vary.add("Accept-Encoding")
    is_wanted = request.accept_encodings.quality("gzip") > 0 and "Content-Encoding" not in response.headers
    if response.status_code != 200 or not is_wanted or (response.content_length or 0) < _LEAST_BYTES:
        return
    packed = _packed(file, file.stat().st_mtime_ns)
    response.close()  # the file that would have been sent
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    response.set_etag(response.get_etag()[0] or "", weak=True)


def _file_of(name: str) -> Path:
    """Where it is sent from."""
    return Path(current_app.static_folder or FOLDER) / name


def _digest_of(name: str) -> str | None:
    file = _file_of(name)
    try:
        written_ns = file.stat().st_mtime_ns
    except OSError:
        return None
    return _digest(file, written_ns)


@lru_cache(maxsize=_MOST_KEPT)
def _packed(file: Path, _written_ns: int) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)


@cache
def _digest(file: Path, _written_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
