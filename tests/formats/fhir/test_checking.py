"""Structure is checked by a package that has R4B: for what is read here R4B is R4, and it tells every fault at once."""

import subprocess
import sys
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhir_r4 import R4

from polisbridge.formats.fhir.checking import KINDS, structure_faults

_READ = sorted(KINDS - {"CapabilityStatement", "OperationOutcome"})
_OF_PACKAGE = {"id", "resource_type", "fhir_comments"}


def package_elements(path: str, model: Any) -> dict[str, tuple[int, str]]:
    """Return the elements of a model of the package by path, with least number and greatest."""
    found = dict[str, tuple[int, str]]()
    for name, field in model.model_fields.items():
        alias = field.alias or name
        if name.endswith("__ext") or alias in _OF_PACKAGE:
            continue
        needed = field.is_required() or bool((field.json_schema_extra or {}).get("element_required"))
        many = "List" in str(field.annotation)
        found[f"{path}.{alias}"] = (int(needed), "*" if many else "1")
    return found


def official(path: str, kind: str) -> dict[str, tuple[int, str]]:
    """Return the same of HL7's definitions of 4.0.1; a choice by its types."""
    found = dict[str, tuple[int, str]]()
    for name, told in R4[kind].items():
        if name.rpartition(".")[0] != path or name.rpartition(".")[2] == "id":
            continue
        if name.endswith("[x]"):
            base = name.removesuffix("[x]")
            found |= {f"{base}{one[:1].upper()}{one[1:]}": (0, told["max"]) for one in told["types"]}
        else:
            found[name] = (told["min"], told["max"])
    return found


def model_of(path: str) -> Any:
    """Return the package's model of a resource or of one of its parts."""
    steps = path.split(".")
    return get_fhir_model_class("".join(one[:1].upper() + one[1:] for one in steps))


PATHS = [
    (kind, path)
    for kind in _READ
    for path in [
        kind,
        *(name for name, told in R4[kind].items() if set(told["types"]) <= {"BackboneElement"} and told["types"]),
    ]
]


@pytest.mark.parametrize(("kind", "path"), PATHS, ids=lambda one: one)
def test_the_packages_elements_are_those_of_r4(kind: str, path: str) -> None:
    found = package_elements(path, model_of(path))
    expected = official(path, kind)

    assert set(found) == set(expected)
    assert {name for name, (_, most) in found.items() if most == "*"} == {
        name for name, (_, most) in expected.items() if most == "*"
    }
    assert {name for name, (least, _) in found.items() if least} == {
        name for name, (least, _) in expected.items() if least
    }


def test_every_fault_of_structure_is_told_with_its_path() -> None:
    body = b'{"resourceType": "Coverage", "status": 7, "payor": [], "colour": "green", "period": {"start": "2026-13-01"}, "class": [{}]}'
    found = {one.path for one in structure_faults(body, frozenset({"Coverage"}))}

    assert {"Coverage.status", "Coverage.colour", "Coverage.beneficiary", "Coverage.period.start"} <= found


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"1", b'"Coverage"', b'{"resourceType": 1}', b'{"resourceType": "Claim"}']
)
def test_what_is_no_resource_that_is_wanted_is_told(body: bytes) -> None:
    (found,) = structure_faults(body, frozenset({"Coverage"}))

    assert (found.path, found.expected) == ("Resource", "a resource of the type Coverage")


def test_the_package_is_not_loaded_until_something_comes_in() -> None:
    look = "import sys, polisbridge.api.fhir.site; print([one for one in sys.modules if one.startswith(('fhir', 'pydantic'))])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert done.stdout.strip() == "[]"
