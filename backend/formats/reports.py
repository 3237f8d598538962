"""Reports as files: a workbook with charts, and a page that can be printed and needs nothing beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

STYLE = """\
@page { size: A4; margin: 18mm 16mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; } }
body { font: 11pt/1.6 "Noto Sans CJK SC", "Noto Serif CJK SC", "Microsoft YaHei", sans-serif; max-width: 800px;
  margin: 0 auto; padding: 16px; color: black; background: white; }
h1 { font-size: 20pt; text-align: center; margin: 0 0 4pt; } .lead { text-align: center; margin: 0 0 16pt; }
h2 { font-size: 14pt; border-bottom: 1.5pt solid; margin: 20pt 0 8pt; } h3 { font-size: 11pt; margin: 12pt 0 4pt; }
table { width: 100%; border-collapse: collapse; } th, td { padding: 3pt 6pt; border-bottom: 0.5pt solid silver; }
th { text-align: left; } th.num, td.num { text-align: right; } tr { break-inside: avoid; }
h2, h3 { break-after: avoid; }
svg { display: block; width: 100%; height: 90pt; margin: 4pt 0; } rect { fill: steelblue; }
.names { display: flex; justify-content: space-between; font-size: 9pt; margin: 0; }
.names.each span { flex: 1; text-align: center; }
"""
"""Of the printed page, in millimetres and points of paper; colours are those of a plain printer."""
_MOST_BARS, _MOST_NAMES = 400, 12
"""Of more bars than that only the first and the last are named."""


@dataclass(frozen=True, slots=True)
class SaidFigure:
    """A number as it is read, its value for a cell, and what it is compared with in words."""

    word: str
    value: float | None
    shown: str
    change: str
    is_share: bool


@dataclass(frozen=True, slots=True)
class SaidTable:
    """A table; `plotted`: the column that is drawn, the first after the names being 0; `shares`: those of shares."""

    title: str
    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[float | None]]]
    plotted: int | None
    shares: Sequence[int]


@dataclass(frozen=True, slots=True)
class SaidSection:
    """A part of a report."""

    title: str
    figures: Sequence[SaidFigure]
    tables: Sequence[SaidTable]


@dataclass(frozen=True, slots=True)
class Said:
    """A report in one language; `columns`: what heads a list of figures."""

    language: str
    title: str
    lead: str
    columns: tuple[str, str, str]
    sections: Sequence[SaidSection]


def workbook(report: Said) -> bytes:
    """A sheet a section, each with its figures, its tables, and a chart beside a table that has one."""
    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as book:
        head, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        title = book.add_format({"bold": True, "font_size": 14})
        for number, section in enumerate(report.sections):
            page = book.add_worksheet(section.title[:31])
            page.set_column(0, 0, 28)
            page.set_column(1, 8, 14)
            page.write_string(0, 0, f"{report.title} · {section.title}" if number else report.title, title)
            page.write_string(1, 0, report.lead)
            at = _figures(page, section, report.columns, head, share)
            for table in section.tables:
                at = _table(book, page, table, at, (head, share))
    return packed.getvalue()


def _figures(page: Worksheet, section: SaidSection, columns: Sequence[str], head: object, share: object) -> int:
    """Write them; the next free row."""
    for column, word in enumerate(columns):
        page.write_string(3, column, word, head)
    for at, figure in enumerate(section.figures, start=4):
        page.write_string(at, 0, figure.word)
        if figure.value is not None:
            page.write_number(at, 1, figure.value, share if figure.is_share else None)
        page.write_string(at, 2, figure.change)
    return 5 + len(section.figures)


def _table(book: Workbook, page: Worksheet, table: SaidTable, at: int, looks: tuple[object, object]) -> int:
    """Write a table, and its chart to the right of it; `looks`: of a heading and of a share. The next free row."""
    head, share = looks
    page.write_string(at, 0, table.title, head)
    first, last = at + 2, at + 1 + len(table.rows)
    for column, heading in enumerate(table.headings):
        page.write_string(at + 1, column, heading, head)
    for row, (name, values) in enumerate(table.rows, start=first):
        page.write_string(row, 0, name)
        for column, value in enumerate(values):
            if value is not None:
                page.write_number(row, column + 1, value, share if column in table.shares else None)
    if table.plotted is None or not any(values[table.plotted] for _, values in table.rows):
        return last + 2
    column = table.plotted + 1
    chart = book.add_chart({"type": "column"})
    sheet = page.get_name()
    chart.add_series(
        {
            "name": [sheet, at + 1, column],
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, column, last, column],
            "gap": 60,
        }
    )
    chart.set_title({"name": table.headings[column], "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    page.insert_chart(at, len(table.headings) + 1, chart)
    return max(last + 2, at + 17)


def page(report: Said, style: str) -> str:
    """The report as one page of HTML; `style` is the element that brings its style."""
    title, sections = escape(report.title), "".join(_section(each, report.columns) for each in report.sections)
    return (
        f'<!doctype html>\n<html lang="{report.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>{style}</head>\n'
        f'<body><main><h1>{title}</h1><p class="lead">{escape(report.lead)}</p>{sections}</main></body></html>\n'
    )


def inline() -> str:
    """The style for a file that stands alone."""
    return f"<style>{STYLE}</style>"


def _section(section: SaidSection, columns: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col"{_NUM if at else ""}>{escape(each)}</th>' for at, each in enumerate(columns))
    rows = "".join(
        f'<tr><th scope="row">{escape(each.word)}</th><td{_NUM}>{escape(each.shown)}</td>'
        f"<td{_NUM}>{escape(each.change)}</td></tr>"
        for each in section.figures
    )
    figures = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if section.figures else ""
    return f"<section><h2>{escape(section.title)}</h2>{figures}{''.join(map(_table_of, section.tables))}</section>\n"


_NUM = ' class="num"'


def _table_of(table: SaidTable) -> str:
    heads = "".join(
        f'<th scope="col"{_NUM if at else ""}>{escape(each)}</th>' for at, each in enumerate(table.headings)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td{_NUM}>{_cell(table, column, value)}</td>" for column, value in enumerate(values))
        + "</tr>"
        for name, values in table.rows
    )
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    plot = _plot(table)
    plotted = f" · {escape(table.headings[table.plotted + 1])}" if plot and table.plotted is not None else ""
    return f"<h3>{escape(table.title)}{plotted}</h3>{plot}{body}"


def _cell(table: SaidTable, column: int, value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1%}" if column in table.shares else f"{value:,}"


def _plot(table: SaidTable) -> str:
    """Bars from zero, in parts of the highest, with their names below; nothing where there is none to be seen."""
    if table.plotted is None or not 1 < len(table.rows) <= _MOST_BARS:
        return ""
    values = [values[table.plotted] or 0 for _, values in table.rows]
    most, wide = max(values), len(values) * 10
    if most <= 0:
        return ""
    bars = "".join(
        f'<rect x="{at * 10 + 1}" y="{100 - 98 * value / most:.1f}" width="8" height="{98 * value / most:.1f}"/>'
        for at, value in enumerate(values)
    )
    names = [name for name, _ in table.rows]
    is_each = len(names) <= _MOST_NAMES
    below = "".join(f"<span>{escape(name)}</span>" for name in (names if is_each else (names[0], names[-1])))
    return (
        f'<svg viewBox="0 0 {wide} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(table.headings[table.plotted + 1])}">{bars}'
        f'<rect x="0" y="99.5" width="{wide}" height="0.5"/></svg>'
        f'<p class="names{" each" if is_each else ""}">{below}</p>'
    )
