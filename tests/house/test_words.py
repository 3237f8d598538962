"""Texts to people: every key is in both catalogues, and its places are the same."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from backend import words
from tests.house.tree import ROOT, Source, product

FOLDER = ROOT / "backend" / "translations"
TEMPLATES = ROOT / "backend" / "web" / "templates"


def test_both_catalogues_have_the_same_keys() -> None:
    assert set(words.catalogue("zh-CN")) ^ set(words.catalogue("en")) == set()


def test_no_sentence_is_missing() -> None:
    empty = [
        f"{language}: {key}"
        for language in words.LANGUAGES
        for key, sentence in words.catalogue(language).items()
        if not sentence
    ]

    assert not empty


def test_a_sentence_has_the_same_places_in_both_languages() -> None:
    chinese, english = words.catalogue("zh-CN"), words.catalogue("en")
    differing = [key for key in chinese if key in english and _places(chinese[key]) != _places(english[key])]

    assert not differing


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_key_is_given_twice(language: words.Language) -> None:
    lines = [line for file in words.files_of(language) for line in file.read_text("utf-8").splitlines()]
    keys = Counter(line for line in lines if line.startswith("msgid ") and line != 'msgid ""')

    assert [key for key, times in keys.items() if times > 1] == []


def test_every_catalogue_is_one_of_a_language() -> None:
    assert sorted(FOLDER.glob("*.po")) == sorted(file for each in words.LANGUAGES for file in words.files_of(each))


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_every_key_said_in_a_page_is_in_the_catalogues(template: Path) -> None:
    said = set(re.findall(r"""\bsay\(\s*["']([a-z_.]+)["']\s*[,)]""", template.read_text("utf-8")))

    assert said - set(words.catalogue("zh-CN")) == set()


def test_every_key_said_in_the_code_is_in_the_catalogues() -> None:
    known = words.catalogue("zh-CN")
    unknown = [
        f"{source.path}:{call.lineno} says {key}"
        for source in product()
        for call, key in _said(source)
        if key not in known
    ]

    assert not unknown, "\n".join(unknown)


def test_a_text_is_given_a_value_for_each_of_its_places() -> None:
    known = words.catalogue("zh-CN")
    wrong = [
        f"{source.path}:{call.lineno} {key} wants {sorted(_places(known[key]))}"
        for source in product()
        for call, key in _said(source)
        if _is_of(call) and key in known and not _values_fit(call, _places(known[key]))
    ]

    assert not wrong, "\n".join(wrong)


def test_a_command_speaks_by_keys_alone() -> None:
    written = [
        f"{source.path}:{call.lineno} {ast.unparse(call)}"
        for source in product()
        if source.is_under("backend/commands", "backend/cli", "backend/trouble", "jobs/__main__")
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in SPEAKS
        if any(re.search(r"\w{2}", word) for word in _written_out(call))
    ]

    assert not written, "\n".join(written)


SPEAKS = {"echo", "secho", "print", "confirm", "prompt", "error", "exit", "add_task", "Table", "add_column"} | {
    "ClickException",
    "UsageError",
    "BadParameter",
    "Refused",
}


def _written_out(call: ast.Call) -> Iterator[str]:
    """Text that stands in the call itself, and not in the arguments of another one."""
    waiting: list[ast.AST] = [*call.args, *(each.value for each in call.keywords if each.arg in ("title", "message"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.FormattedValue):  # without its width
            waiting.append(node.value)
        elif not isinstance(node, (ast.Call, ast.Subscript)):
            waiting.extend(ast.iter_child_nodes(node))


def _places(sentence: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(sentence) if name}


SAYS = dict.fromkeys(("Text", "Text.of", "aloud", "word"), 0) | dict.fromkeys(("flaw", "BadInput.at"), 1)
"""What takes a key, and which of its arguments that is."""
MODULE = r"^(words|exports|forms)\."


def _said(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Calls of what takes a key, where that is written out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (place := SAYS.get(re.sub(MODULE, "", ast.unparse(node.func)))) is not None:
            key = node.args[place] if len(node.args) > place else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield node, key.value


def _is_of(call: ast.Call) -> bool:
    """Whether the values are keywords."""
    return ast.unparse(call.func).rpartition(".")[2] in ("of", "aloud", "word", "at")


def _values_fit(call: ast.Call, places: set[str]) -> bool:
    if any(keyword.arg is None for keyword in call.keywords):  # **values: only the running program knows
        return True
    return places <= {keyword.arg for keyword in call.keywords if keyword.arg}
