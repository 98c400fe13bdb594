"""Certificates on record: issued with their place in a status list, and whether they were good on a day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from polisbridge.core.contract import Contract, Period
from polisbridge.core.registry import Enrolment, Held, RegisteredCertificate
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Action, Note
from polisbridge.services.certify import Issued
from polisbridge.services.registry.ports import Registry, use_of
from polisbridge.services.status import Happened


def keep_issued(registry: Registry, thing: int, contract: Contract, issued: Iterable[Issued], note: Note) -> list[int]:
    """Put certificates of a contract on record; return their numbers.

    Issued again under the same key of the register, a certificate is the same thing.
    """
    persons = {one.code: one.value.person for one in registry.known(Enrolment, on=None, at=note.at, contract=thing)}
    known = {one.code: one.thing for one in registry.known(RegisteredCertificate, on=None, at=note.at, contract=thing)}
    many = {code_of(contract, one.key): one for one in issued}
    new = [code for code in many if code not in known]
    made = dict(zip(new, registry.new(RegisteredCertificate, new, thing), strict=True))
    rows = {
        code: _row(registry, thing, persons, place, many[code])
        for code, place in (known | made).items()
        if code in many
    }
    registry.put_new([(made[code], *rows[code]) for code in new], note)
    for code in many.keys() - made.keys():
        registry.put(known[code], *rows[code], note)
    return [(known | made)[code] for code in many]


def code_of(contract: Contract, key: str) -> str:
    """Return the name of a certificate among those of its contract: the person, then `#2` for the second one."""
    return key.removeprefix(f"{contract.number}/")


def _row(
    registry: Registry, thing: int, persons: Mapping[str, int], place: int, one: Issued
) -> tuple[Period, RegisteredCertificate]:
    value = RegisteredCertificate(
        contract=thing,
        person=persons[one.certificate.person],
        key=one.key,
        list=one.certificate.status.number,
        index=one.certificate.status.index,
        sealed=registry.sealer.seal(one.text.encode(), use_of(RegisteredCertificate, place)),
    )
    return Period(one.certificate.issued.date(), one.certificate.expires.date()), value


def text_of(registry: Registry, held: Held[RegisteredCertificate]) -> str | None:
    """Return the certificate's text, None when the person's data were erased."""
    sealed = held.value.sealed
    return registry.sealer.open(sealed, use_of(RegisteredCertificate, held.thing)).decode() if sealed else None


def status_known(history: Iterable[Happened], key: str, *, on: date, at: datetime) -> Status | None:
    """Return the status of a certificate on a day, as far as was known at an instant; None when it was not issued yet.

    A change counts from the day it was made on, in the zone of who made it; a cancellation or replacement "from a day
    on" counts from that day, and of several the last one said.
    """
    status: Status | None = None
    ends: date | None = None
    for one in history:
        if one.step.key != key or one.note.at > at:
            continue
        if one.step.action in _LATER and one.step.day is not None:
            ends = one.step.day
        elif one.note.at.date() <= on and status is not Status.REVOKED:
            status = _AFTER.get(one.step.action, status)
    ended = ends is not None and ends <= on
    return Status.REVOKED if ended and status is not None else status


_LATER = (Action.CANCELLED, Action.REPLACED)
_AFTER: Mapping[Action, Status] = {
    Action.ALLOCATED: Status.VALID,
    Action.REVOKED: Status.REVOKED,
    Action.REPLACED: Status.REVOKED,
    Action.SUSPENDED: Status.SUSPENDED,
    Action.RESUMED: Status.VALID,
}
