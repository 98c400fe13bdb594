"""Certificates say what the contract said: for every sample, and for whatever a contract may hold."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import records, with_currencies

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.certificate import Certificate, Holder, Omission, StatusReference
from polisbridge.core.codes import Role, Scope
from polisbridge.core.contract import Contract, Insured, Period, Stay, facts_of
from polisbridge.core.facts import BenefitLine, Facts, FieldType, field_types
from polisbridge.core.money import minor_digits
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.certificate import AIM, MOST, PREFIX, CertificateError, CertificateFault, decode, encode
from polisbridge.formats.certificate_numbers import FIELDS, LINE_FIELDS, WORDS
from polisbridge.formats.codelists import currencies
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.cose import verified
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, read_tree

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.name.removesuffix(".contract.yaml") for path in SAMPLES.glob("*.contract.yaml"))
VOCABULARY = read_law(read_folder(shipped_law())).vocabulary
SCALAR = 0x5AFE_C0DE_2026_1122_5AFE_C0DE_2026_1122_5AFE_C0DE_2026_1122
SIGNER = SoftwareSigner(derive_private_key(SCALAR, SECP256R1()))
ISSUED = datetime(2026, 1, 1, 12, 30, 15, tzinfo=UTC)
HOLDER = Holder("RAHIMOV<<BAHODIR", "Раҳимов Баҳодир Шавкатович", "4567")
EU_COVID = 553  # characters of a certificate that border officers have read by the million


def document(name: str) -> Document:
    return read_tree((SAMPLES / name).read_bytes(), name)


def sample(name: str) -> Contract:
    return read_contract(document(f"{name}.contract.yaml"), VOCABULARY)


def stays(name: str) -> list[Stay]:
    return [stay for stay, _ in read_stays(document(f"{name}.stays.yaml"), VOCABULARY)]


def certificate(contract: Contract, person: str, **changes: Any) -> Certificate:
    full = Certificate(
        issuer_state="UZ",
        key_id=SIGNER.key_id,
        issued=ISSUED,
        expires=ISSUED + timedelta(days=400),
        status=StatusReference(3, 712345),
        holder=HOLDER,
        contract=contract,
        person=person,
        insurer_name="Insurance company (sample)",
        assistance_phone="+998712000000",
    )
    return replace(full, **changes)


def carried(one: Certificate) -> Certificate:
    """Return what of a certificate is written: a person's name stands with the holder, the others' facts are few."""
    contract = one.contract
    insured = [replace(person, name="") for person in contract.insured]
    told = [
        person
        if person.id == one.person
        else replace(person, facts={key: person.facts[key] for key in ("works", "worker_class") if key in person.facts})
        for person in insured
    ]
    return replace(one, contract=replace(contract, insured=tuple(told)))


SAMPLE_PERSONS = [(name, person.id) for name in NAMES for person in sample(name).insured]


# Samples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("original_name", ["", HOLDER.original_name], ids=["short", "long"])
@pytest.mark.parametrize(("name", "person"), SAMPLE_PERSONS)
def test_the_facts_of_a_certificate_are_those_of_the_contract(name: str, person: str, original_name: str) -> None:
    contract = sample(name)
    full = certificate(contract, person, holder=replace(HOLDER, original_name=original_name))
    text, written = encode(full, SIGNER)
    found = decode(text).certificate

    own = next(one for one in contract.insured if one.id == person)
    read = next(one for one in found.contract.insured if one.id == found.person)
    for stay in stays(name):
        facts, assumed = facts_of(contract, own, stay)
        if Omission.OTHER_PERSONS in written.omitted:
            facts = replace(facts, persons=None)
        assert facts_of(found.contract, read, stay) == (facts, assumed)


@pytest.mark.parametrize(("name", "person"), SAMPLE_PERSONS)
def test_the_certificate_of_a_sample_is_no_larger_than_aimed_at_and_decodes_to_what_was_written(
    name: str, person: str
) -> None:
    text, written = encode(certificate(sample(name), person), SIGNER)
    opened = decode(text)

    assert len(text) <= AIM < EU_COVID
    assert opened.certificate == carried(written)
    assert verified(opened.envelope, SIGNER.public_key)


def test_a_contract_of_twelve_lines_with_limits_is_no_larger_than_the_covid_certificate() -> None:
    contract = sample("uzbek_home_contract")
    more = ("outpatient_specialist", "diagnostics", "dental_emergency", "medicines")
    limited = BenefitLine(limit=5_000_000, limit_currency="RUB", limit_per="person", unlimited=False)
    lines = (*(contract.benefits or ()), *(replace(limited, benefit=one) for one in more))
    assert len(lines) == 12
    for person in contract.insured:
        text, _ = encode(certificate(replace(contract, benefits=lines), person.id), SIGNER)
        assert len(text) <= EU_COVID


# Leaving out -----------------------------------------------------------------------------------------


def group(*others: Insured) -> Contract:
    """Return a contract of a child and others, so that a long original name does not fit."""
    child = Insured("child", Role.CHILD, "", date(2016, 9, 14), frozenset({"UZ"}), Period(), {"works": False})
    facts: dict[str, object] = {"territory": frozenset({"RU"}), "insurer": "an insurer with a name of its own"}
    return Contract("P-1", Period(date(2026, 4, 1), date(2027, 3, 31)), (child, *others), (), facts)


def omitted(name: str = "", family: int = 0, insurer: str = "") -> tuple[Omission, ...]:
    """Return what was left out of a certificate with so long a name, so many others and such an insurer."""
    others = [Insured(f"{n}-{n * 7919 % 9973:x}", Role.OTHER, "", date(1990, 1, 1 + n)) for n in range(family)]
    holder = replace(HOLDER, original_name=name)
    return encode(certificate(group(*others), "child", holder=holder, insurer_name=insurer), SIGNER)[1].omitted


def dense(length: int) -> str:
    """Return characters that no compressor makes much shorter."""
    return "".join(chr(0x4E00 + n * n * 7919 % 19997) for n in range(length))


LONG = dense(60)


def test_nothing_is_left_out_of_what_fits() -> None:
    assert omitted("Имя", 1, "Insurer") == ()


def test_the_original_name_is_left_out_first() -> None:
    assert omitted(LONG, 1, "Insurer") == (Omission.ORIGINAL_NAME,)


def test_the_other_persons_are_left_out_next() -> None:
    assert omitted("Имя", 25, "Insurer") == (Omission.ORIGINAL_NAME, Omission.OTHER_PERSONS)


def test_the_insurer_name_is_left_out_last() -> None:
    assert omitted("Имя", 1, LONG) == (Omission.ORIGINAL_NAME, Omission.OTHER_PERSONS, Omission.INSURER_NAME)


def test_only_what_was_there_is_told_as_left_out() -> None:
    assert omitted("", 0, LONG) == (Omission.INSURER_NAME,)
    assert omitted("", 25, "") == (Omission.OTHER_PERSONS,)


def test_a_text_longer_than_aimed_at_is_written_and_one_that_is_too_long_refused() -> None:
    contract = group()
    text, _ = encode(certificate(replace(contract, number=dense(80)), "child"), SIGNER)
    assert AIM < len(text) <= MOST
    with pytest.raises(CertificateError) as refused:
        encode(certificate(replace(contract, number=dense(300)), "child"), SIGNER)
    assert refused.value.fault is CertificateFault.TOO_LONG


WORKERS = (
    Insured("one", Role.WORKER, "", date(1980, 1, 1), frozenset({"UZ"}), Period(), {"worker_class": "posted"}),
    Insured("two", Role.WORKER, "", date(1981, 1, 1), frozenset({"KG"}), Period(), {"worker_class": "seasonal"}),
)


@pytest.mark.parametrize(
    ("persons", "person"),
    [(WORKERS[:1], "child"), (WORKERS, "child"), (WORKERS, "one"), (WORKERS, "two"), ((), "child")],
    ids=["child of a worker", "child among two workers", "first worker", "second worker", "child alone"],
)
def test_what_is_known_of_the_worker_stays_when_the_family_is_left_out(
    persons: tuple[Insured, ...], person: str
) -> None:
    contract = group(*persons)
    text, written = encode(certificate(replace(contract, number=LONG), person), SIGNER)
    assert (Omission.OTHER_PERSONS in written.omitted) == bool(persons)
    found = decode(text).certificate.contract
    own = next(one for one in contract.insured if one.id == person)
    for stay in stays("uzbek_home_contract"):
        facts, assumed = facts_of(replace(contract, number=LONG, all_told=not persons), own, stay)
        assert facts_of(found, found.insured[0], stay) == (facts, assumed)


# Whatever a contract may hold ------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1))
PERIODS = st.builds(Period, DAYS, DAYS)
INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(  # noqa: DTZ001 - made aware here
    lambda one: one.replace(microsecond=0, tzinfo=UTC)
)
CITIZENSHIP = st.none() | st.frozensets(st.sampled_from(["UZ", "KG", "RU", "stateless"]), max_size=3)


def told(record: object) -> dict[str, object]:
    return {name: value for name in field_types(type(record)) if (value := getattr(record, name)) is not None}


LINES = records(BenefitLine).map(with_currencies)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, object]:
    names = draw(st.lists(st.sampled_from(sorted(FIELDS.values())), max_size=6))
    record: Facts = draw(records(Facts, names))
    return told(with_currencies(record))


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    ids = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    insured = [
        Insured(one, draw(st.sampled_from(Role)), "", draw(DAYS), draw(CITIZENSHIP), draw(PERIODS), draw(facts()))
        for one in ids
    ]
    lines = draw(st.none() | st.lists(LINES, min_size=1, max_size=3).map(tuple))
    return Contract(draw(TEXTS), draw(PERIODS), tuple(insured), lines, draw(facts()))


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    contract = draw(contracts())
    return Certificate(
        issuer_state=draw(st.sampled_from(["UZ", "RU", "KG"])),
        key_id=SIGNER.key_id,
        issued=draw(INSTANTS),
        expires=draw(INSTANTS),
        status=StatusReference(draw(st.integers(0, 10_000)), draw(st.integers(0, 2**20 - 1))),
        holder=Holder(draw(TEXTS), draw(TEXTS), draw(TEXTS)),
        contract=contract,
        person=draw(st.sampled_from(contract.insured)).id,
        insurer_name=draw(TEXTS),
        assistance_phone=draw(TEXTS),
    )


@given(certificates())
@settings(max_examples=300)
def test_what_is_encoded_is_decoded(one: Certificate) -> None:
    text, written = encode(one, SIGNER)
    assert decode(text).certificate == carried(written)
    assert len(text) <= MOST


@given(st.text(max_size=60))
def test_any_text_is_a_certificate_or_a_fault(text: str) -> None:
    for one in (text, PREFIX + text):
        with pytest.raises(CertificateError):
            decode(one)


# The page that other teams read ----------------------------------------------------------------------

PAGE = (SAMPLES.parent / "docs" / "spec" / "certificate.md").read_text(encoding="utf-8")
TYPES = {"number": "WHOLE", "amount": "MINOR", "day": "DAY", "code": "CODE", "set": "CODES", "flag": "FLAG"}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the page."""
    section = re.split(r"\n#+ ", PAGE.split(f"# {heading}\n")[1])[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def units(name: str, kind: FieldType) -> set[str]:
    match kind:
        case FieldType.CODE | FieldType.CODES:
            return {f"`{group_of(name)}`"}
        case FieldType.WHOLE if name.endswith("_percent"):
            return {"0.01 %"}
        case FieldType.WHOLE:
            ending = name.rpartition("_")[2]
            return {ending if ending in {"days", "months", "hours", "minutes"} else "count"}
    return {"money", "–", "days since 1970-01-01"}


@pytest.mark.parametrize(
    ("heading", "numbers", "record"),
    [("Fields of facts", FIELDS, Facts), ("Fields of a benefit line", LINE_FIELDS, BenefitLine)],
    ids=["facts", "benefit line"],
)
def test_the_page_has_the_fields_with_their_numbers_types_and_units(
    heading: str, numbers: dict[int, str], record: type
) -> None:
    types = field_types(record)
    page = {int(number): (name.strip("`"), TYPES[kind]) for number, name, kind, *_ in rows(heading)}

    assert page == {number: (name, types[name].name) for number, name in numbers.items()}
    for _, name, _, unit, meaning in rows(heading):
        assert unit in units(name.strip("`"), types[name.strip("`")])
        assert meaning


def test_the_page_has_the_words_with_their_numbers() -> None:
    page = {group.strip("`"): words for group, words in rows("6. Words")}

    assert page == {
        group: ", ".join(f"{number} `{word}`" for number, word in enumerate(words)) for group, words in WORDS.items()
    }


def test_the_page_has_the_faults_and_the_omissions_in_their_order() -> None:
    faults = [row[0].strip("`") for row in rows("8. Reading: order, limits, faults")]
    omissions = [(int(number), name.strip("`")) for number, name, _ in rows("7. What is left out when it does not fit")]

    assert sorted(faults) == sorted(CertificateFault)
    assert omissions == [(number, one.value) for number, one in enumerate(Omission)]


def test_the_page_has_the_roles_scopes_lengths_and_decimals_of_the_code() -> None:
    assert WORDS["@role"] == tuple(Role)
    assert WORDS["@scope"] == tuple(Scope)
    assert f"at most {MOST} characters" in PAGE
    assert f"aims at {AIM} characters" in PAGE
    flat = " ".join(PAGE.split())
    for digits, listed in ((0, r"none for ([A-Z, ]+);"), (3, r"three for ([A-Z, ]+)\.")):
        told = re.search(listed, flat)
        assert told is not None
        assert set(told[1].split(", ")) == {code for code in currencies() if minor_digits(code) == digits}


def test_the_example_of_the_page_is_the_vector() -> None:
    vector = json.loads((SAMPLES.parent / "vectors" / "certificate" / "valid" / "smallest.json").read_text())
    text, message, claims = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)

    assert text.replace("\n", "") == vector["text"]
    assert message.replace("\n", "") == vector["cose"]
    assert "".join(line.split()[0] for line in claims.splitlines()) == vector["claims"]


