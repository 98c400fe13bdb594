"""Lines of the benefit table: terms of a Contract, benefits of an InsurancePlan, and back."""

from collections.abc import Mapping
from typing import Any

from polisbridge.core.errors import FaultCode
from polisbridge.formats.fhir.amounts import LIMIT, amounts_in, limit_in, limit_item, limit_of_plan
from polisbridge.formats.fhir.facts import Places, facts_in, facts_out
from polisbridge.formats.fhir.parts import Part, coded
from polisbridge.formats.fhir.systems import coding, concept, definition, own_system
from polisbridge.formats.tree import Path

BENEFITS = own_system("benefits")
TERMS = own_system("term")  # what a term of a Contract is: `benefit`, or `contract` for the sums of the whole
NO_BENEFITS = definition("no-benefits")  # valueBoolean true: the contract states that it has no benefit table


def terms_out(lines: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return benefit lines as terms of a Contract, in the same order."""
    return [_term(one) for one in lines]


def _term(line: Mapping[str, Any]) -> dict[str, Any]:
    facts = facts_out(line, "benefits")
    limit = [{"valuedItem": [limit_item(line["limit"])]}] if "limit" in line else []
    return {
        **({"extension": facts} if facts else {}),
        "type": _kind(line["benefit"]),
        "offer": {"type": concept(coding(TERMS, "benefit"))},
        **({"asset": limit} if limit else {}),
    }


def _kind(benefit: str) -> dict[str, Any]:
    return concept(coding(BENEFITS, benefit))


def term_in(term: Part, index: int, places: Places) -> dict[str, Any]:
    """Return the line of a term whose offer was read."""
    at: Path = ("benefits", index)
    line = _line(term, at, places)
    items = [item for asset in term.parts("asset") for item in asset.parts("valuedItem")]
    sums = amounts_in(items, "net", at, places)
    for name in set(sums) - {LIMIT}:
        term.fault("asset", FaultCode.WRONG_PLACE, name, "a limit; sums of the whole contract stand in its own term")
    return {**line, **({"limit": sums[LIMIT]} if LIMIT in sums else {})}


def _line(part: Part, at: Path, places: Places) -> dict[str, Any]:
    code, where = coded(part.part("type"), BENEFITS).get(BENEFITS, ("", f"{part.where}.type"))
    places[at], places[*at, "benefit"] = part.where, where
    if not code:
        part.fault("type", FaultCode.MISSING_KEY, "nothing", f"a code of {BENEFITS}")
    return {"benefit": code, **facts_in(part.extensions(), ["benefits"], at, places)}


def plan_benefits_out(lines: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return benefit lines as benefits of one coverage of an InsurancePlan, in the same order."""
    found = []
    for line in lines:
        facts = facts_out(line, "benefits")
        limit = [limit_of_plan(line["limit"])] if "limit" in line else []
        found.append(
            {
                **({"extension": facts} if facts else {}),
                "type": _kind(line["benefit"]),
                **({"limit": limit} if limit else {}),
            }
        )
    return found


def plan_benefit_in(part: Part, index: int, places: Places) -> dict[str, Any]:
    """Return the line of a benefit of an InsurancePlan."""
    at: Path = ("benefits", index)
    line, limit = _line(part, at, places), part.one_of("limit")
    if limit is None:
        return line
    places[*at, "limit"] = limit.where
    value = limit_in(limit)
    return line if value is None else {**line, "limit": value}
