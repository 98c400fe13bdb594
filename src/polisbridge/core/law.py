"""Law as values: provisions with citation and days in force, treaties with parties, and the LawBook.

A LawBook is plain data, already valid. Reading files into one is `formats.lawfile`; deciding is `decide`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from polisbridge.core.checks import Check
from polisbridge.core.codes import Bearing, Evidence, Gate, ProvisionKind
from polisbridge.core.condition import ALWAYS, Condition

Text: TypeAlias = Mapping[str, str]  # language code -> words


def in_english(text: Text) -> str:
    """Return a text where no reader's language is known: in English, else in any; empty when there are no words."""
    return text.get("en") or next(iter(text.values()), "")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the law says so: act and provision, an address, how well it is established, last look."""

    act: Text
    evidence: Evidence
    checked: date
    provision: Text = field(default_factory=dict)
    url: str = ""
    also: tuple[str, ...] = ()
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InForce:
    """First and last day in force, inclusive. No first day: in force, its beginning is not established."""

    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> bool:
        """Say whether the day lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Provision:
    """One point of law. `applies` selects the persons, stays and contracts that it concerns."""

    kind: ProvisionKind
    id: str
    jurisdiction: str
    title: Text
    citation: Citation
    in_force: InForce
    gates: frozenset[Gate]
    facts: tuple[str, ...] = ()
    applies: Condition = ALWAYS
    reading: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty(Provision):
    """At these gates these persons must be insured."""


@dataclass(frozen=True, slots=True)
class Exemption(Provision):
    """These persons need not, because."""


@dataclass(frozen=True, slots=True)
class Route(Provision):
    """A way to satisfy the duty. `accepts` selects the contracts that may take it."""

    accepts: Condition = ALWAYS
    accepts_kinds: tuple[str, ...] = ()
    how: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requirement(Provision):
    """A condition of one or more routes."""

    routes: tuple[str, ...] = ()
    check: Check = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class OpenQuestion(Provision):
    """What nobody has confirmed. `bears_on` names provisions, or a gate as a whole by `gate`."""

    bears_on: tuple[str, ...] = ()
    effect: Bearing = Bearing.INFORMS
    would_change: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    """One state of a treaty, with the days it is bound and how well that is established."""

    state: str
    in_force: InForce
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Treaty:
    """A treaty's parties. A treaty that is not in force binds nobody, whatever its list says.

    `binds_by` says what ties a person to a party: citizenship, or the state where the contract was made.
    """

    status: str
    parties: tuple[Party, ...]
    binds_by: str = "citizenship"

    def parties_on(self, day: date) -> tuple[Party, ...]:
        """Return the parties bound on the day; none unless the treaty is in force."""
        return tuple(party for party in self.parties if party.in_force.on(day)) if self.status == "in_force" else ()


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Whose law it is: a state, a region of one, or the parties of a treaty."""

    id: str
    title: Text
    state: str = ""
    region: str = ""
    comparator: bool = False
    treaty: Treaty | None = None
    gates: frozenset[Gate] = frozenset()


@dataclass(frozen=True, slots=True)
class Term:
    """One code of the vocabulary with its words, and for benefits the narrower ones that it includes."""

    code: str
    words: Text
    includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LawBook:
    """All provisions, sorted by id, with the SHA-256 of the files they came from."""

    hash: str
    jurisdictions: Mapping[str, Jurisdiction]
    provisions: tuple[Provision, ...]
    vocabulary: Mapping[str, Mapping[str, Term]]

    def get(self, provision_id: str) -> Provision | None:
        """Return the provision with that id, or None."""
        return next((one for one in self.provisions if one.id == provision_id), None)

    def states(self) -> tuple[str, ...]:
        """Return the states whose law the book knows, sorted."""
        return tuple(sorted({one.state for one in self.jurisdictions.values() if one.state}))

    def of_state(self, state: str) -> Iterator[Provision]:
        """Yield every national provision of the state, its regions included, in order of id."""
        for provision in self.provisions:
            if self.jurisdictions[provision.jurisdiction].state == state:
                yield provision

    def gates_of(self, state: str) -> tuple[Gate, ...]:
        """Return the gates at which the state has provisions of its own, in the order of Gate."""
        found = {gate for provision in self.of_state(state) for gate in provision.gates}
        return tuple(gate for gate in Gate if gate in found)

    def wider_benefits(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Return for each benefit the wider ones that include it, directly or through others."""
        includes = {code: set(term.includes) for code, term in self.vocabulary.get("benefits", {}).items()}
        wider: dict[str, set[str]] = {code: set() for code in includes}
        for code, direct in includes.items():
            reach, todo = set(), set(direct)
            while todo:
                narrower = todo.pop()
                if narrower not in reach:
                    reach.add(narrower)
                    todo |= includes.get(narrower, set())
            for narrower in reach - {code}:
                wider.setdefault(narrower, set()).add(code)
        return tuple((code, frozenset(found)) for code, found in sorted(wider.items()) if found)
