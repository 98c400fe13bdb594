"""Files of official exchange rates, by day and with their source (`polisbridge schema rates`)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.money import Rate, RateTable
from polisbridge.formats.codelists import currencies, states
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document

Price = Annotated[
    str, Meta(pattern=r"^\d{1,12}(\.\d{1,10})?$", description="what the units cost, in the base currency")
]


class RateFile(Struct, frozen=True, forbid_unknown_fields=True):
    """So many units of a currency cost so much of the base currency on a day."""

    day: date
    currency: str
    price: Price
    units: Annotated[int, Meta(ge=1)] = 1


class TableFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The rates of one central bank. `state` is the bank's; EU for the European Central Bank.

    With `per_base: true` prices are so much of the currency for `units` of the base, as the ECB quotes.
    """

    source: Annotated[str, Meta(min_length=1)]
    state: str
    base: str
    rates: list[RateFile]
    url: str = ""
    per_base: bool = False


class RatesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All tables of a file."""

    tables: list[TableFile]


def read_rates(document: Document) -> tuple[RateTable, ...]:
    """Return the tables of a document. Raises InputFaults with every fault."""
    return convert(document, RatesFile, lambda raw: _tables(document, raw))


def _tables(document: Document, raw: RatesFile) -> tuple[RateTable, ...]:
    faults: list[Fault] = []
    for index, table in enumerate(raw.tables):
        path = ("tables", index)
        if table.state not in states():
            faults.append(
                document.fault(FaultCode.UNKNOWN_CODE, (*path, "state"), table.state, "a state by ISO 3166-1, or EU")
            )
        if table.base not in currencies():
            faults.append(document.fault(FaultCode.UNKNOWN_CODE, (*path, "base"), table.base, "a currency by ISO 4217"))
        seen = set()
        for at, rate in enumerate(table.rates):
            here = (*path, "rates", at)
            if rate.currency not in currencies():
                faults.append(
                    document.fault(FaultCode.UNKNOWN_CODE, (*here, "currency"), rate.currency, "a currency by ISO 4217")
                )
            if (rate.day, rate.currency) in seen:
                faults.append(
                    document.fault(FaultCode.TWICE, here, f"{rate.currency} on {rate.day}", "each currency once a day")
                )
            if Decimal(rate.price) == 0:
                faults.append(document.fault(FaultCode.WRONG_VALUE, (*here, "price"), rate.price, "a price above zero"))
            seen.add((rate.day, rate.currency))
    if faults:
        raise InputFaults(faults)
    return tuple(rate_table(table) for table in raw.tables)


def rate_table(table: TableFile) -> RateTable:
    """Return a table as a value."""
    rates = tuple(Rate(rate.day, rate.currency, rate.units, Decimal(rate.price)) for rate in table.rates)
    return RateTable(table.source, table.state, table.base, table.url, rates, table.per_base)
