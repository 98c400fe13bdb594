"""Our extensions and code systems as FHIR describes them: StructureDefinition and CodeSystem, from the tables that we work by."""

from collections.abc import Iterable, Mapping
from typing import Any

from polisbridge.core.codes import Gate, Role, Scope
from polisbridge.core.law import Term
from polisbridge.core.vocabulary import STATELESS
from polisbridge.formats.fhir.amounts import LIMIT, OF_CONTRACT, PER, STATED
from polisbridge.formats.fhir.benefits import NO_BENEFITS
from polisbridge.formats.fhir.contract import EMPLOYER, PRODUCT
from polisbridge.formats.fhir.coverage import AS_WRITTEN
from polisbridge.formats.fhir.eligibility import CERTIFICATE, OCCASION
from polisbridge.formats.fhir.eligible import NOT_READ, RECOGNITION
from polisbridge.formats.fhir.facts import Slot, slots
from polisbridge.formats.fhir.patient import ORIGINAL
from polisbridge.formats.fhir.relatedperson import IS_PATIENT
from polisbridge.formats.fhir.systems import BASE, definition, own_system, without_empty

FHIR_VERSION = "4.0.1"
_COMPLEX = "extension"
_OF_PART = {
    "benefits": ("Contract.term", "InsurancePlan.coverage.benefit", "CoverageEligibilityResponse.insurance.item"),
    "facts": ("Coverage", "CoverageEligibilityRequest"),
}
_OTHERS: Mapping[str, tuple[str, tuple[str, ...], str]] = {  # URL -> value, where it stands, what it says
    PER: ("code", ("Contract.term.asset.valuedItem", "InsurancePlan.plan.generalCost"), "What a sum is available for."),
    STATED: ("code", ("Contract.term.asset.valuedItem", "InsurancePlan.plan.generalCost"), "In place of an amount."),
    NO_BENEFITS: ("boolean", ("Contract", "InsurancePlan"), "The document states that its benefit table is empty."),
    PRODUCT: ("Reference", ("Contract",), "The product that the contract is one of."),
    EMPLOYER: ("Reference", ("Contract",), "The employer that concluded the contract."),
    AS_WRITTEN: (_COMPLEX, ("Coverage",), "What the contract says of the person where the Patient says other."),
    ORIGINAL: ("boolean", ("HumanName",), "The name in its own script."),
    IS_PATIENT: ("Reference", ("RelatedPerson",), "The Patient that this person is."),
    OCCASION: (_COMPLEX, ("CoverageEligibilityRequest",), "Where and for what it is to count."),
    CERTIFICATE: ("string", ("CoverageEligibilityRequest",), "The text of a certificate that the patient showed."),
    RECOGNITION: (_COMPLEX, ("CoverageEligibilityResponse",), "The decision for the occasion."),
    NOT_READ: ("Reference", ("CoverageEligibilityResponse",), "What of the request was not read."),
}


def extension_names() -> tuple[str, ...]:
    """Return the names of our extensions, which are the ids of their definitions."""
    return tuple(sorted(url.removeprefix(definition("")) for url in (*slots(), *_OTHERS)))


def definition_out(name: str) -> dict[str, Any] | None:
    """Return the StructureDefinition of an extension of ours; None when there is none of that name."""
    url = definition(name)
    if slot := slots().get(url):
        types = [slot.value.removeprefix("value"), "code"]
        return _definition(name, types, _OF_PART.get(slot.part, ("Contract", "InsurancePlan")), _told(slot))
    if url in _OTHERS:
        kind, contexts, words = _OTHERS[url]
        return _definition(name, [] if kind == _COMPLEX else [kind], contexts, words)
    return None


def _told(slot: Slot) -> str:
    part = {"": "", "benefits": "benefits[].", "facts": "insured[].facts."}.get(slot.part, f"{slot.part}.")
    return f"The key {part}{slot.key} of the contract file; the code none says that the document states there is none."


def _definition(name: str, types: list[str], contexts: Iterable[str], words: str) -> dict[str, Any]:
    named = [{"code": one[:1].lower() + one[1:] if one in _PRIMITIVES else one} for one in types]
    value: dict[str, Any] = {"id": "Extension.value[x]", "path": "Extension.value[x]"}
    value |= {"type": named} if named else {"max": "0"}
    elements = [{"id": "Extension", "path": "Extension", "short": words}, _fixed(definition(name)), value]
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": definition(name),
        "name": "".join(part.capitalize() for part in name.split("-")),
        "status": "active",
        "description": words,
        "fhirVersion": FHIR_VERSION,
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": one} for one in contexts],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": elements},
    }


_PRIMITIVES = frozenset({"Boolean", "Date", "Decimal", "String", "UnsignedInt"})


def _fixed(url: str) -> dict[str, Any]:
    return {"id": "Extension.url", "path": "Extension.url", "fixedUri": url}


def code_systems(vocabulary: Mapping[str, Mapping[str, Term]]) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return our code systems by name: codes with their words by language, empty where the code is all there is."""
    closed: dict[str, Iterable[str]] = {
        "role": Role,
        "scope": Scope,
        "gate": Gate,
        "amount": (*OF_CONTRACT, LIMIT),
        "term": ("benefit", "contract"),
        "citizenship": (STATELESS,),
    }
    groups = {
        name.replace("_", "-"): {code: one.words for code, one in words.items()} for name, words in vocabulary.items()
    }
    return {**groups, **{name: {str(code): {} for code in codes} for name, codes in closed.items()}}


def code_system_out(name: str, vocabulary: Mapping[str, Mapping[str, Term]]) -> dict[str, Any] | None:
    """Return a code system of ours; None when there is none of that name."""
    codes = code_systems(vocabulary).get(name)
    if codes is None:
        return None
    return without_empty(
        {
            "resourceType": "CodeSystem",
            "id": name,
            "url": own_system(name),
            "name": "".join(part.capitalize() for part in name.split("-")),
            "status": "active",
            "publisher": BASE,
            "caseSensitive": True,
            "content": "complete",
            "count": len(codes),
            "concept": [_concept(code, words) for code, words in codes.items()],
        }
    )


def _concept(code: str, words: Mapping[str, str]) -> dict[str, Any]:
    others = [{"language": one.replace("_", "-"), "value": text} for one, text in sorted(words.items()) if one != "en"]
    return without_empty({"code": code, "display": words.get("en"), "designation": others})
