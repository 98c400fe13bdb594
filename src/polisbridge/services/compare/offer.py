"""An offer: a contract in the making, as the facts that are the contract's own, and what it costs.

It begins empty: everything is stated, and stated to be absent, so that every requirement says what it lacks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache

from polisbridge.core.contract import Contract, Insured, Period, Stay
from polisbridge.core.days import day_number, day_of
from polisbridge.core.facts import ABSENT, Facts, FieldType, field_types
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates, minor_digits
from polisbridge.core.remedy import Lever
from polisbridge.formats.contractwriter import contract_fields

NUMBER = "CHEAPEST"
_UNSTATABLE = ("premium", "registered_hours", "concluded", "home_state", "contract_kind", "insurer_state")
_ZONE = 10  # what a zone of states, or the world, counts for beside one state
_STATE_LETTERS = 2  # of ISO 3166-1
_ISSUER = (
    "contract_kind", "model_contract", "insurer", "insurer_state", "insurer_licensed_in", "insurer_registers",
    "distributor_state", "claims_payable_in", "assistance_in", "guarantors", "clinic_regions", "clinics",
)  # fmt: skip
_DOCUMENT = ("document_", "translation_", "verifiable_by", "registered_")


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose contract is sought, made where, and for which stays; `kinds` are the kinds it may be of.

    `currency` is the one in which costs are compared. With `if_confirmed` open points count as if they turned
    out as they are written: then the answer is a supposition, never law. `supposed` are treaties supposed.
    """

    person: Insured
    home_state: str
    stays: tuple[Stay, ...]
    kinds: tuple[str, ...] = ("voluntary",)
    currency: str = "EUR"
    if_confirmed: bool = False
    supposed: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the stays, each once, in their order."""
        return tuple(dict.fromkeys(stay.state for stay in self.stays))

    @property
    def day(self) -> date:
        """The first day that is assessed; the contract is taken to be concluded on it."""
        return min(stay.as_of for stay in self.stays)


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What makes one contract cheaper than another, compared from first to last.

    `issuer` counts what another insurer than an ordinary one at home would have to be. Sums are in minor units of
    the wish's currency, one that has no rate counts as more than any. Narrow benefits count themselves only,
    wider ones also all that they include. Promises are what document, service and territory add; a territory of
    many states counts as that many.
    """

    issuer: int
    sum_insured: Fraction | float
    benefits: int
    limits: Fraction | float
    term_days: int
    promises: int


@cache
def own_fields() -> tuple[str, ...]:
    """Return the fields of Facts that belong to the contract, its days, sums with currencies and lines included."""
    named = {*contract_fields(), "benefits", "first_day", "last_day", "sum_insured_per", "sum_unlimited"}
    named |= {f"{name}_currency" for name, kind in field_types(Facts).items() if kind is FieldType.MINOR}
    return tuple(name for name in field_types(Facts) if name in named and name != "monthly_income_currency")


def lever_of(field: str) -> Lever:
    """Return what has to be moved to change the field."""
    if field in _ISSUER:
        return Lever.ISSUER
    return Lever.DOCUMENT if field.startswith(_DOCUMENT) else Lever.CONTRACT


def nothing(kind: FieldType) -> object:
    """Return how a field of the type states that there is none."""
    empty: dict[FieldType, object] = {FieldType.CODES: frozenset(), FieldType.FLAG: False, FieldType.LINES: ()}
    return empty.get(kind, ABSENT)


def empty_offer(wish: Wish, kind: str, insurer_state: str) -> Facts:
    """Return the contract of an insurer that promises nothing, on an ordinary paper, for the last day assessed."""
    values: dict[str, object] = {
        name: nothing(field_types(Facts)[name])
        for name in own_fields()
        if not name.endswith("_currency") and name not in _UNSTATABLE
    }
    last = day_number(max(stay.as_of for stay in wish.stays))
    values |= {
        "contract_kind": kind,
        "home_state": wish.home_state,
        "insurer_state": insurer_state,
        "insurer_licensed_in": frozenset({insurer_state}),
        "concluded": day_number(wish.day),
        "document_form": "policy",
        "first_day": last,
        "last_day": last,
    }
    return Facts(**values)  # type: ignore[arg-type]


