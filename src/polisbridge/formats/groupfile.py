"""Many insured persons as a table: CSV, one person in each row, rows of one contract number being one contract.

    contract,product,from,to,role,name,original_name,born,citizenship,document_state,document
    A-1,family,2026-12-01,2027-11-30,worker,RUSTAMOV BAHROM,,1988-07-21,UZ,UZ,FA1234567

UTF-8 with or without a mark at its begin, or Windows-1251; commas, semicolons or tabs; days as 2026-12-31 or 31.12.2026.
What is wrong is told by row and column, all of it at once.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from polisbridge.core.errors import ErrorCode, PolisbridgeError

COLUMNS = (
    *("contract", "product", "from", "to"),
    *("role", "name", "original_name", "born", "citizenship", "document_state", "document"),
)
NEEDED = frozenset({"contract", "product", "from", "to", "role", "name", "born"})
MOST_ROWS = 20_000
_MARK = "\ufeff"
_DELIMITERS = ",;\t"
_AS_WRITTEN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class RowProblem(StrEnum):
    """What is wrong with a row of a table, or with one of its fields."""

    NEEDED = "needed"
    NO_DAY = "no_day"
    NO_ROLE = "no_role"
    NO_STATE = "no_state"
    NOT_LATIN = "not_latin"
    NO_PRODUCT = "no_product"
    ORDER = "order"
    IN_FUTURE = "in_future"
    NOT_THE_SAME = "not_the_same"
    TWICE = "twice"
    TOO_LONG = "too_long"
    THERE_ALREADY = "there_already"
    OTHER_PERSON = "other_person"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its line in the file, the first being 1, and what stands in each column."""

    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return what stands in a column, without spaces around it."""
        return self.values.get(column, "").strip()


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    """One fault: in which line and column, of what kind, and what was found there."""

    line: int
    column: str
    problem: RowProblem
    found: str = ""


def read_table(data: bytes) -> list[TableRow]:
    """Return the rows of a table; empty ones are left out. Raises PolisbridgeError when it is no such table."""
    text = _decoded(data).removeprefix(_MARK)
    head, _, _ = text.lstrip("\r\n").partition("\n")
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as exc:
        raise _no_table(f"not a table: {exc}") from exc
    while lines and not any(lines[0]):
        lines.pop(0)
    if not lines:
        raise _no_table("an empty file")
    names = [one.strip().lower() for one in lines[0]]
    missing = sorted(NEEDED - set(names))
    strange = sorted(one for one in names if one and one not in COLUMNS)
    if missing or strange or len(set(names)) != len(names):
        raise _no_table(f"columns: missing {', '.join(missing) or '-'}; unknown {', '.join(strange) or '-'}")
    rows = [
        TableRow(number, dict(zip(names, line, strict=False)))
        for number, line in enumerate(lines[1:], 2)
        if any(one.strip() for one in line)
    ]
    if len(rows) > MOST_ROWS:
        raise PolisbridgeError(ErrorCode.TOO_LARGE, f"{len(rows)} rows, at most {MOST_ROWS}", hint="send several files")
    if not rows:
        raise _no_table("no rows")
    return rows


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1251")
    except UnicodeDecodeError as exc:
        raise _no_table("neither UTF-8 nor Windows-1251") from exc


def _no_table(detail: str) -> PolisbridgeError:
    return PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="begin with the template")


def write_template(products: Sequence[str], first: date, last: date, state: str) -> bytes:
    """Return a table to fill in: the columns, and two rows of a made-up family for each of at most three products."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, product in enumerate(products[:3], 1):
        days = (f"EXAMPLE-{number}", product, first.isoformat(), last.isoformat())
        writer.writerow([*days, "worker", "RUSTAMOV BAHROM", "", "1988-07-21", state, state, f"FA100000{number}"])
        writer.writerow([*days, "spouse", "RUSTAMOVA DILNOZA", "", "1990-11-02", state, state, f"FA200000{number}"])
    return _MARK.encode() + out.getvalue().encode()


def written_day(text: str) -> date | None:
    """Return a day, written as 2026-12-31 or 31.12.2026; None for anything else.

    >>> written_day("31.12.2026"), written_day("yesterday")
    (datetime.date(2026, 12, 31), None)
    """
    match = _AS_WRITTEN.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError:
        return None


def faulty(rows: Iterable[TableRow], faults: Iterable[RowFault]) -> list[tuple[TableRow, dict[str, list[RowFault]]]]:
    """Return the rows that have faults, each with its faults by column, in order of lines."""
    found: dict[int, dict[str, list[RowFault]]] = {}
    for one in sorted(faults):
        found.setdefault(one.line, {}).setdefault(one.column, []).append(one)
    return [(row, found[row.line]) for row in rows if row.line in found]
