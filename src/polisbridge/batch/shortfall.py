"""What contracts lack: the top-ups of those who lose, reckoned by the core once per kind of case, and added up.

Rows are alike when the same findings speak of them and they agree in every column that a remedy could look at. One
of them is decided by the core; what it lacks counts for all that are like it. So the sums are exact, and the core
works on few rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

import polars as pl

from polisbridge.batch.layout import Reader
from polisbridge.batch.twice import Pair
from polisbridge.core.bound import Applied
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.decide import Decision, RouteResult, decide
from polisbridge.core.facts import BenefitLine, Facts, FieldType, field_types
from polisbridge.core.finding import Finding
from polisbridge.core.remedy import Action, Change, Lever
from polisbridge.services.assess import top_up_of
from polisbridge.services.impact import Need, Shortfall, TopUps, Unit

_KINDS = field_types(Facts)
_MOST = 50_000  # cases kept at once
_ENDED = "has_ended"
# A term is counted from the first and last day, so remedies about it move those.
_BEHIND = {"term_days": ("first_day", "last_day"), "term_months": ("first_day", "last_day")}

Case: TypeAlias = tuple[Any, ...]
Which: TypeAlias = tuple[str, Action, Unit, str | None, str | None, str | None]  # a shortfall without its figures


class Help(Enum):
    """What a top-up does for a row (`services.impact.TopUps`)."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"
    HOPELESS = "hopeless"


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one row lacks: all of its top-up, and per requirement of the nearest route what that alone asks."""

    help: Help
    shortfalls: tuple[Shortfall, ...] = ()
    needs: tuple[Need, ...] = ()
    undecided: tuple[Need, ...] = ()


def lacking(decision: Decision) -> Lacking:
    """Return what the contract of a decision lacks on the route nearest to it."""
    top_up, nearest = top_up_of(decision.facts, decision), decision.nearest
    open_point = decision.verdict is Verdict.UNDETERMINED
    if nearest is None or nearest.closed:
        return Lacking(Help.UNKNOWN if open_point else Help.HOPELESS)
    needs = tuple(_needs(decision, nearest))
    undecided = tuple(_undecided(nearest)) if open_point else ()
    if top_up is None:
        return Lacking(Help.UNKNOWN if open_point and not needs else Help.HOPELESS, (), needs, undecided)
    helps = Help.COMPLETE if top_up.complete else Help.INCOMPLETE
    return Lacking(helps, tuple(shortfalls(top_up.changes, decision.facts)), needs, undecided)


def _undecided(nearest: RouteResult) -> Iterator[Need]:
    for finding in (nearest.entry, *nearest.findings):
        if finding.counts is None:
            yield Need(nearest.route.id, finding.provision.id, 1, ())


def _needs(decision: Decision, nearest: RouteResult) -> Iterator[Need]:
    for finding in (nearest.entry, *nearest.findings):
        if finding.outcome is Outcome.NOT_MET:
            changes = [one for one in _remedy(finding, decision) if one.lever is not Lever.OUTSIDE]
            yield Need(nearest.route.id, finding.provision.id, 1, tuple(shortfalls(changes, decision.facts)))


def _remedy(finding: Finding, decision: Decision) -> tuple[Change, ...]:
    return finding.remedy(decision.facts, decision.law.setting)


def shortfalls(changes: Iterable[Change], facts: Facts) -> Iterator[Shortfall]:
    """Yield what one contract lacks for the changes; nothing for a change that it needs not make."""
    for change in changes:
        record = _record(facts, change.benefit)
        held = getattr(record, change.field, None)
        if change.action is Action.EVERY_LINE:
            yield from _of_every_line(facts, change)
        elif isinstance(change.value, frozenset):
            yield from _of_codes(change, held if isinstance(held, frozenset) else frozenset())
        elif isinstance(change.value, int) and not isinstance(change.value, bool):
            yield from _of_number(change, change.value, held, getattr(record, f"{change.field}_currency", None))
        elif change.field == "benefit":
            yield Shortfall("benefit", change.action, Unit.CODE, 1, 1, code=str(change.value))
        elif change.value != held:
            code = str(change.value).lower() if isinstance(change.value, bool) else str(change.value)
            yield Shortfall(change.field, change.action, Unit.CODE, 1, 1, benefit=change.benefit, code=code)


def _record(facts: Facts, benefit: str | None) -> Facts | BenefitLine:
    if benefit is None:
        return facts
    return next((line for line in facts.benefits or () if line.benefit == benefit), BenefitLine())


def _of_codes(change: Change, held: frozenset[str]) -> Iterator[Shortfall]:
    assert isinstance(change.value, frozenset)  # noqa: S101 - for the type checker
    codes = change.value & held if change.action is Action.DROP else change.value - held
    for code in sorted(codes):
        yield Shortfall(change.field, change.action, Unit.CODE, 1, 1, benefit=change.benefit, code=code)


def _of_number(change: Change, wanted: int, held: object, own_currency: object) -> Iterator[Shortfall]:
    """Yield how far a number, day or amount is from where it must be."""
    if change.currency is not None:
        unit = Unit.MONEY
    else:
        unit = Unit.DAYS if _KINDS.get(change.field) is FieldType.DAY else Unit.NUMBER
    if isinstance(held, int) and own_currency == change.currency:
        gap = held - wanted if change.action is Action.LOWER else wanted - held
        if gap <= 0:
            return
    else:
        gap = wanted if unit is not Unit.DAYS and change.action is Action.RAISE else 0
    yield Shortfall(change.field, change.action, unit, 1, gap, change.currency, change.benefit)


def _of_every_line(facts: Facts, change: Change) -> Iterator[Shortfall]:
    lines = [line.limit for line in facts.benefits or () if line.limit_currency == change.currency]
    wanted = change.value
    gaps = [wanted - one for one in lines if isinstance(one, int) and isinstance(wanted, int) and one < wanted]
    if gaps:
        yield Shortfall(change.field, change.action, Unit.MONEY, 1, sum(gaps), change.currency)


class Lacks:
    """Adds up what the rows that lose lack, over any number of batches, by corridor and over all."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._cases: dict[Case, Lacking] = {}
        self._looked_at: dict[Case, tuple[str, ...]] = {}
        self._sums: dict[tuple[str, ...], _Sum] = {}

    def add(self, pair: Pair, rows: pl.DataFrame) -> None:
        """Add rows that lose under the second law of a pair; they have what it reads, and its packed words."""
        words = [f"after_findings_{word}" for word in range(pair.after.width)]
        rows = _marked_ended(rows, pair)
        for alike in rows.partition_by(*words, _ENDED, maintain_order=True):
            pattern = (id(pair), *alike.select(*words, _ENDED).row(0))
            columns = self._columns(pattern, pair, alike)
            for home, number, case, row in _cases(alike, columns):
                found = self._lacking((*pattern, *case), pair, row)
                self._sums.setdefault((home or "", pair.state), _Sum()).add(found, number)

    def top_ups(self) -> tuple[TopUps, ...]:
        """Return what all rows lack, then each corridor, the most rows first."""
        if not self._sums:
            return ()
        whole = _Sum()
        for one in self._sums.values():
            whole.join(one)
        found = [one.told(key) for key, one in self._sums.items()]
        return whole.told(()), *sorted(found, key=lambda one: (-one.rows, one.corridor))

    def _columns(self, pattern: Case, pair: Pair, rows: pl.DataFrame) -> tuple[str, ...]:
        """Return the columns in which rows of one pattern have to agree to lack the same."""
        if pattern not in self._looked_at:
            found = looked_at(self._decision(pair, rows.row(0, named=True)))
            self._looked_at[pattern] = tuple(name for name in found if name in rows.columns)
        return self._looked_at[pattern]

    def _lacking(self, case: Case, pair: Pair, row: Mapping[str, Any]) -> Lacking:
        if case not in self._cases:
            if len(self._cases) >= _MOST:
                self._cases.clear()
            self._cases[case] = lacking(self._decision(pair, row))
        return self._cases[case]

    def _decision(self, pair: Pair, row: Mapping[str, Any]) -> Decision:
        return decide(self._reader.facts({**row, **pair.after.given}), pair.after.decision.law)


