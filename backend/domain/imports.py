"""Sheets that operators bring: every wrong cell is named by row and column, and one wrong cell stops it all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from backend.domain.hazards import Kind
from backend.domain.regions import BadRegionCode, cut
from backend.domain.terms import Level, Post
from backend.words import Text

_EXCEL_EPOCH = date(1899, 12, 30)
_MOST_HEADINGS = 40
_FIRST_YEAR = 1970
_ERRORS_OF_EXCEL = {"#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!"}
_LEVELS = {
    Level.PROVINCE: ("省", "省级", "自治区", "直辖市"),
    Level.CITY: ("市", "市级", "地级", "地级市"),
    Level.COUNTY: ("县", "县级", "区", "区级", "区县", "区县级", "县区", "县区级", "县级市"),
    Level.TOWN: ("乡", "镇", "乡镇", "乡级", "镇级", "乡镇级", "街道", "镇街", "镇街级", "街道级"),
    Level.VILLAGE: ("村", "村级", "社区", "村居", "村社", "村社级"),
}
"""Levels as offices write them."""
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
_MOMENTS = [f"%Y{sign}%m{sign}%d %H:%M{seconds}" for sign in "-/." for seconds in ("", ":%S")]


@dataclass(frozen=True, slots=True)
class RowFlaw:
    """What is wrong where: the row as the sheet counts it (1 is the heading), the column's heading, and why."""

    row: int
    column: str
    text: Text


class Unreadable(ValueError):
    """A cell that does not say what its column asks for."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.text = Text(key, values)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the name of what it holds, how it is read, and whether it may be empty."""

    heading: str
    name: str
    read: Callable[[str], Any]
    is_required: bool = True


@dataclass(slots=True)
class Sheet:
    """The rows that could be read, each with its number, and the flaws of the others."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    flaws: list[RowFlaw] = field(default_factory=list)

    def flaw(self, row: int, column: str, key: str, **values: Any) -> None:
        """Note something wrong."""
        self.flaws.append(RowFlaw(row, column, Text(key, values)))


def read(rows: Iterable[tuple[int, Mapping[str, Any]]], columns: Iterable[Column]) -> Sheet:
    """Read every cell of every row; a row with a flaw is left out, its flaws are all noted.

    A required column that no row has is told once, and nothing else is.
    """
    columns, sheet, found = list(columns), Sheet(), dict[str, None]()
    for number, row in rows:
        found.update(dict.fromkeys(row))
        before = len(sheet.flaws)
        values = {column.name: _value(sheet, number, row, column) for column in columns}
        if len(sheet.flaws) == before:
            sheet.rows.append((number, values))
    lacking = [each.heading for each in columns if each.is_required and each.heading not in found]
    if not lacking or not (sheet.rows or sheet.flaws):
        return sheet
    headings = "、".join(list(found)[:_MOST_HEADINGS]) or "–"
    return Sheet(flaws=[RowFlaw(1, each, Text("import.no_column", {"found": headings})) for each in lacking])


def _value(sheet: Sheet, number: int, row: Mapping[str, Any], column: Column) -> Any:
    text = plain(row.get(column.heading))
    try:
        if text.startswith("=") or text in _ERRORS_OF_EXCEL:
            raise Unreadable("import.formula", text=text)
        if text:
            return column.read(text)
        if column.is_required:
            raise Unreadable("import.missing")
    except Unreadable as wrong:
        sheet.flaws.append(RowFlaw(number, column.heading, wrong.text))
    return None


def plain(cell: Any) -> str:
    """A cell as text: full-width digits made narrow, numbers without `.0`, no spaces around it, NaN is empty."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def words(most: int) -> Callable[[str], str]:
    """A text of at most so many letters, without control characters."""

    def read_text(text: str) -> str:
        if len(text) > most:
            raise Unreadable("import.too_long", most=most)
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise Unreadable("import.control")
        return text

    return read_text


def code(text: str) -> str:
    """A code of letters, digits, dashes and underscores."""
    if not re.fullmatch(r"[\w\-.]{1,60}", text):
        raise Unreadable("import.code", text=text)
    return text


def region_code(text: str) -> str:
    """A division code, padded or not."""
    try:
        return cut(text)
    except BadRegionCode:
        raise Unreadable("import.region_code", text=text) from None


def level(text: str) -> Level:
    """A level by its word."""
    for each in Level:
        if text.lower() == each.word or text in _LEVELS[each]:
            return each
    raise Unreadable("import.level", text=text)


def number(text: str) -> float:
    """A finite number that is not negative."""
    try:
        value = float(text)
    except ValueError:
        raise Unreadable("import.number", text=text) from None
    if not 0 <= value < 1e9:
        raise Unreadable("import.number", text=text)
    return value


def within(low: float, high: float) -> Callable[[str], float]:
    """A number between two bounds."""

    def read_number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise Unreadable("import.number", text=text) from None
        if not low <= value <= high:
            raise Unreadable("import.between", text=text, low=low, high=high)
        return value

    return read_number


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two bounds."""

    def read_number(text: str) -> int:
        value = within(low, high)(text)
        if value != int(value):
            raise Unreadable("import.number", text=text)
        return int(value)

    return read_number


def moment_in(zone: tzinfo) -> Callable[[str], datetime]:
    """A moment with its time of day; without an offset it is that of the business zone."""

    def read_moment(text: str) -> datetime:
        for form in (None, *_MOMENTS):
            try:
                at = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007 - see below
                at = at.replace(tzinfo=zone) if at.tzinfo is None else at
                if ":" in text and at.astimezone(UTC).year >= _FIRST_YEAR:
                    return at
            except (ValueError, OverflowError):
                continue
        raise Unreadable("import.moment", text=text)

    return read_moment


def choice(choices: Mapping[str, Any]) -> Callable[[str], Any]:
    """One of the words of a table, in capitals or not."""
    known = {word.casefold(): meant for word, meant in choices.items()}

    def read_choice(text: str) -> Any:
        if text.casefold() not in known:
            raise Unreadable("import.choice", text=text, choices=", ".join(choices))
        return known[text.casefold()]

    return read_choice


def day(text: str) -> date:
    """A day however the office writes it, or as the number Excel keeps."""
    if re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        return _EXCEL_EPOCH + timedelta(days=int(text[:5]))
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unreadable("import.day", text=text)


def codes(text: str) -> list[str]:
    """Several codes, parted by 、 ， ; or spaces."""
    return [code(part) for part in re.split(r"[、,;\s]+", text) if part]


def kinds(text: str) -> list[str]:
    """Kinds of hazard, parted like codes."""
    found = [part for part in re.split(r"[、,;\s]+", text) if part]
    for part in found:
        if part not in list(Kind):
            raise Unreadable("import.hazard_kind", text=part, choices=", ".join(Kind))
    return found


def post_reader(names: Mapping[str, Post], also: Mapping[str, Post]) -> Callable[[str], Post]:
    """A post by its Chinese name, by another that people write for it, or by its English code."""

    def read_post(text: str) -> Post:
        if text in names or text in also:
            return names[text] if text in names else also[text]
        try:
            return Post(text.lower())
        except ValueError:
            raise Unreadable("import.post", text=text, choices="、".join(names)) from None

    return read_post
