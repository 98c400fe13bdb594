"""Statistics without personal data: tables on a page, and the same as CSV."""

import csv
from dataclasses import dataclass
from io import StringIO

from litestar import Response, get
from litestar.response import Template

from polisbridge.core.roles import AccessAction
from polisbridge.services import statistics
from polisbridge.services.statistics import LEAST, CountTable, Key, Statistics
from polisbridge.web.authority import authority_of, desk_page, drafting_of, official_of
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.view import node_of
from polisbridge.words import Words

_MOST = 20  # rows of a table


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it is shown: name and number of each row with the width of its bar in a hundred; the total."""

    title: str
    lines: tuple[tuple[str, str, int], ...]
    total: str


@get("/statistics", sync_to_thread=True, opt={"action": AccessAction.READ_STATISTICS})
def show(request: PageRequest) -> Template:
    """Show the statistics of the own state."""
    words = words_for(request)
    found = _statistics(request)
    tables = [
        _shown("contracts", found.contracts, words, request),
        *(_shown(f"persons.{name}", one, words, request) for name, one in found.persons.items()),
        *(_shown(f"decisions.{name}", one, words, request) for name, one in found.decisions.items()),
    ]
    return desk_page(
        request, "authority_statistics.html", "/statistics", tables=tables, day=words.day(found.on), least=LEAST
    )


@get("/statistics.csv", sync_to_thread=True, opt={"action": AccessAction.READ_STATISTICS})
def download(request: PageRequest) -> Response[bytes]:
    """Return the statistics of the own state as CSV, by codes."""
    found, text = _statistics(request), StringIO()
    csv.writer(text, lineterminator="\n").writerows(statistics.csv_rows(found))
    headers = {
        "Content-Disposition": f'attachment; filename="statistics-{found.scope.state}-{found.on}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(text.getvalue().encode(), media_type="text/csv", headers=headers)


def _statistics(request: PageRequest) -> Statistics:
    one, node = official_of(request), node_of(request)
    scope = statistics.scope_of(drafting_of(request).matrix, one.actor)
    return statistics.statistics(authority_of(request).counting, scope, node.today(), node.now())


def _shown(name: str, table: CountTable, words: Words, request: PageRequest) -> ShownTable:
    few = words("web.authority.withheld")
    most = max((number or 0 for _, number in table.rows), default=0) or 1
    lines = tuple(
        (
            _named(name, key, words, request),
            few if number is None else words.number(number),
            100 * (number or 0) // most,
        )
        for key, number in table.rows[:_MOST]
    )
    total = words("web.authority.withheld") if table.total is None else words.number(table.total)
    return ShownTable(words(f"web.authority.statistics.{name}"), lines, total)


def _named(name: str, key: Key, words: Words, request: PageRequest) -> str:
    book = node_of(request).book
    first = key[0]
    if not first:
        return words("report.unknown")
    match name:
        case "contracts":
            return words.state(first)
        case "persons.corridor":
            return " → ".join(words.code("territory", one, book) if one else words("report.unknown") for one in key)
        case "persons.role":
            return words(f"role.{first}")
        case "persons.age":
            low, _, high = first.partition("-")
            return words("web.authority.age.from", low=low) if high == "150" else f"{low}–{high}"
        case "decisions.verdict":
            return words(f"verdict.{first}")
        case "decisions.gate":
            return words(f"gate.{first}")
    found = book.get(first)
    return words.text(found.title) if found is not None else first
