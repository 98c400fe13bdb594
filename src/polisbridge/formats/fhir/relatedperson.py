"""RelatedPerson: a member of a worker's family, as the worker's relative."""

from dataclasses import dataclass
from typing import Any

from polisbridge.core.codes import Role
from polisbridge.core.errors import FaultCode
from polisbridge.core.registry import Identity
from polisbridge.formats.fhir.coverage import ROLES
from polisbridge.formats.fhir.parts import Part, coded
from polisbridge.formats.fhir.patient import PersonRead, person_out
from polisbridge.formats.fhir.periods import period_out
from polisbridge.formats.fhir.systems import KIN, ROLE_CODE, coding, concept, definition, reference, without_empty

IS_PATIENT = definition("is-patient")  # valueReference: the Patient that this person is
_ROLE_OF = {code: role for role, code in reversed(list(KIN.items()))}


def related_out(
    number: int | str, worker: int | str, person: int | str, role: Role, identity: Identity, days: dict[str, str]
) -> dict[str, Any]:
    """Return a member of a worker's family; `days` are those on which that is known to hold."""
    codes = [coding(ROLE_CODE, KIN[role])] if role in KIN else []
    return without_empty(
        {
            "resourceType": "RelatedPerson",
            "id": str(number),
            "active": True,
            "patient": reference("Patient", worker),
            "relationship": [concept(*codes, coding(ROLES, role.value))],
            **person_out(identity),
            "period": period_out(days),
            "extension": [{"url": IS_PATIENT, "valueReference": reference("Patient", person)}],
        }
    )


@dataclass(frozen=True, slots=True)
class RelatedRead:
    """What a RelatedPerson says: who it is, whose relative in what role, and which Patient it is, if told."""

    person: PersonRead
    worker: str
    role: Role
    patient: str


def related_in(part: Part) -> RelatedRead:
    """Return what a RelatedPerson says."""
    said = [one for one in part.extensions() if one.url == IS_PATIENT]
    for one in said:
        one.raw("url")
    patient = said[0].part("valueReference") if said else None
    worker = part.part("patient")
    roles = [coded(one, ROLES, ROLE_CODE) for one in part.parts("relationship")]
    part.raw("period")
    return RelatedRead(
        person=PersonRead(part, frozenset({IS_PATIENT})),
        worker=worker.needed("reference") if worker is not None else "",
        role=_role(part, roles),
        patient=patient.needed("reference") if patient is not None else "",
    )


def _role(part: Part, roles: list[dict[str, tuple[str, str]]]) -> Role:
    for codes in roles:
        if ROLES in codes and codes[ROLES][0] in set(Role):
            return Role(codes[ROLES][0])
        if ROLE_CODE in codes and codes[ROLE_CODE][0] in _ROLE_OF:
            return _ROLE_OF[codes[ROLE_CODE][0]]
    expected = f"a code of {ROLES}, or one of {', '.join(_ROLE_OF)} of {ROLE_CODE}"
    part.fault("relationship", FaultCode.MISSING_KEY, "nothing that is known", expected)
    return Role.OTHER
