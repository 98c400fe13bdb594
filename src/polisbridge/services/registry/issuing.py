"""Certificates that a node issues for its insurers: issued, issued anew, suspended, resumed, revoked.

Everything happens within one transaction of the registry: the place in the status list, the certificate on record, and
who did it, when and why. What was done before is not done again, so whoever asks twice gets one certificate.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from polisbridge.core.certificate import Holder, IssueOrder
from polisbridge.core.contract import Contract
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import in_english
from polisbridge.core.registry import (
    Enrolment,
    Held,
    Identity,
    Insurer,
    RegisteredCertificate,
    RegisteredContract,
)
from polisbridge.core.signing import Signer
from polisbridge.core.status import Below, Status
from polisbridge.core.statusbook import Note
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.services.certify import issue, register_key
from polisbridge.services.registry.certificates import keep_issued, text_of
from polisbridge.services.registry.contracts import contract_on, terminate
from polisbridge.services.registry.persons import identities
from polisbridge.services.registry.ports import Registry
from polisbridge.services.status import Happened, StatusRegister

_STEP = 1_000  # persons looked up at a time
_TAIL = 4  # characters of the document's number that a certificate tells
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ ',.-")


class StatusChange(StrEnum):
    """What an insurer can do to a certificate."""

    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class IssuingPlace:
    """With what an insurer issues: the list that its certificates stand in, and its key. `below` draws random places."""

    number: int
    signer: Signer
    below: Below


class IssuingKeys(Protocol):
    """The keys that insurers of this node sign with."""

    def can_issue(self, insurer: str) -> bool:
        """Say whether the node holds a key of the insurer, by its name on record."""

    def place(self, insurer: str, day: date) -> AbstractContextManager[IssuingPlace]:
        """Open the insurer's key that is in use on the day.

        Raises PolisbridgeError `no_issuing_key` when there is none, and others when it does not open.
        """


@dataclass(frozen=True, slots=True)
class Given:
    """What became of an order to issue: new certificates by their numbers, and persons who have a good one already."""

    new: Sequence[int]
    kept: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Somebody insured by a contract, and their newest certificate, if any."""

    id: str
    person: int
    newest: Held[RegisteredCertificate] | None


def register_of(registry: Registry, insurer: int, below: Below, note: Note) -> tuple[str, StatusRegister]:
    """Return the name of an insurer and the register of its certificates. Raises PolisbridgeError for no insurer."""
    found = list(registry.known(Insurer, on=note.at.date(), at=note.at, thing=insurer))
    if not found:
        raise PolisbridgeError(ErrorCode.NO_ISSUING_KEY, "not an insurer", hint="only insurers issue certificates")
    name = found[-1].code
    return name, StatusRegister(registry.journal(name), found[-1].value.state, below)


class Issuer:
    """What issues certificates of one insurer within one transaction, for one contract after the other."""

    def __init__(
        self, registry: Registry, seller: Held[Insurer], place: IssuingPlace, note: Note, vocabulary: Vocabulary
    ) -> None:
        self._registry, self._seller, self._place, self._note = registry, seller, place, note
        self._vocabulary = vocabulary
        _, self._register = register_of(registry, seller.thing, place.below, note)
        if place.number not in self._register.numbers():
            self._register.open_list(place.number, note)

    def issue(self, thing: int, persons: Iterable[str] = (), *, again: bool = False) -> Given:
        """Issue for persons of a contract, all whose cover is not over when none is named; all or none."""
        registry, note = self._registry, self._note
        registry.lock(thing)
        contract = _contract(registry, thing, note, self._vocabulary)
        wanted = tuple(persons) or tuple(_covered(contract, note.at.date()))
        known = {one.id: one for one in insured(registry, thing, note)}
        kept = {} if again else dict(self._kept(wanted, known))
        new = [one for one in wanted if one not in kept]
        if not new:
            return Given((), kept)
        names = {one: _key(contract, one, known.get(one)) for one in new}
        order = _order(registry, self._seller, [known[one] for one in new if one in known], note)
        for one in new:
            _replace(self._register, known.get(one), names[one], note)
        signer = self._place.signer
        issued = issue(contract, new, order, self._register, signer, note, key_of=lambda _, person: names[person])
        return Given(keep_issued(registry, thing, contract, issued, note), kept)

    def _kept(self, wanted: Iterable[str], known: Mapping[str, OnePerson]) -> Iterator[tuple[str, int]]:
        for one in wanted:
            found = _good(known.get(one), self._register, self._note.at.date())
            if found is not None:
                yield one, found


