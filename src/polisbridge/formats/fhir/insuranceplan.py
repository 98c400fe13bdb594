"""InsurancePlan: a product on sale, which is what a contract of it says before it has a number, days and persons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from polisbridge.core.contract import Period
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.registry import RegisteredProduct
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.fhir.amounts import amounts_in, amounts_out
from polisbridge.formats.fhir.benefits import NO_BENEFITS, plan_benefit_in, plan_benefits_out
from polisbridge.formats.fhir.bundle import root_of, together, where_of
from polisbridge.formats.fhir.contract import KINDS, added, kind_in, sums_in
from polisbridge.formats.fhir.facts import OF_CONTRACT, Places, facts_in, facts_out
from polisbridge.formats.fhir.organization import title_in, titled
from polisbridge.formats.fhir.parts import FILE, Notes, Part, coded, current
from polisbridge.formats.fhir.periods import days_of, period_in, period_out
from polisbridge.formats.fhir.systems import PRODUCT_CODE, coding, concept, identifier, reference, without_empty
from polisbridge.formats.tree import Document, show_path

ACTIVE, RETIRED = "active", "retired"
_ANYBODY = {"number": "1", "period": {}, "insured": [{"id": "1", "role": "worker"}]}


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A product that came as a resource: its code, title by language, days on sale and terms; what is not kept."""

    code: str
    title: Mapping[str, str]
    valid: Mapping[str, str]
    terms: Mapping[str, Any]
    warnings: tuple[Fault, ...]


def plan_out(
    number: int | str, code: str, value: RegisteredProduct, valid: Period, *, on_sale: bool = True, language: str = "en"
) -> dict[str, Any]:
    """Return a product as an InsurancePlan; its terms are a contract file without number, period and persons."""
    terms: Mapping[str, Any] = value.terms
    kind = concept(coding(KINDS, terms["kind"])) if "kind" in terms else None
    lines, sums = plan_benefits_out(terms.get("benefits", [])), amounts_out(terms, "cost")
    return without_empty(
        {
            "resourceType": "InsurancePlan",
            "id": str(number),
            "extension": _extensions(terms),
            "identifier": [identifier(PRODUCT_CODE, code)],
            "status": ACTIVE if on_sale else RETIRED,
            "type": [kind] if kind else [],
            **titled("name", value.title, language),
            "period": period_out(days_of(valid)),
            "ownedBy": reference("Organization", value.seller),
            "coverage": [{"type": kind, "benefit": lines}] if lines and kind else [],
            "plan": [{"generalCost": sums}] if sums else [],
        }
    )


def _extensions(terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [one for part in OF_CONTRACT for one in facts_out(terms if part == "" else terms.get(part, {}), part)]
    return [*found, {"url": NO_BENEFITS, "valueBoolean": True}] if terms.get("benefits") == [] else found


def plan_in(document: Document, vocabulary: Vocabulary, language: str, before: Iterable[Fault] = ()) -> PlanRead:
    """Return the product of an InsurancePlan. Raises InputFaults with every fault, each with its FHIRPath."""
    notes, places = Notes(), Places()
    part = notes.root(document.tree, root_of(document.tree))
    places[()] = part.where
    code, title = _code(part), title_in(part, "name", language)
    if not title:
        part.fault(None, FaultCode.MISSING_KEY, "nothing", "the element name")
    if part.text("status") != ACTIVE:
        part.fault("status", FaultCode.WRONG_VALUE, part.tree.get("status", "nothing"), ACTIVE)
    for key in ("ownedBy", "administeredBy"):
        part.raw(key)  # the sender's own organisation, whatever is told
    valid = period_in(part.part("period"), ("period",), places)
    terms = _terms(part, places)
    notes.sweep()
    faults = together(before, notes.faults)
    try:
        read_contract(Document(FILE, {**terms, **_ANYBODY, "period": valid}, {}), vocabulary)
    except InputFaults as exc:
        shown = {show_path(path): where for path, where in places.items()}
        faults = together(
            faults, [Fault(FILE, 1, where_of(one.path, shown), one.code, one.found, one.expected) for one in exc.faults]
        )
    if faults:
        raise InputFaults(faults)
    return PlanRead(code, title, valid, terms, tuple(notes.warnings))


def _code(part: Part) -> str:
    found = current(part.parts("identifier"))
    own = [one for one in found if one.tree.get("system") == PRODUCT_CODE] or found[:1]
    for other in found:
        if other not in own[:1]:
            other.warn(other.tree.get("system"), f"one code of the product, by {PRODUCT_CODE}")
    if not own:
        part.fault("identifier", FaultCode.MISSING_KEY, "nothing", "the code of the product")
        return ""
    for key in ("system", "type", "assigner"):
        own[0].raw(key)
    return own[0].needed("value")


def _terms(part: Part, places: Places) -> dict[str, Any]:
    facts, none = list[Part](), False
    for one in part.extensions():
        if one.url == NO_BENEFITS:
            one.raw("url")
            none = one.text("valueBoolean") == "true"
        else:
            facts.append(one)
    terms: dict[str, Any] = {"kind": kind_in(part, "type", places)}
    added(terms, facts_in(facts, OF_CONTRACT, (), places))
    for plan in part.parts("plan"):
        sums_in(terms, amounts_in(plan.parts("generalCost"), "cost", ("amounts",), places), places, plan)
    lines = list[dict[str, Any]]()
    for coverage in part.parts("coverage"):
        coded(coverage.part("type"), KINDS)
        for benefit in coverage.parts("benefit"):
            lines.append(plan_benefit_in(benefit, len(lines), places))
    return {**terms, "benefits": lines} if lines or none else terms
