"""What the round table of 2024-02-01 asked for: the national approaches, what blocks recognition, what could be agreed.

Everything is gathered here as values, from the law data, the facts of the initiative and a stated model contract;
the words are made above (`words.report_approaches`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from polisbridge.core.codes import Verdict
from polisbridge.core.contract import Contract
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook, OpenQuestion
from polisbridge.core.money import Rates
from polisbridge.formats.initiativefile import InitiativeFact
from polisbridge.services.agreement import Proposals, proposals
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.approaches import SEVEN, Approach, TreatyLaw, approaches, treaties_between
from polisbridge.services.corridors import Corridors, decide_corridors
from polisbridge.services.impact import Impact
from polisbridge.services.mechanisms import Found, mechanisms
from polisbridge.services.suppose import suppose_treaties

DRAFT = "cis_vhi_draft"


@dataclass(frozen=True, slots=True)
class RoundTable:
    """All that the report says, for one day and one law.

    `draft` are the corridors with the draft Agreement supposed, `effects` the impacts of scenarios on portfolios.
    """

    book: LawBook
    as_of: date
    facts: tuple[InitiativeFact, ...]
    approaches: tuple[Approach, ...]
    treaties: tuple[TreatyLaw, ...]
    ways: tuple[Found, ...]
    today: Corridors
    draft: Corridors
    draft_questions: tuple[OpenQuestion, ...]
    proposals: Proposals
    effects: tuple[Impact, ...] = ()

    def part(self, name: str) -> tuple[InitiativeFact, ...]:
        """Return the facts of one part of the initiative's file."""
        return tuple(one for one in self.facts if one.part == name)


def round_table(
    book: LawBook,
    rates: Rates,
    model: Contract,
    facts: Iterable[InitiativeFact],
    as_of: date,
    effects: tuple[Impact, ...] = (),
) -> RoundTable:
    """Gather the report for the day. `effects` are impacts of scenarios on portfolios, reckoned by this same law.

    Raises PolisbridgeError when the book lacks the draft Agreement, or an effect was reckoned by another law.
    """
    by_this_law(book, effects)
    states = SEVEN
    laws = AppliedLaws(book, rates)
    supposed_book, supposed = suppose_treaties(book, (f"{DRAFT}:{','.join(states)}",))
    return RoundTable(
        book,
        as_of,
        tuple(facts),
        approaches(laws, as_of, states),
        treaties_between(book, as_of, states),
        mechanisms(laws, model, as_of, states),
        decide_corridors(laws, model, as_of, states),
        decide_corridors(AppliedLaws(supposed_book, rates), model, as_of, states, supposed),
        tuple(
            one for one in book.provisions if isinstance(one, OpenQuestion) and one.jurisdiction == f"treaties.{DRAFT}"
        ),
        proposals(book, supposed_book, supposed, rates, as_of, states),
        effects,
    )


def by_this_law(book: LawBook, effects: Iterable[Impact]) -> None:
    """Raise PolisbridgeError for an impact that was reckoned by another law: its provisions could not be cited."""
    for one in effects:
        if one.law != book.hash:
            detail = f"{one.scenario.name}: reckoned by the law {one.law[:16]}, not by {book.hash[:16]}"
            raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="assess the impact again with this law")


def counted(corridors: Corridors, *, confirmed: bool) -> Mapping[Verdict, int]:
    """Return how many cases have each verdict: as decided, or should every open point turn out as it is written."""
    found = [one.if_confirmed if confirmed else one.verdict for one in corridors.cases]
    return {verdict: found.count(verdict) for verdict in Verdict}
