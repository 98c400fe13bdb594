"""Facts as people write them: writing and reading are inverse, and what is wrong is told by place."""

import json

import pytest
from hypothesis import given, settings
from strategies import BOOK, stated_facts

from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.facts import ABSENT, BenefitLine, CoveredPerson, Facts
from polisbridge.formats.factsfile import read_facts, write_facts
from polisbridge.formats.tree import read_tree


def read(text: str) -> Facts:
    return read_facts(read_tree(text.encode(), "facts.yaml"), BOOK.vocabulary)


@settings(max_examples=300)
@given(stated_facts())
def test_what_is_written_is_read_back_as_it_was(facts: Facts) -> None:
    assert facts == read(json.dumps(write_facts(facts)))


@given(stated_facts())
def test_writing_again_gives_the_same(facts: Facts) -> None:
    written = write_facts(facts)

    assert written == write_facts(read(json.dumps(written)))


def test_nothing_known_is_nothing_written() -> None:
    assert write_facts(Facts()) == {}


def test_facts_are_written_as_people_write_them() -> None:
    facts = Facts(
        as_of=20_605, age=36, copay_percent=1050, works=True, citizenship=frozenset({"NO", "KZ"}), deductible=ABSENT,
        sum_insured=999_999, sum_insured_currency="EUR", benefits=(BenefitLine(benefit="inpatient"),), persons=(CoveredPerson(age=3),),
    )  # fmt: skip

    assert write_facts(facts) == {
        "as_of": "2026-06-01",
        "age": "36",
        "copay_percent": "10.5",
        "works": "true",
        "citizenship": ["KZ", "NO"],
        "deductible": "absent",
        "sum_insured": "9999.99 EUR",
        "benefits": [{"benefit": "inpatient"}],
        "persons": [{"age": "3"}],
    }


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("agge: 3", "agge", FaultCode.UNKNOWN_KEY),
        ("age: old", "age", FaultCode.WRONG_VALUE),
        ("works: perhaps", "works", FaultCode.WRONG_VALUE),
        ("as_of: 2026-02-30", "as_of", FaultCode.WRONG_VALUE),
        ("sum_insured: 100", "sum_insured", FaultCode.WRONG_VALUE),
        ("sum_insured: 100 XYZ", "sum_insured", FaultCode.WRONG_VALUE),
        ("sum_insured: 100.001 EUR", "sum_insured", FaultCode.WRONG_VALUE),
        ("sum_insured: NaN EUR", "sum_insured", FaultCode.WRONG_VALUE),
        ("citizenship: NO", "citizenship", FaultCode.WRONG_VALUE),
        ("citizenship: [XX]", "citizenship", FaultCode.UNKNOWN_CODE),
        ("role: wizard", "role", FaultCode.UNKNOWN_CODE),
        ("region: NO-99", "region", FaultCode.UNKNOWN_CODE),
        ("benefits: [{benefit: wellness}]", "benefits[0].benefit", FaultCode.UNKNOWN_CODE),
        ("benefits: [{works: true}]", "benefits[0].works", FaultCode.UNKNOWN_KEY),
    ],
)
def test_what_is_wrong_is_told_by_place(text: str, path: str, code: FaultCode) -> None:
    with pytest.raises(InputFaults) as caught:
        read(text)

    assert [(path, code)] == [(fault.path, fault.code) for fault in caught.value.faults]
