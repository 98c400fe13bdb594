"""`polisbridge schema`: the published JSON Schemas of every file that people write."""

from enum import StrEnum
from typing import Annotated

import typer

from polisbridge.formats.casefile import CasesFile
from polisbridge.formats.contractfile import ContractFile
from polisbridge.formats.convert import schema_of
from polisbridge.formats.decisionfile import to_text
from polisbridge.formats.lawfile import JurisdictionFile, ProvisionFile, VocabularyFile
from polisbridge.formats.orderfile import OrderFile
from polisbridge.formats.ratesfile import RatesFile
from polisbridge.formats.scenariofile import ScenarioFile
from polisbridge.formats.stayfile import StaysFile


class Kind(StrEnum):
    """The files that have a schema."""

    CONTRACT = "contract"
    STAYS = "stays"
    RATES = "rates"
    ORDER = "order"
    PROVISION = "provision"
    CASES = "cases"
    JURISDICTION = "jurisdiction"
    VOCABULARY = "vocabulary"
    SCENARIO = "scenario"


SCHEMAS: dict[Kind, type] = {
    Kind.CONTRACT: ContractFile,
    Kind.STAYS: StaysFile,
    Kind.RATES: RatesFile,
    Kind.ORDER: OrderFile,
    Kind.PROVISION: ProvisionFile,  # type: ignore[dict-item]
    Kind.CASES: CasesFile,
    Kind.JURISDICTION: JurisdictionFile,
    Kind.VOCABULARY: VocabularyFile,
    Kind.SCENARIO: ScenarioFile,
}


def schema(kind: Annotated[Kind, typer.Argument(help="Which file.")]) -> None:
    """Print the JSON Schema (2020-12) of a file."""
    print(to_text(schema_of(SCHEMAS[kind])), end="")
