"""What makes files of reports: HTML or PDF."""

from polisbridge.adapters.report_html import report_html
from polisbridge.adapters.report_pdf import report_pdf
from polisbridge.services.report import PageKind, Report


def report_pages(report: Report, kind: PageKind) -> bytes:
    """Return the report as a file of the kind."""
    return report_html(report) if kind is PageKind.HTML else report_pdf(report)
