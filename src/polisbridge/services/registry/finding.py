"""Who is insured under a number and was born on a day: found by both together, never listed or guessed from one.

The number is that of the contract, or that of a certificate: the contract's number, a slash and the person's id.
Contracts of several insurers may have one number; the birth day, kept as a keyed hash, tells the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from polisbridge.core.registry import Enrolment, Held, RegisteredContract
from polisbridge.services.registry.persons import birth_hash
from polisbridge.services.registry.ports import Registry

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
LONGEST = 200  # characters of a number that anybody means


@dataclass(frozen=True, slots=True)
class InsuredFound:
    """A person found in a contract. `place` is the enrolment, `code` the person's id in the contract.

    `named` says whether the number named the person, and not only the contract.
    """

    contract: int
    place: int
    person: int
    code: str
    named: bool


def find_insured(registry: Registry, number: str, born: date, *, at: datetime) -> tuple[InsuredFound, ...]:
    """Return who was insured under the number and born on that day, as known at the instant.

    Empty when the number is nobody's, when nobody of it was born then, and when the data were erased: the three are
    not told apart. More than one for twins, and where contracts of several insurers fit.
    """
    found = dict[int, InsuredFound]()
    for contract, code in _readings(registry, plain_number(number)):
        for one in _born_on(registry, contract, born, at):
            if code in ("", one.code):
                who = InsuredFound(contract, one.thing, one.value.person, one.code, named=code != "")
                found.setdefault(one.thing, who)
    return tuple(found.values())


def plain_number(written: str) -> str:
    """Return a number as it is on record: no spaces around it, every dash a hyphen."""
    return written.strip().translate(_DASHES)


def _readings(registry: Registry, number: str) -> Iterator[tuple[int, str]]:
    """Yield the contracts that the number can mean, each with the person's id that it names, empty for none."""
    if not number or len(number) > LONGEST or "\0" in number:
        return
    contract, slash, person = number.rpartition("/")
    if slash and contract and person:
        yield from ((one, person) for one in registry.named(RegisteredContract, contract))
    yield from ((one, "") for one in registry.named(RegisteredContract, number))


def _born_on(registry: Registry, contract: int, born: date, at: datetime) -> Iterator[Held[Enrolment]]:
    looked_for = birth_hash(registry, contract, born)
    return registry.known(Enrolment, on=None, at=at, contract=contract, birth_hash=looked_for)
