"""The glossary has an entry for every public class of the core; requirement kinds have a list of their own."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import polisbridge.core
from polisbridge.core.checks import KINDS

DOCS = Path(__file__).parents[2] / "docs"


def public_classes() -> list[str]:
    """Return the names of the public classes of the core that are no requirement kinds."""
    found = set()
    for module in pkgutil.walk_packages(polisbridge.core.__path__, "polisbridge.core."):
        for name, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if one.__module__.startswith("polisbridge.core") and not name.startswith("_") and one not in KINDS.values():
                found.add(name)
    return sorted(found)


def entries(page: str) -> list[str]:
    """Return the headings and table rows of a page."""
    return [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if re.match(r"#|\|", line)]


@pytest.mark.parametrize("name", public_classes())
def test_a_public_class_has_an_entry_in_the_glossary(name: str) -> None:
    assert any(f"`{name}`" in line for line in entries("glossary.md"))


@pytest.mark.parametrize("name", KINDS)
def test_a_requirement_kind_has_an_entry_in_its_list(name: str) -> None:
    assert any(f"`{name}`" in line for line in entries("kinds.md"))
