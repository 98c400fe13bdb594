"""Contracts: put on record whole with all their persons, changed, ended, and read again as they were on a day.

"As it was on a day, as known at an instant" takes both: what the contract said of the day, and what of that was on
record at the instant.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import Enrolment, Held, Identity, Kinship, RegisteredContract
from polisbridge.core.statusbook import Note
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.registryfile import read_kept, write_insured, write_terms
from polisbridge.services.registry.persons import birth_hash, persons_of
from polisbridge.services.registry.ports import Registry, use_of
from polisbridge.services.registry.spans import around, holds

_STEP = 1_000  # persons written at a time; how far it is, is told in between
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract to put on record: whose it is, and who its persons are, by their ids in the contract.

    Persons without an entry in `identities` are known by what the contract says of them.
    """

    contract: Contract
    seller: int
    product: int | None = None
    employer: int | None = None
    identities: Mapping[str, Identity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A contract as it was on a day. `contract` is None when the data of all its persons were erased."""

    held: Held[RegisteredContract]
    period: Period
    contract: Contract | None
    in_force: bool


def register(registry: Registry, new: NewContract, note: Note, told: Told | None = None) -> int:
    """Put a contract with all its persons on record; return its number. All of it or nothing.

    Raises PolisbridgeError when the seller has a contract of this number, and InputFaults naming every person whose
    document is another person's. `told` is called with the number of persons written so far.
    """
    contract = new.contract
    _refuse_twice(new.identities)
    (thing,) = registry.new(RegisteredContract, [contract.number], new.seller)
    value = RegisteredContract(new.seller, write_terms(contract), new.product, new.employer)
    registry.put_new([(thing, contract.period, value)], note)
    persons: dict[str, int] = {}
    for start in range(0, len(contract.insured), _STEP):
        persons |= _enrol(registry, thing, contract, contract.insured[start : start + _STEP], new.identities, note)
        if told is not None:
            told(len(persons))
    _tie(registry, contract, persons, note)
    return thing


def _refuse_twice(identities: Mapping[str, Identity]) -> None:
    seen: dict[object, str] = {}
    faults = []
    for name, one in identities.items():
        if one.document is not None and seen.setdefault(one.document, name) != name:
            expected = f"a document of their own; this is that of {seen[one.document]}"
            faults.append(Fault("contract", 1, f"{name}.document", FaultCode.TWICE, "the same document", expected))
    if faults:
        raise InputFaults(faults)


def _enrol(
    registry: Registry,
    thing: int,
    contract: Contract,
    insured: tuple[Insured, ...],
    identities: Mapping[str, Identity],
    note: Note,
) -> dict[str, int]:
    who = {one.id: identities.get(one.id) or identity_of(one) for one in insured}
    persons = persons_of(registry, who, note)
    places = registry.new(Enrolment, [one.id for one in insured], thing)
    registry.put_new(
        [
            (place, contract.cover(one), _enrolment(registry, place, thing, persons[one.id], one))
            for place, one in zip(places, insured, strict=True)
        ],
        note,
    )
    return persons


def _enrolment(registry: Registry, place: int, thing: int, person: int, one: Insured) -> Enrolment:
    sealed = registry.sealer.seal(write_insured(one), use_of(Enrolment, place))
    born = None if one.born is None else birth_hash(registry, thing, one.born)
    return Enrolment(thing, person, one.role, sealed, born)


def identity_of(one: Insured) -> Identity:
    """Return who an insured person is, as far as the contract tells."""
    return Identity(name=one.name, born=one.born, citizenship=one.citizenship or frozenset())


def _tie(registry: Registry, contract: Contract, persons: Mapping[str, int], note: Note) -> None:
    """Record whose family the persons are, where the contract insures one worker."""
    workers = [one for one in contract.insured if one.role is Role.WORKER]
    if len(workers) != 1:
        return
    worker = persons[workers[0].id]
    for one in contract.insured:
        if persons[one.id] != worker:
            tie = registry.hold(Kinship, str(persons[one.id]), worker)
            registry.put(tie, contract.cover(one), Kinship(worker, persons[one.id], one.role), note)


def amend(registry: Registry, thing: int, changed: Contract, first: date, note: Note) -> None:
    """Record that from a day on the contract says what `changed` says; its persons stay as they are."""
    registry.lock(thing)
    held, span = _in_force(registry, thing, first, note.at)
    if changed.number != held.code:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{changed.number} is not {held.code}", hint="keep the number")
    value = replace(held.value, terms=write_terms(changed))
    registry.put(thing, Period(first, span.last), value, note)


def terminate(registry: Registry, thing: int, first: date, note: Note) -> None:
    """Record that the contract no longer holds from a day on, for nobody."""
    registry.lock(thing)
    registry.end(RegisteredContract, thing, Period(first, None), note)
    places = {one.thing for one in registry.known(Enrolment, on=None, at=note.at, contract=thing)}
    for place in sorted(places):
        registry.end(Enrolment, place, Period(first, None), note)


def withdraw(registry: Registry, thing: int, person: str, first: date, note: Note) -> None:
    """Record that the contract no longer insures the person (by the id in the contract) from a day on."""
    place = registry.find(Enrolment, person, thing)
    if place is not None:
        registry.lock(place)
        registry.end(Enrolment, place, Period(first, None), note)


def contract_on(
    registry: Registry,
    thing: int,
    *,
    on: date,
    at: datetime,
    vocabulary: Vocabulary,
    only: Collection[int] | None = None,
) -> OnRecord | None:
    """Return the contract as it was on the day, as known at the instant; None when it was not on record then.

    Once it has ended it is what it last said. Persons whose data were erased are left out, and so are all but the
    persons of `only`, by their numbers; the contract says so.
    """
    found = terms_on(registry, thing, on, at)
    if found is None:
        return None
    held, period = found
    by_place = defaultdict(list)
    wanted = {} if only is None else {"person": sorted(only)}
    for one in registry.known(Enrolment, on=None, at=at, contract=thing, **wanted):
        by_place[one.thing].append(one)
    insured, all_told = [], only is None or len(by_place) == registry.owned(Enrolment, thing)
    for entries in by_place.values():
        sealed = entries[-1].value.sealed
        cover = around((one.valid for one in entries), on)
        if not sealed or cover is None:
            all_told = False
            continue
        own = Period() if cover == period else cover
        insured.append((registry.sealer.open(sealed, use_of(Enrolment, entries[-1].thing)), own))
    contract = read_kept(held.value.terms, period, insured, held.code, vocabulary) if insured else None
    contract = replace(contract, all_told=all_told) if contract is not None else None
    return OnRecord(held, period, contract, holds(period, on))


def terms_on(registry: Registry, thing: int, on: date, at: datetime) -> tuple[Held[RegisteredContract], Period] | None:
    """Return what the contract said on the day, or last before it, or first after it, and its unbroken span.

    None when it was not on record then. No person's data are opened for it.
    """
    entries = list(registry.known(RegisteredContract, on=None, at=at, thing=thing))
    span = around((one.valid for one in entries), on)
    if span is None:
        return None
    began = [one for one in entries if one.valid.first is None or one.valid.first <= on]
    return (began[-1] if began else entries[0]), span


def _in_force(registry: Registry, thing: int, on: date, at: datetime) -> tuple[Held[RegisteredContract], Period]:
    found = terms_on(registry, thing, on, at)
    if found is None or not holds(found[1], on):
        detail = f"no contract in force on {on.isoformat()}"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint="check the day on which the change begins")
    return found
