"""What an operator can mend, in one plain line: impossible settings, files out of reach, a failing database."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DatabaseError

from backend.config import ImpossibleSettings
from backend.db import AWAY
from backend.words import Language, Text, say

_DENIED = "42501"
_NO_EXTENSION = (_DENIED, "0A000", "58P01")
"""Nobody may make it, the server does not have it, or has only half of it."""
_NO_TABLES = ("42P01", "42703")
_OF_FILES = {
    errno.ENOENT: "trouble.file.missing",
    errno.EACCES: "trouble.file.denied",
    errno.EPERM: "trouble.file.denied",
    errno.EROFS: "trouble.file.denied",
    errno.EEXIST: "trouble.file.there",
    errno.ENOTDIR: "trouble.file.no_folder",
    errno.EISDIR: "trouble.file.folder",
    errno.ENOSPC: "trouble.file.full",
}
"""What befalls files every day; anything else is said in the words of the system."""


def told(wrong: BaseException, language: Language) -> str | None:
    """The line for somebody at a terminal; None for a mistake of ours, which must show where it was made."""
    if isinstance(wrong, ImpossibleSettings):
        return say(wrong.text, language)
    if isinstance(wrong, OSError) and wrong.filename is not None:
        return f"{wrong.filename}: {_of_file(wrong, language)}"
    text = _of_database(wrong) if isinstance(wrong, (*AWAY, DatabaseError)) else None
    return None if text is None else say(text, language)


def _of_file(wrong: OSError, language: Language) -> str:
    key = _OF_FILES.get(wrong.errno or 0)
    return str(wrong.strerror) if key is None else say(Text(key), language)


def _of_database(wrong: BaseException) -> Text | None:
    cause = getattr(wrong, "orig", None) or wrong
    state, reason = getattr(cause, "sqlstate", None), str(cause).strip().partition("\n")[0]
    if state in _NO_EXTENSION and "postgis" in reason:
        return Text("trouble.postgis", {"reason": reason})
    if state in _NO_TABLES or reason.startswith(("no such table", "no such column")):
        return Text("trouble.tables", {"reason": reason})
    if isinstance(wrong, AWAY) or type(wrong) is DatabaseError or state == _DENIED:
        return Text("trouble.database", {"reason": reason})
    return None
