"""Public code lists, and whether a word fits the field it stands in.

The lists are those of the package pycountry, read as data: its own look-ups index far more than codes.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from polisbridge.core.codes import Gate, Role, Scope
from polisbridge.core.law import Term
from polisbridge.core.vocabulary import STATELESS, WORLD, group_of


def _entries(standard: str) -> list[dict[str, Any]]:
    data = files("pycountry").joinpath("databases", f"iso{standard}.json").read_bytes()
    found: list[dict[str, Any]] = msgspec.json.decode(data)[standard]
    return found


def _codes(standard: str, key: str) -> frozenset[str]:
    return frozenset(str(entry[key]) for entry in _entries(standard) if key in entry)


@cache
def states() -> frozenset[str]:
    """Return ISO 3166-1 alpha-2 codes, and EU for the Union (exceptionally reserved)."""
    return _codes("3166-1", "alpha_2") | {"EU"}


@cache
def regions() -> frozenset[str]:
    """Return ISO 3166-2 codes."""
    return _codes("3166-2", "code")


@cache
def region_names() -> Mapping[str, str]:
    """Return ISO 3166-2 codes with the names that the standard gives them, in Latin letters, by code."""
    return {str(one["code"]): str(one["name"]) for one in sorted(_entries("3166-2"), key=lambda one: str(one["code"]))}


@cache
def currencies() -> frozenset[str]:
    """Return ISO 4217 codes in use."""
    return _codes("4217", "alpha_3")


@cache
def languages() -> frozenset[str]:
    """Return ISO 639-1 codes."""
    return _codes("639-3", "alpha_2")


def is_region(code: str) -> bool:
    """Say whether the code has the form of a region, so the long list is only loaded when it is needed."""
    return "-" in code and code in regions()


def fits(code: str, group: str, vocabulary: Mapping[str, Mapping[str, Term]]) -> bool:
    """Say whether the code is a word of the group."""
    match group:
        case "@free":
            return bool(code)
        case "@state":
            return code in states()
        case "@region":
            return is_region(code)
        case "@citizenship":
            return code == STATELESS or code in states()
        case "@currency":
            return code in currencies()
        case "@language":
            return code in languages()
        case "@territory":
            return code == WORLD or code in states() or code in vocabulary.get("zones", {}) or is_region(code)
        case "@gate":
            return code in set(Gate)
        case "@role":
            return code in set(Role)
        case "@scope":
            return code in set(Scope)
    return code in vocabulary.get(group, {})


def expected(field: str, vocabulary: Mapping[str, Mapping[str, Term]]) -> str:
    """Return in words what a field may hold, for a message."""
    group = group_of(field)
    public = {
        "@state": "a state by ISO 3166-1, such as UZ",
        "@region": "a region by ISO 3166-2, such as RU-MOW",
        "@citizenship": f"a state by ISO 3166-1, or {STATELESS}",
        "@currency": "a currency by ISO 4217, such as EUR",
        "@language": "a language by ISO 639-1, such as ru",
        "@territory": f"{WORLD}, a zone, a state or a region",
        "@gate": f"one of {', '.join(Gate)}",
        "@role": f"one of {', '.join(Role)}",
        "@scope": f"one of {', '.join(Scope)}",
        "@free": "a code",
    }
    return public.get(group) or f"one of {', '.join(sorted(vocabulary.get(group, {})))} (vocabulary: {group})"
