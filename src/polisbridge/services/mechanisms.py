"""The ways in which a contract can come to count in another state, and which of them exist by the law on record.

Four were asked about at CIS level: direct recognition of a foreign insurer's contract, a policy of a local insurer
sold at home by an agent, an extension of the home policy, and the guarantee of a bureau. The others are what the
states ask for today. A way exists for a state where a route in force is open to it; how firm it is, is told apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from polisbridge.core.applied import AppliedLaw
from polisbridge.core.checks import KINDS, Family
from polisbridge.core.codes import Gate, Outcome
from polisbridge.core.contract import Contract, facts_of
from polisbridge.core.decide import RouteResult, decide
from polisbridge.core.law import Provision, Requirement, Route
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.approaches import SEVEN
from polisbridge.services.corridors import made_in, stay_in


class Mechanism(StrEnum):
    """How a contract comes to count where a person works."""

    DIRECT = "direct"
    AGENCY = "agency"
    EXTENSION = "extension"
    GUARANTEE = "guarantee"
    LOCAL_INSURER = "local_insurer"
    STATE_SCHEME = "state_scheme"
    CLINIC = "clinic"


class Standing(StrEnum):
    """How firm a way is: open by law; on record, but nobody has confirmed that it is open; not on record."""

    EXISTS = "exists"
    OPEN = "open"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Found:
    """One mechanism in one state: its standing, with the gates and the routes or requirements that show it."""

    state: str
    mechanism: Mechanism
    standing: Standing
    shown_by: tuple[tuple[Provision, tuple[Gate, ...]], ...]


_KINDS_OF = {
    "voluntary": Mechanism.LOCAL_INSURER,
    "travel": Mechanism.LOCAL_INSURER,
    "imputed": Mechanism.LOCAL_INSURER,
    "compulsory": Mechanism.STATE_SCHEME,
    "clinic_contract": Mechanism.CLINIC,
    "employer_clinic_contract": Mechanism.CLINIC,
}
_CHECKS_OF = {Mechanism.AGENCY: "distributor_in", Mechanism.GUARANTEE: "guaranteed_by"}


def mechanisms(laws: AppliedLaws, contract: Contract, as_of: date, states: Iterable[str] = SEVEN) -> tuple[Found, ...]:
    """Return every mechanism in every state. The model contract is the one that direct recognition is tried with."""
    return tuple(one for state in states for one in _of_state(laws, contract, as_of, state))


def _of_state(laws: AppliedLaws, contract: Contract, as_of: date, state: str) -> Iterator[Found]:
    held: dict[Mechanism, dict[str, tuple[Provision, Standing, list[Gate]]]] = {one: {} for one in Mechanism}
    for gate in laws.book.gates_of(state):
        law = laws.at(state, gate, as_of)
        for mechanism, provision, standing in _at_gate(law, contract, as_of, state):
            known = held[mechanism].setdefault(provision.id, (provision, standing, []))
            if gate not in known[2]:
                known[2].append(gate)
    for mechanism, found in held.items():
        standings = {standing for _, standing, _ in found.values()}
        best = next((one for one in (Standing.EXISTS, Standing.OPEN) if one in standings), Standing.ABSENT)
        shown = tuple((provision, tuple(gates)) for provision, standing, gates in found.values() if standing is best)
        yield Found(state, mechanism, best, shown)


def _at_gate(
    law: AppliedLaw, contract: Contract, as_of: date, state: str
) -> Iterator[tuple[Mechanism, Provision, Standing]]:
    others = [one for one in SEVEN if one != state]
    for route in law.routes:
        provision = route.route.provision
        for kind in _accepted(provision):
            local = _tried(law, provision, contract, as_of, kind, [(state, one) for one in others])
            if standing := _best(local, insurer=False):
                yield _KINDS_OF[kind], provision, standing
            if _KINDS_OF[kind] is Mechanism.LOCAL_INSURER:
                foreign = _tried(law, provision, contract, as_of, kind, [(one, one) for one in others])
                if standing := _best(foreign, insurer=True):
                    yield Mechanism.DIRECT, provision, standing
        for part in route.applied_requirements:
            for mechanism, check in _CHECKS_OF.items():
                if isinstance(part.provision, Requirement) and part.provision.check.name == check:
                    yield mechanism, part.provision, Standing.OPEN if part.unconfirmed else Standing.EXISTS


def _accepted(route: Provision) -> tuple[str, ...]:
    """Return the kinds of contract that a route accepts; one that asks for none asks for a scheme's insurance.

    A route for insurers' contracts that takes a scheme's policy too means the scheme of another state.
    """
    kinds = tuple(one for one in (route.accepts_kinds if isinstance(route, Route) else ()) if one in _KINDS_OF)
    contracts = tuple(one for one in kinds if _KINDS_OF[one] is not Mechanism.STATE_SCHEME)
    return contracts or kinds or ("compulsory",)


def _tried(
    law: AppliedLaw, route: Provision, contract: Contract, as_of: date, kind: str, made: Iterable[tuple[str, str]]
) -> Iterator[RouteResult]:
    """Yield how the route answers to the model contract as one of that kind, per (state of the insurer, citizenship)."""
    for home, citizenship in made:
        one = made_in(contract, home, as_of, citizenship)
        one = replace(one, facts={**one.facts, "contract_kind": kind})
        for person in one.insured:
            facts, _ = facts_of(one, person, stay_in(str(law.setting.state), law.gate, as_of))
            yield from (result for result in decide(facts, law).routes if result.route.id == route.id)


def _best(results: Iterable[RouteResult], *, insurer: bool) -> Standing | None:
    """Return the firmest standing among the results; None when the route is closed to all of them.

    With `insurer` what the route asks of the insurer counts too; other terms are the contract's to meet.
    """
    found = {_standing(one, insurer=insurer) for one in results}
    return next((one for one in (Standing.EXISTS, Standing.OPEN) if one in found), None)


def _standing(result: RouteResult, *, insurer: bool) -> Standing | None:
    asked = [one for one in result.findings if insurer and _family(one.provision) is Family.INSURER]
    if result.entry.outcome is Outcome.NOT_MET or any(one.counts is False for one in asked):
        return None
    doubtful = result.questions or None in (result.entry.counts, *(one.counts for one in asked))
    return Standing.OPEN if doubtful else Standing.EXISTS


def _family(provision: Provision) -> Family | None:
    return KINDS[provision.check.name].family if isinstance(provision, Requirement) else None
