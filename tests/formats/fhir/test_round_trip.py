"""A contract that goes out as FHIR and comes back is the same contract: every sample, and drawn ones; so do its persons."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fhir_builder import BASE_URL, bundle_of, contract_of, plain, read_back
from fhir_r4 import r4_errors
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from strategies import BOOK, value_of, with_currencies

from polisbridge.core.codes import Role, Scope
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.facts import ABSENT, BenefitLine, Facts, FieldType, field_types
from polisbridge.core.registry import Identity, IdentityDocument, Insurer
from polisbridge.formats.contractwriter import contract_fields
from polisbridge.formats.fhir.bundle import bundle_out
from polisbridge.formats.fhir.checking import structure_faults
from polisbridge.formats.fhir.facts import slots
from polisbridge.formats.fhir.json import to_json

SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*.contract.yaml"))
_PERSON_FIELDS = tuple(sorted({one.field for one in slots().values() if one.part == "facts"}))
_MAY_BE_NONE = {"model_contract", "hotline_hours"}  # codes that a contract file can state to be missing
_ALWAYS_SAID = {"registered_hours", "premium"}  # and numbers that it cannot


@st.composite
def stated(draw: DrawFn, record: type, names: tuple[str, ...]) -> dict[str, object]:
    """Draw some of the named fields as a contract file states them."""
    found = dict[str, object]()
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=12)) if names else ():
        value = draw(value_of(name, field_types(record)[name]))
        if value is not ABSENT or _may_be_none(name, field_types(record)[name]):
            found[name] = value
    return found


def _may_be_none(name: str, kind: FieldType) -> bool:
    return name in _MAY_BE_NONE or (kind in (FieldType.WHOLE, FieldType.MINOR) and name not in _ALWAYS_SAID)


def _with_money(record: type, values: dict[str, object]) -> dict[str, object]:
    filled = with_currencies(record(**values))
    found = {
        **values,
        **{
            f"{name}_currency": getattr(filled, f"{name}_currency")
            for name in values
            if hasattr(filled, f"{name}_currency")
        },
    }
    return {key: value for key, value in found.items() if value is not None}


def _sum(name: str, unlimited: str, drawn: object) -> dict[str, object]:
    """Return a sum as files state one: an amount with its scope, none, or unlimited."""
    match drawn:
        case (minor, currency, per):
            return {name: minor, f"{name}_currency": currency, f"{name}_per": per, unlimited: False}
        case "none" | "unlimited":
            return {name: ABSENT, f"{name}_per": "event", unlimited: drawn == "unlimited"}
    return {}


SUMS = st.one_of(
    st.none(),
    st.sampled_from(["none", "unlimited"]),
    st.tuples(
        st.integers(0, 10**12),
        st.sampled_from(["EUR", "UZS", "JPY", "KWD"]),
        st.sampled_from([one.value for one in Scope]),
    ),
)
OF_CONTRACT = tuple(
    name
    for name in contract_fields()
    if not name.endswith(("_currency", "_per"))
    and name not in ("sum_insured", "sum_unlimited", "contract_kind", "concluded")
)
OF_LINE = tuple(
    name
    for name in field_types(BenefitLine)
    if not name.endswith("_currency")
    and name not in ("benefit", "limit", "limit_per", "unlimited", "deductible", "copay_cap")
)


@st.composite
def lines(draw: DrawFn) -> BenefitLine:
    values = draw(stated(BenefitLine, OF_LINE))
    kinds = st.sampled_from(sorted(BOOK.vocabulary["benefits"]))
    values = {**values, "benefit": draw(kinds), **_sum("limit", "unlimited", draw(SUMS))}
    return BenefitLine(**_with_money(BenefitLine, values))  # type: ignore[arg-type]


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@st.composite
def persons(draw: DrawFn, number: int, first: date | None, last: date | None) -> Insured:
    own = (
        draw(st.none() | st.just(first + timedelta(days=1) if first else None)),
        draw(st.none() | st.just(last - timedelta(days=1) if last else None)),
    )
    facts = draw(stated(Facts, _PERSON_FIELDS))
    return Insured(
        id=f"p_{number}",
        role=draw(st.sampled_from(list(Role))),
        name=draw(st.just("") | NAMES),
        born=draw(st.none() | DAYS),
        citizenship=draw(st.none() | st.frozensets(st.sampled_from(["UZ", "KZ", "stateless"]), max_size=2)),
        period=Period(*own),
        facts=_with_money(Facts, facts),
    )


@st.composite
def contracts(draw: DrawFn) -> Contract:
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if first and last and last - first < timedelta(days=4):
        last = first + timedelta(days=4)
    facts = draw(stated(Facts, OF_CONTRACT))
    facts |= {"contract_kind": "voluntary", **_sum("sum_insured", "sum_unlimited", draw(SUMS))}
    if draw(st.booleans()):
        facts["concluded"] = draw(st.integers(19_000, 20_000))
    if "territory" in facts:
        facts.setdefault("territory_except", frozenset())
    return Contract(
        number=draw(NAMES),
        period=Period(first, last),
        insured=tuple(draw(persons(index, first, last)) for index in range(draw(st.integers(1, 4)))),
        benefits=draw(st.none() | st.lists(lines(), max_size=4).map(tuple)),
        facts=_with_money(Facts, facts),
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_comes_back_as_it_was_and_nothing_of_it_is_told_as_lost(path: Path) -> None:
    contract = contract_of(path)
    found = read_back(bundle_of(contract))

    assert found.contract == contract
    assert found.warnings == ()


@settings(max_examples=300)
@given(contracts())
def test_every_contract_comes_back_as_it_was(contract: Contract) -> None:
    assert read_back(bundle_of(contract), BOOK.vocabulary).contract == contract


@settings(max_examples=60)
@given(contracts())
def test_every_contract_is_r4_by_the_definitions_of_hl7_and_by_fhir_resources(contract: Contract) -> None:
    bundle = bundle_of(contract)

    assert structure_faults(to_json(bundle), frozenset({"Bundle"})) == []
    assert r4_errors(plain(bundle)) == []


IDENTITIES = st.builds(
    Identity,
    name=NAMES,
    original_name=st.just("") | NAMES,
    born=st.none() | DAYS,
    citizenship=st.frozensets(st.sampled_from(["UZ", "KZ", "stateless"]), max_size=2),
    document=st.none() | st.builds(IdentityDocument, st.sampled_from(["UZ", "RU"]), NAMES),
)


@given(contracts(), st.lists(IDENTITIES, min_size=4, max_size=4))
def test_who_a_person_is_comes_back_beside_what_the_contract_says(contract: Contract, drawn: list[Identity]) -> None:
    who = {one.id: replace(two, born=two.born or one.born) for one, two in zip(contract.insured, drawn, strict=False)}
    found = read_back(bundle_out(contract, who, Insurer("UZ", {"en": "Insurer"}), base=BASE_URL), BOOK.vocabulary)

    assert found.contract == contract
    assert dict(found.identities) == who


@pytest.mark.parametrize(
    "written", ["0", "0.00", "120000.00", "120000.0", "0.1", "999999999999999", "123456789012345.67"]
)
def test_an_amount_is_the_same_number_of_the_same_digits(written: str) -> None:
    contract = contract_of(SAMPLES[0])
    minor = int(Decimal(written) * 100)
    changed = replace(contract, facts={**contract.facts, "premium": minor, "premium_currency": "EUR"})
    sent = to_json(bundle_of(changed))

    assert f'"value":{Decimal(minor).scaleb(-2)}'.encode() in sent
    assert read_back(bundle_of(changed)).contract.facts["premium"] == minor


def test_every_key_of_a_contract_file_has_an_element_or_an_extension_with_one_url() -> None:
    fields = {one.field for one in slots().values() if one.part not in ("benefits", "facts")}
    native: set[Any] = {"contract_kind", "concluded", "sum_insured", "deductible", "premium"}

    assert set(contract_fields()) == fields | native
    assert len(slots()) == len({(one.part, one.key) for one in slots().values()})