def looked_at(decision: Decision) -> tuple[str, ...]:
    """Return the fields that the top-up of a decision may depend on beyond the outcomes of its findings, sorted.

    They are those that findings not met look at, and entries that are not known; then, as a change may bring a further
    need to light, all that any provision looks at which shares a field with them, and so on.
    """
    found: set[str] = set()
    for result in decision.routes:
        if not result.closed:
            missing = [one for one in result.findings if one.outcome is Outcome.NOT_MET]
            found |= _reads([one.applied for one in missing])
        if result.entry.outcome is Outcome.UNDETERMINED or result.entry.ended:
            found |= _reads([result.entry.applied]) | {"last_day"}
    while more := _reads([one for one in decision.law.everything if not found.isdisjoint(_reads([one]))]) - found:
        found |= more
    return tuple(sorted(found))


def _reads(provisions: Iterable[Applied]) -> set[str]:
    names = {name for one in provisions for name in one.reads}
    return names | {behind for name in names for behind in _BEHIND.get(name, ())}


def _marked_ended(rows: pl.DataFrame, pair: Pair) -> pl.DataFrame:
    """Return the rows with whether the contract has ended on the day, for the findings do not tell it."""
    if "last_day" not in rows.columns:
        return rows.with_columns(pl.lit(None, dtype=pl.Boolean).alias(_ENDED))
    return rows.with_columns((pl.col("last_day").to_physical() < pair.after.given["as_of"]).alias(_ENDED))


