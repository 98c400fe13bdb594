"""What the register itself says of an insured person on a day: who by, in force, and enough for an occasion.

The way for whoever has a number and a birth date and no certificate. Nothing is said by signature here: the node on
whose record the contract stands answers for it, as of now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Verdict
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.names.match import Grade, Match
from polisbridge.core.registry import Identity, Insurer, Kinship, MedicalOrganisation, RegisteredCertificate
from polisbridge.core.status import Status
from polisbridge.core.verification import Answer
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.services.registry import persons
from polisbridge.services.registry.contracts import OnRecord, contract_on
from polisbridge.services.registry.finding import InsuredFound
from polisbridge.services.registry.matching import told_name
from polisbridge.services.registry.ports import Registry


class Standing(StrEnum):
    """Whether a contract covers a person on a day."""

    IN_FORCE = "in_force"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ERASED = "erased"


OTHER_NAME = frozenset({Grade.DIFFERENT, Grade.CONTRADICTION})


@dataclass(frozen=True, slots=True)
class Seller:
    """Who answers for a contract: title by language, state, and the number to call, empty if not told."""

    title: dict[str, str]
    state: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """What the register says of one person. `name` is the grade of a name that was told; `contract` holds their family."""

    found: InsuredFound
    number: str
    standing: Standing
    identity: Identity | None
    contract: Contract | None
    cover: Period
    seller: Seller | None
    name: Match | None = None
    assessment: Assessment | None = None

    @property
    def other_name(self) -> bool:
        """Whether the name that was told is another one, so that nothing of the person may be shown."""
        return self.name is not None and self.name.grade in OTHER_NAME

    @property
    def answer(self) -> Answer:
        """Refuse what is not in force, not recognised or another's; accept only when nothing is in doubt."""
        verdict = self.assessment.decision.verdict if self.assessment else Verdict.RECOGNISED
        if self.standing is not Standing.IN_FORCE or self.other_name or verdict is Verdict.NOT_RECOGNISED:
            return Answer.REFUSE
        doubtful = self.name is not None and self.name.grade is Grade.POSSIBLE
        return Answer.UNDETERMINED if doubtful or verdict is Verdict.UNDETERMINED else Answer.ACCEPT


def answer_for(
    registry: Registry, found: InsuredFound, laws: AppliedLaws, stay: Stay | None, *, on: date, at: datetime
) -> RecordAnswer:
    """Return what the register says of a person who was found, on the day; with a stay, whether it is enough there."""
    held = own_contract(registry, found.contract, found.person, laws.book.vocabulary, on=on, at=at)
    who = persons.identity(registry, found.person, at=at)
    told = held.contract.insured if held is not None and held.contract is not None else ()
    if held is None or held.contract is None or found.code not in [one.id for one in told]:
        return RecordAnswer(found, "", Standing.ERASED, who, None, Period(), None)
    contract, cover = held.contract, held.contract.cover(held.contract.person(found.code))
    decided = assess_with(laws, contract, stay, [found.code])[0] if stay else None
    return RecordAnswer(
        found,
        f"{held.held.code}/{found.code}",
        _promised(registry, found, held, _standing(held, cover, on), on, at),
        who,
        contract,
        cover,
        seller_of(registry, held.held.value.seller, on=on, at=at),
        assessment=decided,
    )


def graded(answer: RecordAnswer, name: str, born: date) -> Match | None:
    """Return the grade of a name that was told; None when none was, or nothing is on record to compare with."""
    if not name.strip() or answer.identity is None:
        return None
    return told_name(name, born, answer.identity, answer.number if answer.found.named else "")


def own_contract(
    registry: Registry, contract: int, person: int, vocabulary: Vocabulary, *, on: date, at: datetime
) -> OnRecord | None:
    """Return a contract with one of its persons and those of its persons who are their family, on the day."""
    only = {person, *_family(registry, person, at)}
    return contract_on(registry, contract, on=on, at=at, vocabulary=vocabulary, only=only)


def _family(registry: Registry, person: int, at: datetime) -> Iterable[int]:
    workers = {one.value.worker for one in registry.known(Kinship, on=None, at=at, person=person)} or {person}
    ties = registry.known(Kinship, on=None, at=at, worker=sorted(workers))
    return workers | {one.value.person for one in ties}


def _standing(held: OnRecord, cover: Period, on: date) -> Standing:
    if cover.first is not None and on < cover.first:
        return Standing.NOT_BEGUN
    over = cover.last is not None and cover.last < on
    return Standing.ENDED if over or not held.in_force else Standing.IN_FORCE


def _promised(
    registry: Registry, found: InsuredFound, held: OnRecord, standing: Standing, on: date, at: datetime
) -> Standing:
    """Return the standing with what the insurer did to the newest certificate; a contract may stand without one."""
    certificates = registry.known(RegisteredCertificate, on=None, at=at, contract=found.contract, person=found.person)
    newest = max(certificates, key=lambda one: one.note.at, default=None)
    registers = [one.code for one in registry.known(Insurer, on=None, at=at, thing=held.held.value.seller)]
    if standing is not Standing.IN_FORCE or newest is None or not registers:
        return standing
    status, ends = registry.entry_of(registers[-1], newest.value.key) or (Status.VALID, None)
    if status is Status.REVOKED or (ends is not None and ends <= on):
        return Standing.REVOKED
    return Standing.SUSPENDED if status is Status.SUSPENDED else standing


def seller_of(registry: Registry, seller: int, *, on: date, at: datetime) -> Seller | None:
    """Return who sold a contract: an insurer, or a clinic that concludes contracts itself."""
    for insurer in registry.known(Insurer, on=on, at=at, thing=seller):
        return Seller(dict(insurer.value.title), insurer.value.state, insurer.value.phone)
    for clinic in registry.known(MedicalOrganisation, on=on, at=at, thing=seller):
        return Seller(dict(clinic.value.title), clinic.value.state)
    return None
