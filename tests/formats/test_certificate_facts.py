"""Facts in certificates: each type in each form, what is empty, and amounts whose currency is not told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.certificate import Certificate, Holder, StatusReference
from polisbridge.core.codes import Role, Verdict
from polisbridge.core.contract import Contract, Insured, Period, facts_of
from polisbridge.core.facts import ABSENT, BenefitLine, Facts, FieldType, field_types
from polisbridge.core.money import Rates
from polisbridge.core.vocabulary import FIELD_GROUPS
from polisbridge.formats.certificate import decode, encode
from polisbridge.formats.certificate_facts import read_facts, read_lines, write_facts
from polisbridge.formats.certificate_numbers import FIELDS, LINE_FIELDS, WORDS
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with

SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = read_law(read_folder(shipped_law()))
SIGNER = SoftwareSigner(derive_private_key(21, SECP256R1()))
REFUSED = (KeyError, TypeError, ValueError, IndexError)
NONE = cbor2.undefined


def one_word(name: str) -> list[str]:
    """Return the word with the number 0 of a field, if its words have numbers."""
    return list(WORDS.get(FIELD_GROUPS.get(name, ""), ())[:1])


def meant(kind: FieldType, name: str, written: Any) -> object:
    """Return what a written form means by the page; None for a form that it does not have."""
    numbered = one_word(name)
    forms: dict[FieldType, list[tuple[Any, object]]] = {
        FieldType.WHOLE: [(0, 0), (NONE, ABSENT)],
        FieldType.DAY: [(0, 0), (NONE, ABSENT)],
        FieldType.MINOR: [(0, 0), (NONE, ABSENT), ([0, ""], 0), ([0, "USD"], 0)],
        FieldType.FLAG: [(False, False), (True, True)],
        FieldType.CODE: [(NONE, ABSENT), *((0, word) for word in numbered)],
        FieldType.CODES: [
            ([], frozenset()),
            *(([0], frozenset({word})) for word in numbered),
            *(([0, 0], frozenset({word})) for word in numbered),
            *(([0, "USD"], frozenset({word, "USD"})) for word in numbered),
        ],
    }
    return next((value for form, value in forms[kind] if type(form) is type(written) and form == written), None)


EMPTY: tuple[Any, ...] = (
    *(0, "", [], {}, b"", None, False, True, NONE),
    *([0], [""], [NONE], [[]], [0, ""], [0, "USD"], [0, NONE], [0, 0], ["", 0], [NONE, ""], [0, "", ""], [0, []]),
)


@pytest.mark.parametrize("written", EMPTY, ids=repr)
def test_what_is_empty_or_zero_means_what_the_page_says_for_each_type_or_is_refused(written: Any) -> None:
    for numbers, record in ((FIELDS, Facts), (LINE_FIELDS, BenefitLine)):
        for number, name in numbers.items():
            kind = field_types(record)[name]
            value = meant(kind, name, written)
            if kind is FieldType.CODES and written == [0, ""]:
                value = None
            if value is None:
                with pytest.raises(REFUSED):
                    read(record, {number: written})
            else:
                found = read(record, {number: written})
                assert (found[name], type(found[name])) == (value, type(value)), name


def read(record: type, written: dict[int, Any]) -> dict[str, object]:
    """Return what is read of facts or of a line, in a certificate whose amounts are in roubles."""
    if record is Facts:
        return read_facts(written, "RUB")
    [line] = read_lines([written], "RUB")
    return {name: getattr(line, name) for name in field_types(BenefitLine)}


def test_a_line_read_before_with_one_does_not_let_true_pass_for_it() -> None:
    assert read_lines([{7: 1}], "RUB") == (BenefitLine(count=1),)
    with pytest.raises(REFUSED):
        read_lines([{7: True}], "RUB")
    assert read_lines([{6: True}], "RUB") == (BenefitLine(unlimited=True),)
    with pytest.raises(REFUSED):
        read_lines([{6: 1}], "RUB")


def test_zero_false_and_the_empty_set_are_written_and_the_unknown_is_not() -> None:
    told: dict[str, object] = {"waiting_days": 0, "works": False, "exclusions": frozenset(), "concluded": 0}
    amount: dict[str, object] = {"deductible": 0, "deductible_currency": "RUB"}
    written = write_facts({**told, **amount, "clinics": None}, "RUB")

    assert written == {46: 0, 4: False, 45: [], 20: 0, 40: 0}
    assert read_facts(written, "RUB") == {**told, **amount}


def test_the_first_of_january_1970_is_a_day_everywhere_in_a_certificate() -> None:
    zero = date(1970, 1, 1)
    own = Insured("one", Role.WORKER, born=zero, citizenship=frozenset(), period=Period(zero, zero))
    contract = Contract("", Period(zero, zero), (own,), (), {"concluded": 0})

    assert carried(contract) == contract


# Amounts whose currency is not told ------------------------------------------------------------------


def carried(contract: Contract) -> Contract:
    """Return the contract as a certificate of its first person tells it."""
    issued = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = Certificate(
        "UZ", SIGNER.key_id, issued, issued + timedelta(400), StatusReference(0, 0), Holder("A"), contract,
        contract.insured[0].id,
    )  # fmt: skip
    return decode(encode(certificate, SIGNER)[0]).certificate.contract


@pytest.mark.parametrize("currency", ["", "RUB", "JPY", "KWD"])
@pytest.mark.parametrize("minor", [0, 1, 99, 100, 12_345, 500_000])
def test_an_amount_whose_currency_is_not_told_keeps_its_number_and_gets_no_currency(minor: int, currency: str) -> None:
    written = write_facts({"premium": minor}, currency)

    assert read_facts(written, currency) == {"premium": minor, "premium_currency": None}


@pytest.mark.parametrize("untold", [None, "", ABSENT], ids=repr)
def test_a_currency_that_is_none_is_never_written_as_one(untold: object) -> None:
    assert write_facts({"premium": 500, "premium_currency": untold}, "RUB") == {53: [5, ""]}
    contract = Contract("", Period(), (Insured("one", Role.WORKER),), None, {"sum_insured": 500})
    told = replace(contract, facts={"sum_insured": 500, "sum_insured_currency": untold})

    assert carried(told).facts == {"sum_insured": 500, "sum_insured_currency": None}
    assert carried(contract).facts == carried(told).facts


def test_a_persons_amount_without_currency_does_not_take_that_of_the_contracts_amount() -> None:
    shared = {"sum_insured": 100, "sum_insured_currency": "RUB"}
    own = Insured("one", Role.WORKER, facts={"sum_insured": 9_000_000})
    found = carried(Contract("", Period(), (own,), None, shared))
    stay = next(iter(read_stays(document("uzbek_home_contract.stays.yaml"), BOOK.vocabulary)))[0]
    facts, _ = facts_of(found, found.insured[0], stay)

    assert (facts.sum_insured, facts.sum_insured_currency) == (9_000_000, None)


def document(name: str) -> Document:
    return read_tree((SAMPLES / name).read_bytes(), name)


def verdicts(*, without: str = "") -> dict[tuple[str, str, int], Verdict]:
    """Return the verdict of every first person and stay of the samples, decided from certificates.

    Of the field `without` no currency is told.
    """
    laws = AppliedLaws(BOOK, Rates(read_rates(document("rates.yaml"))))
    found = {}
    for path in sorted(SAMPLES.glob("*.contract.yaml")):
        contract = read_contract(document(path.name), BOOK.vocabulary)
        if without:
            facts = {name: value for name, value in contract.facts.items() if name != f"{without}_currency"}
            contract = replace(contract, facts=facts)
        stays = read_stays(document(path.name.replace(".contract.", ".stays.")), BOOK.vocabulary)
        told = carried(contract)
        for number, (stay, _) in enumerate(stays):
            decision = assess_with(laws, told, stay, [told.insured[0].id])[0].decision
            found[path.name, told.insured[0].id, number] = decision.verdict
    return found


def test_no_answer_gets_better_and_some_become_undetermined_when_the_currency_of_the_sum_is_not_told() -> None:
    told, untold = verdicts(), verdicts(without="sum_insured")
    changed = {key for key in told if told[key] is not untold[key]}

    assert Verdict.RECOGNISED in {told[key] for key in changed}
    assert {untold[key] for key in changed} == {Verdict.UNDETERMINED}
