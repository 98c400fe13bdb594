"""Conditions printed as SQL: DuckDB says what the interpreter says, of anything that a condition may be."""

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_engines import NODES, RECORDS, by_duckdb
from strategies import CONDITION_FIELDS, conditions

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch import layout
from polisbridge.batch.columns import FINDINGS_IN_WORD
from polisbridge.core.codes import Outcome, ProvisionKind
from polisbridge.core.condition import (
    Truth,
    all_of,
    evaluate,
)
from polisbridge.core.days import day_of
from polisbridge.core.facts import FieldType
from polisbridge.core.law import Provision
from polisbridge.formats import sql, sql_dialect
from polisbridge.formats.casefile import Case, read_cases
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import read_tree
from polisbridge.services.check_law import bound

LAW_FILES = read_folder(shipped_law())
BOOK = read_law(LAW_FILES)


@settings(max_examples=150)
@given(st.data())
def test_for_any_conditions_and_facts(data: st.DataObject) -> None:
    some = data.draw(st.lists(conditions(), min_size=4, max_size=8))
    records = data.draw(st.lists(strategies.facts(CONDITION_FIELDS), min_size=4, max_size=8))

    assert by_duckdb(some, records) == [[evaluate(one, record) for one in some] for record in records]


def test_zero_false_the_empty_and_the_absent_are_told_from_what_is_not_known() -> None:
    assert by_duckdb(NODES, RECORDS) == [[evaluate(one, record) for one in NODES] for record in RECORDS]


def cases_of(jurisdiction: str) -> list[tuple[Provision, Case]]:
    found = []
    for name in sorted(LAW_FILES):
        if name.endswith(".cases.yaml"):
            provision_id, cases = read_cases(read_tree(LAW_FILES[name], name), BOOK.vocabulary)
            provision = BOOK.get(provision_id)
            if provision and provision.jurisdiction == jurisdiction:
                found += [(provision, case) for case in cases if provision.in_force.on(case.as_of)]
    return found


def outcome(kind: ProvisionKind, applies: Truth, holds: Truth) -> Outcome:
    """What a lawyer calls it, for what the two conditions of a provision say."""
    stated = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNDETERMINED}
    if kind is not ProvisionKind.REQUIREMENT:
        return stated[all_of([applies, holds])]
    if applies is False:
        return Outcome.NOT_APPLICABLE
    return Outcome.MET if holds is True else stated[None if applies is None else holds]


@pytest.mark.parametrize("jurisdiction", sorted({one.jurisdiction for one in BOOK.provisions}))
def test_every_case_of_the_law_comes_out_as_its_lawyer_expects(jurisdiction: str) -> None:
    cases = cases_of(jurisdiction)
    tied = [(at, one) for at, (provision, case) in enumerate(cases) for one in bound(BOOK, provision, case)]
    some = list(dict.fromkeys(part for _, one in tied for part in (one.applies, one.holds)))
    places = {condition: at for at, condition in enumerate(some)}

    truths = by_duckdb(some, [case.facts for _, case in cases]) if tied else []

    found: dict[int, list[Outcome]] = {}
    for at, one in tied:
        applies, holds = (truths[at][places[part]] for part in (one.applies, one.holds))
        found.setdefault(at, []).append(outcome(one.provision.kind, applies, holds))
    order = (Outcome.MET, Outcome.UNDETERMINED, Outcome.NOT_MET, Outcome.NOT_APPLICABLE)
    for at, (provision, case) in enumerate(cases):
        best = min(found.get(at, [Outcome.NOT_APPLICABLE]), key=order.index)
        assert best is case.expect, (provision.id, case.name)


def test_what_stands_for_absent_is_as_in_the_layout() -> None:
    assert sql_dialect.ABSENT_NUMBER == layout.absent_value(FieldType.MINOR) == layout.absent_value(FieldType.WHOLE)
    assert f"{day_of(layout.absent_value(FieldType.DAY)):%Y-%m-%d}".zfill(10) == sql_dialect.ABSENT_DATE
    assert layout.absent_value(FieldType.CODE) == sql_dialect.ABSENT_CODE
    assert sql.FINDINGS_IN_WORD == FINDINGS_IN_WORD
