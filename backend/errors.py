"""Expected failures: typed, with a stable code, and knowing no HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, ClassVar

from backend.words import Text


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with the input: where (a JSON pointer) and what."""

    pointer: str
    text: Text | str


class Problem(Exception):
    """Something the caller can mend or must know.

    `code` is stable for ever. The catalogues hold `problem.<code>` (title) and `problem.<code>.<detail>`
    (one sentence, with the values in its places).
    """

    code: ClassVar[str] = "problem"

    def __init__(self, detail: str = "detail", *, extra: dict[str, Any] | None = None, **values: Any) -> None:
        super().__init__(f"{self.code}.{detail}")
        self.text = Text(f"problem.{self.code}.{detail}", values)
        self.extra = extra or {}
        """Further members of the answer, beside title and detail."""
        self.flaws: tuple[Flaw, ...] = ()
        """The places of the input that it comes from."""

    @property
    def title(self) -> Text:
        """What kind of problem it is."""
        return Text(f"problem.{self.code}")


class BadInput(Problem):
    """The input does not have the promised shape; `flaws` name the places."""

    code = "bad_input"

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(count=len(flaws))
        self.flaws = flaws

    @classmethod
    def at(cls, pointer: str, key: str, **values: Any) -> BadInput:
        """One flaw at one place."""
        return cls(Flaw(pointer, Text(key, values)))


class NotReadable(Problem):
    """The body is not what its content type says."""

    code = "not_readable"


class TooLarge(Problem):
    """More bytes or items than the contract allows."""

    code = "too_large"


class UnsupportedMedia(Problem):
    """A content type or encoding that this address does not take."""

    code = "unsupported_media"


class Unauthenticated(Problem):
    """Nobody valid is asking."""

    code = "unauthenticated"


class Forbidden(Problem):
    """A thing one may see but not do."""

    code = "forbidden"


class NotFound(Problem):
    """No such thing, or not in one's region: nobody can tell which."""

    code = "not_found"

    @classmethod
    def at(cls, pointer: str, key: str) -> NotFound:
        """What is not there was named at this place of the input."""
        return cls.of([Flaw(pointer, Text(key))])

    @classmethod
    def of(cls, flaws: Iterable[Flaw]) -> NotFound:
        """What is not there was named at these places of the input."""
        problem = cls()
        problem.flaws = tuple(flaws)
        return problem


class Conflict(Problem):
    """The thing exists in another form, or its state does not allow this."""

    code = "conflict"


class Gone(Problem):
    """It was there; start afresh."""

    code = "gone"


class Stale(Problem):
    """Somebody changed the thing in the meantime; `extra` carries how it is now."""

    code = "stale"


class VersionNeeded(Problem):
    """Changing this thing needs If-Match."""

    code = "version_needed"


class TooMany(Problem):
    """Too many tries; `seconds` until the next, told in minutes when there are some."""

    code = "too_many"

    def __init__(self, seconds: int) -> None:
        super().__init__("minutes" if seconds >= 120 else "detail", seconds=seconds, minutes=ceil(seconds / 60))
        self.seconds = seconds


class Unavailable(Problem):
    """Not now (starting, database away, read-only): the same request may be sent again."""

    code = "unavailable"

    def __init__(self, detail: str = "detail", *, seconds: int = 5, **values: Any) -> None:
        super().__init__(detail, **values)
        self.seconds = seconds


class StorageFull(Unavailable):
    """The disk is full; nothing was stored."""

    code = "storage_full"
