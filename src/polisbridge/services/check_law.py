"""Is the law data good? Every provision against its own cases, and the cases against its boundaries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from polisbridge.core.bound import Applied, bind, ties
from polisbridge.core.checks import Setting
from polisbridge.core.codes import Outcome, ProvisionKind
from polisbridge.core.condition import ALWAYS, Condition, Truth, evaluate
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.facts import Facts
from polisbridge.core.law import LawBook, Provision
from polisbridge.core.mutate import boundaries
from polisbridge.formats.casefile import Case, read_cases
from polisbridge.formats.tree import read_tree
from polisbridge.services.suppose import supposed_treaty

_STATED: dict[Truth, Outcome] = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNDETERMINED}


@dataclass(frozen=True, slots=True)
class LawReport:
    """What a check found: counts, and every fault."""

    provisions: int
    cases: int
    faults: tuple[Fault, ...]


def case_outcome(book: LawBook, provision: Provision, case: Case) -> Outcome:
    """Return what the provision says of a case, taken as it is written."""
    if not provision.in_force.on(case.as_of):
        return Outcome.NOT_IN_FORCE
    outcomes = [_outcome(one, case.facts) for one in bound(book, provision, case)]
    if not outcomes:
        return Outcome.NOT_APPLICABLE
    order = (Outcome.MET, Outcome.UNDETERMINED, Outcome.NOT_MET, Outcome.NOT_APPLICABLE)
    return min(outcomes, key=order.index)


def bound(book: LawBook, provision: Provision, case: Case) -> list[Applied]:
    """Return the provision as it binds in the case's state on its day; a treaty may bind in several ways."""
    jurisdiction = book.jurisdictions[provision.jurisdiction]
    if jurisdiction.treaty and case.suppose:
        jurisdiction = replace(jurisdiction, treaty=supposed_treaty(jurisdiction.treaty, case.suppose))
        book = replace(book, jurisdictions={**book.jurisdictions, jurisdiction.id: jurisdiction})
    state = jurisdiction.state or str(case.facts.state or "")
    setting = Setting(state, case.as_of, case.as_of, case.rates, book.wider_benefits())
    tied = ties(book, provision, state, case.as_of)
    return [bind(provision, evidence, where, setting, 0) for evidence, where in tied]


def _outcome(one: Applied, facts: Facts) -> Outcome:
    applies = evaluate(one.applies, facts)
    if one.provision.kind is not ProvisionKind.REQUIREMENT:
        holds = evaluate(one.holds, facts)
        return _STATED[False if False in (applies, holds) else None if None in (applies, holds) else True]
    if applies is False:
        return Outcome.NOT_APPLICABLE
    holds = evaluate(one.holds, facts)
    return Outcome.MET if holds is True else _STATED[None if applies is None else holds]


def check_law(book: LawBook, files: Mapping[str, bytes]) -> LawReport:
    """Return every fault of the cases: missing, failing, or not reaching a boundary of the law."""
    faults: list[Fault] = []
    cases: dict[str, tuple[str, tuple[Case, ...]]] = {}
    for name in sorted(name for name in files if name.endswith(".cases.yaml")):
        try:
            document = read_tree(files[name], name)
            provision_id, found = read_cases(document, book.vocabulary)
        except InputFaults as exc:
            faults += exc.faults
            continue
        expected = name.removesuffix(".cases.yaml").replace("/", ".")
        if provision_id != expected or book.get(provision_id) is None:
            faults.append(
                document.fault(
                    FaultCode.WRONG_PLACE, ("provision",), provision_id, f"{expected}, a provision of the law"
                )
            )
            continue
        cases[provision_id] = (name, found)
    for provision in book.provisions:
        name, found = cases.get(provision.id, (f"{provision.id.replace('.', '/')}.cases.yaml", ()))
        faults += _faults_of(book, provision, name, found)
    return LawReport(len(book.provisions), sum(len(found) for _, found in cases.values()), tuple(sorted(faults)))


def _faults_of(book: LawBook, provision: Provision, file: str, cases: tuple[Case, ...]) -> list[Fault]:
    wants_cases = provision.kind is not ProvisionKind.OPEN_QUESTION or provision.applies != ALWAYS
    if not cases:
        missing = Fault(
            file, 1, "cases", FaultCode.NO_CASES, "no cases", "cases at, just below and just beyond each boundary"
        )
        return [missing] if wants_cases else []
    faults, seen = [], set()
    for case in cases:
        found = case_outcome(book, provision, case)
        seen.add(case.expect)
        if found is not case.expect:
            faults.append(Fault(file, case.line, case.name, FaultCode.CASE_FAILS, found.value, case.expect.value))
    return faults or [*_days_not_reached(provision, file, cases), *_not_reached(book, provision, file, cases, seen)]


def _days_not_reached(provision: Provision, file: str, cases: tuple[Case, ...]) -> list[Fault]:
    one_day, days, wanted = timedelta(days=1), {case.as_of for case in cases}, []
    if provision.in_force.first:
        wanted += [provision.in_force.first - one_day, provision.in_force.first]
    if provision.in_force.last:
        wanted += [provision.in_force.last, provision.in_force.last + one_day]
    return [
        Fault(
            file,
            1,
            "cases",
            FaultCode.NO_CASES,
            f"no case as of {day}",
            "cases on the first and last day in force, and one day outside",
        )
        for day in wanted
        if day not in days
    ]


def _not_reached(
    book: LawBook, provision: Provision, file: str, cases: tuple[Case, ...], seen: set[Outcome]
) -> list[Fault]:
    """Return a fault for each boundary that could move by one unnoticed, and for outcomes never seen."""
    live = [(case, one) for case in cases if provision.in_force.on(case.as_of) for one in bound(book, provision, case)]
    missing = [
        f"no case notices: {mutant.what}"
        for part in ("applies", "holds")
        for mutant in (boundaries(getattr(live[0][1], part)) if live else ())
        if not any(_notices(one, part, mutant.condition, case.facts) for case, one in live)
    ]
    if any(one.applies != ALWAYS or one.holds != ALWAYS for _, one in live):
        wanted = (Outcome.MET, Outcome.NOT_MET, Outcome.UNDETERMINED)
        missing += [f"no case that is {outcome.value}" for outcome in wanted if outcome not in seen]
    expected = "cases met, not met and undetermined; at each boundary and one beyond it"
    return [Fault(file, 1, "cases", FaultCode.NO_CASES, found, expected) for found in missing]


def _notices(one: Applied, part: str, changed: Condition, facts: Facts) -> bool:
    before = one.applies if part == "applies" else one.holds
    return evaluate(before, facts) is not evaluate(changed, facts)
