"""Reports as one HTML file: nothing is fetched, it reads without JavaScript, from a narrow screen to paper.

The template is `templates/report.html.j2`, with autoescape on: whatever a text holds is shown, never run. The same
report gives the same bytes.
"""

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from polisbridge.adapters.charts import svg
from polisbridge.adapters.report_page import PageData
from polisbridge.services.report import Report
from polisbridge.words import Words


def report_html(report: Report) -> bytes:
    """Return the report as an HTML file in UTF-8."""
    words = Words(report.language)
    data = PageData(report, words)
    page = data.page()
    pictures = [b64encode(svg(chart, words)).decode() for chart in data.charts]
    return _template().render(page=page, pictures=pictures).encode()


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    # The name ends in .j2, so escaping is switched on for everything, not by the name.
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
