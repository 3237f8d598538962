"""How the pages look is written in a sheet a noun, and every colour has its name in one place."""

from __future__ import annotations

import re

import pytest

from backend.web.assets import FOLDER

LIST, TOKENS, CALL = FOLDER / "console.css", FOLDER / "console/tokens.css", FOLDER / "call.css"
SHEETS = sorted((FOLDER / "console").glob("*.css"))
MOST_LINES = 150
"""Of a sheet (our judgement)."""
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(", re.I)
_NAMED = re.compile(
    r":[^;{}]*(?<![-\w.])(?:white|black|red|green|blue|yellow|orange|grey|gray|purple|silver)\b(?![-(])", re.I
)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_ROOT = re.compile(r":root\s*\{[^}]*\}")


def written(sheet) -> str:
    return _COMMENT.sub("", sheet.read_text("utf-8"))


def test_the_list_names_every_sheet_once_and_the_tokens_first():
    named = re.findall(r'@import "\./console/([\w-]+)\.css";', written(LIST))
    assert named[0] == "tokens"
    assert sorted(named) == [sheet.stem for sheet in SHEETS]
    assert written(LIST).count("@import") == len(named)


def test_sheets_are_short():
    lengths = {sheet.name: len(sheet.read_text("utf-8").splitlines()) for sheet in SHEETS}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("sheet", [*SHEETS, *FOLDER.glob("*.css")], ids=lambda sheet: sheet.name)
def test_no_sheet_writes_a_colour_but_where_the_tokens_are_named(sheet):
    text = written(sheet)
    if sheet in (TOKENS, CALL):  # the page for a telephone in the rain has darker ones
        text = _ROOT.sub("", text)
    found = _COLOUR.findall(text) + _NAMED.findall(text)
    assert found == []


def test_every_token_that_a_sheet_uses_is_named():
    named = set(re.findall(r"(--[\w-]+):", written(TOKENS)))
    for sheet in [*SHEETS, *FOLDER.glob("*.css")]:
        own = set(re.findall(r"(--[\w-]+):", written(sheet))) if sheet == CALL else named
        assert set(re.findall(r"var\((--[\w-]+)\)", written(sheet))) <= own, sheet.name


@pytest.mark.parametrize(
    ("text", "is_colour"),
    [
        ("a { color: #fff; }", True),
        ("a { background: rgb(0 0 0 / 5%); }", True),
        ("a { border: 1px solid red; }", True),
        ("a { color: var(--red); }", False),
        (".area.red::before { border-color: var(--red-deep); }", False),
        ("#look { top: 0; }", False),
    ],
)
def test_a_colour_is_known_as_one(text, is_colour):
    assert bool(_COLOUR.findall(text) or _NAMED.findall(text)) == is_colour


def test_every_class_of_a_page_has_a_style():
    known = {
        name for sheet in (*SHEETS, *FOLDER.glob("*.css")) for name in re.findall(r"\.([a-z][\w-]*)", written(sheet))
    }
    found = set()
    for page in (FOLDER.parent / "templates/console").glob("*.html"):
        for said in re.findall(r'class="([^"]*)"', page.read_text("utf-8")):
            names = re.sub(r"\{[{%].*?[}%]\}", " ", said).split()
            found |= {(page.name, name) for name in names if re.fullmatch(r"[a-z][\w-]*", name) and name not in known}
    assert found == set()
