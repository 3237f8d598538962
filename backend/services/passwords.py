"""Passwords: argon2id, and whether one is too easy."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 8
MOST_LENGTH = 128
LEAST_SCORE = 2
"""zxcvbn's 0–4; 2 withstands about 10^8 guesses (our judgement: a chief must be able to remember it)."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's second set of 2023
NOBODY = _hasher.hash("nobody has this password")
"""Checked against when the account is unknown, so that it takes as long as a wrong password."""


def hashed(password: str) -> str:
    """The argon2id hash with its parameters."""
    return _hasher.hash(password)


def matches(hash_: str, password: str) -> bool:
    """Whether it is the password of that hash."""
    try:
        return _hasher.verify(hash_, password)
    except (VerificationError, InvalidHashError):
        return False


def too_easy(password: str, known: tuple[str, ...] = ()) -> bool:
    """Whether it is too short or guessed at once, also from what is known of the person."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        return True
    from zxcvbn import zxcvbn  # only here: its lists of words take 13 MB of every process that has them

    return int(zxcvbn(password[:72], user_inputs=list(known))["score"]) < LEAST_SCORE
