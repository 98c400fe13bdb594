"""A person's own contracts in words: in force or not, whom to call, and at a glance where they are enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from polisbridge.core.codes import Gate
from polisbridge.core.contract import Period, Stay
from polisbridge.core.verification import Answer
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.services.people.own import OwnContract
from polisbridge.services.registry.onrecord import RecordAnswer, Standing
from polisbridge.web.answers import Row, overview
from polisbridge.web.check_form import near_states
from polisbridge.web.verify_number import seller_told
from polisbridge.words import Words


@dataclass(frozen=True, slots=True)
class ToldContract:
    """One contract on its person's page. `rows` are states by occasions; empty for a contract that is over."""

    number: str
    role: str
    answer: Answer
    standing: str
    first: str
    last: str
    insurer: str
    phone: str
    certificate: int | None
    rows: Sequence[Row]
    gates: Sequence[str]


def told_contracts(found: Sequence[OwnContract], laws: AppliedLaws, words: Words, on: date) -> list[ToldContract]:
    """Return the contracts in words, in the order in which they come."""
    return [_told(one, laws, words, on) for one in found]


def _told(one: OwnContract, laws: AppliedLaws, words: Words, on: date) -> ToldContract:
    answer = one.answer
    first, last = answer.cover.first, answer.cover.last
    role = answer.contract.person(answer.found.code).role.value if answer.contract else ""
    lasts = answer.standing in (Standing.IN_FORCE, Standing.NOT_BEGUN)
    return ToldContract(
        number=answer.number,
        role=words(f"role.{role}") if role else "",
        answer=answer.answer,
        standing=words(f"web.employer.{answer.standing.value}"),
        first=words.day(first) if first else "–",
        last=words.day(last) if last else "–",
        insurer=seller_told(answer.seller, words),
        phone=answer.seller.phone if answer.seller else "",
        certificate=one.certificate.thing if one.certificate else None,
        rows=_rows(answer, laws, words, on) if lasts else (),
        gates=[words(f"matrix.gate.{gate.value}") for gate in Gate],
    )


def _rows(found: RecordAnswer, laws: AppliedLaws, words: Words, on: date) -> list[Row]:
    """Return where the contract is enough, for a stay from today, or from its first day, to its last day."""
    if found.contract is None:
        return []
    begins = max(on, found.cover.first or on)
    period = Period(begins, found.cover.last)
    decided = {}
    for state in near_states(laws.book):
        for gate in laws.book.gates_of(state):
            stay = Stay(state, gate, on, None, period)
            decided[state, gate] = assess_with(laws, found.contract, stay, [found.found.code])
    return overview(decided, words, laws.book)
