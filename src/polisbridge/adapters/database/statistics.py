"""The registry counted (`services.statistics.Counting`): plain columns by SQL, ages and reasons by opening what is sealed.

Nobody sees what is opened here: it is counted and forgotten.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Select, func, or_, select, true

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import CLINIC, CONTRACT, DECISION, ENROLMENT, INSURER
from polisbridge.core.registry import Enrolment
from polisbridge.services.registry.looking import sealed_decision
from polisbridge.services.registry.ports import Sealer, use_of
from polisbridge.services.statistics import Key, StatisticsScope, age_band

_STEP = 1_000  # rows fetched at a time


class SqlCounting:
    """Counts of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    def contracts(self, scope: StatisticsScope, on: date, at: datetime) -> Mapping[Key, int]:
        """Return contracts in force on the day by home state."""
        home = CONTRACT.c.terms["home_state"].astext
        query = select(home, func.count()).where(_held(CONTRACT, on, at), _of(scope, at)).group_by(home)
        with told(), self._engine.connect() as connection:
            return {(str(state or ""),): int(count) for state, count in connection.execute(query)}

    def persons(self, scope: StatisticsScope, on: date, at: datetime) -> Mapping[str, Mapping[Key, int]]:
        """Return persons insured on the day, by role, corridor and age."""
        roles, corridors, ages = Counter[Key](), Counter[Key](), Counter[Key]()
        terms = CONTRACT.c.terms
        query = (
            select(ENROLMENT.c.id, ENROLMENT.c.role, ENROLMENT.c.sealed, terms["home_state"].astext, terms["territory"])
            .join(CONTRACT, CONTRACT.c.id == ENROLMENT.c.contract)
            .where(_held(ENROLMENT, on, at), _held(CONTRACT, on, at), _of(scope, at))
        )
        with told(), self._engine.connect() as connection:
            for thing, role, sealed, home, territory in _streamed(connection, query):
                roles[(str(role),)] += 1
                ages[(self._band(thing, bytes(sealed), on),)] += 1
                for state in territory if isinstance(territory, list) else ():
                    corridors[(str(home or ""), str(state))] += 1
        return {"role": roles, "corridor": corridors, "age": ages}

    def decisions(self, scope: StatisticsScope) -> Mapping[str, Mapping[Key, int]]:
        """Return decisions kept, by verdict, gate and reason."""
        verdicts, gates, reasons = Counter[Key](), Counter[Key](), Counter[Key]()
        query = select(DECISION.c.verdict, DECISION.c.gate, DECISION.c.person, DECISION.c.sealed).where(_made(scope))
        with told(), self._engine.connect() as connection:
            for verdict, gate, person, sealed in _streamed(connection, query):
                verdicts[(str(verdict),)] += 1
                gates[(str(gate),)] += 1
                for reason in self._reasons(person, bytes(sealed)):
                    reasons[(reason,)] += 1
        return {"verdict": verdicts, "gate": gates, "reason": reasons}

    def _band(self, thing: int, sealed: bytes, on: date) -> str:
        """Return the band of a person's age on the day; empty when the day of birth is not told, or was erased."""
        if not sealed:
            return ""
        said: Mapping[str, Any] = msgspec.json.decode(self._sealer.open(sealed, use_of(Enrolment, thing)))
        born = said.get("born")
        return age_band(_age(date.fromisoformat(str(born)), on)) if born else ""

    def _reasons(self, person: int | None, sealed: bytes) -> Iterator[str]:
        """Yield the provisions that were not met on the nearest way of a decision."""
        if not sealed:
            return
        document: Mapping[str, Any] = msgspec.json.decode(self._sealer.open(sealed, sealed_decision(person)))
        routes = document.get("decision", document).get("routes") or []
        for one in routes[0].get("findings", []) if routes else []:
            if one.get("outcome") == "not_met":
                yield str(one["provision"])


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=_STEP).execute(query)


def _held(table: Any, on: date, at: datetime) -> ColumnElement[bool]:
    found: ColumnElement[bool] = table.c.valid.bool_op("@>")(on) & table.c.recorded.bool_op("@>")(at)
    return found


def _of(scope: StatisticsScope, at: datetime) -> ColumnElement[bool]:
    """Return which contracts belong to a scope: those of a seller, or of all sellers of a state."""
    if scope.everybody:
        return true()
    if scope.seller is not None:
        return CONTRACT.c.seller == scope.seller
    kinds = (INSURER, CLINIC)
    return or_(
        *(
            CONTRACT.c.seller.in_(select(one.c.id).where(one.c.state == scope.state, one.c.recorded.bool_op("@>")(at)))
            for one in kinds
        )
    )


def _made(scope: StatisticsScope) -> ColumnElement[bool]:
    """Return which decisions belong to a scope: by the law of a state, or on the contracts of a seller."""
    if scope.everybody:
        return true()
    if scope.seller is not None:
        return DECISION.c.contract.in_(select(CONTRACT.c.id).where(CONTRACT.c.seller == scope.seller))
    return DECISION.c.state == scope.state
