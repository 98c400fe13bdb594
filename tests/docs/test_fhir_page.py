"""The page about FHIR says what the program does."""

import re
import runpy
from pathlib import Path

from polisbridge.core.codes import Role
from polisbridge.formats.fhir import (
    amounts,
    benefits,
    contract,
    coverage,
    eligibility,
    eligible,
    patient,
    relatedperson,
)
from polisbridge.formats.fhir.systems import KIN, SUBSCRIBER, definition

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "spec" / "fhir.md").read_text(encoding="utf-8")
MODULES = (amounts, benefits, contract, coverage, eligibility, eligible, patient, relatedperson)


def test_the_tables_of_the_page_are_those_of_the_program() -> None:
    written = runpy.run_path(str(ROOT / "tools" / "fhir_page.py"))["written"]

    assert written(PAGE) == PAGE


def test_every_extension_of_ours_is_on_the_page() -> None:
    names = {
        value.removeprefix(definition(""))
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, str) and value.startswith(definition(""))
    }

    assert {name for name in names if f"`{name}`" not in PAGE} == set()
    assert {"occasion", "certificate", "as-in-contract", "recognition", "per", "stated"} <= names


def test_the_table_of_roles_is_that_of_the_program() -> None:
    table = PAGE[PAGE.index("| role | subscriber-relationship |") :]
    table = table[: table.index("\n\n")]
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| (?:`(\w+)`|–) \|$", table, re.MULTILINE)

    assert {Role(role): (code, kin) for role, code, kin in rows} == {
        role: (SUBSCRIBER[role], KIN.get(role, "")) for role in Role
    }
