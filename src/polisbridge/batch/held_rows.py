"""Rows that a service gives into a portfolio, some at a time."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from polisbridge.batch.layout import ROW, row_of, rows_frame
from polisbridge.batch.portfolio import PortfolioWriter, whole_folder
from polisbridge.services.portfolio_make import PortfolioRow

_PART = 50_000  # rows of one part, held at once


def write_rows(rows: Iterable[PortfolioRow], into: Path, source: str, *, synthetic: bool) -> int:
    """Write a portfolio of the rows, numbered from 0 in their order; return how many."""
    with whole_folder(into) as folder:
        writer, held = PortfolioWriter(folder), list[dict[str, Any]]()
        for one in rows:
            labels = {"contract": one.contract, "person": one.person, "product": one.product or None}
            held.append({ROW: writer.rows + len(held), **labels, **row_of(one.facts, writer.lists)})
            if len(held) >= _PART:
                writer.write(rows_frame(held))
                held.clear()
        if held or not writer.rows:
            writer.write(rows_frame(held))
        writer.finish(synthetic=synthetic, source=[{"form": source}])
        return writer.rows
