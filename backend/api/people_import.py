"""The door for the people sheet: looked at row by row, then taken as a whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from flask import Response, request

from backend.api.auth import actor, needs
from backend.api.bodies import read_bytes
from backend.api.door import Door, answer, fails
from backend.api.schemas.people import ImportAnswer, ImportArguments
from backend.context import house, language, now, today
from backend.domain.actions import Action
from backend.errors import BadInput, Flaw, NotReadable, TooLarge, UnsupportedMedia
from backend.formats import books, sheets
from backend.formats.sheets import NotASheet
from backend.services import people_import
from backend.services.imports import Imported
from backend.services.people_checks import Terms
from backend.words import Text, say

door = Door("people_import", "The people sheet (人员表).")
MOST_BYTES = 8 * 1024 * 1024
"""Of a sheet in a browser: a hundred thousand rows as xlsx; larger ones go by the command line (our judgement)."""
KINDS = {books.MEDIA_TYPE: ".xlsx", "text/csv": ".csv"}
_SHEET = {"type": "string", "format": "binary"}
_BODY = {"required": True, "content": {kind: {"schema": _SHEET} for kind in KINDS}}


@door.post("/people/import")
@needs(Action.CHANGE_PEOPLE)
@door.arguments(ImportArguments, location="query")
@door.doc(requestBody=_BODY)
@door.response(200, ImportAnswer, description="Looked at, or taken; with flaws nothing is written.")
@fails(NotReadable, TooLarge, UnsupportedMedia)
def bring(asked: dict[str, Any]) -> Response:
    """Bring the sheet of who holds which post, in xlsx or csv; every wrong row is named, and one stops it all."""
    if request.mimetype not in KINDS:
        raise UnsupportedMedia(wanted=", ".join(KINDS))
    raw, is_check = read_bytes(MOST_BYTES), asked["dry_run"]
    is_live = house().settings.stage == "production"
    terms = Terms(today(), now(), is_live, may_rename=asked["rename"], giver=actor(), is_check=is_check)
    rows = _rows(raw, KINDS[request.mimetype])
    done = _check(rows, terms) if is_check else _take(rows, terms, hashlib.sha256(raw).hexdigest())
    flaws = [{"row": flaw.row, "column": flaw.column, "why": say(flaw.text, language())} for flaw in done.flaws]
    body = {"applied": not (is_check or flaws), "rows": done.rows, "flaws": flaws, "said": done.said}
    return answer(body, Cache_Control="no-store")


def _rows(raw: bytes, ending: str) -> list[sheets.Row]:
    """Every row of the sheet; BadInput for what is none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"sheet{ending}")
        path.write_bytes(raw)
        try:
            rows = list(sheets.rows(path))
        except NotASheet as wrong:
            raise BadInput(Flaw("", Text(wrong.key, wrong.values))) from None
    if not rows:
        raise BadInput(Flaw("", Text("import.nothing")))
    return rows


def _check(rows: list[sheets.Row], terms: Terms) -> Imported:
    with house().database.reading() as session:
        return people_import.people(session, house().keyring, rows, terms)


def _take(rows: list[sheets.Row], terms: Terms, sha256: str) -> Imported:
    with house().database.transaction() as session:
        return people_import.by_hand(session, house().keyring, rows, terms, sha256)
