"""The law of one state, gate and day compiled to columns: verdict and finding codes of many rows at once.

Sets and benefit tables are reckoned once per distinct list and looked up by number. What several answers share is
reckoned once per row and kept as a column while it is wanted.
"""

from collections.abc import Iterator
from functools import reduce
from operator import add

import polars as pl

from polisbridge.batch.expressions import Expressions, at_least, conjunction, disjunction, overlaps
from polisbridge.batch.layout import ROW_SCHEMA
from polisbridge.core.codes import Verdict
from polisbridge.core.condition import And, AtLeast, Condition, Not, Or, Overlaps, Within, fields_read
from polisbridge.core.facts import BenefitLine, CoveredPerson, Facts, FieldType, field_types
from polisbridge.core.plan import plan
from polisbridge.core.specialise import Given, specialise
from polisbridge.core.symbolic import FindingCode, SymbolicDecision

_KINDS = field_types(Facts)
_IN_BYTE, _BYTES = 4, 8
FINDINGS_IN_WORD = _IN_BYTE * _BYTES  # two bits each

VERDICT_CODES: dict[Verdict, int] = {
    Verdict.NOT_RECOGNISED: 0,
    Verdict.RECOGNISED: 1,
    Verdict.UNDETERMINED: 2,
    Verdict.NOT_REQUIRED: 3,
}


class ListTables:
    """The sets and benefit tables of a portfolio, ready to reckon conditions on; the answers are kept."""

    def __init__(self, sets: pl.DataFrame, benefits: pl.DataFrame) -> None:
        self.sets, self.benefits = sets.sort("number"), benefits.sort("number")
        self._kept: dict[Condition, pl.Series] = {}

    def truth(self, condition: Condition) -> pl.Series:
        """Return the truth of a condition on one set or benefit field, for every number of its table."""
        if condition not in self._kept:
            self._kept[condition] = self._truth(condition)
        return self._kept[condition]

    def _truth(self, condition: Condition) -> pl.Series:
        if isinstance(condition, AtLeast):
            lines = at_least(condition, BenefitLine, pl.col("lines"))
            return self.benefits.select(truth=lines)["truth"]
        (field,) = fields_read(condition)
        return self.sets.rename({"codes": field}).select(truth=Expressions(Facts).leaf(condition))["truth"]


