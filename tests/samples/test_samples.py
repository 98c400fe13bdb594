"""Every sample decides to the verdict that its author reasoned from the law."""

from pathlib import Path

import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.contract import Contract, Stay
from polisbridge.core.money import Rates
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.decisionfile import read_decision, to_text, write_decision
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.stayfile import StayFile, read_stays
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.assess import assess_contract
from polisbridge.services.replay import replay_decision

SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = read_law(read_folder(shipped_law()))


def document(name: str) -> Document:
    return read_tree((SAMPLES / name).read_bytes(), name)


RATES = Rates(read_rates(document("rates.yaml")))


def occasions() -> list[tuple[str, Contract, Stay, StayFile]]:
    found = []
    for path in sorted(SAMPLES.glob("*.contract.yaml")):
        name = path.name.removesuffix(".contract.yaml")
        contract = read_contract(document(path.name), BOOK.vocabulary)
        for stay, written in read_stays(document(f"{name}.stays.yaml"), BOOK.vocabulary):
            found.append((f"{name}: {written.title}", contract, stay, written))
    return found


@pytest.mark.parametrize(
    ("title", "contract", "stay", "written"), occasions(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_sample_decides_as_its_author_expects(title: str, contract: Contract, stay: Stay, written: StayFile) -> None:
    found = assess_contract(BOOK, contract, stay, RATES)

    assert written.expect == {one.person: one.decision.verdict.value for one in found}, title


@pytest.mark.parametrize(
    ("title", "contract", "stay", "written"), occasions(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_sample_s_decisions_are_made_again_byte_for_byte(
    title: str, contract: Contract, stay: Stay, written: StayFile
) -> None:
    for found in assess_contract(BOOK, contract, stay, RATES):
        saved = write_decision(BOOK.hash, found)
        document_of_it = read_tree(to_text(saved).encode(), title)

        assert replay_decision(BOOK, read_decision(document_of_it, BOOK), saved).identical, written.title


def test_there_are_at_least_twelve_occasions() -> None:
    assert len(occasions()) >= 12
