"""Money as whole minor units of an ISO 4217 currency, and dated official rates. Never a float."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

# ISO 4217 currencies whose minor unit is not the hundredth.
_MINOR_DIGITS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency has (ISO 4217): 2 unless listed otherwise."""
    return _MINOR_DIGITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units. Raises ValueError when it is finer than the minor unit.

    >>> to_minor(Decimal("10000.50"), "EUR")
    1000050
    """
    scaled = amount.scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is finer than the minor unit of {currency}")
    return int(scaled)


def from_minor(minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal amount with the currency's own number of decimals."""
    return Decimal(minor).scaleb(-minor_digits(currency))


@dataclass(frozen=True, slots=True)
class Rate:
    """One official rate: `units` of `currency` cost `price` of the table's base currency on `day`."""

    day: date
    currency: str
    units: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class RateTable:
    """The official rates that one central bank published, by day.

    `state` is the bank's state (EU for the European Central Bank); `base` the currency prices are in.
    With `per_base` the bank quotes the other way round: so much of the currency for `units` of the base.
    """

    source: str
    state: str
    base: str
    url: str
    rates: tuple[Rate, ...]
    per_base: bool = False

    def price(self, currency: str, day: date) -> Fraction | None:
        """Return what one unit costs in the base currency on that day, or None when not published."""
        if currency == self.base:
            return Fraction(1)
        for rate in self.rates:
            if rate.currency == currency and rate.day == day:
                price = Fraction(rate.price) / rate.units
                return 1 / price if self.per_base else price
        return None

    def only(self, currencies: set[str], day: date) -> "RateTable":
        """Return the table with only the rows of these currencies and this day."""
        rows = tuple(rate for rate in self.rates if rate.day == day and rate.currency in currencies)
        return replace(self, rates=tuple(sorted(rows, key=lambda rate: rate.currency)))


@dataclass(frozen=True, slots=True)
class Conversion:
    """A cross rate between two currencies on a day, and the rows of the one table it comes from."""

    currency: str
    into: str
    day: date
    factor: Fraction
    table: RateTable


@dataclass(frozen=True, slots=True)
class Rates:
    """All rate tables at hand, in order of preference. The day is never guessed: no rate, no answer."""

    tables: tuple[RateTable, ...] = ()

    def preferring(self, states: Iterable[str]) -> "Rates":
        """Return the same tables, those of the given states' banks first, then by source name."""
        order = list(states)
        rank = {state: index for index, state in enumerate(order)}
        key = lambda table: (rank.get(table.state, len(order)), table.source)  # noqa: E731
        return Rates(tuple(sorted(self.tables, key=key)))

    def currencies(self, day: date) -> tuple[str, ...]:
        """Return every currency that has a rate on the day, sorted."""
        found = {table.base for table in self.tables if any(rate.day == day for rate in table.rates)}
        found |= {rate.currency for table in self.tables for rate in table.rates if rate.day == day}
        return tuple(sorted(found))

    def convert(self, currency: str, into: str, day: date) -> Conversion | None:
        """Return the official cross rate of the first table that published both, or None."""
        for table in self.tables:
            one, other = table.price(currency, day), table.price(into, day)
            if one is not None and other is not None:
                return Conversion(currency, into, day, one / other, table.only({currency, into}, day))
        return None


def convert_limit(minor: int, conversion: Conversion, *, minimum: bool) -> int:
    """Return a limit in the other currency's minor units: a minimum rounded up, a maximum down."""
    scale = Fraction(10) ** (minor_digits(conversion.into) - minor_digits(conversion.currency))
    exact = minor * conversion.factor * scale
    return ceil(exact) if minimum else floor(exact)
