"""Words: texts to people by key, in the reader's language, from the Babel catalogues in `translations/`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel.messages.pofile import read_po

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
_ENDS: dict[Language, str] = {"zh-CN": "zh_CN.po", "en": "en.po"}
_FOLDER = Path(__file__).parent / "translations"


@dataclass(frozen=True)
class Text:
    """A sentence not yet in any language: a key of the catalogues and the values for its places."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, key: str, **values: Any) -> Text:
        """The same with the values as keywords."""
        return cls(key, values)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Every key of one language with its sentence; plain .po files, so nothing needs compiling.

    What pages say stands in files of its own beside that of the house: `console.zh_CN.po`, `console_hazards.zh_CN.po`.
    """
    said: dict[str, str] = {}
    for path in files_of(language):
        with path.open("rb") as file:
            said |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return said


def files_of(language: Language) -> list[Path]:
    """The catalogues of one language."""
    return [_FOLDER / _ENDS[language], *sorted(_FOLDER.glob(f"*.{_ENDS[language]}"))]


def say(text: Text | str, language: Language) -> str:
    """The sentence in the reader's language; a key that no catalogue knows is said as it is.

    A value that is itself a Text is translated first.
    """
    if isinstance(text, str):
        return catalogue(language).get(text, text)
    values = {name: say(value, language) if isinstance(value, Text) else value for name, value in text.values.items()}
    sentence = catalogue(language).get(text.key)
    return text.key if sentence is None else sentence.format_map(values)


def best_language(accepted: list[str]) -> Language:
    """The first language of the reader's list that we speak; zh-CN when none."""
    for wanted in accepted:
        for known in LANGUAGES:
            if wanted.lower().split("-")[0] == known.lower().split("-")[0]:
                return known
    return "zh-CN"


def of_terminal(environ: Mapping[str, str] = os.environ) -> Language:
    """The language of whoever types a command, by the locale: Chinese where it says so, English anywhere else."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def aloud(text: Text | str, /, **values: Any) -> str:
    """The sentence in the language of the terminal; for commands, which speak to nobody else."""
    return say(Text(text, values) if isinstance(text, str) else text, of_terminal())
