"""Small law written in Python, for tests about how decisions come about, and where the test data lie."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.checks import KINDS, Check
from polisbridge.core.codes import Bearing, Evidence, Gate, ProvisionKind
from polisbridge.core.condition import ALWAYS, Condition
from polisbridge.core.days import day_number
from polisbridge.core.decide import Decision, decide
from polisbridge.core.facts import Facts
from polisbridge.core.law import (
    Citation,
    Duty,
    Exemption,
    InForce,
    Jurisdiction,
    LawBook,
    OpenQuestion,
    Party,
    Provision,
    Requirement,
    Route,
    Term,
    Treaty,
)
from polisbridge.core.money import Rates

DATA = Path(__file__).parent / "data"
LAW_FOLDER = DATA / "law"
DAY = date(2026, 6, 1)
TODAY = day_number(DAY)
ALWAYS_IN_FORCE, NO_RATES = InForce(), Rates()
NATIONAL = Jurisdiction("no", {"en": "Norway", "ru": "Норвегия"}, state="NO")


def kind(name: str, /, **parameters: object) -> Check:
    """Return a requirement kind by name with its parameters."""
    return msgspec.convert(parameters, KINDS[name], strict=False)


def cited(evidence: Evidence) -> Citation:
    return Citation({"en": "Act", "ru": "Закон"}, evidence, DAY, {"en": "§ 1", "ru": "§ 1"}, "https://example.org")


def _common(
    what: ProvisionKind,
    name: str,
    evidence: Evidence,
    applies: Condition,
    jurisdiction: str,
    in_force: InForce,
    gates: Iterable[Gate],
) -> dict[str, object]:
    return {
        "kind": what,
        "id": f"{jurisdiction}.act.{name}",
        "jurisdiction": jurisdiction,
        "title": {"en": name, "ru": name},
        "citation": cited(evidence),
        "in_force": in_force,
        "gates": frozenset(gates),
        "applies": applies,
    }


def duty(
    name: str = "duty",
    *,
    evidence: Evidence = Evidence.PRIMARY,
    applies: Condition = ALWAYS,
    jurisdiction: str = "no",
    in_force: InForce = ALWAYS_IN_FORCE,
    gates: Iterable[Gate] = (Gate.ENTRY,),
) -> Duty:
    return Duty(**_common(ProvisionKind.DUTY, name, evidence, applies, jurisdiction, in_force, gates))  # type: ignore[arg-type]


def exemption(
    name: str = "exemption",
    *,
    evidence: Evidence = Evidence.PRIMARY,
    applies: Condition = ALWAYS,
    jurisdiction: str = "no",
    in_force: InForce = ALWAYS_IN_FORCE,
    gates: Iterable[Gate] = (Gate.ENTRY,),
) -> Exemption:
    return Exemption(**_common(ProvisionKind.EXEMPTION, name, evidence, applies, jurisdiction, in_force, gates))  # type: ignore[arg-type]


def route(
    name: str = "route",
    *,
    evidence: Evidence = Evidence.PRIMARY,
    applies: Condition = ALWAYS,
    accepts: Condition = ALWAYS,
    jurisdiction: str = "no",
    in_force: InForce = ALWAYS_IN_FORCE,
    gates: Iterable[Gate] = (Gate.ENTRY,),
) -> Route:
    common = _common(ProvisionKind.ROUTE, name, evidence, applies, jurisdiction, in_force, gates)
    return Route(**common, accepts=accepts)  # type: ignore[arg-type]


def requirement(  # noqa: PLR0913 - as many as a requirement has
    check: Check,
    name: str = "requirement",
    *,
    routes: tuple[str, ...] = ("no.act.route",),
    evidence: Evidence = Evidence.PRIMARY,
    applies: Condition = ALWAYS,
    jurisdiction: str = "no",
    in_force: InForce = ALWAYS_IN_FORCE,
    gates: Iterable[Gate] = (Gate.ENTRY,),
) -> Requirement:
    common = _common(ProvisionKind.REQUIREMENT, name, evidence, applies, jurisdiction, in_force, gates)
    return Requirement(**common, check=check, routes=routes)  # type: ignore[arg-type]


def question(
    *bears_on: str,
    name: str = "question",
    effect: Bearing = Bearing.BLOCKS,
    applies: Condition = ALWAYS,
    jurisdiction: str = "no",
    in_force: InForce = ALWAYS_IN_FORCE,
    gates: Iterable[Gate] = (Gate.ENTRY,),
) -> OpenQuestion:
    common = _common(ProvisionKind.OPEN_QUESTION, name, Evidence.UNCONFIRMED, applies, jurisdiction, in_force, gates)
    return OpenQuestion(**common, bears_on=bears_on, effect=effect)  # type: ignore[arg-type]


def treaty(
    *parties: Party, status: str = "in_force", binds_by: str = "citizenship", name: str = "treaties.pact"
) -> Jurisdiction:
    return Jurisdiction(name, {"en": "Pact", "ru": "Договор"}, treaty=Treaty(status, parties, binds_by))


def party(
    state: str, evidence: Evidence = Evidence.PRIMARY, first: date | None = None, last: date | None = None
) -> Party:
    return Party(state, InForce(first, last), evidence)


def law_of(
    *provisions: Provision,
    jurisdictions: Iterable[Jurisdiction] = (),
    vocabulary: Mapping[str, Mapping[str, Term]] | None = None,
) -> LawBook:
    """Return a book of the provisions, in the order given."""
    known = {one.id: one for one in (NATIONAL, *jurisdictions)}
    return LawBook("0" * 64, known, provisions, vocabulary or {})


def applied(*provisions: Provision, rates: Rates = NO_RATES, jurisdictions: Iterable[Jurisdiction] = ()) -> AppliedLaw:
    """Return the law of the test state on the test day at entry."""
    return apply_law(law_of(*provisions, jurisdictions=jurisdictions), "NO", Gate.ENTRY, DAY, rates)


def decision(  # the answer on the test day
    facts: Facts, *provisions: Provision, rates: Rates = NO_RATES, jurisdictions: Iterable[Jurisdiction] = ()
) -> Decision:
    """Return what the provisions say of the facts."""
    return decide(facts, applied(*provisions, rates=rates, jurisdictions=jurisdictions))


def euros(amount: str) -> dict[str, object]:
    """Return the parameters of a limit in euros."""
    return {"amount": Decimal(amount), "currency": "EUR"}


# A contract that meets `SUM_OF_10000`, and one that is a cent short.
SUM_OF_10000 = kind("sum_insured_at_least", **euros("10000.00"))
ENOUGH = Facts(
    as_of=TODAY,
    first_day=TODAY,
    last_day=TODAY + 90,
    sum_insured=1_000_000,
    sum_insured_currency="EUR",
    sum_insured_per="person",
    sum_unlimited=False,
)
SHORT = replace(ENOUGH, sum_insured=999_999)
