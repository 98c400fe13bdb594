"""Everybody insured on a day, read in one stream (`services.registry.portfolio.InsuredPersons`).

What was known at the instant does not change afterwards, so contracts and persons fit each other although they are
read as they come.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import ACCESS
from polisbridge.core.contract import Period
from polisbridge.core.registry import Access, Enrolment
from polisbridge.services.registry.portfolio import InsuredOnDay, PortfolioScope
from polisbridge.services.registry.ports import Sealer, use_of

_STEP = 500  # rows fetched at a time
_DAY = timedelta(days=1)
_SPAN = """(SELECT span FROM unnest((SELECT range_agg(same.valid) FROM {table} AS same
    WHERE same.id = {name}.id AND same.recorded @> CAST(:at AS timestamptz))) AS span
    WHERE span @> CAST(:day AS date))"""
_INSURED = f"""
WITH sellers AS (
    SELECT id FROM insurer WHERE recorded @> CAST(:at AS timestamptz) AND state = :state
    UNION SELECT id FROM clinic WHERE recorded @> CAST(:at AS timestamptz) AND state = :state
    UNION SELECT CAST(:seller AS bigint)
)
SELECT own.id AS place, own.contract, own.person, own.sealed, held.terms, held.product, named.code AS number,
    lower(cover.span) AS cover_first, upper(cover.span) AS cover_end,
    lower(period.span) AS period_first, upper(period.span) AS period_end
FROM contract AS held
JOIN thing AS named ON named.id = held.id
JOIN enrolment AS own ON own.contract = held.id
CROSS JOIN LATERAL {_SPAN.format(table="contract", name="held")} AS period
CROSS JOIN LATERAL {_SPAN.format(table="enrolment", name="own")} AS cover
WHERE held.seller IN (SELECT id FROM sellers)
    AND held.recorded @> CAST(:at AS timestamptz) AND held.valid @> CAST(:day AS date)
    AND own.recorded @> CAST(:at AS timestamptz) AND own.valid @> CAST(:day AS date)
    AND length(own.sealed) > 0
ORDER BY held.id, own.id
"""  # noqa: S608 - its own words only; values are bound


class SqlInsured:
    """The insured persons of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    def insured(self, scope: PortfolioScope, on: date, at: datetime) -> Iterator[InsuredOnDay]:
        """Yield who is insured on the day, as known at the instant, contract by contract; memory stays flat."""
        asked = {"day": on, "at": at, "state": scope.state or None, "seller": scope.seller}
        with told(), self._engine.connect() as connection:
            yield from self._read(connection, asked)

    def _read(self, connection: Connection, asked: Mapping[str, Any]) -> Iterator[InsuredOnDay]:
        rows = connection.execution_options(yield_per=_STEP).execute(text(_INSURED), dict(asked)).mappings()
        before: tuple[int, Any] = (0, {})
        for row in rows:
            if row["contract"] != before[0]:
                before = (row["contract"], row["terms"])  # one object for all persons of a contract
            yield InsuredOnDay(
                thing=row["contract"],
                contract=row["number"],
                terms=before[1],
                period=_period(row["period_first"], row["period_end"]),
                product=row["product"],
                person=row["person"],
                opened=self._sealer.open(bytes(row["sealed"]), use_of(Enrolment, row["place"])),
                cover=_period(row["cover_first"], row["cover_end"]),
            )

    def note(self, persons: Sequence[int], access: Access) -> None:
        """Record for each of the persons that somebody looked at their data."""
        said = {"at": access.at, "who": access.who, "role": access.role, "what": access.what}
        rows = [{**said, "purpose": access.purpose, "person": one} for one in persons]
        if rows:
            with told(), self._engine.begin() as connection:
                connection.execute(insert(ACCESS), rows)


def _period(first: date | None, end: date | None) -> Period:
    """Return the days from the first to the one before the end."""
    return Period(first, None if end is None else end - _DAY)
