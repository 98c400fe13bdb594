"""CoverageEligibilityRequest: who asks what about whom, and how it is proved that the patient is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from polisbridge.core.codes import Gate
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.formats.codelists import is_region, states
from polisbridge.formats.fhir.bundle import root_of, together
from polisbridge.formats.fhir.facts import Places, facts_in
from polisbridge.formats.fhir.parts import Notes, Part
from polisbridge.formats.fhir.patient import PersonRead
from polisbridge.formats.fhir.pool import Pool, literal
from polisbridge.formats.fhir.systems import definition
from polisbridge.formats.tree import Document, Path

OCCASION = definition("occasion")  # state, region, gate, to: where and for what it is to count
CERTIFICATE = definition("certificate")  # valueString: the text of a certificate that the patient showed
PURPOSES = ("validation", "benefits", "auth-requirements")
_OF_OCCASION = ("state", "region", "gate", "to")
_LONGEST = 19  # digits of the number of a thing
_SENDER = ("identifier", "priority", "enterer", "provider", "insurer", "facility", "created")  # the key tells who sends


@dataclass(frozen=True, slots=True)
class EligibilityAsked:
    """A question about one patient's cover.

    The patient is named by resources of the server (`patient`, `coverage`: numbers), by the number of the policy and
    the birth date, or by a certificate; what is not told is empty. Without a state it is that of the sender. `facts` are what
    is told of the person beyond that, as a file of stays says it; `places` tells where each came from.
    """

    purposes: tuple[str, ...]
    patient: int | None
    coverage: int | None
    number: str
    born: date | None
    certificate: str
    certificate_at: str
    day: date | None
    last: date | None
    state: str
    region: str
    gate: Gate
    language: str
    facts: Mapping[str, Any]
    places: Mapping[Path, str]
    warnings: tuple[Fault, ...]


def eligibility_in(document: Document, before: Iterable[Fault] = ()) -> EligibilityAsked:
    """Return what a CoverageEligibilityRequest asks. Raises InputFaults with every fault, each with its FHIRPath."""
    notes = Notes()
    part = notes.root(document.tree, root_of(document.tree))
    pool = Pool(part)
    if part.text("status") != "active":
        part.fault("status", FaultCode.WRONG_VALUE, part.tree.get("status", "nothing"), "active")
    for key in _SENDER:
        part.raw(key)
    purposes = _purposes(part)
    patient, born = _patient(part, pool)
    coverage, number = _coverage(part)
    certificate, shown, place, others = _extensions(part)
    places = Places()
    facts = facts_in(others, ["facts"], ("facts",), places)
    if not certificate and coverage is None and not (number and born):
        expected = f"insurance.coverage of this server; or its identifier and the patient's birthDate; or the extension {CERTIFICATE}"
        part.fault(None, FaultCode.MISSING_KEY, "nothing that tells whose cover is asked about", expected)
    day, last = _days(part, place)
    _ = pool.of(part.kind)
    pool.tell_unread()
    state, region, gate = _place(place)
    notes.sweep()
    if faults := together(before, notes.faults):
        raise InputFaults(faults)
    language = str(part.tree.get("language", ""))
    return EligibilityAsked(
        *(
            purposes,
            patient,
            coverage,
            number,
            born,
            certificate,
            shown,
            day,
            last,
            state,
            region,
            gate,
            language,
            facts,
            places,
        ),
        warnings=tuple(notes.warnings),
    )


def _purposes(part: Part) -> tuple[str, ...]:
    told = part.raw("purpose")
    found = [one for one in told if isinstance(one, str)] if isinstance(told, list) else []
    for one in found:
        if one not in PURPOSES:
            part.fault("purpose", FaultCode.UNKNOWN_CODE, one, f"one of {', '.join(PURPOSES)}")
    if not found:
        part.fault(None, FaultCode.MISSING_KEY, "nothing", "the element purpose")
    return tuple(dict.fromkeys(found))


def _patient(part: Part, pool: Pool) -> tuple[int | None, date | None]:
    """Return the number of the patient on this server, or the birth date of one that the request contains."""
    reference = part.part("patient")
    if reference is None or "reference" not in reference.tree:
        if reference is not None:
            reference.skip()
        return None, None
    if not str(reference.tree.get("reference", "")).startswith("#"):
        return _number(reference, "Patient"), None
    found = pool.resolved(reference, "Patient")
    born = PersonRead(found).born if found is not None else ""
    return None, date.fromisoformat(born) if born else None


def _coverage(part: Part) -> tuple[int | None, str]:
    """Return the number of the Coverage on this server, and the number of the policy."""
    insurance = part.one_of("insurance")
    reference = insurance.part("coverage") if insurance is not None else None
    if insurance is None or reference is None:
        return None, ""
    insurance.raw("focal")
    named = reference.part("identifier")
    if named is not None:
        for key in ("system", "type", "assigner", "use"):
            named.raw(key)
    coverage = _number(reference, "Coverage") if "reference" in reference.tree else None
    return coverage, named.needed("value") if named is not None else ""


def _number(reference: Part, kind: str) -> int | None:
    found = literal(reference, kind)
    reference.raw("identifier")
    return int(found) if found and len(found) < _LONGEST else None


def _extensions(part: Part) -> tuple[str, str, dict[str, Part], list[Part]]:
    """Return the text of the certificate and its place, the parts of the occasion by their names, and the others."""
    certificate, shown, place, others = "", "", dict[str, Part](), list[Part]()
    for one in part.extensions():
        if one.url in (CERTIFICATE, OCCASION):
            one.raw("url")
        if one.url == CERTIFICATE:
            certificate, shown = one.needed("valueString"), f"{one.where}.valueString"
        elif one.url == OCCASION:
            for inner in one.extensions():
                name = str(inner.raw("url"))
                if name in _OF_OCCASION:
                    place[name] = inner
                else:
                    inner.warn(name, f"one of {', '.join(_OF_OCCASION)}")
        else:
            others.append(one)
    return certificate, shown, place, others


def _days(part: Part, place: dict[str, Part]) -> tuple[date | None, date | None]:
    """Return the day that is asked about, and the last day of the stay."""
    period = part.part("servicedPeriod")
    first = part.day("servicedDate") or (period.day("start") if period is not None else None)
    last = period.day("end") if period is not None else None
    if "to" in place:
        last = place["to"].day("valueDate") or last
    if first and last and last < first:
        part.fault("servicedPeriod", FaultCode.WRONG_ORDER, last, f"a day not before {first}")
    return (date.fromisoformat(first) if first else None), (date.fromisoformat(last) if last else None)


def _place(place: dict[str, Part]) -> tuple[str, str, Gate]:
    """Return state, region and gate of the occasion; without a gate it is care."""
    state = _code(place.get("state"))
    region = _code(place.get("region"))
    gate = place["gate"].text("valueCode") if "gate" in place else Gate.CARE.value
    if state and state not in states():
        place["state"].fault(None, FaultCode.UNKNOWN_CODE, state, "a state by ISO 3166-1, such as RU")
    if region and not (is_region(region) and (not state or region.startswith(f"{state}-"))):
        place["region"].fault(None, FaultCode.UNKNOWN_CODE, region, "a region of the state by ISO 3166-2")
    if gate not in set(Gate):
        place["gate"].fault("valueCode", FaultCode.UNKNOWN_CODE, gate or "nothing", f"one of {', '.join(Gate)}")
        return state, region, Gate.CARE
    return state, region, Gate(gate)


def _code(part: Part | None) -> str:
    told = part.part("valueCoding") if part is not None else None
    if told is None:
        return ""
    for key in ("system", "display"):
        told.raw(key)
    return told.needed("code")
