"""An assessment: one decision with the person, the Facts and the rates it was made from."""

from dataclasses import dataclass
from datetime import date

from polisbridge.core.contract import Assumed
from polisbridge.core.decide import Decision
from polisbridge.core.facts import Facts
from polisbridge.core.money import RateTable
from polisbridge.core.remedy import TopUp


@dataclass(frozen=True, slots=True)
class Assessment:
    """The decision for one insured person, with all that it was made from.

    `assumed` are facts taken to be the ordinary case, `rates` the rows of official rates that limits
    were converted with, `supposed` the treaties that a scenario took to be in force.
    """

    person: str
    facts: Facts
    assumed: tuple[Assumed, ...]
    as_of: date
    decision: Decision
    top_up: TopUp | None
    rates: tuple[RateTable, ...]
    supposed: tuple[str, ...] = ()
