"""Rows decided by two laws: which occasions the scenario touches, and which findings can differ there.

Only what is touched is decided twice. Two laws of one occasion agree when they bind the same provisions, with the
same evidence and the same conditions, in the same order; a scenario never gives an id of the law another content.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import TypeAlias

import polars as pl

from polisbridge.batch.columns import FINDINGS_IN_WORD, CompiledLaw, ListTables
from polisbridge.batch.laws import Key, Laws, stated_day
from polisbridge.core.applied import AppliedLaw
from polisbridge.core.bound import Applied
from polisbridge.core.codes import Gate
from polisbridge.core.days import day_number, whole_years
from polisbridge.core.symbolic import SymbolicFinding
from polisbridge.services.applied_laws import AppliedLaws, Occasion

Place: TypeAlias = tuple[int | None, int | None]  # of a finding, by the law and by the scenario

AGED = ("age", "birth_day", "persons")


@dataclass(frozen=True)
class Pair:
    """The law of one occasion and what becomes of it; the same object twice where the scenario leaves it alone."""

    state: str
    gate: Gate
    before: CompiledLaw
    after: CompiledLaw
    replaces: Mapping[str, str]

    @property
    def touched(self) -> bool:
        """Whether rows have to be decided twice."""
        return self.before is not self.after

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that either law reads."""
        return tuple(sorted({*self.before.reads, *self.after.reads}))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places of the findings that can differ: changed provisions together, those of one law alone."""
        if not self.touched:
            return ()
        old, new = _by_name(self.before, {}), _by_name(self.after, self.replaces)
        both = [(old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
        return tuple(
            (one and one[0], other and other[0])
            for one, other in both
            if one is None or other is None or _said(one[1]) != _said(other[1])
        )


Name: TypeAlias = tuple[str, int]


def _by_name(law: CompiledLaw, replaces: Mapping[str, str]) -> dict[Name, tuple[int, Applied]]:
    """Return the findings by the id whose place they hold and, where a treaty binds by several ties, its number."""
    found: dict[Name, tuple[int, Applied]] = {}
    for at, one in enumerate(law.decision.findings):
        name = replaces.get(one.id, one.id)
        number = next(number for number in range(len(found) + 1) if (name, number) not in found)
        found[name, number] = (at, one.applied)
    return found


def _said(one: Applied) -> tuple[object, ...]:
    return one.provision.id, one.evidence, one.applies, one.holds


def agree(one: AppliedLaw, other: AppliedLaw) -> bool:
    """Say whether two laws of one occasion decide alike, because they say the same."""
    return all(a and b and _said(a) == _said(b) for a, b in zip_longest(one.everything, other.everything))


class Pairs:
    """The pairs of laws that a portfolio needs, compiled when their first row comes."""

    def __init__(self, before: AppliedLaws, after: AppliedLaws, replaces: Mapping[str, str], lists: ListTables) -> None:
        self._law, self._scenario, self._replaces = before, after, replaces
        self._before, self._after = Laws(before, lists), Laws(after, lists)
        self._numbers: dict[tuple[int, int | None], int] = {}
        self._agree: dict[tuple[Occasion, Occasion], bool] = {}
        self.all: list[Pair] = []

    def number(self, key: Key) -> int:
        """Return the number of the pair for the values of KEYS of a row."""
        numbers = self._before.number(key), self._after.number(key) if self._touched(key) else None
        if numbers not in self._numbers:
            self._numbers[numbers] = len(self.all)
            before = self._before.compiled[numbers[0]]
            after = before if numbers[1] is None else self._after.compiled[numbers[1]]
            self.all.append(Pair(key[0], Gate(key[1]), before, after, self._replaces))
        return self._numbers[numbers]

    def _touched(self, key: Key) -> bool:
        state, gate, as_of, home_state, concluded = key
        asked = (state, Gate(gate), as_of, home_state, stated_day(concluded))
        one, other = self._law.occasion(*asked), self._scenario.occasion(*asked)
        if (one, other) not in self._agree:
            self._agree[one, other] = agree(self._law.at(*one), self._scenario.at(*other))
        return not self._agree[one, other]

    @property
    def reads(self) -> frozenset[str]:
        """The columns that any of the laws reads."""
        return self._before.reads | self._after.reads


def code_of(prefix: str, at: int) -> pl.Expr:
    """Return the code of the finding at a place, from packed words whose names begin with the prefix."""
    word, place = divmod(at, FINDINGS_IN_WORD)
    return (pl.col(f"{prefix}findings_{word}") // pl.lit(1 << 2 * place, dtype=pl.UInt64) % 4).cast(pl.UInt8)


def ids(pair: Pair, place: Place) -> Iterator[str | None]:
    """Yield the ids of the provisions at a place, by the law and by the scenario; None where there is none."""
    for law, at in zip((pair.before, pair.after), place, strict=True):
        findings: tuple[SymbolicFinding, ...] = law.decision.findings
        yield None if at is None else findings[at].id


def as_of_day(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the rows as they stand on another day: ages by the day of birth.

    Where a row's own day differs and no day of birth is told, the age is not known; nor is that of the other persons
    on the contract, whose days of birth a portfolio does not hold.
    """
    own = pl.col("as_of") if "as_of" in rows.columns else pl.lit(None, dtype=pl.Date)
    same_day = own.eq(day).fill_null(value=False)
    changed: list[pl.Expr] = []
    if "age" in rows.columns:
        changed.append(pl.when(same_day).then(pl.col("age")).otherwise(_ages(rows, day)).alias("age"))
    if "persons" in rows.columns:
        changed.append(pl.when(same_day).then(pl.col("persons")).otherwise(_ageless()).alias("persons"))
    return rows.with_columns(*changed, pl.lit(day).alias("as_of"))


def _ages(rows: pl.DataFrame, day: date) -> pl.Series:
    """Return the age of every row on the day; null where the day of birth is not told."""
    if "birth_day" not in rows.columns:
        return pl.Series([None] * len(rows), dtype=pl.Int32)
    born, on = rows["birth_day"].to_physical(), day_number(day)
    known = born.unique().drop_nulls().to_list()
    stated = [one for one in known if one != day_number(date.min)]
    ages = pl.Series([whole_years(one, on) for one in stated], dtype=pl.Int32)
    return born.replace_strict(pl.Series(stated, dtype=pl.Int32), ages, default=None, return_dtype=pl.Int32)


def _ageless() -> pl.Expr:
    without = pl.element().struct.with_fields(pl.lit(None, dtype=pl.Int32).alias("age"))
    return pl.col("persons").list.eval(without)
