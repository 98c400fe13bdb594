"""The law of one state, gate and day as SQL that an analyst can read and run over a portfolio.

Every provision is a column named by its id, with its title, source and evidence beside it. Codes: 0 not met, 1 met,
2 undetermined, 3 not applicable. `findings_0` … hold the same codes packed, two bits each, 32 in a number.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from polisbridge.core.applied import AppliedLaw
from polisbridge.core.codes import Verdict
from polisbridge.core.condition import ALWAYS, Condition
from polisbridge.core.days import day_number
from polisbridge.core.facts import Facts, field_types
from polisbridge.core.law import Text, in_english
from polisbridge.core.specialise import Given, specialise
from polisbridge.core.symbolic import FindingCode, SymbolicDecision, SymbolicFinding, symbolic
from polisbridge.formats.sql_dialect import ABSENT_CODE, ABSENT_DATE, ABSENT_NUMBER, DIALECTS, Dialect, DialectName
from polisbridge.formats.sql_query import BENEFITS, ROWS, SETS, Query

FINDINGS_IN_WORD = 32
TextReader: TypeAlias = Callable[[Text], str]  # a text of the law in the language of who reads

_CHOSEN_BY = ("state", "gate", "as_of", "home_state", "concluded")


class DecisionQuery:
    """A decision as one SQL query over rows that hold what is `given`."""

    def __init__(
        self,
        decision: SymbolicDecision,
        given: Given,
        dialect: Dialect,
        carried: Sequence[str] = ("row",),
        rows: str = ROWS,
    ) -> None:
        self._decision, self._dialect, self._carried = decision, dialect, carried
        self._query = Query(dict(_answers(decision, given)), dialect, carried, rows)
        self._concerns = {at for at, one in enumerate(decision.findings) if specialise(one.concerns, given) != ALWAYS}
        self._names = [dialect.name_of(name) for name in finding_names(decision)]

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields of Facts that are looked at."""
        return self._query.reads

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns of the rows that are needed, with their types."""
        return self._query.columns

    @property
    def width(self) -> int:
        """How many words of findings there are."""
        return -(-len(self._names) // FINDINGS_IN_WORD)

    def readable(self, where: Sequence[str], read: TextReader) -> str:
        """Return the query for rows of which all of `where` holds, with a column and a note for every provision."""
        notes = [list(_notes(one, read)) for one in self._decision.findings]
        verdicts = {verdict: self._dialect.text(verdict.value) for verdict in Verdict}
        return self._statement(where, notes, [*self._carried, self._verdict(verdicts), *self._names, *self._words()])

    def packed(self, verdicts: Mapping[Verdict, int], where: Sequence[str] = ()) -> str:
        """Return the query for the columns carried, `verdict` by these codes, and `findings_0` … ."""
        codes = {verdict: str(code) for verdict, code in verdicts.items()}
        silent: list[list[str]] = [[] for _ in self._names]
        return self._statement(where, silent, [*self._carried, self._verdict(codes), *self._words()])

    def _statement(self, where: Sequence[str], notes: Sequence[Sequence[str]], outputs: Sequence[str]) -> str:
        layers = [*self._query.layers(where), ("findings", self._findings(notes))]
        written = ",\n".join(f"{name} AS (\n{query}\n)" for name, query in layers)
        listed = ",\n       ".join(outputs)
        return f"WITH\n{written}\nSELECT {listed}\nFROM findings"

    def _findings(self, notes: Sequence[Sequence[str]]) -> str:
        lines = [*self._carried, *(f"{self._query.answer(name)} AS {name}" for name in ("required", "recognised"))]
        text = ",\n           ".join(lines)
        for at, (name, note) in enumerate(zip(self._names, notes, strict=True)):
            text += ",\n           " + "".join(f"-- {line}\n           " for line in note)
            text += f"{self._code(at)} AS {name}"
        return f"    SELECT {text}\n    FROM {self._query.source}"  # noqa: S608 - every name and text in it is quoted

    def _code(self, at: int) -> str:
        """Return the code of a finding; its condition is written once, because engines reckon what is written."""
        code = f"coalesce(CAST({self._query.answer(f'stated_{at}')} AS INTEGER), {int(FindingCode.UNDETERMINED)})"
        if at not in self._concerns:
            return code
        elsewhere = int(FindingCode.NOT_APPLICABLE)
        return f"CASE WHEN NOT ({self._query.answer(f'concerns_{at}')}) THEN {elsewhere} ELSE {code} END"

    def _verdict(self, values: Mapping[Verdict, str]) -> str:
        return (
            f"CASE WHEN NOT required THEN {values[Verdict.NOT_REQUIRED]} "
            f"WHEN recognised THEN {values[Verdict.RECOGNISED]} "
            f"WHEN required AND NOT recognised THEN {values[Verdict.NOT_RECOGNISED]} "
            f"ELSE {values[Verdict.UNDETERMINED]} END AS verdict"
        )

    def _words(self) -> list[str]:
        firsts = range(0, len(self._names), FINDINGS_IN_WORD)
        packed = [self._dialect.packed(self._names[first : first + FINDINGS_IN_WORD]) for first in firsts]
        return [f"{one} AS findings_{number}" for number, one in enumerate(packed)]


def _answers(decision: SymbolicDecision, given: Given) -> Iterator[tuple[str, Condition]]:
    """Yield everything that is asked, by name, for rows that hold what is given."""
    yield "required", specialise(decision.required, given)
    yield "recognised", specialise(decision.recognised, given)
    for at, finding in enumerate(decision.findings):
        yield f"stated_{at}", specialise(finding.stated, given)
        if (concerns := specialise(finding.concerns, given)) != ALWAYS:
            yield f"concerns_{at}", concerns


def finding_names(decision: SymbolicDecision) -> list[str]:
    """Return a name for every finding: the provision's id, with the evidence where a treaty binds in several ways."""
    ids = [one.id for one in decision.findings]
    return [
        name if ids.count(name) == 1 else f"{name} ({one.applied.evidence.value})"
        for name, one in zip(ids, decision.findings, strict=True)
    ]


