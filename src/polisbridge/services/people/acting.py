"""For whom an account or key acts: the person of a worker, the organisation of an office."""

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Authority, Employer, IdentityDocument, Insurer, MedicalOrganisation, Record
from polisbridge.core.roles import ActorRole
from polisbridge.services.registry import persons
from polisbridge.services.registry.ports import Registry

ORGANISATIONS: dict[ActorRole, type[Record]] = {
    ActorRole.INSURER_CLERK: Insurer,
    ActorRole.EMPLOYER: Employer,
    ActorRole.HOSPITAL_DESK: MedicalOrganisation,
    ActorRole.AUTHORITY: Authority,
}
_MUST = {ActorRole.INSURER_CLERK, ActorRole.EMPLOYER, ActorRole.HOSPITAL_DESK}
_PERSONS = {ActorRole.VISITOR, ActorRole.WORKER, ActorRole.HELPER}
_STATELESS = {ActorRole.EXECUTIVE_COMMITTEE, ActorRole.HELPER}


def organisation_of(registry: Registry, role: ActorRole, code: str) -> int | None:
    """Return the organisation that a role acts for, by its name on record; None where the role has none.

    Raises PolisbridgeError when the role needs one and none is named, or there is none of that name.
    """
    kind = ORGANISATIONS.get(role)
    if kind is None or not code:
        if code or role in _MUST:
            detail = f"{role.value}: {'acts for no organisation' if code else 'for which organisation?'}"
            raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="--of NAME")
        return None
    found = registry.find(kind, code)
    if found is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no {role.value} {code} on record", hint="look at the name")
    return found


def person_of(registry: Registry, document: IdentityDocument) -> int:
    """Return the person with a document. Raises PolisbridgeError when nobody has it."""
    found = persons.find(registry, document)
    if found is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "nobody with that document", hint="check its state and number")
    return found


def refuse_no_state(role: ActorRole, state: str) -> None:
    """Raise PolisbridgeError when the role needs a state and has none."""
    if not state and role not in _STATELESS:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{role.value}: of which state?", hint="--state UZ")


def refuse_nobody(role: ActorRole) -> None:
    """Raise PolisbridgeError for a visitor, who has no account."""
    if role is ActorRole.VISITOR:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "a visitor has no account", hint="choose another role")


def refuse_persons(role: ActorRole) -> None:
    """Raise PolisbridgeError for a role that only a human being can have."""
    if role in _PERSONS:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{role.value}: not for machines", hint="choose an office's role")
