"""A contract and a stay as an insurer and a person know them, and how they become Facts.

Here too a field that nobody has stated is None, and what a document states to be missing is `ABSENT`.
Days are dates; amounts are minor units with their currency.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from polisbridge.core.codes import Gate, Role
from polisbridge.core.days import day_number, whole_months, whole_years
from polisbridge.core.facts import ABSENT, Absent, BenefitLine, CoveredPerson, Facts
from polisbridge.core.remedy import term_of

PlainFacts: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both inclusive; either may not be stated."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Insured:
    """One insured person: who they are, their part in the family and their own dates of cover.

    `facts` holds further facts about the person by their names in Facts.
    """

    id: str
    role: Role
    name: str = ""
    born: date | None = None
    citizenship: frozenset[str] | None = None
    period: Period = Period()
    facts: PlainFacts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contract:
    """A health insurance contract with its insured persons. `facts` are those all persons share.

    `all_told` is False where only some of the insured persons are told, as a small certificate may do.
    """

    number: str
    period: Period
    insured: tuple[Insured, ...]
    benefits: tuple[BenefitLine, ...] | None = None
    facts: PlainFacts = field(default_factory=dict)
    all_told: bool = True

    def person(self, name: str) -> Insured:
        """Return the insured person with the id. Raises StopIteration when there is none."""
        return next(one for one in self.insured if one.id == name)

    def cover(self, person: Insured) -> Period:
        """Return the person's days of cover: their own where told, else those of the contract."""
        return Period(person.period.first or self.period.first, person.period.last or self.period.last)


@dataclass(frozen=True, slots=True)
class Stay:
    """Where, for which occasion and when; `persons` holds what is said of single persons by their id."""

    state: str
    gate: Gate
    as_of: date
    region: str | None = None
    period: Period = Period()
    facts: PlainFacts = field(default_factory=dict)
    persons: Mapping[str, PlainFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumed:
    """A fact that nobody stated and that was taken to be the ordinary case; shown with the answer.

    An empty value stands for the empty set.
    """

    field: str
    value: str


_SCHEME_POLICY = "compulsory"  # whoever shows the policy of a scheme may well be in it
OWN_PERIOD = {Gate.VISA: "visa", Gate.WORK_PERMIT: "permit", Gate.HIRING: "employment"}


def facts_of(contract: Contract, person: Insured, stay: Stay) -> tuple[Facts, tuple[Assumed, ...]]:
    """Return the Facts of one insured person on one occasion, and what was assumed on the way.

    Assumed, when nobody says otherwise: an ordinary traveller (no official capacity), temporarily
    staying, in no scheme of the state of stay, who comes to work as an employee if a worker and as family
    if not. The dates of the stay are those of the visa, permit or employment that the gate is about.
    """
    values: dict[str, object] = {
        "state": stay.state,
        "region": stay.region,
        "gate": stay.gate.value,
        "as_of": day_number(stay.as_of),
        "role": person.role.value,
        "citizenship": person.citizenship,
        "benefits": contract.benefits,
        "persons": tuple(_covered(contract, one, stay.as_of) for one in contract.insured)
        if contract.all_told
        else None,
        **_stay_days(stay),
        **_birth(person, stay.as_of),
        **_cover_days(contract, person),
        **_family_worker(contract, person),
        **contract.facts,
        **person.facts,
        **stay.facts,
        **stay.persons.get(person.id, {}),
    }
    if values.get("works") is None and person.role is Role.WORKER:
        values["works"] = True
    if values.get("works") is False and values.get("worker_class") is None:
        values["worker_class"] = ABSENT
    assumed = [Assumed(name, value) for name, value in _ordinary(person, values) if values.get(name) is None]
    values |= {one.field: one.value or frozenset[str]() for one in assumed}
    return Facts(**(values | term_of(values.get("first_day"), values.get("last_day")))), tuple(assumed)  # type: ignore[arg-type]


def _ordinary(person: Insured, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what is taken to be so when nobody says otherwise; an empty value is the empty set."""
    yield "official_capacity", "none"
    yield "residence_status", "temporary_stay"
    yield "purpose", "work" if person.role is Role.WORKER else "family"
    if person.role is Role.WORKER:
        yield "worker_class", "employee"
    if values.get("family_worker_citizenship") is not None:
        yield "family_worker_class", "employee"
    if values.get("contract_kind") != _SCHEME_POLICY:
        yield "local_schemes", ""


def _stay_days(stay: Stay) -> dict[str, object]:
    first, last = _number(stay.period.first), _number(stay.period.last)
    days: dict[str, object] = {"stay_first": first, "stay_last": last}
    if first is not None and last is not None:
        days |= {"stay_days": last - first + 1, "stay_months": whole_months(first, last)}
    if own := OWN_PERIOD.get(stay.gate):
        days |= {f"{own}_first": first, f"{own}_last": last}
    return days


def _birth(person: Insured, as_of: date) -> dict[str, object]:
    if person.born is None:
        return {}
    born = day_number(person.born)
    return {"birth_day": born, "age": whole_years(born, day_number(as_of))}


def _cover_days(contract: Contract, person: Insured) -> dict[str, object]:
    cover = contract.cover(person)
    return {"first_day": _number(cover.first), "last_day": _number(cover.last)}


def _family_worker(contract: Contract, person: Insured) -> dict[str, object]:
    """Return what is known of the worker whose family this is; the worker is their own."""
    workers = [one for one in contract.insured if one.role is Role.WORKER]
    worker = person if person.role is Role.WORKER else workers[0] if len(workers) == 1 else None
    if worker is None:
        return {}
    return {
        "family_worker_citizenship": worker.citizenship,
        "family_worker_works": worker.facts.get("works", True),
        "family_worker_class": worker.facts.get("worker_class"),
    }


def _covered(contract: Contract, person: Insured, as_of: date) -> CoveredPerson:
    days, born = _cover_days(contract, person), _birth(person, as_of)
    first, last, age = days["first_day"], days["last_day"], born.get("age")
    return CoveredPerson(
        role=person.role.value,
        age=age if isinstance(age, int) else None,
        citizenship=person.citizenship,
        first_day=first if isinstance(first, int | Absent) else None,
        last_day=last if isinstance(last, int | Absent) else None,
    )


def _number(day: date | None) -> int | None:
    return None if day is None else day_number(day)
