"""Files of official exchange rates."""

from datetime import date
from decimal import Decimal

import pytest
from builder import DATA

from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.money import Rate, RateTable
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree


def tables(text: str) -> tuple[RateTable, ...]:
    return read_rates(read_tree(text.encode(), "rates.yaml"))


def one_rate(rate: str, *, state: str = "NO", base: str = "NOK") -> str:
    return f"tables:\n  - source: Bank\n    state: {state}\n    base: {base}\n    rates:\n      - {rate}\n"


def told(text: str) -> list[tuple[int, str, FaultCode]]:
    with pytest.raises(InputFaults) as caught:
        tables(text)
    return [(fault.line, fault.path, fault.code) for fault in caught.value.faults]


def test_the_test_rates_are_read() -> None:
    (table,) = tables((DATA / "rates.yaml").read_text(encoding="utf-8"))

    assert (table.source, table.state, table.base) == ("Norges Bank", "NO", "NOK")
    assert Rate(date(2026, 6, 1), "EUR", 1, Decimal("11.0")) in table.rates


def test_a_rate_may_be_for_many_units() -> None:
    (table,) = tables(one_rate("{day: 2026-06-01, currency: KZT, price: 2.1, units: 100}"))

    assert (Rate(date(2026, 6, 1), "KZT", 100, Decimal("2.1")),) == table.rates


@pytest.mark.parametrize(
    ("rate", "path", "code"),
    [
        ("{day: 2026-06-01, currency: XYZ, price: 1}", "tables[0].rates[0].currency", FaultCode.UNKNOWN_CODE),
        ("{day: 2026-06-01, currency: EUR, price: 0}", "tables[0].rates[0].price", FaultCode.WRONG_VALUE),
        ("{day: 2026-06-01, currency: EUR, price: -1}", "tables[0].rates[0].price", FaultCode.WRONG_VALUE),
        ("{day: 2026-06-31, currency: EUR, price: 1}", "tables[0].rates[0].day", FaultCode.WRONG_VALUE),
        ("{day: 2026-06-01, currency: EUR, price: 1, units: 0}", "tables[0].rates[0].units", FaultCode.WRONG_VALUE),
        ("{currency: EUR, price: 1}", "tables[0].rates[0]", FaultCode.MISSING_KEY),
        ("{day: 2026-06-01, currency: EUR, price: 1, prize: 1}", "tables[0].rates[0].prize", FaultCode.UNKNOWN_KEY),
    ],
)
def test_a_wrong_rate_is_told(rate: str, path: str, code: FaultCode) -> None:
    assert [(6, path, code)] == told(one_rate(rate))


def test_a_rate_twice_on_a_day_is_told() -> None:
    twice = "{day: 2026-06-01, currency: EUR, price: 1}\n      - {day: 2026-06-01, currency: EUR, price: 2}"

    assert told(one_rate(twice)) == [(7, "tables[0].rates[1]", FaultCode.TWICE)]


def test_all_faults_of_a_table_are_told_at_once() -> None:
    text = one_rate("{day: 2026-06-01, currency: XYZ, price: -1}", state="XX", base="ABC")

    assert told(text) == [
        (3, "tables[0].state", FaultCode.UNKNOWN_CODE),
        (4, "tables[0].base", FaultCode.UNKNOWN_CODE),
        (6, "tables[0].rates[0].currency", FaultCode.UNKNOWN_CODE),
        (6, "tables[0].rates[0].price", FaultCode.WRONG_VALUE),
    ]