@contextmanager
def issuer(registry: Registry, keys: IssuingKeys, insurer: int, note: Note, vocabulary: Vocabulary) -> Iterator[Issuer]:
    """Open what issues for an insurer. Raises PolisbridgeError `no_issuing_key` when there is no key of theirs."""
    held = list(registry.known(Insurer, on=note.at.date(), at=note.at, thing=insurer))
    if not held:
        raise PolisbridgeError(ErrorCode.NO_ISSUING_KEY, "not an insurer", hint="only insurers issue certificates")
    with keys.place(held[-1].code, note.at.date()) as place:
        yield Issuer(registry, held[-1], place, note, vocabulary)


def issue_for(
    registry: Registry,
    keys: IssuingKeys,
    thing: int,
    note: Note,
    vocabulary: Vocabulary,
    *,
    persons: Iterable[str] = (),
    again: bool = False,
) -> Given:
    """Issue certificates for persons of a contract, all whose cover is not over when none is named; all or none.

    Who has a certificate that is not revoked keeps it, unless it is to be issued `again`: then the new one takes the
    place of the old one at once. Raises PolisbridgeError naming everything that stands against it.
    """
    found = list(registry.known(RegisteredContract, on=None, at=note.at, thing=thing))
    if not found:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such contract", hint="look it up in the list")
    with issuer(registry, keys, found[-1].value.seller, note, vocabulary) as own:
        return own.issue(thing, persons, again=again)


def _contract(registry: Registry, thing: int, note: Note, vocabulary: Vocabulary) -> Contract:
    found = contract_on(registry, thing, on=note.at.date(), at=note.at, vocabulary=vocabulary)
    if found is None or found.contract is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such contract", hint="look it up in the list")
    return found.contract


def _covered(contract: Contract, today: date) -> Iterator[str]:
    for one in contract.insured:
        last = contract.cover(one).last
        if last is None or last >= today:
            yield one.id


def insured(registry: Registry, thing: int, note: Note) -> list[OnePerson]:
    """Return who was ever insured by a contract, each once, with the newest of their certificates."""
    newest: dict[int, Held[RegisteredCertificate]] = {}
    for one in registry.known(RegisteredCertificate, on=None, at=note.at, contract=thing):
        before = newest.get(one.value.person)
        if before is None or (one.thing, one.version) > (before.thing, before.version):
            newest[one.value.person] = one
    found = {one.code: one.value.person for one in registry.known(Enrolment, on=None, at=note.at, contract=thing)}
    return [OnePerson(code, person, newest.get(person)) for code, person in found.items()]


def _good(one: OnePerson | None, register: StatusRegister, today: date) -> int | None:
    """Return the person's certificate that has neither expired nor been revoked, None when there is none."""
    if one is None or one.newest is None:
        return None
    over = one.newest.valid.last is not None and one.newest.valid.last < today
    revoked = register.entry(one.newest.value.key).status_on(today) is Status.REVOKED
    return None if over or revoked else one.newest.thing


def _key(contract: Contract, person: str, known: OnePerson | None) -> str:
    """Return the next name of a person's certificate in the register: the contract and person, then `#2` and so on."""
    first = register_key(contract, person)
    if known is None or known.newest is None:
        return first
    _, _, number = known.newest.value.key.removeprefix(first).partition("#")
    return f"{first}#{int(number or 1) + 1}"


def _replace(register: StatusRegister, one: OnePerson | None, by: str, note: Note) -> None:
    """Let the new certificate take the place of the one before, if that still counts."""
    if one is not None and one.newest is not None:
        old = one.newest.value.key
        if register.entry(old).status is not Status.REVOKED:
            register.endorse(old, by, note)


