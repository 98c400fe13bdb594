"""Law files into a LawBook, or every fault of every file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import BOOK

from polisbridge.adapters.folder import read_folder
from polisbridge.core.codes import Evidence
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import LawBook, OpenQuestion, Requirement
from polisbridge.formats.lawfile import law_hash, read_law

from builder import LAW_FOLDER  # isort: skip

FILES = read_folder(LAW_FOLDER)
SUM = "no/aliens_act/sum_insured.yaml"
DUTY = "no/aliens_act/duty.yaml"


def faults(files: dict[str, bytes]) -> list[Fault]:
    with pytest.raises(InputFaults) as caught:
        read_law(files)
    return caught.value.faults


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    text = FILES[name].decode()
    assert old in text
    return {**FILES, name: text.replace(old, new).encode()}


def told(name: str, old: str, new: str) -> list[tuple[str, str, FaultCode]]:
    return [(fault.file, fault.path, fault.code) for fault in faults(changed(name, old, new))]


def test_the_test_law_is_read() -> None:
    assert (len(BOOK.provisions), len(BOOK.jurisdictions), BOOK.states()) == (12, 5, ("NO", "SE"))


def test_provisions_come_in_order_of_id() -> None:
    assert sorted(one.id for one in BOOK.provisions) == [one.id for one in BOOK.provisions]


def test_a_short_name_of_a_route_becomes_its_full_id() -> None:
    found = BOOK.get("no.aliens_act.sum_insured")

    assert isinstance(found, Requirement)
    assert found.routes == ("no.aliens_act.foreign_contract",)


def test_a_short_name_that_a_question_bears_on_becomes_its_full_id() -> None:
    found = BOOK.get("no.aliens_act.exclusions_open")

    assert isinstance(found, OpenQuestion)
    assert found.bears_on == ("no.aliens_act.foreign_contract",)


def test_wider_benefits_are_found_through_others() -> None:
    assert dict(BOOK.wider_benefits())["diagnostics"] == frozenset({"outpatient", "comprehensive"})


def test_evidence_and_words_are_kept() -> None:
    found = BOOK.get("no.aliens_act.language")

    assert found is not None
    assert (found.citation.evidence, found.title["ru"]) == (Evidence.UNCONFIRMED, "Полис на английском языке")


@given(st.permutations(sorted(FILES)))
def test_the_order_of_files_does_not_matter(names: list[str]) -> None:
    assert read_law({name: FILES[name] for name in names}) == BOOK


@pytest.mark.parametrize("name", ["vocabulary.yaml", SUM, "no/jurisdiction.yaml"])
def test_the_hash_tells_any_change_of_the_law(name: str) -> None:
    assert law_hash({**FILES, name: FILES[name] + b"\n"}) != BOOK.hash


def test_cases_and_coverage_are_no_part_of_the_hash() -> None:
    more = {**FILES, "no/aliens_act/duty.cases.yaml": b"", "no/coverage.yaml": b""}

    assert law_hash(more) == BOOK.hash


@pytest.mark.parametrize(
    ("name", "old", "new", "path", "code"),
    [
        (SUM, "id: no.aliens_act.sum_insured", "id: no.aliens_act.sum", "id", FaultCode.WRONG_PLACE),
        (SUM, ', ru: "Не менее 10 000 EUR на человека [sic]"', "", "title.ru", FaultCode.MISSING_KEY),
        (SUM, '"At least EUR 10 000 for each person [sic]"', '" "', "title.en", FaultCode.MISSING_KEY),
        (SUM, ", ru: Закон об иностранцах", "", "citation.act.ru", FaultCode.MISSING_KEY),
        (SUM, "check: sum_insured_at_least", "check: sum_at_least", "check", FaultCode.UNKNOWN_CODE),
        (SUM, "per: person}", "pro: person}", "with.pro", FaultCode.UNKNOWN_KEY),
        (SUM, "currency: EUR, ", "", "with", FaultCode.MISSING_KEY),
        (SUM, '"10000.00"', '"0"', "with", FaultCode.WRONG_VALUE),
        (SUM, '"10000.00"', '"0.001"', "with.amount", FaultCode.WRONG_VALUE),
        (SUM, '"10000.00"', "much", "with.amount", FaultCode.WRONG_VALUE),
        (SUM, "currency: EUR", "currency: XYZ", "with.currency", FaultCode.UNKNOWN_CODE),
        (SUM, "per: person", "per: head", "with.per", FaultCode.WRONG_VALUE),
        (SUM, "  url: https://example.org/no\n", "", "citation.url", FaultCode.NO_CITATION),
        (SUM, "{from: 2020-01-01}", "{from: 2020-01-01, to: 2019-12-31}", "in_force.to", FaultCode.WRONG_ORDER),
        (SUM, "route: foreign_contract", "route: nowhere", "route", FaultCode.UNKNOWN_CODE),
        (SUM, "route: foreign_contract", "route: duty", "route", FaultCode.UNKNOWN_CODE),
        (SUM, "gate: [entry, hiring]", "gate: []", "gate", FaultCode.WRONG_VALUE),
        (SUM, "gate: [entry, hiring]", "gate: [door]", "gate[0]", FaultCode.WRONG_VALUE),
        (SUM, "evidence: primary", "evidence: rumour", "citation.evidence", FaultCode.WRONG_VALUE),
        (SUM, "evidence: primary", "evidence: supposed", "citation.evidence", FaultCode.WRONG_VALUE),
        (SUM, "checked: 2026-11-22", "checked: yesterday", "citation.checked", FaultCode.WRONG_VALUE),
        (SUM, "kind: requirement", "kind: wish", "kind", FaultCode.WRONG_VALUE),
        (SUM, "facts: [NO-4]", "fact: [NO-4]", "fact", FaultCode.UNKNOWN_KEY),
        (DUTY, '{not: ["NO"]}', "{not: [XX]}", "applies_to.citizenship", FaultCode.UNKNOWN_CODE),
        (DUTY, "applies_to: {citizenship", "applies_to: {citizen", "applies_to.citizen", FaultCode.WRONG_VALUE),
        ("no/aliens_act/territory.yaml", "WORLD", "MOON", "with.territory", FaultCode.UNKNOWN_CODE),
        ("no/aliens_act/exclusions_open.yaml", "[foreign_contract]", "[nothing]", "bears_on", FaultCode.UNKNOWN_CODE),
        ("no/jurisdiction.yaml", "id: no", "id: norway", "id", FaultCode.WRONG_PLACE),
        ("no/jurisdiction.yaml", "state: NO", "state: XX", "state", FaultCode.UNKNOWN_CODE),
        ("no_oslo/jurisdiction.yaml", "NO-03", "NO-99", "region", FaultCode.UNKNOWN_CODE),
        (
            "treaties/nordic/jurisdiction.yaml",
            "status: in_force",
            "status: maybe",
            "treaty.status",
            FaultCode.UNKNOWN_CODE,
        ),
        (
            "treaties/nordic/jurisdiction.yaml",
            "to: 2029-12-31",
            "to: 2019-12-31",
            "treaty.parties.FI.to",
            FaultCode.WRONG_ORDER,
        ),
        ("treaties/nordic/jurisdiction.yaml", "    IS:", "    XX:", "treaty.parties.XX", FaultCode.UNKNOWN_CODE),
    ],
)
def test_a_fault_of_a_law_file_is_told(name: str, old: str, new: str, path: str, code: FaultCode) -> None:
    assert (name, path, code) in told(name, old, new)


def test_a_provision_outside_any_jurisdiction_is_told() -> None:
    lost = FILES[DUTY].replace(b"id: no.", b"id: zz.")

    assert FaultCode.WRONG_PLACE in [fault.code for fault in faults({**FILES, "zz/aliens_act/duty.yaml": lost})]


def test_a_fault_has_the_line_it_stands_on() -> None:
    (fault,) = faults(changed(SUM, "{from: 2020-01-01}", "{from: 2020-01-01, to: 2019-12-31}"))

    assert fault.line == FILES[SUM].decode().splitlines().index("in_force: {from: 2020-01-01}") + 1


def test_faults_of_all_files_come_together() -> None:
    files = changed(SUM, "check: sum_insured_at_least", "check: nothing")
    files[DUTY] = files[DUTY].replace(b"evidence: primary", b"evidence: rumour")
    files["no/aliens_act/period.yaml"] = files["no/aliens_act/period.yaml"].replace(
        b"route: foreign_contract", b"route: nowhere"
    )

    assert [fault.file for fault in faults(files)] == [DUTY, "no/aliens_act/period.yaml", SUM]


def test_broken_files_are_all_told() -> None:
    files = {**FILES, SUM: b"a: [", DUTY: b"\xff"}

    assert {DUTY, SUM} == {fault.file for fault in faults(files)}


def test_an_empty_folder_is_an_empty_book() -> None:
    assert read_law({}) == LawBook(law_hash({}), {}, (), {})