def _notes(one: SymbolicFinding, read: TextReader) -> Iterator[str]:
    provision, citation = one.applied.provision, one.applied.provision.citation
    yield _one_line(f"{provision.kind.value}: {read(provision.title)}")
    where = ", ".join(text for text in (read(citation.act), read(citation.provision), citation.url) if text)
    yield _one_line(f"{where}; evidence: {one.applied.evidence.value}, checked {citation.checked.isoformat()}")


def _one_line(text: str) -> str:
    """Return a text for a comment: on one line, and not ending in a backslash, which would go on in Spark."""
    return " ".join(text.split()) + (" " if text.rstrip().endswith("\\") else "")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows the law is for. Home states and days of conclusion matter only where they change the limits."""

    home_state: str | None = None
    not_home_states: tuple[str, ...] = ()
    concluded: date | None = None
    by_conclusion: bool = False


def law_sql(
    law_hash: str,
    law: AppliedLaw,
    chosen: Chosen,
    dialect: DialectName,
    folder: str = ".",
    read: TextReader | None = None,
) -> str:
    """Return SQL that runs as it is over the portfolio in the folder, views included."""
    words, state, as_of = DIALECTS[dialect], law.setting.state, law.setting.as_of
    given: Given = {"state": state, "gate": law.gate.value, "as_of": day_number(as_of)}
    query = DecisionQuery(symbolic(law), given, words)
    where = list(_where(law, chosen, words))
    kinds = {name: words.column_type(field_types(Facts)[name]) for name in _CHOSEN_BY}
    views = [
        words.rows_view(ROWS, folder, {**query.columns, **kinds}),
        words.table_view(SETS, f"{folder}/sets.parquet"),
        words.table_view(BENEFITS, f"{folder}/benefits.parquet"),
    ]
    statements = ";\n\n".join([*views, query.readable(where, read or in_english)])
    return f"{_header(law_hash, law, chosen, words)}\n{statements};\n"


def _where(law: AppliedLaw, chosen: Chosen, words: Dialect) -> Iterator[str]:
    yield f"one.state = {words.text(law.setting.state)}"
    yield f"one.gate = {words.text(law.gate.value)}"
    yield f"one.as_of = DATE '{law.setting.as_of.isoformat()}'"
    if chosen.home_state:
        yield f"one.home_state = {words.text(chosen.home_state)}"
    elif chosen.not_home_states:
        yield f"(one.home_state IS NULL OR one.home_state NOT IN ({words.codes(chosen.not_home_states)}))"
    if chosen.concluded:
        yield f"one.concluded = DATE '{chosen.concluded.isoformat()}'"
    elif chosen.by_conclusion:
        yield f"(one.concluded IS NULL OR one.concluded = DATE '{ABSENT_DATE}')"


def _header(law_hash: str, law: AppliedLaw, chosen: Chosen, words: Dialect) -> str:
    lines = [
        f"Polisbridge: the law of {law.setting.state} at the gate {law.gate.value} on {law.setting.as_of}.",
        f"Law book {law_hash}",
        *_rates(law),
        *_chosen(chosen),
        f"Over a portfolio (docs/spec/portfolio.md), in the SQL of {words.name}:",
        *_RUN[words.name],
        "",
        "null is not known. What a document states to be missing is a value of its own:",
        f"{ABSENT_NUMBER} for numbers and amounts, {ABSENT_DATE} for days, '{ABSENT_CODE}' for codes.",
        "Amounts are in minor units (cents) of the currency beside them.",
        "Rows that cannot be right (a negative amount, the number of a list that is not there) are not set aside here.",
        "Columns of provisions: 0 not met, 1 met, 2 undetermined, 3 not applicable; findings_0 … hold them packed.",
    ]
    return "".join(f"-- {_one_line(line)}\n" if line else "--\n" for line in lines)


_RUN: dict[DialectName, tuple[str, ...]] = {
    DialectName.DUCKDB: ("    duckdb < this file",),
    DialectName.SPARK: (
        "    spark-sql -f this file, with",
        "    --conf spark.sql.parquet.datetimeRebaseModeInRead=CORRECTED, because 0001-01-01 is meant",
    ),
}


def _rates(law: AppliedLaw) -> Iterator[str]:
    tables = law.setting.rates.tables
    if not tables:
        yield "No exchange rates: a limit in another currency is not known."
    for table in tables:
        yield f"Exchange rates on {law.setting.as_of}: {table.source}, in {table.base} {table.url}"


def _chosen(chosen: Chosen) -> Iterator[str]:
    if chosen.home_state:
        yield f"For contracts made in {chosen.home_state}."
    elif chosen.not_home_states:
        yield f"Not for contracts made in {', '.join(chosen.not_home_states)}: other rates there (--home)."
    if chosen.concluded:
        yield f"For contracts concluded on {chosen.concluded}, whose rates convert some limits."
    elif chosen.by_conclusion:
        yield "Only for contracts whose day of conclusion is not known: its rates convert some limits (--concluded)."