# Tables and keys -------------------------------------------------------------------------------------

# fields of Facts that a certificate never carries: the occasion, and what other parts of it say
NOT_CARRIED = {
    "state", "region", "gate", "as_of", "stay_first", "stay_last", "stay_days", "stay_months", "visa_first", "visa_last",
    "permit_first", "permit_last", "employment_first", "employment_last", "entry_day", "role", "age", "birth_day",
    "citizenship", "first_day", "last_day", "term_days", "term_months", "benefits", "persons",
}  # fmt: skip


def test_every_fact_is_carried_or_said_elsewhere() -> None:
    currencies = {f"{name}_currency" for name, kind in field_types(Facts).items() if kind is FieldType.MINOR}
    assert set(FIELDS.values()) | currencies | NOT_CARRIED == set(field_types(Facts))
    assert not set(FIELDS.values()) & NOT_CARRIED


def test_every_field_of_a_benefit_line_is_carried() -> None:
    currencies = {f"{name}_currency" for name, kind in field_types(BenefitLine).items() if kind is FieldType.MINOR}
    assert set(LINE_FIELDS.values()) | currencies == set(field_types(BenefitLine))


def test_no_text_and_no_value_shows_the_private_key() -> None:
    text, written = encode(certificate(sample("uzbek_home_contract"), "worker"), SIGNER)
    secret = SCALAR.to_bytes(32, "big").lstrip(b"\0")
    envelope = decode(text).envelope

    assert secret not in envelope.to_be_signed + envelope.signature
    for shown in (repr(SIGNER), str(SIGNER), repr(written), repr(envelope)):
        assert secret.hex() not in shown.lower()
        assert str(SCALAR) not in shown


def test_no_refusal_repeats_what_the_text_says_of_a_person() -> None:
    text, _ = encode(certificate(sample("uzbek_home_contract"), "worker"), SIGNER)
    for at in range(len(PREFIX), len(text), 7):
        changed = f"{text[:at]}{'0' if text[at] != '0' else '1'}{text[at + 1 :]}"
        with pytest.raises(CertificateError) as refused:
            decode(changed)
        assert "RAHIMOV" not in str(refused.value)
