"""Draws in columns: a fixed sequence of numbers from a seed, the same on every machine and with every version.

A draw is a whole number from 0 to 2^32 - 1, so shares and ranges are reckoned in whole numbers and never in floats.
"""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

import polars as pl

_ALL = 1 << 32
Column: TypeAlias = pl.Series | int


class Draws:
    """One sequence of draws. What is drawn depends on the seed and on the order of the calls only."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - a fixed sequence, not a secret

    def numbers(self, count: int) -> pl.Series:
        """Return so many draws."""
        if not count:
            return pl.Series(dtype=pl.UInt64)
        octets = pl.Series([self._random.randbytes(4 * count)], dtype=pl.Binary)
        return octets.bin.reinterpret(dtype=pl.Array(pl.UInt32, count), endianness="little").explode().cast(pl.UInt64)

    def happens(self, count: int, per_thousand: int) -> pl.Series:
        """Return whether something happens that happens so often."""
        return self.numbers(count) < per_thousand * _ALL // 1000

    def between(self, count: int, first: Column, last: Column) -> pl.Series:
        """Return whole numbers from first to last, both included; first where last is before it."""
        width = pl.select(pl.max_horizontal(pl.lit(last) - pl.lit(first) + 1, pl.lit(1))).to_series().cast(pl.UInt64)
        steps = (self.numbers(count) * width) // _ALL
        return steps.cast(pl.Int64) + first

    def pick(self, choices: "Choices", groups: Column, count: int) -> pl.Series:
        """Return for every row one of the values of its group, by weight."""
        drawn = self.numbers(count) + (groups * _ALL if isinstance(groups, int) else groups.cast(pl.UInt64) * _ALL)
        return choices.values[choices.bounds.search_sorted(drawn, side="right")]


class Choices:
    """Values with weights, by group; groups are numbered from 0."""

    def __init__(self, groups: Sequence[Mapping[Any, int]], kind: pl.DataType | None = None) -> None:
        self.values = pl.Series([value for group in groups for value in group], dtype=kind)
        bounds = [bound for at, group in enumerate(groups) for bound in _bounds(at, group.values())]
        self.bounds = pl.Series(bounds, dtype=pl.UInt64)


def _bounds(at: int, weights: Iterable[int]) -> Iterable[int]:
    """Yield where each value of the group ends; the last ends where the next group begins."""
    weights = list(weights)
    total, so_far = sum(weights), 0
    for weight in weights:
        so_far += weight
        yield at * _ALL + so_far * _ALL // total
