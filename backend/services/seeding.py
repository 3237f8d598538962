"""The demo accounts of the seed city: passwords that everybody may know, and never in production."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.db import Session
from backend.formats import phones
from backend.keyring import KeyRing
from backend.store import logins


def open_accounts(
    session: Session, keyring: KeyRing, accounts: Iterable[Mapping[str, str]], hashes: Mapping[str, str]
) -> None:
    """Mark the made-up people, and give the listed ones their password where they have none yet."""
    logins.mark_demo(session)
    for account in accounts:
        index = keyring.index(phones.normal(account["phone"]))
        logins.first_password(session, index, hashes[account["password"]])
