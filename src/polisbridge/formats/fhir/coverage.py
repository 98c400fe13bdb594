"""Coverage: one person insured by a contract, with their part in the family, their days and what is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polisbridge.core.codes import Role
from polisbridge.core.errors import FaultCode
from polisbridge.formats.fhir.facts import Places, facts_in, facts_out
from polisbridge.formats.fhir.parts import Part, coded
from polisbridge.formats.fhir.periods import period_in, period_out
from polisbridge.formats.fhir.systems import (
    ACT_CODE,
    CONTRACT_NUMBER,
    COVERAGE_CLASS,
    NONE,
    RELATIONSHIP,
    SUBSCRIBER,
    coding,
    concept,
    definition,
    identifier,
    own_system,
    reference,
    system_of,
    without_empty,
)
from polisbridge.formats.tree import Path

ROLES = own_system("role")
AS_WRITTEN = definition("as-in-contract")  # name, birth date, citizenship, where the contract differs from the Patient
_OWN_NAMES = ("name", "born", "citizenship")
ACTIVE, CANCELLED = "active", "cancelled"
_ROLE_OF = {"self": Role.WORKER, "spouse": Role.SPOUSE, "child": Role.CHILD, "parent": Role.PARENT, "other": Role.OTHER}


@dataclass(frozen=True, slots=True)
class CoverageIds:
    """The ids of the resources that a Coverage names, and the number of its contract."""

    number: str
    coverage: int | str
    contract: int | str
    patient: int | str
    seller: int | str
    worker: int | str | None = None
    holder: int | str | None = None
    product: int | None = None


def coverage_out(
    insured: Mapping[str, Any],
    cover: Mapping[str, str],
    ids: CoverageIds,
    *,
    cancelled: bool = False,
    written: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an insured person of a contract file as a Coverage, with their days of cover.

    `written` is what the contract says of name, birth date and citizenship where the Patient does not say the same.
    """
    role = Role(insured["role"])
    extension = facts_out(insured.get("facts", {}), "facts")
    return without_empty(
        {
            "resourceType": "Coverage",
            "id": str(ids.coverage),
            "extension": [*([_as_written(written)] if written is not None else []), *extension],
            "identifier": [identifier(CONTRACT_NUMBER, ids.number)],
            "status": CANCELLED if cancelled else ACTIVE,
            "type": concept(coding(ACT_CODE, "HIP")),
            "policyHolder": reference("Organization", ids.holder) if ids.holder is not None else None,
            "subscriber": reference("Patient", ids.worker) if ids.worker is not None else None,
            "beneficiary": reference("Patient", ids.patient),
            "dependent": insured["id"],
            "relationship": concept(coding(RELATIONSHIP, SUBSCRIBER[role]), coding(ROLES, role.value)),
            "period": period_out(cover),
            "payor": [reference("Organization", ids.seller)],
            "class": _class(ids.product),
            "contract": [reference("Contract", ids.contract)],
        }
    )


def _class(product: int | None) -> list[dict[str, Any]]:
    return [] if product is None else [{"type": concept(coding(COVERAGE_CLASS, "plan")), "value": str(product)}]


def _as_written(said: Mapping[str, Any]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if said.get("name"):
        parts.append({"url": "name", "valueString": said["name"]})
    if said.get("born"):
        parts.append({"url": "born", "valueDate": said["born"]})
    citizenship = [coding(system_of("@citizenship", code), code) for code in said.get("citizenship", ())]
    parts += [{"url": "citizenship", "valueCoding": one} for one in citizenship]
    if said.get("citizenship") == [] or not parts:
        parts.append({"url": "citizenship" if "citizenship" in said else "nothing", "valueCode": NONE})
    return {"url": AS_WRITTEN, "extension": parts}


def coverage_in(part: Part, index: int, whole: Mapping[str, str], places: Places) -> dict[str, Any]:
    """Return a Coverage as an insured person of a contract file, name, birth date and citizenship only where they are said here.

    `whole` are the days of the contract: an end of the cover that is the contract's own is not the person's.
    """
    at: Path = ("insured", index)
    places[at] = part.where
    _check(part)
    written, facts = _extensions(part)
    found: dict[str, Any] = {"id": part.text("dependent") or f"person-{index + 1}", "role": _role(part)}
    places[*at, "id"], places[*at, "role"] = f"{part.where}.dependent", f"{part.where}.relationship"
    period = period_in(part.part("period"), (*at, "period"), places)
    own = {key: day for key, day in period.items() if whole.get(key) != day}
    said = facts_in(facts, ["facts"], (*at, "facts"), places)
    return {
        **found,
        **_read_written(written, at, places),
        **({"period": own} if own else {}),
        **({"facts": said} if said else {}),
    }


def _check(part: Part) -> None:
    status = part.text("status") or ""
    if status != ACTIVE:
        part.fault("status", FaultCode.WRONG_VALUE, status or "nothing", ACTIVE)
    coded(part.part("type"), ACT_CODE)
    for one in part.parts("identifier"):
        one.skip()  # the number of the contract, which the Contract tells
    for one in part.parts("class"):
        coded(one.part("type"), COVERAGE_CLASS)
        one.skip()


def _role(part: Part) -> str:
    relationship = part.part("relationship")
    codes = coded(relationship, ROLES, RELATIONSHIP)
    if ROLES in codes:
        return codes[ROLES][0]
    code = codes[RELATIONSHIP][0] if RELATIONSHIP in codes else ""
    if code not in _ROLE_OF:
        expected = f"one of {', '.join(_ROLE_OF)} of {RELATIONSHIP}, or a code of {ROLES}"
        part.fault(
            "relationship", FaultCode.UNKNOWN_CODE if code else FaultCode.MISSING_KEY, code or "nothing", expected
        )
        return Role.OTHER.value
    return _ROLE_OF[code].value


def _extensions(part: Part) -> tuple[Part | None, list[Part]]:
    written, facts = list[Part](), list[Part]()
    for one in part.extensions():
        (written if one.url == AS_WRITTEN else facts).append(one)
    for more in written[1:]:
        more.fault(None, FaultCode.TWICE, AS_WRITTEN, "this extension once")
    return (written[0] if written else None), facts


def is_written(part: Part) -> bool:
    """Say whether a Coverage says itself what the contract says of the person's name, birth date and citizenship."""
    found = part.tree.get("extension")
    return isinstance(found, list) and any(isinstance(one, dict) and one.get("url") == AS_WRITTEN for one in found)


def _read_written(written: Part | None, at: Path, places: Places) -> dict[str, Any]:
    if written is None:
        return {}
    written.raw("url")
    found = dict[str, Any]()
    for one in written.extensions():
        key = str(one.raw("url"))
        if key == "nothing":
            one.text("valueCode")
        elif key not in _OWN_NAMES:
            one.warn(key, f"one of {', '.join(_OWN_NAMES)}")
        elif key == "citizenship":
            told = one.part("valueCoding")
            if told is not None:
                told.text("system")
            one.text("valueCode")
            found[key] = [*found.get(key, []), *([told.needed("code")] if told is not None else [])]
        else:
            found[key] = (one.text("valueString") if key == "name" else one.day("valueDate")) or ""
        places[*at, key] = one.where
    return found
