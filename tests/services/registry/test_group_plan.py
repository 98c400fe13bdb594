"""Rows become contracts: families and groups, every fault at its row and column, and nothing of a contract with a fault."""

from collections.abc import Mapping
from datetime import date

from registry_builder import TREE_TERMS, VOCABULARY

from polisbridge.core.codes import Role
from polisbridge.formats.groupfile import COLUMNS, RowProblem, TableRow
from polisbridge.services.registry.group import OnSale, Plan, plan

TODAY = date(2026, 11, 22)
PRODUCTS: Mapping[str, OnSale] = {"family": OnSale(7, TREE_TERMS)}
GOOD = dict(
    zip(
        COLUMNS,
        [
            "A-1",
            "family",
            "2026-12-01",
            "30.11.2027",
            "worker",
            "karimov alisher",
            "Каримов",
            "1990-05-17",
            "UZ",
            "UZ",
            "FA1",
        ],
        strict=True,
    )
)


def row(line: int, **changes: str) -> TableRow:
    return TableRow(line, {**GOOD, **{name.removesuffix("_"): one for name, one in changes.items()}})


def planned(*rows: TableRow, known: frozenset[str] = frozenset()) -> Plan:
    return plan(rows, 1, PRODUCTS, VOCABULARY, TODAY, known)


def faults(*rows: TableRow, known: frozenset[str] = frozenset()) -> list[tuple[int, str, RowProblem]]:
    return [(one.line, one.column, one.problem) for one in planned(*rows, known=known).faults]


def test_rows_of_one_number_are_one_contract_with_its_persons() -> None:
    child = {"role": "child", "born": "2016-09-14"}
    found = planned(
        row(2), row(3, role="spouse", document="FA2"), row(4, document="FA3", **child), row(5, document="FA4", **child)
    )
    (one,) = found.contracts

    assert (one.lines, found.persons, found.faults) == ((2, 3, 4, 5), 4, ())
    assert [(person.id, person.role) for person in one.new.contract.insured] == [
        ("worker", Role.WORKER),
        ("spouse", Role.SPOUSE),
        ("child-1", Role.CHILD),
        ("child-2", Role.CHILD),
    ]
    assert (one.new.product, one.new.contract.period.last) == (7, date(2027, 11, 30))
    assert one.new.identities["worker"].name == "KARIMOV ALISHER"


def test_every_fault_of_a_row_is_told_at_once() -> None:
    wrong = row(
        2,
        product="none",
        from_="soon",
        role="uncle",
        name="Каримов",
        born="2031-01-01",
        citizenship="XX",
        document_state="",
    )
    assert faults(wrong) == [
        (2, "born", RowProblem.IN_FUTURE),
        (2, "citizenship", RowProblem.NO_STATE),
        (2, "document_state", RowProblem.NEEDED),
        (2, "from", RowProblem.NO_DAY),
        (2, "name", RowProblem.NOT_LATIN),
        (2, "product", RowProblem.NO_PRODUCT),
        (2, "role", RowProblem.NO_ROLE),
    ]


def test_a_fault_in_one_row_keeps_the_whole_contract_out_and_no_other() -> None:
    found = planned(row(2), row(3, role="spouse", document="FA2", born="never"), row(4, contract="B-1", document="FA9"))

    assert [one.new.contract.number for one in found.contracts] == ["B-1"]


def test_rows_of_one_contract_must_agree_on_its_product_and_days() -> None:
    assert faults(row(2), row(3, role="spouse", document="FA2", to="2027-01-01")) == [
        (3, "to", RowProblem.NOT_THE_SAME)
    ]


def test_a_document_stands_once_in_a_contract_and_with_one_birth_day_in_a_file() -> None:
    assert faults(row(2), row(3, role="spouse", document="fa-1")) == [(3, "document", RowProblem.TWICE)]
    assert faults(row(2), row(3, contract="B-1", born="1991-01-01")) == [(3, "document", RowProblem.TWICE)]
    assert faults(row(2), row(3, contract="B-1")) == []


def test_a_number_on_record_is_told() -> None:
    assert faults(row(2), known=frozenset({"A-1"})) == [(2, "contract", RowProblem.THERE_ALREADY)]


def test_the_last_day_is_not_before_the_first() -> None:
    assert faults(row(2, to="2026-11-30")) == [(2, "to", RowProblem.ORDER)]