def _order(registry: Registry, seller: Held[Insurer], persons: Sequence[OnePerson], note: Note) -> IssueOrder:
    """Return what is added to the contract. Raises PolisbridgeError naming everybody who has no name to be printed."""
    known: dict[int, Identity | None] = {}
    for start in range(0, len(persons), _STEP):
        known |= identities(registry, [one.person for one in persons[start : start + _STEP]], at=note.at)
    holders = {one.id: _holder(known.get(one.person)) for one in persons}
    nameless = sorted(name for name, holder in holders.items() if holder is None)
    if nameless:
        detail = f"no name in Latin letters, as in the passport: {', '.join(nameless[:20])}"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="correct the person, then issue")
    name = in_english(seller.value.title)
    good = {one: holder for one, holder in holders.items() if holder is not None}
    return IssueOrder(seller.value.state, name, seller.value.phone, good)


def _holder(identity: Identity | None) -> Holder | None:
    """Return the holder as in the passport; None when the name is not known in Latin letters, or was erased."""
    if identity is None:
        return None
    name = " ".join(identity.name.upper().split())
    if not name or not set(name) <= _LATIN:
        return None
    number = "".join(one for one in identity.document.number.upper() if one.isalnum()) if identity.document else ""
    return Holder(name, identity.original_name, number[-_TAIL:])


def change_status(
    registry: Registry,
    insurer: int,
    held: Iterable[Held[RegisteredCertificate]],
    change: StatusChange,
    note: Note,
    *,
    first: date | None = None,
    below: Below,
) -> None:
    """Suspend, resume or revoke certificates of one insurer: all or, on an error, none. Again is the same.

    A revocation with a `first` day that is still to come counts from that day on. Raises PolisbridgeError
    `status_final` for one that is revoked already.
    """
    _, register = register_of(registry, insurer, below, note)
    _change(register, held, change, note, first)


def _change(
    register: StatusRegister,
    held: Iterable[Held[RegisteredCertificate]],
    change: StatusChange,
    note: Note,
    first: date | None,
) -> None:
    names = sorted({one.value.key for one in held})
    match change:
        case StatusChange.SUSPEND:
            register.suspend(names, note)
        case StatusChange.RESUME:
            register.resume(names, note)
        case StatusChange.REVOKE if first is not None and first > note.at.date():
            register.cancel(names, first, note)
        case StatusChange.REVOKE:
            register.revoke(names, note)


def end_contract(registry: Registry, insurer: int, thing: int, first: date, note: Note, *, below: Below) -> int:
    """End a contract from a day on, and with it its certificates from that day; return how many certificates."""
    terminate(registry, thing, first, note)
    held = list(registry.known(RegisteredCertificate, on=None, at=note.at, contract=thing))
    if not held:
        return 0
    _, register = register_of(registry, insurer, below, note)
    counting = [one for one in held if register.entry(one.value.key).status is not Status.REVOKED]
    if counting:
        _change(register, counting, StatusChange.REVOKE, note, first)
    return len(counting)


def history_of(registry: Registry, insurer: int, key: str, note: Note, *, below: Below) -> tuple[Happened, ...]:
    """Return everything that happened to a certificate, oldest first."""
    _, register = register_of(registry, insurer, below, note)
    return register.history(key)


def find(registry: Registry, number: int, note: Note) -> tuple[Held[RegisteredCertificate], Held[RegisteredContract]]:
    """Return a certificate and the contract that it is of. Raises PolisbridgeError when there is none."""
    held = list(registry.known(RegisteredCertificate, on=None, at=note.at, thing=number))
    of = list(registry.changes(RegisteredContract, held[-1].value.contract)) if held else []
    if not held or not of:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such certificate", hint="look it up in the list")
    return held[-1], of[-1]


def told_text(registry: Registry, held: Held[RegisteredCertificate]) -> str:
    """Return the text of a certificate. Raises PolisbridgeError when the person's data were erased."""
    text = text_of(registry, held)
    if text is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "the person's data were erased", hint="nothing is left to show")
    return text
