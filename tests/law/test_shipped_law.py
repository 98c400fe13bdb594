"""The law that ships with the program: without faults, covered, with cases, and of all the states it promises."""

import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.codes import ProvisionKind
from polisbridge.core.condition import ALWAYS
from polisbridge.core.law import LawBook
from polisbridge.formats.lawfile import read_law
from polisbridge.services.check_law import check_law
from polisbridge.services.coverage import coverage

STATES = ("BY", "RU", "KZ", "KG", "AM", "TJ", "UZ")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return read_folder(shipped_law())


@pytest.fixture(scope="module")
def shipped(files: dict[str, bytes]) -> LawBook:
    return read_law(files)


def test_the_cases_have_no_faults(shipped: LawBook, files: dict[str, bytes]) -> None:
    assert check_law(shipped, files).faults == ()


def test_every_fact_has_become_law_or_was_left_out_with_a_reason(shipped: LawBook, files: dict[str, bytes]) -> None:
    assert [fact.id for fact in coverage(shipped, files) if not fact.provisions and not fact.left_out] == []


def test_every_provision_has_cases(shipped: LawBook, files: dict[str, bytes]) -> None:
    wanting = [
        one.id
        for one in shipped.provisions
        if f"{one.id.replace('.', '/')}.cases.yaml" not in files
        and (one.kind is not ProvisionKind.OPEN_QUESTION or one.applies != ALWAYS)
    ]

    assert wanting == []


def test_every_jurisdiction_has_its_list_of_facts(shipped: LawBook, files: dict[str, bytes]) -> None:
    folders = [one.id.split(".")[0] for one in shipped.jurisdictions.values() if not one.region]

    assert [
        folder
        for folder in folders
        if not any(name.startswith(f"{folder}/") and name.endswith("coverage.yaml") for name in files)
    ] == []


@pytest.mark.parametrize("state", STATES)
def test_the_state_has_law(shipped: LawBook, state: str) -> None:
    assert list(shipped.of_state(state)) != []


def test_treaties_are_there(shipped: LawBook) -> None:
    assert [one.id for one in shipped.jurisdictions.values() if one.treaty is not None] != []


def test_every_confirmed_provision_has_an_address(shipped: LawBook) -> None:
    assert [
        one.id
        for one in shipped.provisions
        if one.citation.evidence.rank < 2 and not one.citation.url.startswith("http")
    ] == []
