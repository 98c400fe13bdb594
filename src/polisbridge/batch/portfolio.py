"""A portfolio on disk: opened with all faults at once, written whole or not at all.

portfolio/
  portfolio.json      what it is: layout, rows, whether it is synthetic, and from what it was made
  rows/part-00000.parquet …
  sets.parquet  benefits.parquet
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from polisbridge.batch.layout import BENEFITS_SCHEMA, ROW, ROW_SCHEMA, SETS_SCHEMA, Lists
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError

LAYOUT = "polisbridge portfolio 1"
MANIFEST, ROWS, SETS, BENEFITS = "portfolio.json", "rows", "sets.parquet", "benefits.parquet"
_FEW = 200  # faults told of one portfolio


@dataclass(frozen=True)
class Portfolio:
    """A portfolio that was opened: its parts in order, its lists, and what it says of itself."""

    folder: Path
    parts: tuple[Path, ...]
    rows: int
    manifest: dict[str, Any]

    @property
    def synthetic(self) -> bool:
        """Whether its persons were made up."""
        return bool(self.manifest.get("synthetic"))

    @cached_property
    def sets(self) -> pl.DataFrame:
        """The sets by number."""
        return pl.read_parquet(self.folder / SETS)

    @cached_property
    def benefits(self) -> pl.DataFrame:
        """The benefit tables by number."""
        return pl.read_parquet(self.folder / BENEFITS)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns that its rows have; every part has the same."""
        return frozenset(pl.read_parquet_schema(self.parts[0])) if self.parts else frozenset()

    def scan(self) -> pl.LazyFrame:
        """Return all rows, read when collected."""
        return pl.scan_parquet(list(self.parts))


def open_portfolio(folder: Path) -> Portfolio:
    """Return the portfolio in the folder.

    Raises PolisbridgeError when there is none, InputFaults naming every file that is cut short or damaged, every
    column that the layout does not know or that has another type, and a count of rows that is not as stated.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except OSError as exc:
        raise PolisbridgeError(
            ErrorCode.NOT_FOUND, f"no portfolio in {folder}", hint=f"a portfolio is a folder with {MANIFEST}"
        ) from exc
    except ValueError as exc:
        raise InputFaults([Fault(str(path), 1, "", FaultCode.SYNTAX, str(exc), "JSON")]) from exc
    faults = list(_manifest_faults(path, manifest))
    parts = tuple(sorted((folder / ROWS).glob("*.parquet")))
    rows = 0
    for part in parts:
        found, count = _table_faults(part, ROW_SCHEMA, needed=(ROW,))
        faults += found
        rows += count
    for name, schema in ((SETS, SETS_SCHEMA), (BENEFITS, BENEFITS_SCHEMA)):
        faults += _table_faults(folder / name, schema, needed=tuple(schema))[0]
    if not faults and manifest["rows"] != rows:
        faults.append(
            Fault(str(path), 1, "rows", FaultCode.WRONG_VALUE, f"{rows} rows in the files", str(manifest["rows"]))
        )
    if faults:
        raise InputFaults(faults[:_FEW], complete=len(faults) <= _FEW)
    return Portfolio(folder, parts, rows, manifest)


def _manifest_faults(path: Path, manifest: Any) -> Iterator[Fault]:
    if not isinstance(manifest, dict):
        yield Fault(str(path), 1, "", FaultCode.WRONG_VALUE, type(manifest).__name__, "an object")
        return
    if manifest.get("layout") != LAYOUT:
        yield Fault(str(path), 1, "layout", FaultCode.WRONG_VALUE, repr(manifest.get("layout")), repr(LAYOUT))
    if not isinstance(manifest.get("rows"), int):
        yield Fault(str(path), 1, "rows", FaultCode.WRONG_VALUE, repr(manifest.get("rows")), "the number of rows")


def _table_faults(path: Path, schema: dict[str, pl.DataType], needed: tuple[str, ...]) -> tuple[list[Fault], int]:
    """Return what is wrong with one Parquet file, and its number of rows."""
    try:
        held = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (PolarsError, OSError) as exc:
        what = str(exc).splitlines()[0] if str(exc) else type(exc).__name__
        return [Fault(str(path), 1, "", FaultCode.SYNTAX, what, "a whole Parquet file")], 0
    faults = [
        Fault(str(path), 1, name, FaultCode.UNKNOWN_KEY, name, "a column of the layout (docs/spec/portfolio.md)")
        for name in held
        if name not in schema
    ]
    faults += [
        Fault(str(path), 1, name, FaultCode.WRONG_VALUE, str(kind), str(schema[name]))
        for name, kind in held.items()
        if name in schema and kind != schema[name]
    ]
    faults += [Fault(str(path), 1, name, FaultCode.MISSING_KEY, "", name) for name in needed if name not in held]
    return faults, rows


def _cause(said: str) -> str:
    """Return what the system said, out of what an engine made of it."""
    by_system = re.search(r"[^:]+\(os error \d+\)", said)
    return by_system.group().strip() if by_system else (said.splitlines() or ["unknown"])[0]


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write to that takes the name of `folder` only when all went well, and is removed else.

    Raises PolisbridgeError when there is something of that name already, or when writing fails: disk full, no
    permission.
    """
    if folder.exists():
        raise PolisbridgeError(ErrorCode.NOT_WRITTEN, f"{folder} exists", hint="name a folder that does not exist yet")
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        beside.mkdir(parents=True)
        yield beside
        beside.rename(folder)
    except (OSError, PolarsError) as exc:
        shutil.rmtree(beside, ignore_errors=True)
        what = getattr(exc, "strerror", None) or _cause(str(exc))
        raise PolisbridgeError(
            ErrorCode.NOT_WRITTEN, f"{folder}: {what}", hint="nothing was kept; check the space and the permissions"
        ) from exc
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


@dataclass
class PortfolioWriter:
    """Writes the files of a portfolio into a folder that is there; `finish` says what it is."""

    folder: Path
    lists: Lists = field(default_factory=Lists)
    _rows: int = 0
    _parts: int = 0

    def __post_init__(self) -> None:
        (self.folder / ROWS).mkdir(parents=True, exist_ok=True)

    @property
    def rows(self) -> int:
        """How many rows were written so far; the next row's number, when rows are numbered from 0."""
        return self._rows

    def write(self, rows: pl.DataFrame) -> None:
        """Write one part: rows of the layout, any of its columns."""
        rows.write_parquet(self.folder / ROWS / f"part-{self._parts:05}.parquet", compression="zstd")
        self._parts, self._rows = self._parts + 1, self._rows + len(rows)

    def finish(self, **said: Any) -> None:
        """Write the lists, and last the manifest with what is said of the portfolio."""
        self.lists.sets_frame().write_parquet(self.folder / SETS)
        self.lists.benefits_frame().write_parquet(self.folder / BENEFITS)
        manifest = {"layout": LAYOUT, "rows": self._rows, "parts": self._parts, **said}
        (self.folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
