"""Files into portfolios: CSV, NDJSON, and contract files with their stays. Specified in docs/spec/portfolio.md.

A row that is wrong goes with its number and everything that is wrong with it to `rejects.ndjson` in the portfolio; all
others are written. What was read is always what was written and what was rejected.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from polisbridge.batch.contract_rows import contract_rows
from polisbridge.batch.layout import rows_frame
from polisbridge.batch.lines import Told
from polisbridge.batch.parse import Parser
from polisbridge.batch.portfolio import PortfolioWriter, whole_folder
from polisbridge.batch.reckon import reckoned
from polisbridge.batch.sheets import BATCH, CsvFile, NdjsonFile
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.factsrow import read_row
from polisbridge.formats.tree import Document, Tree
from polisbridge.services.portfolio import Progress
from polisbridge.services.portfolio_make import Imported, ImportOrder

REJECTS = "rejects.ndjson"
CSV, NDJSON = (".csv",), (".ndjson", ".jsonl")
_HUNDRED = 100


def import_files(order: ImportOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> Imported:
    """Write a portfolio of what the files hold, and return the totals.

    Raises InputFaults for what is wrong with a file as a whole (encoding, header, named benefit tables), PolisbridgeError
    when one cannot be read or the portfolio cannot be written; nothing is kept then.
    """
    suffixes = {path.suffix.lower() for path in order.files}
    if suffixes <= {*CSV, *NDJSON} and len(order.files) == 1:
        return _import_table(order, vocabulary, into, progress)
    if suffixes & {*CSV, *NDJSON}:
        raise PolisbridgeError(
            ErrorCode.BAD_INPUT, "several files, not all of contracts", hint="import one CSV or NDJSON file at a time"
        )
    return _import_contracts(order, vocabulary, into, progress)


def _import_table(order: ImportOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> Imported:
    (path,) = order.files
    told, read = Told(), 0
    benefits = _named_benefits(order.benefits, vocabulary) if order.benefits else {}
    is_csv = path.suffix.lower() in CSV
    table = CsvFile(path, order.separator, told) if is_csv else NdjsonFile(path, told)
    with whole_folder(into) as folder, (folder / REJECTS).open("w", encoding="utf-8") as file:
        writer, rejects = PortfolioWriter(folder), Rejects(file)
        parser = Parser(str(path), vocabulary, writer.lists, benefits, rejects.row)
        for sheet in table.sheets():
            rows = parser.read(sheet)
            writer.write(rows if order.as_written else reckoned(rows))
            read += sheet.rows
            progress(_HUNDRED * told.done // (told.size or 1), _HUNDRED)
        source = {"file": path.name, "sha256": told.digest.hexdigest(), "form": "csv" if is_csv else "ndjson"}
        return _finished(writer, rejects, read, [source])


def _import_contracts(order: ImportOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> Imported:
    with whole_folder(into) as folder, (folder / REJECTS).open("w", encoding="utf-8") as file:
        writer, rejects = PortfolioWriter(folder), Rejects(file)
        rows: list[dict[str, Any]] = []
        read = 0
        for done, path in enumerate(order.files, 1):
            try:
                found = contract_rows(path, order.stays, vocabulary, writer.lists, read)
            except InputFaults as exc:
                rejects.file(path, exc.faults)
                read += 1
                continue
            rows += found
            read += len(found)
            if len(rows) >= BATCH:
                writer.write(rows_frame(rows))
                rows.clear()
            progress(done, len(order.files))
        if rows:
            writer.write(rows_frame(rows))
        return _finished(writer, rejects, read, [{"form": "contract", "files": len(order.files)}])


def _finished(writer: PortfolioWriter, rejects: "Rejects", read: int, source: list[Mapping[str, Any]]) -> Imported:
    if writer.rows + rejects.count != read:
        raise AssertionError(f"{writer.rows} written and {rejects.count} rejected of {read} rows")
    writer.finish(synthetic=False, source=source, read=read, rejected=rejects.count)
    return Imported(read, writer.rows, rejects.count)


def _named_benefits(document: Document, vocabulary: Vocabulary) -> dict[str, Tree]:
    """Return the benefit tables of a file by name. Raises InputFaults with every fault of all of them."""
    if not isinstance(document.tree, dict):
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, (), document.tree, "benefit tables by name")])
    faults: list[Fault] = []
    for name, lines in document.tree.items():
        try:
            read_row(Document(document.file, {"benefits": lines}, {(): document.line((name,))}), vocabulary)
        except InputFaults as exc:
            faults += exc.faults
    if faults:
        raise InputFaults(faults)
    return document.tree


class Rejects:
    """What is set aside, one JSON object a line: which row or file, and everything that is wrong with it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.count = 0

    def row(self, row: int, line: int, faults: list[Fault]) -> None:
        """Set a row aside: its number from 0 and the line it begins on."""
        self._write({"row": row, "line": line, "faults": list(_told(faults))})

    def file(self, path: Path, faults: list[Fault]) -> None:
        """Set a file aside."""
        self._write(
            {
                "file": str(path),
                "faults": [
                    one | {"line": fault.line, "file": fault.file}
                    for one, fault in zip(_told(faults), faults, strict=True)
                ],
            }
        )

    def _write(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self.count += 1


def _told(faults: list[Fault]) -> Iterator[dict[str, Any]]:
    for fault in faults:
        yield {"column": fault.path, "code": fault.code.value, "found": fault.found, "expected": fault.expected}
