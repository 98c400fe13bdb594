"""Contract: what the insurer and the policyholder agreed, without its persons; they are told by Coverage."""

from collections.abc import Mapping
from typing import Any

from polisbridge.core.errors import FaultCode
from polisbridge.formats.fhir.amounts import OF_CONTRACT as SUMS
from polisbridge.formats.fhir.amounts import amounts_in, amounts_out
from polisbridge.formats.fhir.benefits import NO_BENEFITS, TERMS, term_in, terms_out
from polisbridge.formats.fhir.facts import OF_CONTRACT, Places, facts_in, facts_out
from polisbridge.formats.fhir.parts import Part, coded, current
from polisbridge.formats.fhir.periods import period_in, period_out
from polisbridge.formats.fhir.systems import (
    CONTRACT_NUMBER,
    CONTRACT_TYPE,
    coding,
    concept,
    definition,
    identifier,
    own_system,
    reference,
    without_empty,
)
from polisbridge.formats.tree import Path

KINDS = own_system("contract_kinds")
PRODUCT = definition("product")  # valueReference to an InsurancePlan
EMPLOYER = definition("employer")  # valueReference to the Organization that concluded the contract
EXECUTED, TERMINATED = "executed", "terminated"
_STATUSES = (EXECUTED, "amended", "renewed")  # an agreement that binds
_HEALTH = coding(CONTRACT_TYPE, "healthinsurance")


def contract_out(
    tree: Mapping[str, Any],
    period: Mapping[str, str],
    number: int | str,
    seller: int | str,
    *,
    ended: bool = False,
    product: int | None = None,
    employer: int | None = None,
) -> dict[str, Any]:
    """Return a contract file without its persons as a Contract; `number` and `seller` are ids of resources."""
    owner = reference("Organization", seller)
    return without_empty(
        {
            "resourceType": "Contract",
            "id": str(number),
            "extension": _extensions(tree, product, employer),
            "identifier": [identifier(CONTRACT_NUMBER, tree["number"], assigner=owner)],
            "status": TERMINATED if ended else EXECUTED,
            "issued": tree.get("concluded"),
            "applies": period_out(period),
            "author": owner,
            "type": concept(_HEALTH),
            "subType": [concept(coding(KINDS, tree["kind"]))],
            "term": _terms(tree),
        }
    )


def _extensions(tree: Mapping[str, Any], product: int | None, employer: int | None) -> list[dict[str, Any]]:
    found = [one for part in OF_CONTRACT for one in facts_out(tree if part == "" else tree.get(part, {}), part)]
    if tree.get("benefits") == []:
        found.append({"url": NO_BENEFITS, "valueBoolean": True})
    if product is not None:
        found.append({"url": PRODUCT, "valueReference": reference("InsurancePlan", product)})
    if employer is not None:
        found.append({"url": EMPLOYER, "valueReference": reference("Organization", employer)})
    return found


