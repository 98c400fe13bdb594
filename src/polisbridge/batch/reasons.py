"""The reasons of a verdict as expressions over packed findings: what `core.decide` weighs, told from its codes.

Only what could change the verdict is a reason: not a requirement of a route that is closed, not a missing fact on a
route that fails anyway, not an uncertain duty beside a certain one.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import polars as pl

from polisbridge.batch.twice import code_of
from polisbridge.core.applied import AppliedRoute, Statement
from polisbridge.core.bound import Applied
from polisbridge.core.codes import Verdict
from polisbridge.core.condition import ALWAYS
from polisbridge.core.symbolic import FindingCode, SymbolicDecision
from polisbridge.services.explain import Cause

ENDED = "has_ended"  # the column that says whether the contract has ended on the day assessed

Named: TypeAlias = tuple[Verdict, Cause, str]
# True and false of every row: a literal would count once per group, however many rows it has.
_TRUE = pl.col("verdict").is_not_null()
_FALSE = ~_TRUE


def reasons_of(decision: SymbolicDecision) -> dict[Named, pl.Expr]:
    """Return, by verdict, cause and id, whether it is a reason of a row with that verdict."""
    found: dict[Named, list[pl.Expr]] = {}
    reader = _Reasons(decision)
    for verdict, reasons in ((Verdict.NOT_RECOGNISED, reader.refused()), (Verdict.UNDETERMINED, reader.undetermined())):
        for cause, name, holds in reasons:
            found.setdefault((verdict, cause, name), []).append(holds)
    return {named: pl.any_horizontal(parts) for named, parts in found.items()}


class _Reasons:
    """Writes the reasons under one law."""

    def __init__(self, decision: SymbolicDecision) -> None:
        self._law = decision.law
        self._places = {one.applied.applies_at: at for at, one in enumerate(decision.findings)}

    def refused(self) -> Iterator[tuple[Cause, str, pl.Expr]]:
        """Yield what refuses: requirements of open routes, or the routes themselves where none is open."""
        none_open, ended = self._none_open(), pl.col(ENDED).fill_null(value=False)
        yield Cause.ENDED, Cause.ENDED.value, none_open & ended
        for route in self._law.routes:
            for one in route.applied_requirements:
                yield Cause.NOT_MET, one.provision.id, self._open(route) & self._is(one, FindingCode.NOT_MET)
            closed = self._is(route.route, FindingCode.NOT_MET)
            yield Cause.NOT_OPEN, route.route.provision.id, none_open & ~ended & closed

    def undetermined(self) -> Iterator[tuple[Cause, str, pl.Expr]]:
        """Yield what leaves open whether a contract is required, or whether this one is recognised."""
        yield from self._of_duties()
        for one in self._law.exemptions:
            yield from self._of_statement(one, _TRUE)
        if not self._law.routes:
            yield Cause.NO_ROUTE, Cause.NO_ROUTE.value, _TRUE
        else:
            concerned = _any(~self._is(one.route, FindingCode.NOT_APPLICABLE) for one in self._law.routes)
            yield Cause.NO_ROUTE, Cause.NO_ROUTE.value, ~concerned
        for route in self._law.routes:
            yield from self._of_route(route)
        # Of a route that is not confirmed the core leaves open even whether an ended contract could take it.
        unconfirmed = [one.route for one in self._law.routes if one.route.unconfirmed]
        possible = _any(~self._is(one, FindingCode.NOT_APPLICABLE) for one in unconfirmed)
        yield Cause.ENDED, Cause.ENDED.value, self._none_open() & pl.col(ENDED).fill_null(value=False) & possible

    def _none_open(self) -> pl.Expr:
        return ~_any(self._open(one) for one in self._law.routes)

    def _of_duties(self) -> Iterator[tuple[Cause, str, pl.Expr]]:
        sure = _any(self._sure(one) for one in self._law.duties)
        if not self._law.duties:
            yield Cause.NO_DUTY, Cause.NO_DUTY.value, _TRUE
        for one in self._law.duties:
            yield from self._of_statement(one, ~sure)
        for at in self._law.gate_questions:
            yield Cause.QUESTION, self._law.questions[at].provision.id, ~sure & self._concerns(at)

    def _of_statement(self, one: Statement, where: pl.Expr) -> Iterator[tuple[Cause, str, pl.Expr]]:
        name, possible = one.applied.provision.id, ~self._is(one.applied, FindingCode.NOT_MET)
        yield Cause.FACT, name, where & self._is(one.applied, FindingCode.UNDETERMINED)
        if one.applied.unconfirmed:
            yield Cause.UNCONFIRMED, name, where & possible
        for at in one.held_by:
            yield Cause.QUESTION, self._law.questions[at].provision.id, where & possible & self._concerns(at)

    def _of_route(self, route: AppliedRoute) -> Iterator[tuple[Cause, str, pl.Expr]]:
        asked = route.applied_requirements
        failing = _any(self._is(one, FindingCode.NOT_MET) for one in asked if not one.unconfirmed)
        live = self._open(route) & ~failing
        if route.route.applies != ALWAYS:  # whom it concerns may be what is not known; then nothing settles it
            unknown = self._is(route.route, FindingCode.UNDETERMINED)
            yield Cause.FACT, route.route.provision.id, failing & unknown
        for one in (route.route, *asked):
            spoken = live & ~self._is(one, FindingCode.NOT_APPLICABLE)
            yield Cause.FACT, one.provision.id, spoken & self._is(one, FindingCode.UNDETERMINED)
            if one.unconfirmed:
                yield Cause.UNCONFIRMED, one.provision.id, spoken
        for at in route.held_by:
            yield Cause.QUESTION, self._law.questions[at].provision.id, live & self._concerns(at)

    def _sure(self, one: Statement) -> pl.Expr:
        """Return that a duty is certain: met, confirmed, and held back by no question."""
        if one.applied.unconfirmed:
            return _FALSE
        return self._is(one.applied, FindingCode.MET) & ~_any(self._concerns(at) for at in one.held_by)

    def _open(self, route: AppliedRoute) -> pl.Expr:
        return self._is(route.route, FindingCode.MET) | self._is(route.route, FindingCode.UNDETERMINED)

    def _concerns(self, question: int) -> pl.Expr:
        return ~self._is(self._law.questions[question], FindingCode.NOT_MET)

    def _is(self, one: Applied, code: FindingCode) -> pl.Expr:
        return code_of("", self._places[one.applies_at]) == int(code)


def _any(parts: Iterable[pl.Expr]) -> pl.Expr:
    found = list(parts)
    return pl.any_horizontal(found) if found else _FALSE
