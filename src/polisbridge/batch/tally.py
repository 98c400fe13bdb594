"""Counting what changes: verdicts from one to another by every dimension, and the outcomes of findings."""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from polisbridge.batch.columns import VERDICT_CODES
from polisbridge.batch.twice import Pair, code_of, ids
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.symbolic import OUTCOME_OF, FindingCode
from polisbridge.services.impact import Dimension, FindingChange, Group, Transition, in_order

BEFORE, AFTER = "before", "after"
COLUMNS = ("home_state", "product", "insurer", "role")  # the columns of a row that groups are made by

_VERDICTS = {code: verdict for verdict, code in VERDICT_CODES.items()}
_ORDER = {verdict: at for at, verdict in enumerate(Verdict)}


class Tally:
    """Counts the rows of any number of batches; only counts are kept."""

    def __init__(self) -> None:
        self._verdicts: dict[Dimension | None, dict[tuple[str, ...], Counter[tuple[Verdict, Verdict]]]] = {}
        self._findings: Counter[tuple[str | None, str | None, Outcome | None, Outcome | None]] = Counter()
        self.rows = self.compared = 0

    def add(self, pair: Pair, rows: pl.DataFrame) -> None:
        """Count rows of one pair of laws: COLUMNS, verdict codes BEFORE and AFTER, packed words of both."""
        self.rows += len(rows)
        counts = rows.group_by(*COLUMNS, BEFORE, AFTER).len()
        for home, product, insurer, role, before, after, number in counts.rows():
            keys: dict[Dimension | None, tuple[str, ...]] = {
                None: (),
                Dimension.CORRIDOR: (home or "", pair.state),
                Dimension.PRODUCT: (product or "",),
                Dimension.INSURER: (insurer or "",),
                Dimension.ROLE: (role or "",),
                Dimension.GATE: (pair.gate.value,),
            }
            for dimension, key in keys.items():
                counted = self._verdicts.setdefault(dimension, {}).setdefault(key, Counter())
                counted[_VERDICTS[before], _VERDICTS[after]] += number
        if pair.touched:
            self.compared += len(rows)
            self._add_findings(pair, rows)

    def _add_findings(self, pair: Pair, rows: pl.DataFrame) -> None:
        for place in pair.places:
            codes = [
                pl.lit(None, dtype=pl.UInt8) if at is None else code_of(f"{when}_", at)
                for when, at in zip((BEFORE, AFTER), place, strict=True)
            ]
            pairs = rows.select(one=codes[0], other=codes[1]).group_by("one", "other").len()
            for one, other, number in pairs.rows():
                outcomes = _outcome(one), _outcome(other)
                if outcomes[0] is not outcomes[1] and _told(*outcomes):
                    self._findings[(*ids(pair, place), *outcomes)] += number  # type: ignore[index]

    @property
    def total(self) -> Group:
        """All rows."""
        return next(iter(self._groups(None)), Group((), ()))

    def groups(self) -> dict[Dimension, tuple[Group, ...]]:
        """Return the groups of every dimension, the most changed first; corridors with their way back beside them."""
        found = {dimension: in_order(self._groups(dimension)) for dimension in Dimension}
        return found | {Dimension.CORRIDOR: _both_ways(found[Dimension.CORRIDOR])}

    def findings(self) -> tuple[FindingChange, ...]:
        """Return what became of findings, the most frequent first."""
        found = [FindingChange(*key, number) for key, number in self._findings.items()]
        return tuple(sorted(found, key=lambda one: (-one.rows, one.before_id or "", one.after_id or "", str(one))))

    def _groups(self, dimension: Dimension | None) -> Iterator[Group]:
        for key, counted in self._verdicts.get(dimension, {}).items():
            transitions = [Transition(before, after, number) for (before, after), number in counted.items()]
            yield Group(key, tuple(sorted(transitions, key=lambda one: (_ORDER[one.before], _ORDER[one.after]))))


def _outcome(code: int | None) -> Outcome | None:
    return None if code is None else OUTCOME_OF[FindingCode(code)]


def _told(one: Outcome | None, other: Outcome | None) -> bool:
    """Say whether it is worth telling: not that a provision which comes or goes did not concern somebody."""
    return {one, other} != {None, Outcome.NOT_APPLICABLE}


def _both_ways(corridors: tuple[Group, ...]) -> tuple[Group, ...]:
    found, beside = {one.key: one for one in corridors}, []
    for key in list(found):
        if key in found:
            beside.append(found.pop(key))
            back = (key[1], key[0])
            if "" not in key and back != key:
                beside.append(found.pop(back, Group(back, ())))
    return tuple(beside)
