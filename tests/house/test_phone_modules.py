"""The phone's app is laid out in layers, too: none reaches around another, and it holds the office's own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from backend.api.schemas.tracks import MOST_POINTS
from backend.domain import recordings
from backend.domain.handling import NEEDS
from backend.domain.hazards import Act, Kind
from tests.house.tree import ROOT

PHONE = ROOT / "backend/web/phone"
SCRIPTS = {path: path.read_text("utf-8") for path in sorted(PHONE.rglob("*.js"))}
BELOW = {
    "judge": set[str](),
    "voice": set[str](),
    "disk": {"alone", "news"},
    "words": {"disk"},
    "walk": {"alone", "news", "words", "disk", "judge"},
    "server": {"alone", "news", "words", "version", "disk"},
    "parts": {"news", "routes", "words", "disk", "server", "voice", "walk"},
    "screens": {"news", "routes", "words", "version", "disk", "server", "walk", "parts"},
    "app": {"routes", "words", "disk", "server", "walk", "parts", "screens"},
    "worker": set[str](),
}
"""What each folder, and each script beside them, may import; what is not named imports nothing."""
WRITES = {"written", "database", "one", "ofOwner"}
"""By these the tables are opened: only the disk does, and whoever starts the app."""
_IMPORT = re.compile(r'import (?:\* as (\w+)|\{([^}]*)\}) from "(\.[^"]+)"')
_EXPORT = re.compile(r"^export (?:async )?(?:const|function|class|let) (\w+)", re.MULTILINE)


def test_no_layer_of_the_phone_reaches_around_another() -> None:
    found = {(_layer(path), _layer(other)) for path in SCRIPTS for other, _ in _imported(path)}
    wrong = {(one, other) for one, other in found if one != other and other not in BELOW.get(one, set())}
    assert wrong == set()


def test_only_the_disk_opens_its_tables() -> None:
    wrong = [
        f"{path.relative_to(PHONE)}: {name}"
        for path in SCRIPTS
        for other, names in _imported(path)
        for name in names & WRITES
        if other == PHONE / "disk/database.js" and _layer(path) not in ("disk", "app")
    ]
    assert wrong == []


def test_what_a_script_of_the_phone_gives_out_somebody_takes() -> None:
    taken = {(other, name) for path in SCRIPTS for other, names in _imported(path) for name in names}
    given = {(path, name) for path, text in SCRIPTS.items() for name in _EXPORT.findall(text)}
    assert {f"{path.relative_to(PHONE)}: {name}" for path, name in given - taken} == set()


def test_the_phone_asks_for_what_the_office_asks_for() -> None:
    needs = re.search(r"const NEEDS = \{(.*?)\}", SCRIPTS[PHONE / "disk/acts.js"], re.DOTALL)
    assert needs is not None
    said = dict(re.findall(r'(\w+): "(\w+)"', needs[1]))
    offered = re.search(r"const ACTS = \[(.*?)\]", SCRIPTS[PHONE / "screens/case.js"], re.DOTALL)
    assert offered is not None
    acts = [Act(name) for name in re.findall(r'"(\w+)"', offered[1])]
    # The measure that is checked is in the address of the page.
    assert said == {act.value: NEEDS[act][0] for act in acts if act in NEEDS and act is not Act.CHECK_INTERIM}


def test_the_phone_holds_no_more_than_the_office_takes() -> None:
    assert _number("disk/recordings.js", "MOST") == recordings.MOST
    assert _number("disk/walks.js", "MOST_FIXES") == MOST_POINTS


def test_every_kind_of_hazard_has_a_picture() -> None:
    pictured = re.findall(r'^ {2}"([\w.]+)": "M', SCRIPTS[PHONE / "parts/kinds.js"], re.MULTILINE)
    assert sorted(pictured) == sorted(kind.value for kind in Kind)


def _layer(path: Path) -> str:
    """The folder that a script lies in, or its own name beside the folders."""
    return path.relative_to(PHONE).parts[0].removesuffix(".js")


def _imported(path: Path) -> Iterator[tuple[Path, set[str]]]:
    """Each script that this one imports, with the names that it takes of it."""
    text = SCRIPTS[path]
    for whole, names, address in _IMPORT.findall(text):
        taken = re.findall(rf"\b{whole}\.(\w+)", text) if whole else [each.split()[0] for each in names.split(",")]
        yield (path.parent / address).resolve(), set(taken)


def _number(path: str, name: str) -> int:
    """A number that a script of the phone names."""
    found = re.search(rf"const {name} = ([\d_]+);", SCRIPTS[PHONE / path])
    assert found is not None
    return int(found[1])