def _cases(rows: pl.DataFrame, columns: tuple[str, ...]) -> Iterator[tuple[str | None, int, Case, dict[str, Any]]]:
    """Yield, per home state and values of the columns: how many rows, the values, and one of the rows."""
    keys = tuple(dict.fromkeys(("home_state", *columns)))
    others = [name for name in rows.columns if name not in keys]
    grouped = rows.group_by(*keys, maintain_order=True).agg(pl.len().alias("number"), pl.col(others).first())
    for row in grouped.iter_rows(named=True):
        yield row["home_state"], row["number"], tuple(_hashable(row[name]) for name in columns), row


def _hashable(value: object) -> object:
    return repr(value) if isinstance(value, list) else value


@dataclass
class _Sum:
    """Totals of one corridor, or of all."""

    helped: Counter[Help | None] = field(default_factory=Counter)
    shortfalls: dict[Which, tuple[int, int]] = field(default_factory=dict)
    needs: dict[tuple[str, str], "_Sum"] = field(default_factory=dict)
    undecided: dict[tuple[str, str], "_Sum"] = field(default_factory=dict)

    def add(self, found: Lacking, number: int) -> None:
        self.helped[found.help] += number
        self.add_all(found.shortfalls, number)
        for needs, sums in ((found.needs, self.needs), (found.undecided, self.undecided)):
            for need in needs:
                own = sums.setdefault((need.route, need.requirement), _Sum())
                own.helped[None] += number
                own.add_all(need.shortfalls, number)

    def add_all(self, found: tuple[Shortfall, ...], number: int) -> None:
        for one in found:
            which = (one.field, one.action, one.unit, one.currency, one.benefit, one.code)
            rows, total = self.shortfalls.get(which, (0, 0))
            self.shortfalls[which] = (rows + number, total + one.total * number)

    def join(self, other: "_Sum") -> None:
        """Add what another sum holds."""
        self.helped += other.helped
        for which, (rows, total) in other.shortfalls.items():
            before = self.shortfalls.get(which, (0, 0))
            self.shortfalls[which] = (before[0] + rows, before[1] + total)
        for own, others in ((self.needs, other.needs), (self.undecided, other.undecided)):
            for name, one in others.items():
                own.setdefault(name, _Sum()).join(one)

    def told(self, corridor: tuple[str, ...]) -> TopUps:
        return TopUps(
            corridor=corridor,
            rows=self.helped.total(),
            complete=self.helped[Help.COMPLETE],
            incomplete=self.helped[Help.INCOMPLETE],
            unknown=self.helped[Help.UNKNOWN],
            hopeless=self.helped[Help.HOPELESS],
            shortfalls=self.summed(),
            needs=_needed(self.needs),
            undecided=_needed(self.undecided),
        )

    def summed(self) -> tuple[Shortfall, ...]:
        found = [
            Shortfall(name, action, unit, rows, total, currency, benefit, code)
            for (name, action, unit, currency, benefit, code), (rows, total) in self.shortfalls.items()
        ]
        return tuple(sorted(found, key=lambda one: (one.unit, -one.rows, one.field, str(one))))


def _needed(sums: Mapping[tuple[str, str], _Sum]) -> tuple[Need, ...]:
    found = [Need(route, requirement, one.helped[None], one.summed()) for (route, requirement), one in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.rows, one.route, one.requirement)))
