"""Which law decides which rows of a portfolio: the laws it needs, compiled once, and its rows by law."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any, TypeAlias

import polars as pl

from polisbridge.batch.columns import CompiledLaw, ListTables
from polisbridge.batch.layout import ABSENT_DAY, ROW, ROW_SCHEMA
from polisbridge.batch.portfolio import Portfolio
from polisbridge.core.codes import Gate
from polisbridge.core.days import day_number
from polisbridge.core.symbolic import symbolic
from polisbridge.services.applied_laws import AppliedLaws, Occasion

OCCASION = "occasion"
KEYS = ("state", "gate", "as_of", "home_state", "concluded")
GATES = frozenset(gate.value for gate in Gate)
ANSWER_SCHEMA: dict[str, pl.DataType] = {ROW: pl.Int64(), OCCASION: pl.UInt16(), "verdict": pl.UInt8()}

Key: TypeAlias = tuple[Any, ...]  # the values of KEYS of a row


class Laws:
    """The laws that a portfolio needs, compiled when their first row comes; occasions that agree share one."""

    def __init__(self, laws: AppliedLaws, lists: ListTables) -> None:
        self._laws, self._lists = laws, lists
        self._numbers: dict[Occasion, int] = {}
        self._by_key: dict[Key, int] = {}
        self.compiled: list[CompiledLaw] = []
        self.occasions: list[Occasion] = []

    def number(self, key: Key) -> int:
        """Return the number of the law for the values of KEYS of a row."""
        if key not in self._by_key:
            state, gate, as_of, home_state, concluded = key
            occasion = self._laws.occasion(state, Gate(gate), as_of, home_state, stated_day(concluded))
            if occasion not in self._numbers:
                self._numbers[occasion] = len(self.compiled)
                self.occasions.append(occasion)
                self.compiled.append(self._compile(occasion))
            self._by_key[key] = self._numbers[occasion]
        return self._by_key[key]

    def _compile(self, occasion: Occasion) -> CompiledLaw:
        state, gate, as_of, *_ = occasion
        given = {"state": state, "gate": gate.value, "as_of": day_number(as_of)}
        return CompiledLaw(symbolic(self._laws.at(*occasion)), given, self._lists)

    @property
    def reads(self) -> frozenset[str]:
        """The columns that any of the laws reads."""
        return frozenset(name for law in self.compiled for name in law.reads)

    @property
    def nothing(self) -> pl.DataFrame:
        """An empty answer, as wide as the widest law needs."""
        words = range(max((law.width for law in self.compiled), default=1))
        return pl.DataFrame(schema=ANSWER_SCHEMA | {f"findings_{word}": pl.UInt64() for word in words})


def stated_day(day: date | None) -> date | None:
    """Return the day of conclusion that a contract states; None when it states none, or nobody knows."""
    return None if day is None or day_number(day) == ABSENT_DAY else day


def decidable(key: Key, states: frozenset[str]) -> bool:
    """Say whether some law can decide rows of these values: state and gate are known, and the day is there."""
    state, gate, as_of, *_ = key
    return state in states and gate in GATES and as_of is not None


def occasions_of(portfolio: Portfolio, number: Callable[[Key], int | None], as_of: date | None = None) -> pl.DataFrame:
    """Return which law decides rows by their state, gate and so on: as few columns as tell it, and OCCASION.

    Where OCCASION is null, no law can decide: `number` gave none. With `as_of` all rows are decided for that day.
    """
    there = [name for name in KEYS if name in portfolio.columns and (as_of is None or name != "as_of")]
    found = portfolio.scan().select(there).unique().collect()
    missing = {"as_of": as_of} if as_of else {}
    found = found.with_columns(
        pl.lit(missing.get(name)).cast(ROW_SCHEMA[name]).alias(name) for name in KEYS if name not in there
    )
    found = found.select(KEYS).sort(KEYS)
    numbers = [number(key) for key in found.iter_rows()]
    return _least(found.with_columns(pl.Series(OCCASION, numbers, dtype=pl.UInt16)))


def _least(occasions: pl.DataFrame) -> pl.DataFrame:
    """Return the table without the columns that make no difference to the law."""
    for name in KEYS:
        others = [one for one in occasions.columns if one not in (name, OCCASION)]
        fewer = occasions.select(*others, OCCASION).unique(maintain_order=True)
        if len(fewer) == (len(fewer.unique(others)) if others else 1):
            occasions = fewer
    return occasions


def by_occasion(rows: pl.DataFrame) -> Iterator[tuple[int, Callable[[tuple[str, ...]], pl.DataFrame]]]:
    """Yield each law's number with a function that gives its rows, in order, with the columns wanted of them."""

    def part(places: pl.Series | None, reads: tuple[str, ...]) -> pl.DataFrame:
        wanted = [rows[name] for name in (ROW, OCCASION, *reads) if name in rows.columns]
        return pl.DataFrame(wanted) if places is None else pl.DataFrame(wanted)[places]

    numbers = rows[OCCASION]
    if numbers.n_unique() == 1:
        yield numbers[0], partial(part, None)
        return
    order = numbers.arg_sort()
    first = 0
    for number, length in numbers.value_counts().sort(OCCASION).iter_rows():
        yield number, partial(part, order.slice(first, length).sort())
        first += length
