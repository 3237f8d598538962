"""Pages as PDF, in a process of their own: what draws them needs libraries of the system, and much memory.

Run as `python -m backend.files.printing` it reads HTML and writes the PDF; it asks nothing of any network.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from enum import StrEnum

LONGEST_S = 120
"""A report is drawn in a few seconds; whatever takes longer is given up."""
_NO_LIBRARY, _NO_FONT = 3, 4


class Lack(StrEnum):
    """What is missing, or wrong; each has its sentence (`problem.conflict.pdf_<name>`)."""

    LIBRARY = "library"
    FONT = "font"
    BROKEN = "broken"


class CannotPrint(Exception):
    """No PDF can be made here; `lack` says what to install."""

    def __init__(self, lack: Lack) -> None:
        super().__init__(lack.value)
        self.lack = lack


def pdf(html: str, *, python: str = sys.executable, within_s: float = LONGEST_S) -> bytes:
    """The page as PDF; CannotPrint where WeasyPrint, Pango or a Chinese font is missing, or drawing breaks."""
    command = [python, "-m", __name__]
    try:
        # How it ended is read below: each code of the child says something else.
        done = subprocess.run(command, input=html.encode(), capture_output=True, timeout=within_s, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        raise CannotPrint(Lack.BROKEN) from None
    if done.returncode:
        raise CannotPrint({_NO_LIBRARY: Lack.LIBRARY, _NO_FONT: Lack.FONT}.get(done.returncode, Lack.BROKEN))
    return done.stdout


def main() -> int:
    """Draw what comes in; the code says what is missing."""
    lister = shutil.which("fc-list")
    if lister is None:
        return _NO_FONT
    asked = [lister, ":lang=zh-cn", "family"]
    if not subprocess.run(asked, capture_output=True, check=False).stdout:  # noqa: S603 - our own words
        return _NO_FONT
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        return _NO_LIBRARY
    sys.stdout.buffer.write(HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=_nothing).write_pdf())
    return 0


def _nothing(url: str, *_: object, **__: object) -> object:
    """Nothing is fetched, whatever a page names."""
    raise ValueError(url)


if __name__ == "__main__":
    sys.exit(main())
