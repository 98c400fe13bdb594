"""Contracts made of rows: what a clerk sends as a table or fills in as a form becomes contracts, or faults by row and column."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.registry import Identity, IdentityDocument, Tree
from polisbridge.core.vocabulary import STATELESS
from polisbridge.formats.codelists import states
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.groupfile import NEEDED, RowFault, RowProblem, TableRow, written_day
from polisbridge.formats.tree import Document
from polisbridge.services.registry.contracts import NewContract

_YEARS = range(1900, 2200)
_LONGEST = 100
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ ',.-")
_OF_CONTRACT = ("product", "from", "to")  # the same in all rows of a contract
_ANYBODY = {"number": "-", "period": {}, "insured": [{"id": "worker", "role": "worker"}]}


@dataclass(frozen=True, slots=True)
class OnSale:
    """A product as rows name it: its number on record and its terms."""

    number: int
    terms: Tree


@dataclass(frozen=True, slots=True)
class Planned:
    """A contract that can be put on record, and the lines that it was made of."""

    lines: tuple[int, ...]
    new: NewContract


@dataclass(frozen=True, slots=True)
class Plan:
    """What became of rows: contracts, and faults. A contract with a fault in any row is not among the contracts."""

    contracts: tuple[Planned, ...]
    faults: tuple[RowFault, ...]

    @property
    def persons(self) -> int:
        """How many persons the contracts insure."""
        return sum(len(one.lines) for one in self.contracts)


def plan(
    rows: Sequence[TableRow],
    seller: int,
    products: Mapping[str, OnSale],
    vocabulary: Vocabulary,
    today: date,
    known: Container[str] = frozenset(),
) -> Plan:
    """Return the contracts that rows make. `products` go by what rows name them; `known` are numbers on record."""
    faults = [fault for row in rows for fault in _row_faults(row, products, today, known)]
    faults += _documents(rows)
    by_contract: dict[str, list[TableRow]] = defaultdict(list)
    for row in rows:
        by_contract[row["contract"]].append(row)
    faults += [fault for some in by_contract.values() for fault in _differences(some)]
    bad = {one.line for one in faults}
    good = [some for name, some in by_contract.items() if name and not bad & {row.line for row in some}]
    terms: dict[str, Contract] = {}
    made = []
    for some in good:
        product = some[0]["product"]
        if product not in terms:
            terms[product] = read_contract(Document("product", {**products[product].terms, **_ANYBODY}, {}), vocabulary)
        made.append(
            Planned(tuple(row.line for row in some), _contract(terms[product], some, seller, products[product]))
        )
    return Plan(tuple(made), tuple(sorted(faults)))


def _row_faults(
    row: TableRow, products: Mapping[str, OnSale], today: date, known: Container[str]
) -> Iterator[RowFault]:
    def fault(column: str, problem: RowProblem) -> RowFault:
        return RowFault(row.line, column, problem, row[column][:60])

    empty = sorted(column for column in NEEDED if not row[column])
    yield from (fault(column, RowProblem.NEEDED) for column in empty)
    yield from (fault(column, RowProblem.TOO_LONG) for column in row.values if len(row[column]) > _LONGEST)
    yield from _day_faults(row, today)
    if row["role"] and row["role"] not in set(Role):
        yield fault("role", RowProblem.NO_ROLE)
    if row["name"] and not set(row["name"].upper()) <= _LATIN:
        yield fault("name", RowProblem.NOT_LATIN)
    if row["product"] and row["product"] not in products:
        yield fault("product", RowProblem.NO_PRODUCT)
    if row["contract"] in known:
        yield fault("contract", RowProblem.THERE_ALREADY)
    for column in ("citizenship", "document_state"):
        if row[column] and not _states(row[column]) <= states() | {STATELESS}:
            yield fault(column, RowProblem.NO_STATE)
    if row["document"] and not row["document_state"]:
        yield fault("document_state", RowProblem.NEEDED)


def _day_faults(row: TableRow, today: date) -> Iterator[RowFault]:
    days = {column: written_day(row[column]) for column in ("from", "to", "born") if row[column]}
    for column, day in days.items():
        if day is None or day.year not in _YEARS:
            yield RowFault(row.line, column, RowProblem.NO_DAY, row[column][:60])
    first, last, born = (days.get(column) for column in ("from", "to", "born"))
    if first and last and last < first:
        yield RowFault(row.line, "to", RowProblem.ORDER, row["to"])
    if born and born > today:
        yield RowFault(row.line, "born", RowProblem.IN_FUTURE, row["born"])


def _documents(rows: Iterable[TableRow]) -> Iterator[RowFault]:
    """Yield a fault for a document that stands twice in one contract, or with two birth days."""
    owners: dict[tuple[str, str], str] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        document = (row["document_state"], "".join(one for one in row["document"].upper() if one.isalnum()))
        if not document[1]:
            continue
        born = str(written_day(row["born"]))
        seen[(row["contract"], *document)] += 1
        if seen[(row["contract"], *document)] > 1 or owners.setdefault(document, born) != born:
            yield RowFault(row.line, "document", RowProblem.TWICE, row["document"])


def _differences(rows: Sequence[TableRow]) -> Iterator[RowFault]:
    first = rows[0]
    for row in rows[1:]:
        for column in _OF_CONTRACT:
            if row[column] != first[column]:
                yield RowFault(row.line, column, RowProblem.NOT_THE_SAME, row[column])


def _contract(terms: Contract, rows: Sequence[TableRow], seller: int, product: OnSale) -> NewContract:
    first = rows[0]
    period = Period(written_day(first["from"]), written_day(first["to"]))
    names = list(_names(rows))
    insured = tuple(_insured(name, row) for name, row in zip(names, rows, strict=True))
    contract = replace(terms, number=first["contract"], period=period, insured=insured)
    who = {name: _identity(row) for name, row in zip(names, rows, strict=True)}
    return NewContract(contract, seller, product.number, identities=who)


def _names(rows: Iterable[TableRow]) -> Iterator[str]:
    """Yield the ids of the persons: the role, with a number where the contract has several of one role."""
    rows = list(rows)
    many, count = Counter(row["role"] for row in rows), Counter[str]()
    for row in rows:
        role = row["role"]
        count[role] += 1
        yield role if many[role] == 1 else f"{role}-{count[role]}"


def _insured(name: str, row: TableRow) -> Insured:
    citizenship = frozenset(_states(row["citizenship"])) if row["citizenship"] else None
    return Insured(name, Role(row["role"]), row["name"].upper(), written_day(row["born"]), citizenship)


def _identity(row: TableRow) -> Identity:
    document = IdentityDocument(row["document_state"], row["document"]) if row["document"] else None
    citizenship = frozenset(_states(row["citizenship"])) if row["citizenship"] else frozenset[str]()
    name = " ".join(row["name"].upper().split())
    return Identity(name, row["original_name"], written_day(row["born"]), citizenship, document)


def _states(written: str) -> set[str]:
    return {one for one in written.replace("/", " ").replace("+", " ").split() if one}
