"""The law of a book, applied once per state, gate and day, and kept: binding it costs more than deciding by it."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import TypeAlias

from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.codes import Gate, RateDay
from polisbridge.core.decide import Decision, decide
from polisbridge.core.facts import Facts
from polisbridge.core.law import LawBook, Requirement
from polisbridge.core.money import Rates

Occasion: TypeAlias = tuple[str, Gate, date, str | None, date | None]

_MOST = 2_000  # applied laws kept at once; a whole year of days at every gate of one state


class AppliedLaws:
    """A book with official rates, ready to decide for any occasion. Holds no facts of any person.

    The home state matters because rates of its central bank are preferred after the host's; the contract's own
    day because some limits are converted at the rate of that day. Both are left out where they make no difference.
    """

    deciding: Callable[[Facts, AppliedLaw], Decision] = staticmethod(decide)  # where a process may look on

    def __init__(self, book: LawBook, rates: Rates) -> None:
        self.book, self.rates = book, rates
        self._kept: dict[Occasion, AppliedLaw] = {}
        self._currencies: dict[tuple[str, date], frozenset[str]] = {}

    def at(
        self, state: str, gate: Gate, as_of: date, home_state: str | None = None, concluded: date | None = None
    ) -> AppliedLaw:
        """Return the law of the state at the gate on the day, ready to decide with."""
        occasion = self.occasion(state, gate, as_of, home_state, concluded)
        found = self._kept.get(occasion)
        if found is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            found = self._kept[occasion] = self._apply(*occasion)
        return found

    def occasion(
        self, state: str, gate: Gate, as_of: date, home_state: str | None = None, concluded: date | None = None
    ) -> Occasion:
        """Return what of an occasion makes a difference to the law that is applied."""
        own_day = concluded if (state, gate) in self._by_contract_day else None
        days = [day for day in (as_of, own_day) if day is not None]
        matters = home_state is not None and any(self._adds(home_state, state, day) for day in days)
        return state, gate, as_of, home_state if matters else None, own_day

    def _adds(self, home_state: str, state: str, day: date) -> bool:
        """Say whether the home state's bank has rates on the day that the host's bank has not."""
        return not self._quoted(home_state, day) <= self._quoted(state, day)

    def _quoted(self, state: str, day: date) -> frozenset[str]:
        """Return the currencies that the banks of a state quote on the day, their own among them."""
        if (state, day) not in self._currencies:
            tables = Rates(tuple(table for table in self.rates.tables if table.state == state))
            self._currencies[state, day] = frozenset(tables.currencies(day))
        return self._currencies[state, day]

    def _apply(self, state: str, gate: Gate, as_of: date, home_state: str | None, concluded: date | None) -> AppliedLaw:
        preferred = self.rates.preferring([one for one in (state, home_state) if one])
        return apply_law(self.book, state, gate, as_of, preferred, concluded)

    @cached_property
    def _by_contract_day(self) -> frozenset[tuple[str, Gate]]:
        """The states and gates with a limit that is converted at the rate of the contract's own day."""
        found = set()
        for provision in self.book.provisions:
            if isinstance(provision, Requirement):
                rule = getattr(provision.check, "rate_day", RateDay.ASSESSED)
                own = self.book.jurisdictions[provision.jurisdiction]
                if rule is RateDay.CONCLUDED:
                    parties = [one.state for one in own.treaty.parties] if own.treaty else [own.state]
                    found |= {(state, gate) for state in parties for gate in provision.gates}
        return frozenset(found)
