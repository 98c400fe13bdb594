"""A scenario applied to the law: a new LawBook that decides as if the changes were in force. Never law, and said so.

Whatever the scenario adds has the evidence `supposed` and the scenario as its source. It counts for the verdict, so
that people see what would happen; every finding that rests on it says what it is. What the law leaves open elsewhere
stays open.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from polisbridge.core.codes import Bearing, Evidence, Gate, ProvisionKind
from polisbridge.core.law import Citation, InForce, LawBook, OpenQuestion, Party, Provision, Requirement, Route
from polisbridge.core.money import Rates
from polisbridge.core.scenario import Added, Adopted, Changed, Dropped, Scenario, ScenarioChange, TreatySupposed
from polisbridge.formats.scenariofile import adoptable
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.impact import ScenarioTold, Supposed
from polisbridge.services.suppose import supposed_treaty

IN_FORCE = "in_force"


def supposed_law(book: LawBook, scenario: Scenario, rates: Rates, as_of: date | None = None) -> Supposed:
    """Return the law as the scenario supposes it, with what it begins, ends and takes as settled."""
    maker = _Maker(book, scenario)
    for change in scenario.changes:
        maker.apply(change)
    return Supposed(AppliedLaws(maker.book(), rates), maker.told(), dict(maker.replaces), as_of)


@dataclass
class _Maker:
    law: LawBook
    scenario: Scenario
    replaces: dict[str, str] = field(default_factory=dict)
    _begins: list[Provision] = field(default_factory=list)
    _ends: dict[str, date | None] = field(default_factory=dict)
    _settled: list[str] = field(default_factory=list)
    _treaties: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._jurisdictions = dict(self.law.jurisdictions)
        self._provisions = {one.id: one for one in self.law.provisions}

    def apply(self, change: ScenarioChange) -> None:
        match change:
            case Changed():
                self._change(change)
            case Added():
                self._add(change)
            case Dropped():
                self._end(self._provisions[change.provision], change.first)
            case TreatySupposed():
                self._suppose(change)
            case Adopted():
                self._adopt(change)

    def book(self) -> LawBook:
        """Return the changed book, with a hash of its own from the law's and the scenario's."""
        kept = [one for one in self._provisions.values() if one.id not in self._ends]
        kept += [cut for name, day in self._ends.items() if (cut := _until(self._provisions[name], day)) is not None]
        provisions = tuple(sorted([*kept, *self._begins], key=lambda one: one.id))
        told = f"scenario\0{self.law.hash}\0{self.scenario.hash}".encode()
        return LawBook(hashlib.sha256(told).hexdigest(), self._jurisdictions, provisions, self.law.vocabulary)

    def told(self) -> ScenarioTold:
        """Return what was changed."""
        return ScenarioTold(
            self.scenario.name,
            self.scenario.title,
            self.scenario.hash,
            begins=tuple(one.id for one in self._begins),
            ends=tuple(self._ends),
            treaties=tuple(self._treaties),
            settled=tuple(self._settled),
        )

    def _change(self, change: Changed) -> None:
        old = self._provisions[change.provision]
        assert isinstance(old, Requirement)  # noqa: S101 - as the scenario was read
        first = max((day for day in (change.first, old.in_force.first) if day), default=None)
        new = replace(old, check=change.check, title=change.title, in_force=InForce(first, old.in_force.last))
        self._begin(new, old.id, place=old.id)
        self.replaces[self._begins[-1].id] = old.id
        self._end(old, change.first)

    def _add(self, change: Added) -> None:
        routes = [self._provisions[name] for name in change.routes]
        gates = change.gates or frozenset(gate for one in routes for gate in one.gates)
        for jurisdiction in dict.fromkeys(one.jurisdiction for one in routes):
            own = tuple(one.id for one in routes if one.jurisdiction == jurisdiction)
            new = Requirement(
                kind=ProvisionKind.REQUIREMENT,
                id="",
                jurisdiction=jurisdiction,
                title=change.title,
                citation=self._citation(""),
                in_force=InForce(change.first),
                gates=gates,
                applies=change.applies,
                routes=own,
                check=change.check,
            )
            self._begin(new, change.id)

    def _adopt(self, change: Adopted) -> None:
        source, route = self._provisions[change.provision], self._provisions[change.route]
        if isinstance(source, Route):
            found = adoptable(self.law, source, change.first or self.scenario.made)
        else:
            assert isinstance(source, Requirement)  # noqa: S101 - as the scenario was read
            found = (replace(source, check=change.check or source.check, title=change.title or source.title),)
        for one in found:
            new = replace(
                one,
                jurisdiction=route.jurisdiction,
                gates=_gates(change.gates, route),
                routes=(route.id,),
                in_force=InForce(change.first),
            )
            self._begin(new, f"{route.id}.{one.id.rsplit('.', 1)[-1]}", place=one.id)

    def _suppose(self, change: TreatySupposed) -> None:
        jurisdiction = self._jurisdictions[change.treaty]
        assert jurisdiction.treaty is not None  # noqa: S101 - as the scenario was read
        before = jurisdiction.treaty
        if before.status == IN_FORCE:
            kept, named = before.parties, change.parties
        else:
            kept, named = (), change.parties or tuple(one.state for one in before.parties)
        bound = {one.state for one in kept if change.first is None or one.in_force.on(change.first)}
        joined = [Party(one, InForce(change.first), Evidence.SUPPOSED) for one in named if one not in bound]
        treaty = replace(supposed_treaty(before, ()), parties=(*kept, *joined))
        self._jurisdictions[change.treaty] = replace(jurisdiction, treaty=treaty)
        self._treaties.append(change.treaty)
        if change.settled:
            self._settle(change.treaty, change.first)
        if before.status != IN_FORCE:
            self._as_supposed(change.treaty, settled=change.settled)

    def _settle(self, treaty: str, first: date | None) -> None:
        """End the treaty's blocking questions: they are taken to be answered as it is written."""
        for one in list(self._provisions.values()):
            if isinstance(one, OpenQuestion) and one.jurisdiction == treaty and one.effect is Bearing.BLOCKS:
                self._ends.setdefault(one.id, first)
                self._settled.append(one.id)

    def _as_supposed(self, treaty: str, *, settled: bool) -> None:
        """Mark what a treaty that is not in force says as supposed; what is unconfirmed stays so unless settled."""
        for name, one in self._provisions.items():
            open_point = one.citation.evidence is Evidence.UNCONFIRMED and not settled
            if one.jurisdiction == treaty and not isinstance(one, OpenQuestion) and not open_point:
                self._provisions[name] = replace(one, citation=replace(one.citation, evidence=Evidence.SUPPOSED))

    def _begin(self, new: Requirement, name: str, place: str = "") -> None:
        wanted = f"scenario.{self.scenario.name}.{name}"
        taken = {one.id for one in self._begins}
        names = (wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3)))
        free = next(one for one in names if one not in taken)
        self._begins.append(replace(new, id=free, citation=self._citation(place), facts=(), reading={}))

    def _citation(self, place: str) -> Citation:
        said = dict.fromkeys(self.scenario.title, place) if place else {}
        return Citation(self.scenario.title, Evidence.SUPPOSED, self.scenario.made, said, note=self.scenario.note)

    def _end(self, old: Provision, first: date | None) -> None:
        self._ends[old.id] = first


def _gates(wanted: Iterable[Gate], route: Provision) -> frozenset[Gate]:
    return frozenset(wanted) or route.gates


def _until(old: Provision, first: date | None) -> Provision | None:
    """Return the provision as in force until the day before `first`; None when no day is left."""
    if first is None or (old.in_force.first and old.in_force.first >= first):
        return None
    last = min(day for day in (old.in_force.last, first - timedelta(days=1)) if day)
    return replace(old, in_force=InForce(old.in_force.first, last))