def _terms(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    sums = amounts_out(tree, "net")
    whole = {"offer": {"type": concept(coding(TERMS, "contract"))}, "asset": [{"valuedItem": sums}]}
    return [*([whole] if sums else []), *terms_out(tree.get("benefits", []))]


def contract_in(part: Part, places: Places) -> dict[str, Any]:
    """Return a Contract as the plain data of a contract file without persons; `places` tells where each part came from."""
    places[()] = part.where
    _check_status(part)
    issued = part.day("issued")
    tree: dict[str, Any] = {"number": number_in(part, places), "kind": kind_in(part, "subType", places)}
    tree["period"] = period_in(part.part("applies"), ("period",), places)
    if issued is not None:
        tree["concluded"], places[("concluded",)] = issued, f"{part.where}.issued"
    extensions, none = _own(part)
    added(tree, facts_in(extensions, OF_CONTRACT, (), places))
    lines = _read_terms(part, tree, places)
    if lines or none:
        tree["benefits"] = lines
    return tree


def _check_status(part: Part) -> None:
    status = part.text("status") or ""
    if status not in _STATUSES:
        part.fault("status", FaultCode.WRONG_VALUE, status or "nothing", f"one of {', '.join(_STATUSES)}")
    legal = coded(part.part("type"), CONTRACT_TYPE).get(CONTRACT_TYPE)
    if legal is not None and legal[0] != _HEALTH["code"]:
        part.fault("type", FaultCode.UNKNOWN_CODE, legal[0], str(_HEALTH["code"]))


def number_in(part: Part, places: Places) -> str:
    """Return the number of a contract: the identifier by our system, or the only one."""
    found = current(part.parts("identifier"))
    own = [one for one in found if one.tree.get("system") == CONTRACT_NUMBER] or found[:1]
    for other in found:
        if other not in own[:1]:
            other.warn(other.tree.get("system"), f"one number of the contract, by {CONTRACT_NUMBER}")
    if not own:
        part.fault("identifier", FaultCode.MISSING_KEY, "nothing", "the number of the contract")
        places[("number",)] = f"{part.where}.identifier"
        return ""
    for key in ("system", "type", "assigner"):
        own[0].raw(key)
    places[("number",)] = f"{own[0].where}.value"
    return own[0].needed("value")


def kind_in(part: Part, key: str, places: Places) -> str:
    """Return the kind of a contract: the code of ours among its types."""
    codes = [found[KINDS] for one in part.parts(key) if KINDS in (found := coded(one, KINDS))]
    if not codes:
        part.fault(key, FaultCode.MISSING_KEY, "nothing", f"a code of {KINDS}")
        places[("kind",)] = f"{part.where}.{key}"
        return ""
    for code, where in codes[1:]:
        part.fault(key, FaultCode.TWICE, code, f"one code of {KINDS}, not also {where}")
    places[("kind",)] = codes[0][1]
    return codes[0][0]


def _own(part: Part) -> tuple[list[Part], bool]:
    """Return the extensions that say facts, and whether one says that there are no benefits."""
    facts, none = [], False
    for one in part.extensions():
        url = one.url
        if url == NO_BENEFITS:
            one.raw("url")
            none = one.text("valueBoolean") == "true"
        elif url not in (PRODUCT, EMPLOYER):  # read where the references are known
            facts.append(one)
        else:
            one.skip()
    return facts, none


def _read_terms(part: Part, tree: dict[str, Any], places: Places) -> list[dict[str, Any]]:
    """Return the benefit lines; sums of the whole are put into the tree."""
    lines = list[dict[str, Any]]()
    for term in part.parts("term"):
        offer = term.part("offer")
        kind = coded(offer.part("type"), TERMS).get(TERMS, ("", ""))[0] if offer is not None else ""
        if kind == "benefit":
            lines.append(term_in(term, len(lines), places))
        elif kind == "contract":
            items = [item for asset in term.parts("asset") for item in asset.parts("valuedItem")]
            sums_in(tree, amounts_in(items, "net", ("amounts",), places), places, term)
        else:
            term.warn(kind or "no kind", f"an offer of type benefit or contract of {TERMS}")
    return lines


def sums_in(tree: dict[str, Any], sums: Mapping[str, Any], places: Places, part: Part) -> None:
    """Put the sums of the contract as a whole where the contract file has them."""
    for name, value in sums.items():
        if name not in SUMS:
            part.fault(
                None,
                FaultCode.WRONG_PLACE,
                name,
                f"one of {', '.join(SUMS)}; a limit stands in the term of its benefit",
            )
            continue
        path, _ = SUMS[name]
        _set(tree, path, value)
        places[path] = places.get(("amounts", name), part.where)
        for key in ("amount", "currency", "per"):
            places[*path, key] = places.get(("amounts", name, key), part.where)


def _set(tree: dict[str, Any], path: Path, value: Any) -> None:
    *above, last = path
    for step in above:
        tree = tree.setdefault(str(step), {})
    if isinstance(value, Mapping) and isinstance(tree.get(str(last)), dict):
        tree[str(last)] |= value
    else:
        tree[str(last)] = value


def added(tree: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """Add facts of the contract as a whole and of its parts."""
    for key, value in facts.items():
        tree[key] = {**tree.get(key, {}), **value} if isinstance(value, dict) else value
