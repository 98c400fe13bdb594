"""Conditions printed as SQL and run by DuckDB or Spark over records: what they say, beside the interpreter."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from polisbridge.batch.duckdb_engine import over
from polisbridge.batch.layout import row_of, rows_frame
from polisbridge.batch.portfolio import PortfolioWriter
from polisbridge.core.condition import (
    ALWAYS,
    NEVER,
    UNKNOWN,
    AddDays,
    And,
    AtLeast,
    Compare,
    Condition,
    Const,
    Field,
    InSet,
    IsTrue,
    Known,
    Not,
    Or,
    Overlaps,
    Param,
    Truth,
    Within,
)
from polisbridge.core.facts import ABSENT, BenefitLine, CoveredPerson, Facts
from polisbridge.formats.sql_dialect import Dialect, DuckDB, Spark
from polisbridge.formats.sql_query import BENEFITS, ROWS, SETS, Query

if TYPE_CHECKING:
    from pyspark.sql import SparkSession  # slow to load

AGE, NONE = Field("age"), frozenset[str]()
NODES: list[Condition] = [
    ALWAYS,
    NEVER,
    UNKNOWN,
    Not(UNKNOWN),
    Known(AGE),
    Known(Field("role")),
    Known(Field("first_day")),
    IsTrue(Field("works")),
    InSet(Field("role"), NONE),
    InSet(Field("role"), frozenset({"child", ""})),
    InSet(Field("insurer"), frozenset({'O\'Hara \\ "Söhne"; -- `x`'})),
    Within(Field("citizenship"), NONE),
    Within(Field("citizenship"), frozenset({"NO"})),
    Overlaps(Field("citizenship"), NONE),
    Overlaps(Field("citizenship"), NONE, (Field("state"), Field("home_state"))),
    Overlaps(Field("citizenship"), frozenset({"KZ"}), (Field("state"),)),
    AtLeast(0, Field("benefits"), UNKNOWN),
    AtLeast(1, Field("benefits"), ALWAYS),
    AtLeast(2, Field("benefits"), Compare(Field("limit"), ">=", Param(Field("limit_currency"), (("EUR", 1),)))),
    AtLeast(1, Field("benefits"), Overlaps(Field("territory"), frozenset({"NO"}), (Field("benefit"),))),
    AtLeast(2, Field("persons"), Compare(AGE, "<=", Const(17))),
    AtLeast(1, Field("persons"), Compare(Field("first_day"), "<=", Const(9))),
    Compare(AGE, "==", Const(0)),
    Compare(Const(0), "<=", AGE),
    Compare(Const(3), "<=", Const(4)),
    Compare(AGE, ">=", Param(Field("role"), ())),
    Compare(AGE, "<=", AddDays(AddDays(Param(Field("role"), (("child", 3), ("worker", -2))), -2), 1)),
    Compare(AddDays(Field("first_day"), -1), ">=", AddDays(Field("last_day"), 1)),
    Compare(AddDays(AGE, 2**31 - 1), "==", AddDays(AGE, -(2**31))),
    Compare(AddDays(Const(1), 1), ">=", Field("first_day")),
    Compare(Field("first_day"), "<=", AGE),
    Compare(Field("first_day"), "<=", Const(2**40)),
    Compare(Field("role"), "==", Const("child")),
    Compare(Field("role"), "==", Field("state")),
    And((IsTrue(Field("works")), Not(IsTrue(Field("works"))))),
    Or((IsTrue(Field("works")), Not(IsTrue(Field("works"))))),
]
RECORDS = [
    Facts(),
    Facts(age=ABSENT, role=ABSENT, state=ABSENT, home_state=ABSENT, first_day=ABSENT, last_day=ABSENT),
    Facts(age=0, role="", works=False, citizenship=NONE, benefits=(), persons=(), first_day=0, last_day=-2),
    Facts(age=1, role="child", works=True, citizenship=frozenset({"NO"}), state="NO", first_day=0, last_day=-1),
    Facts(age=ABSENT, role="worker", citizenship=frozenset({"NO", "KZ"}), home_state="NO", last_day=ABSENT, first_day=9),
    Facts(age=3, role=ABSENT, citizenship=frozenset({"SE"}), state="NO", benefits=(BenefitLine(), BenefitLine())),
    Facts(insurer="O'Hara \\ \"Söhne\"; -- `x`", first_day=2**16, role="NO", state="NO"),
    Facts(persons=(CoveredPerson(age=17, first_day=ABSENT), CoveredPerson(age=ABSENT, first_day=9), CoveredPerson())),
    Facts(persons=(CoveredPerson(age=17), CoveredPerson(age=3)), benefits=(BenefitLine(benefit="NO", territory=NONE),)),
    Facts(role="child", age=2**31 - 1, benefits=(BenefitLine(limit=1, limit_currency="EUR"), BenefitLine(limit=ABSENT))),
    Facts(benefits=(BenefitLine(limit=0, limit_currency="EUR"), BenefitLine(limit=2), BenefitLine(limit_currency=ABSENT))),
    Facts(benefits=(BenefitLine(benefit="NO", territory=frozenset({"NO"})), BenefitLine(territory=frozenset({"SE"})))),
]  # fmt: skip


def written(folder: Path, records: Sequence[Facts]) -> Path:
    """Write the records as a portfolio, numbered from 0."""
    writer = PortfolioWriter(folder)
    writer.write(rows_frame({"row": number, **row_of(one, writer.lists)} for number, one in enumerate(records)))
    writer.finish(synthetic=True)
    return folder


def statement(query: Query, names: Mapping[str, Condition]) -> str:
    """Return the query for the truths of all rows, in order."""
    layers = ",\n".join(f"{name} AS (\n{text}\n)" for name, text in query.layers())
    answers = ", ".join(f"{query.answer(name)} AS {name}" for name in names)
    return f"WITH {layers}\nSELECT row, {answers} FROM {query.source} ORDER BY row"


def asked(conditions: Sequence[Condition], dialect: Dialect) -> tuple[Query, str]:
    """Return the query that answers all conditions, and its text."""
    names = {f"answer_{number}": one for number, one in enumerate(conditions)}
    query = Query(names, dialect)
    return query, statement(query, names)


def by_duckdb(conditions: Sequence[Condition], records: Sequence[Facts]) -> list[list[Truth]]:
    """Return what DuckDB says of every record, of all conditions."""
    query, text = asked(conditions, DuckDB())
    with TemporaryDirectory() as name, over(written(Path(name) / "held", records), query.columns) as connection:
        return [list(row[1:]) for row in connection.execute(text).fetchall()]


def by_spark(spark: "SparkSession", conditions: Sequence[Condition], records: Sequence[Facts]) -> list[list[Truth]]:
    """Return what Spark says of every record, of all conditions."""
    query, text = asked(conditions, Spark())
    words = Spark()
    with TemporaryDirectory() as name:
        folder = written(Path(name) / "held", records)
        spark.sql(words.rows_view(ROWS, str(folder), query.columns))
        spark.sql(words.table_view(SETS, f"{folder}/sets.parquet"))
        spark.sql(words.table_view(BENEFITS, f"{folder}/benefits.parquet"))
        return [list(row)[1:] for row in spark.sql(text).collect()]
