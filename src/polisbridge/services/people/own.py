"""What a person's own page holds beyond who they are: their contracts as they stand, and certificates to show."""

from dataclasses import dataclass
from datetime import date, datetime

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Enrolment, Held, RegisteredCertificate
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, Allowed
from polisbridge.core.statusbook import Note
from polisbridge.services.access import allowed
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.people.ports import People
from polisbridge.services.registry import looking
from polisbridge.services.registry.certificates import text_of
from polisbridge.services.registry.finding import InsuredFound
from polisbridge.services.registry.onrecord import RecordAnswer, answer_for
from polisbridge.services.registry.ports import Registry


@dataclass(frozen=True, slots=True)
class OwnContract:
    """One contract of a person, as it stands, and the newest certificate of it, if any."""

    answer: RecordAnswer
    certificate: Held[RegisteredCertificate] | None


def own_page(registry: Registry, person: int, laws: AppliedLaws, *, on: date, at: datetime) -> tuple[OwnContract, ...]:
    """Return the person's contracts, those that end last first. That the person's data are read is on record before."""
    entries = {one.thing: one for one in registry.known(Enrolment, on=None, at=at, person=person)}
    found = [
        InsuredFound(one.value.contract, one.thing, person, one.code, named=True)
        for one in entries.values()
        if one.value.sealed
    ]
    answers = [answer_for(registry, one, laws, None, on=on, at=at) for one in found]
    newest = _newest(registry, person, at)
    own = [OwnContract(one, newest.get(one.found.contract)) for one in answers]
    return tuple(sorted(own, key=lambda one: one.answer.cover.last or date.max, reverse=True))


def _newest(registry: Registry, person: int, at: datetime) -> dict[int, Held[RegisteredCertificate]]:
    held = registry.known(RegisteredCertificate, on=None, at=at, person=person)
    return {one.value.contract: one for one in sorted(held, key=lambda one: one.note.at) if one.value.sealed}


def certificate_text(people: People, actor: Actor, certificate: int, now: datetime) -> str:
    """Return the text of a certificate to its holder or their helper; that it was read is on record first.

    Raises PolisbridgeError for one that is not there, or not for the actor: the two are not told apart.
    """
    with people.registries.change() as registry:
        for one in registry.known(RegisteredCertificate, on=None, at=now, thing=certificate):
            subject = AccessSubject(people.state, person=one.value.person)
            if isinstance(allowed(people.matrix, actor, AccessAction.READ_CERTIFICATE, subject), Allowed):
                purpose = "own_data" if one.value.person == actor.person else "named_helper"
                looking.record(
                    registry, one.value.person, actor.role.value, "certificate", Note(actor.name, now, purpose)
                )
                text = text_of(registry, one)
                if text is not None:
                    return text
    raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such certificate", hint="look at your own page")
