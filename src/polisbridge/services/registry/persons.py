"""Persons: recognised by their identity documents, corrected, and erased by rule or on demand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.names.match import Grade
from polisbridge.core.registry import (
    Enrolment,
    Held,
    Identity,
    IdentityDocument,
    Kinship,
    RegisteredPerson,
    RetentionRule,
)
from polisbridge.core.statusbook import Note
from polisbridge.formats.registryfile import read_identity, write_identity
from polisbridge.services.registry.matching import two_records
from polisbridge.services.registry.ports import Registry, use_of

_ALWAYS = Period()  # who somebody is, does not depend on the day


def document_hash(registry: Registry, document: IdentityDocument) -> bytes:
    """Return what a document is looked up by: spaces, dashes and case make no difference."""
    number = "".join(letter for letter in document.number.upper() if letter.isalnum())
    return registry.sealer.hashed(f"{document.state}\0{number}", "document")


def birth_hash(registry: Registry, contract: int, born: date) -> bytes:
    """Return what a birth day is looked up by, within one contract only."""
    return registry.sealer.hashed(f"{contract}\0{born.isoformat()}", "born")


def persons_of(registry: Registry, who: Mapping[str, Identity], note: Note) -> dict[str, int]:
    """Return the numbers of persons by the same names, put on record where their documents are not known.

    A document makes two the same person only with the same birth day and a name that can be the same; a person without a document is always new.
    Raises InputFaults naming all for whom the birth day differs, or the name in every spelling.
    """
    documents = {name: document_hash(registry, one.document) for name, one in who.items() if one.document}
    owners = registry.owners_of(set(documents.values()))
    wanting = [name for name in who if documents.get(name) not in owners]
    made = dict(zip(wanting, registry.new_persons(len(wanting)), strict=True))
    owners |= registry.claim({documents[name]: made[name] for name in wanting if name in documents})
    found = {name: owners.get(documents.get(name, b""), made.get(name, 0)) for name in who}
    fresh = {name: person for name, person in found.items() if made.get(name) == person}
    registry.put_new([(person, _ALWAYS, _sealed(registry, person, who[name])) for name, person in fresh.items()], note)
    _refuse_others(registry, who, {name: one for name, one in found.items() if name not in fresh}, note.at)
    return found


def _refuse_others(registry: Registry, who: Mapping[str, Identity], known: Mapping[str, int], at: datetime) -> None:
    held = {one.thing: _opened(registry, one) for one in _entries(registry, sorted(set(known.values())), at)}
    faults = []
    for name, person in known.items():
        on_record, said = held.get(person), who[name].born
        if on_record is not None and None not in (on_record.born, said) and on_record.born != said:
            expected = "the birth day of the person whose document this is"
            faults.append(Fault("contract", 1, f"{name}.born", FaultCode.WRONG_VALUE, str(said), expected))
        elif on_record is not None and _another(who[name], on_record):
            expected = "the name of the person whose document this is, in any spelling"
            faults.append(Fault("contract", 1, f"{name}.name", FaultCode.WRONG_VALUE, who[name].name, expected))
    if faults:
        raise InputFaults(faults)


def _another(said: Identity, on_record: Identity) -> bool:
    """Say whether a name is another one than that on record, where both are told; spelling and script do not matter."""
    told = all(one.name or one.original_name for one in (said, on_record))
    return told and two_records(said, on_record).grade is Grade.CONTRADICTION


def _sealed(registry: Registry, person: int, identity: Identity) -> RegisteredPerson:
    return RegisteredPerson(registry.sealer.seal(write_identity(identity), use_of(RegisteredPerson, person)))


def find(registry: Registry, document: IdentityDocument) -> int | None:
    """Return the person with the document, None when nobody has it."""
    key = document_hash(registry, document)
    return registry.owners_of([key]).get(key)


def identity(registry: Registry, person: int, *, at: datetime) -> Identity | None:
    """Return who a person is, as known at the instant; None when not on record, or erased."""
    entries = list(_entries(registry, [person], at))
    return _opened(registry, entries[-1]) if entries else None


def identities(registry: Registry, persons: Sequence[int], *, at: datetime) -> dict[int, Identity | None]:
    """Return who the persons are, as known at the instant; None for one who was erased."""
    return {one.thing: _opened(registry, one) for one in _entries(registry, persons, at)}


def _entries(registry: Registry, persons: Sequence[int], at: datetime) -> Iterator[Held[RegisteredPerson]]:
    return registry.known(RegisteredPerson, on=None, at=at, thing=persons) if persons else iter(())


def _opened(registry: Registry, held: Held[RegisteredPerson]) -> Identity | None:
    if not held.value.sealed:
        return None
    return read_identity(registry.sealer.open(held.value.sealed, use_of(RegisteredPerson, held.thing)))


def correct(registry: Registry, person: int, identity: Identity, note: Note) -> None:
    """Record who a person is, from now on; a document that is new is theirs, unless it is somebody else's."""
    registry.lock(person)
    if identity.document is not None:
        key = document_hash(registry, identity.document)
        if registry.claim({key: person})[key] != person:
            detail = "the document of another person"
            raise PolisbridgeError(ErrorCode.ALREADY_THERE, detail, hint="check state and number of the document")
    registry.put(person, _ALWAYS, _sealed(registry, person, identity), note)


def family(registry: Registry, worker: int, *, on: date, at: datetime) -> Iterator[Held[Kinship]]:
    """Yield who belonged to the family of a worker on the day, as known at the instant."""
    return registry.known(Kinship, on=on, at=at, worker=worker)


def erase(registry: Registry, person: int, note: Note) -> int:
    """Erase everything personal about a person, all that was ever known included; return how many entries.

    What stays says nobody's name: that there was a person in a contract, with which role and days, and who looked.
    """
    registry.lock(person)
    return registry.forget_person(person, note)


def due(registry: Registry, rule: RetentionRule, *, on: date, at: datetime) -> list[int]:
    """Return the persons whose last day of cover lies longer ago than the rule allows, and who are not erased."""
    last: dict[int, date] = {}
    for one in registry.known(Enrolment, on=None, at=at):
        if one.value.sealed:
            end = one.valid.last or date.max
            last[one.value.person] = max(end, last.get(one.value.person, date.min))
    oldest = on - timedelta(days=rule.days_after_cover)
    return sorted(person for person, day in last.items() if day < oldest)
