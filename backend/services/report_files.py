"""A report as a file: a page, a workbook, or a PDF where the machine can make one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from backend.domain.reports import Report
from backend.errors import Conflict
from backend.files import printing
from backend.files.printing import CannotPrint
from backend.formats import books, reports
from backend.services.report_words import spoken
from backend.words import Language

MEDIA_TYPES = {"html": "text/html", "xlsx": books.MEDIA_TYPE, "pdf": "application/pdf"}


def written(report: Report, form: str, language: Language, zone: ZoneInfo) -> bytes:
    """The report in that form; Conflict, which says what to install, where no PDF can be made."""
    said = spoken(report, language, zone)
    if form == "xlsx":
        return reports.workbook(said)
    page = reports.page(said, reports.inline())
    if form == "html":
        return page.encode()
    try:
        return printing.pdf(page)
    except CannotPrint as lacking:
        raise Conflict(f"pdf_{lacking.lack}") from lacking
