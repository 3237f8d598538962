"""What somebody without an account typed, as it is told; and the photos that came with it, kept only with a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID

from werkzeug.datastructures import FileStorage

from backend.context import house
from backend.domain.public_reports import LONGEST, MOST_BYTES_EACH, MOST_PHOTOS, Told
from backend.errors import BadInput, Flaw
from backend.files import images
from backend.files.images import Opened
from backend.files.store import Incoming
from backend.services import photos, public_phones, public_reports
from backend.words import Text

FIELDS = ("sign", "kind", "lon", "lat", "segment", "where", "description", "phone")
_DEGREES = re.compile(r" *-?\d{1,3}(\.\d*)? *", re.ASCII)
_LONGEST = {"description": LONGEST, "where": 100, "phone": 30, "sign": 16, "segment": 60, "lon": 30, "lat": 30}
NOT_YET = UUID(int=0)
"""What a report is called that is not handed in."""


def typed_in(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, each shortened to what can be meant, and without what is no letter."""
    found = {name: form.get(name, "").replace("\x00", "").strip() for name in FIELDS}
    return {name: text[: _LONGEST.get(name, 60) * 4] for name, text in found.items()}


def told_of(typed: Mapping[str, str], board: Any, report_id: UUID = NOT_YET) -> Told:
    """The report that is meant; BadInput names everything that is wrong with it at once."""
    flaws: list[Flaw] = []
    values: dict[str, Any] = {}
    for name, read in (("kind", public_reports.kind_in), ("phone", public_phones.number_in)):
        try:
            values[name] = read(typed[name])
        except BadInput as wrong:
            flaws += wrong.flaws
    for name in ("description", "where"):
        if len(typed[name]) > _LONGEST[name]:
            flaws.append(Flaw(f"/{name}", Text.of("flaw.length", low=0, high=_LONGEST[name])))
    if flaws:
        raise BadInput(*flaws)
    lonlat, segment = _place(typed, board)
    said = "\n".join(part for part in (typed["description"], typed["where"]) if part)
    return Told(report_id, values["kind"], said, lonlat, segment, phone=values["phone"])


def _place(typed: Mapping[str, str], board: Any) -> tuple[tuple[float, float] | None, str | None]:
    """Where it is: where the phone stands, else where the board does; and on which reach, where one was named."""
    here = position(typed["lon"], typed["lat"])
    if board is not None:
        return here or (board.point.x, board.point.y), None if here else board.segment_code
    return here, None if here else typed["segment"] or None


def position(lon: str, lat: str) -> tuple[float, float] | None:
    """A place in WGS 84; None where nothing was said, BadInput for what is no place on earth."""
    if not lon and not lat:
        return None
    if not (_DEGREES.fullmatch(lon) and _DEGREES.fullmatch(lat)):
        raise BadInput.at("/place", "report.flaw.place")
    here = float(lon), float(lat)
    if abs(here[0]) > 180 or abs(here[1]) > 90:
        raise BadInput.at("/place", "report.flaw.place")
    return here


def chosen(files: Sequence[FileStorage]) -> list[FileStorage]:
    """The photos that were chosen; a form without any sends an empty one. BadInput for too many."""
    found = [file for file in files if file.filename]
    if len(found) > MOST_PHOTOS:
        raise BadInput.at("/photos", "report.flaw.photos", most=MOST_PHOTOS)
    return found


@contextmanager
def looked_into(files: Sequence[FileStorage]) -> Iterator[list[tuple[Incoming, Opened]]]:
    """Photos as they came, each decoded once; gone at the end unless they were kept. BadInput for what is none."""
    with ExitStack() as stack:
        found: dict[bytes, tuple[Incoming, Opened]] = {}
        for file in files:
            incoming = stack.enter_context(house().photos.receiving(file.stream.read, MOST_BYTES_EACH))
            try:
                found[incoming.sha256] = (incoming, images.opened(incoming.path))
            except images.ImageRefused as refused:
                raise BadInput.at("/photos", f"flaw.image.{refused.why}") from None
        yield list(found.values())


@contextmanager
def kept(pictures: Sequence[tuple[Incoming, Opened]]) -> Iterator[None]:
    """Their bytes are in the store while a report is told; those that only a refused one brought are gone after."""
    store = house().photos
    fresh = [incoming.sha256 for incoming, _ in pictures if store.size_of(incoming.sha256) is None]
    try:
        for incoming, opened in pictures:
            store.keep(incoming, opened.views)
        yield
    except BaseException:
        _forget(fresh)
        raise


def _forget(digests: Sequence[bytes]) -> None:
    with house().database.reading() as session:
        lonely = [sha256 for sha256 in digests if not photos.is_here(session, sha256)]
    for sha256 in lonely:
        house().photos.forget(sha256, images.SIZES)