def contract_of(offer: Facts, person: Insured) -> Contract:
    """Return the offer as a contract of one insured person."""
    days = {name: getattr(offer, name) for name in ("first_day", "last_day")}
    first, last = (day_of(day) if isinstance(day, int) else None for day in days.values())
    facts = {name: getattr(offer, name) for name in own_fields() if name not in ("benefits", *days)}
    for name in [name for name in facts if name.endswith("_currency")]:
        if not isinstance(facts.get(name.removesuffix("_currency")), int):
            facts[name] = None  # no currency without an amount
    stated = {name: value for name, value in facts.items() if value is not None}
    return Contract(NUMBER, Period(first, last), (person,), offer.benefits, stated)


def cost_of(offer: Facts, wish: Wish, book: LawBook, rates: Rates) -> Cost:
    """Return what the offer costs in the documented order (docs/comparison.md)."""

    def amount(value: object, currency: object) -> Fraction | float:
        if not isinstance(value, int) or not isinstance(currency, str):
            return Fraction(0)
        found = rates.convert(currency, wish.currency, wish.day) if currency != wish.currency else None
        if currency != wish.currency and found is None:
            return float("inf")
        scale = Fraction(10) ** (minor_digits(wish.currency) - minor_digits(currency))
        return value * (found.factor if found else Fraction(1)) * scale

    lines = offer.benefits or ()
    includes = _included(book)
    promised = [name for name in own_fields() if lever_of(name) is not Lever.ISSUER and name not in _NO_PROMISE]
    return Cost(
        issuer=(offer.insurer_state != wish.home_state)
        + _promises(offer, [n for n in _ISSUER if n not in _NO_PROMISE]),
        sum_insured=float("inf") if offer.sum_unlimited else amount(offer.sum_insured, offer.sum_insured_currency),
        benefits=sum(1 + includes.get(str(line.benefit), 0) for line in lines),
        limits=sum((amount(line.limit, line.limit_currency) for line in lines), Fraction(0)),
        term_days=offer.last_day - offer.first_day + 1
        if isinstance(offer.first_day, int) and isinstance(offer.last_day, int)
        else 0,
        promises=_promises(offer, promised),
    )


_NO_PROMISE = (
    "contract_kind", "home_state", "concluded", "insurer_state", "insurer_licensed_in", "document_form", "exclusions",
    "territory_except", "benefits", "first_day", "last_day", "sum_insured", "sum_insured_per", "sum_unlimited",
    "ends_with", "suspended_abroad", "max_trip_days", "deductible", "copay_percent", "waiting_days",
)  # fmt: skip


def _promises(offer: Facts, names: Iterable[str]) -> int:
    values = [getattr(offer, name) for name in names if not name.endswith("_currency")]
    sets = sum(_ZONE if _is_zone(code) else 1 for value in values if isinstance(value, frozenset) for code in value)
    return sets + sum(1 for value in values if isinstance(value, int | str) and value is not False)


def _is_zone(code: str) -> bool:
    """Say whether a territory code stands for many states: it is in capitals, and longer than a state's."""
    return code.isupper() and code.isalpha() and len(code) > _STATE_LETTERS


def _included(book: LawBook) -> dict[str, int]:
    """Return for each benefit how many narrower ones it includes."""
    found: dict[str, int] = {}
    for _, wider in book.wider_benefits():
        for code in wider:
            found[code] = found.get(code, 0) + 1
    return found


def with_facts(offer: Facts, **values: object) -> Facts:
    """Return the offer with fields replaced."""
    return replace(offer, **values)  # type: ignore[arg-type]
