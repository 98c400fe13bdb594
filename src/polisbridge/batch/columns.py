"""The law of one state, gate and day compiled to columns: verdict and finding codes of many rows at once.

Sets and benefit tables are reckoned once per distinct list and looked up by number. What several answers share is
reckoned once per row and kept as a column while it is wanted.
"""

from collections.abc import Iterator
from functools import reduce
from operator import add

import polars as pl

from polisbridge.batch.expressions import TRUE, Expressions, as_numbers, conjunction, counted, disjunction
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
        full = self.benefits.filter(pl.col("lines").list.len() > 0)
        self._lines = as_numbers(full.explode("lines").unnest("lines"))
        self._kept: dict[Condition, pl.Series] = {}

    def truth(self, condition: Condition) -> pl.Series:
        """Return the truth of a condition on one set or benefit field, for every number of its table."""
        if condition not in self._kept:
            self._kept[condition] = (
                self._of_benefits(condition) if isinstance(condition, AtLeast) else self._of_sets(condition)
            )
        return self._kept[condition]

    def _of_sets(self, condition: Condition) -> pl.Series:
        (field,) = fields_read(condition)
        return self.sets.rename({"codes": field}).select(truth=Expressions(Facts).leaf(condition))["truth"]

    def _of_benefits(self, condition: AtLeast) -> pl.Series:
        return with_empty(condition, self.benefits["number"], counted(condition, BenefitLine, self._lines))


def with_empty(condition: AtLeast, numbers: pl.Series, answers: pl.DataFrame) -> pl.Series:
    """Return the truth for every number in order; those without an answer have an empty list."""
    empty = pl.lit(value=condition.count <= 0)
    joined = numbers.to_frame("number").join(
        answers.with_columns(has_items=TRUE), on="number", how="left", maintain_order="left"
    )
    return joined.select(truth=pl.when(pl.col("has_items")).then(pl.col("truth")).otherwise(empty))["truth"]


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
        self._names: dict[int, str] = {}
        self._looked_up: list[tuple[str, Condition]] = []
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
        frame = self._with_lookups(_completed(rows, self.reads))
        for level in self._levels:
            frame = frame.with_columns(level)
        return frame.select(self._outputs).collect(engine="streaming")

    def _write(self, at: int, condition: Condition, parts: tuple[int, ...]) -> pl.Expr:
        match condition:
            case Not():
                return ~self._read(parts[0])
            case And():
                return conjunction([self._read(part) for part in parts])
            case Or():
                return disjunction([self._read(part) for part in parts])
            case AtLeast() | Overlaps() | Within():
                name = f"list_{at}"
                self._looked_up.append((name, condition))
                return pl.col(name)
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

    def _with_lookups(self, rows: pl.DataFrame) -> pl.LazyFrame:
        """Add the truth of every condition on a list, by its number where it has one."""
        found = [self._lookup(rows, condition).alias(name) for name, condition in self._looked_up]
        ready = [one for one in found if isinstance(one, pl.Series)]
        return rows.hstack(ready).lazy().with_columns([one for one in found if isinstance(one, pl.Expr)])

    def _lookup(self, rows: pl.DataFrame, condition: Condition) -> pl.Series | pl.Expr:
        if isinstance(condition, AtLeast) and _KINDS[condition.items.name] is FieldType.PERSONS:
            return _of_persons(rows, condition)
        field, *others = fields_read(condition)
        if isinstance(condition, Overlaps) and others:
            return self._of_pairs(rows, condition)
        return pl.lit(self._lists.truth(condition)).gather(pl.col(field))

    def _of_pairs(self, rows: pl.DataFrame, condition: Overlaps) -> pl.Series:
        """Return the truth of an overlap that depends on a code of the row, reckoned once per pair."""
        columns = list(fields_read(condition))
        held = condition.field.name
        pairs = rows.select(columns).unique()
        lists = pairs.with_columns(self._lists.sets["codes"].gather(pairs[held]).alias(held))
        truths = pairs.with_columns(lists.select(truth=self._words.leaf(condition))["truth"])
        return rows.select(columns).join(truths, on=columns, how="left", nulls_equal=True, maintain_order="left")[
            "truth"
        ]


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


def _of_persons(rows: pl.DataFrame, condition: AtLeast) -> pl.Series:
    """Return the truth of a condition on the persons of each row."""
    listed = rows.select(pl.row_index("number"), condition.items.name)
    full = listed.filter(pl.col(condition.items.name).list.len() > 0)
    items = as_numbers(full.explode(condition.items.name).unnest(condition.items.name))
    truths = with_empty(condition, listed["number"], counted(condition, CoveredPerson, items))
    return listed.select(pl.when(pl.col(condition.items.name).is_not_null()).then(truths))["truth"]


def _completed(rows: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows with every wanted column, those that are not there as not known, days as numbers."""
    missing = {name: ROW_SCHEMA[name] for name in wanted if name not in rows.columns}
    return as_numbers(rows.hstack(pl.DataFrame(schema=missing).clear(len(rows))) if missing else rows)
