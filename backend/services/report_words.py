"""A report in the reader's language, as files and pages are written from it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from backend.clock import in_words
from backend.domain.reports import Figure, Report, Section, Table, Unit
from backend.formats.reports import Said, SaidFigure, SaidSection, SaidTable
from backend.words import Language, Text, say


def spoken(report: Report, language: Language, zone: ZoneInfo) -> Said:
    """Every word of it."""

    def word(key: str, **values: object) -> str:
        return say(Text(key, values), language)

    kind = "week" if "W" in report.of else "month"
    title = word(f"report.title.{kind}", place=report.place, of=report.of)
    days = {"first": report.period.first.isoformat(), "last": report.period.last.isoformat()}
    lead = word("report.lead", at=in_words(report.as_of, zone), **days)
    columns = (word("report.figure"), word("report.value"), word(f"report.change.{kind}"))
    return Said(language, title, lead, columns, [_section(each, language) for each in report.sections])


def _section(section: Section, language: Language) -> SaidSection:
    figures = [_figure(each, language) for each in section.figures]
    return SaidSection(say(section.title, language), figures, [_table(each, language) for each in section.tables])


def _figure(figure: Figure, language: Language) -> SaidFigure:
    is_share = figure.unit is Unit.SHARE
    return SaidFigure(
        say(figure.word, language), figure.value, _shown(figure.value, figure.unit), _change(figure), is_share
    )


def _shown(value: float | None, unit: Unit) -> str:
    if value is None:
        return "—"
    if unit is Unit.SHARE:
        return f"{value:.1%}"
    return f"{value:,.0f}" if unit is Unit.COUNT else f"{value:,.1f}"


def _change(figure: Figure) -> str:
    """By how much more or less than before; a share in points of a hundred."""
    if figure.value is None or figure.before is None:
        return ""
    more = figure.value - figure.before
    if figure.unit is Unit.SHARE:
        return f"{more * 100:+.1f}"
    return f"{more:+,.0f}" if figure.unit is Unit.COUNT else f"{more:+,.1f}"


def _table(table: Table, language: Language) -> SaidTable:
    headings = [say(each, language) for each in table.headings]
    rows = [(name if isinstance(name, str) else say(name, language), list(values)) for name, values in table.rows]
    return SaidTable(say(table.title, language), headings, rows, table.plotted, table.shares)