class CompiledLaw:
    """One law over columns. `run` answers for any number of rows that hold what was given.

    The answer has `verdict` (VERDICT_CODES) and `findings_0` … , 32 finding codes of two bits in each, in the
    order of `decision.findings`. `reads` are the columns that it looks at.
    """

    def __init__(self, decision: SymbolicDecision, given: Given, lists: ListTables) -> None:
        self.decision, self.given = decision, dict(given)
        self._lists = lists
        self._words = Expressions(Facts)
        self._plan = plan(dict(_answers(decision, given)))
        self._looked_up: list[pl.Expr] = []
        self._written: dict[int, pl.Expr] = {}
        for at, part in enumerate(self._plan.parts):
            self._written[at] = self._write(at, part.condition, part.parts)
        self.reads = tuple(
            sorted({name for part in self._plan.parts if not part.parts for name in fields_read(part.condition)})
        )
        self._levels = self._steps()
        self._outputs = [*self._verdict(), *self._findings()]

    @property
    def width(self) -> int:
        """How many words of findings there are."""
        return -(-len(self.decision.findings) // FINDINGS_IN_WORD)

    def run(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return one answer per row, in order. Columns that are not there are not known."""
        return self.answers(rows.lazy(), frozenset(rows.columns)).collect(engine="streaming")

    def answers(self, rows: pl.LazyFrame, columns: frozenset[str], *labels: str) -> pl.LazyFrame:
        """Return the labels of the rows and one answer per row, of rows that have these columns."""
        missing = [pl.lit(None, dtype=ROW_SCHEMA[name]).alias(name) for name in self.reads if name not in columns]
        rows = rows.with_columns(missing).with_columns(pl.col(pl.Date).to_physical()).with_columns(self._looked_up)
        for level in self._levels:
            rows = rows.with_columns(level)
        return rows.select(*labels, *self._outputs)

    def _write(self, at: int, condition: Condition, parts: tuple[int, ...]) -> pl.Expr:
        match condition:
            case Not():
                return ~self._read(parts[0])
            case And():
                return conjunction([self._read(part) for part in parts])
            case Or():
                return disjunction([self._read(part) for part in parts])
            case AtLeast() | Overlaps() | Within():
                self._looked_up.append(self._lookup(condition).alias(f"list_{at}"))
                return pl.col(f"list_{at}")
            case _:
                return self._words.leaf(condition)

    def _read(self, at: int) -> pl.Expr:
        return pl.col(f"part_{at}") if self._plan.parts[at].kept else self._written[at]

    def _steps(self) -> list[list[pl.Expr]]:
        return [[self._written[at].alias(f"part_{at}") for at in level] for level in self._plan.levels]

    def _answer(self, name: str) -> pl.Expr:
        return self._read(self._plan.answers[name])

    def _verdict(self) -> Iterator[pl.Expr]:
        required, recognised = self._answer("required"), self._answer("recognised")
        code = {verdict: pl.lit(code, dtype=pl.UInt8) for verdict, code in VERDICT_CODES.items()}
        yield (
            pl.when(~required)
            .then(code[Verdict.NOT_REQUIRED])
            .when(recognised)
            .then(code[Verdict.RECOGNISED])
            .when(required & ~recognised)
            .then(code[Verdict.NOT_RECOGNISED])
            .otherwise(code[Verdict.UNDETERMINED])
            .alias("verdict")
        )

    def _findings(self) -> Iterator[pl.Expr]:
        codes = [self._code(at) for at in range(len(self.decision.findings))]
        octets = [_packed(codes[at : at + _IN_BYTE], 2, pl.UInt8()) for at in range(0, len(codes), _IN_BYTE)]
        for word, at in enumerate(range(0, len(octets), _BYTES)):
            wide = [octet.cast(pl.UInt64) for octet in octets[at : at + _BYTES]]
            yield _packed(wide, 8, pl.UInt64()).alias(f"findings_{word}")

    def _code(self, at: int) -> pl.Expr:
        stated = self._answer(f"stated_{at}").cast(pl.UInt8).fill_null(FindingCode.UNDETERMINED)
        if f"concerns_{at}" not in self._plan.answers:
            return stated
        elsewhere = pl.lit(int(FindingCode.NOT_APPLICABLE), dtype=pl.UInt8)
        return pl.when(~self._answer(f"concerns_{at}")).then(elsewhere).otherwise(stated)

    def _lookup(self, condition: AtLeast | Overlaps | Within) -> pl.Expr:
        """Return the truth of a condition on a list, by the number that the row has of it; not known of no list."""
        if isinstance(condition, AtLeast) and _KINDS[condition.items.name] is FieldType.PERSONS:
            return at_least(condition, CoveredPerson, pl.col(condition.items.name))
        field, *others = fields_read(condition)
        if isinstance(condition, Overlaps) and others:
            held = pl.lit(self._lists.sets["codes"]).gather(pl.col(field), null_on_oob=True)
            return overlaps(held, condition.codes, [pl.col(name) for name in others])
        return pl.lit(self._lists.truth(condition)).gather(pl.col(field), null_on_oob=True)


def _answers(decision: SymbolicDecision, given: Given) -> Iterator[tuple[str, Condition]]:
    """Yield everything that is asked, by name, for rows that hold what is given."""
    yield "required", specialise(decision.required, given)
    yield "recognised", specialise(decision.recognised, given)
    for at, finding in enumerate(decision.findings):
        yield f"stated_{at}", specialise(finding.stated, given)
        concerns = specialise(finding.concerns, given)
        if concerns != And(()):
            yield f"concerns_{at}", concerns


def _packed(parts: list[pl.Expr], bits: int, kind: pl.DataType) -> pl.Expr:
    """Return the numbers side by side in one, the first lowest."""
    return reduce(add, [part * pl.lit(1 << bits * at, dtype=kind) for at, part in enumerate(parts)])
