"""The keys of the house: made once, for a house that is empty."""

from __future__ import annotations

from pathlib import Path

from backend import schema
from backend.db import Database
from backend.keyring import KeyRing, NoKeys
from backend.store import logins


def opened(path: Path, database: Database) -> KeyRing:
    """The keys of that file, or new ones where nobody is there yet; NoKeys where somebody is.

    With other keys nobody could sign in, and an import would find nobody and double everybody.
    """
    if not path.exists() and not schema.is_bare(database):
        with database.reading() as session:
            if logins.is_anybody_there(session):
                raise NoKeys(str(path))
    return KeyRing.load_or_make(path)
