"""Money: minor units, official rates by day, limits converted exactly and never in a contract's favour."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from builder import DAY, ENOUGH, decision, duty, euros, kind, requirement, route
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.core.checks import Setting
from polisbridge.core.codes import RateDay, Verdict
from polisbridge.core.money import Conversion, Rate, Rates, RateTable, convert_limit, from_minor, minor_digits, to_minor


@pytest.mark.parametrize(
    ("currency", "digits"), [("EUR", 2), ("RUB", 2), ("KZT", 2), ("JPY", 0), ("UYI", 0), ("KWD", 3), ("TND", 3)]
)
def test_a_currency_has_its_own_number_of_decimals(currency: str, digits: int) -> None:
    assert digits == minor_digits(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("10000.50", "EUR", 1_000_050), ("10000", "JPY", 10_000), ("1.234", "KWD", 1_234), ("0", "EUR", 0)],
)
def test_an_amount_in_minor_units(amount: str, currency: str, minor: int) -> None:
    assert minor == to_minor(Decimal(amount), currency)


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "EUR"), ("0.1", "JPY"), ("0.0001", "KWD")])
def test_an_amount_finer_than_the_minor_unit_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="finer than the minor unit"):
        to_minor(Decimal(amount), currency)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_and_amounts_are_inverse(minor: int, currency: str) -> None:
    assert minor == to_minor(from_minor(minor, currency), currency)


def rate(currency: str, price: str, units: int = 1, day: date = DAY) -> Rate:
    return Rate(day, currency, units, Decimal(price))


def table(
    *rates: Rate, base: str = "NOK", state: str = "NO", source: str = "Norges Bank", per_base: bool = False
) -> RateTable:
    return RateTable(source, state, base, "", rates, per_base)


def conversion(factor: Fraction, currency: str = "EUR", into: str = "USD") -> Conversion:
    return Conversion(currency, into, DAY, factor, table())


def test_a_rate_for_many_units_is_a_rate_for_one() -> None:
    assert Fraction(11, 100) == table(rate("KZT", "11", 100)).price("KZT", DAY)


def test_a_bank_may_quote_the_other_way_round() -> None:
    assert Fraction(4, 5) == table(rate("USD", "1.25"), base="EUR", per_base=True).price("USD", DAY)


def test_the_base_currency_costs_one_of_itself() -> None:
    assert table().price("NOK", DAY) == 1


def test_there_is_no_rate_for_a_day_on_which_none_was_published() -> None:
    assert table(rate("EUR", "11")).price("EUR", DAY + timedelta(days=1)) is None


def test_a_cross_rate_goes_through_the_base() -> None:
    found = Rates((table(rate("EUR", "11"), rate("USD", "10")),)).convert("EUR", "USD", DAY)

    assert found is not None
    assert found.factor == Fraction(11, 10)


def test_a_conversion_tells_the_rows_that_it_comes_from() -> None:
    rows = (rate("EUR", "11"), rate("USD", "10"))
    found = Rates((table(*rows, rate("SEK", "1")),)).convert("EUR", "USD", DAY)

    assert found is not None
    assert found.table.rates == rows


def test_a_cross_rate_is_never_made_of_two_banks_tables() -> None:
    assert Rates((table(rate("EUR", "11")), table(rate("USD", "10"), source="B"))).convert("EUR", "USD", DAY) is None


def test_the_table_of_the_state_of_stay_comes_first() -> None:
    mine, other = table(rate("EUR", "11"), source="Z"), table(rate("EUR", "12"), source="A", state="SE", base="SEK")

    assert Rates((other, mine)).preferring(["NO", "SE"]).tables == (mine, other)


def test_tables_of_other_banks_come_by_name() -> None:
    a, b = table(source="A", state="SE"), table(source="B", state="FI")

    assert Rates((b, a)).preferring(["NO"]).tables == (a, b)


def test_the_first_table_with_both_currencies_is_used() -> None:
    first, second = table(rate("EUR", "11")), table(rate("EUR", "12"), source="B")
    found = Rates((first, second)).convert("EUR", "NOK", DAY)

    assert found is not None
    assert found.factor == 11


def test_currencies_of_a_day_are_those_with_a_rate_and_the_base() -> None:
    assert Rates((table(rate("EUR", "11"), rate("USD", "9", day=date(2020, 1, 1))),)).currencies(DAY) == ("EUR", "NOK")


@pytest.mark.parametrize(("minimum", "expected"), [(True, 34), (False, 33)])
def test_a_minimum_is_rounded_up_and_a_maximum_down(minimum: bool, expected: int) -> None:  # noqa: FBT001 - a parameter
    assert expected == convert_limit(100, conversion(Fraction(1, 3)), minimum=minimum)


@pytest.mark.parametrize("minimum", [True, False])
def test_an_exact_conversion_is_not_rounded(minimum: bool) -> None:  # noqa: FBT001 - a parameter
    assert convert_limit(100, conversion(Fraction(11, 10)), minimum=minimum) == 110


def test_a_conversion_minds_the_decimals_of_both_currencies() -> None:
    assert convert_limit(1_000_000, conversion(Fraction(160), "EUR", "JPY"), minimum=True) == 1_600_000


@given(
    st.integers(0, 10**12), st.fractions(Fraction(1, 10**6), Fraction(10**6)), st.sampled_from(["USD", "JPY", "KWD"])
)
def test_rounding_never_helps_a_contract_and_never_costs_a_whole_unit(minor: int, factor: Fraction, into: str) -> None:
    used = conversion(factor, "EUR", into)
    exact = minor * factor * Fraction(10) ** (minor_digits(into) - 2)
    low, high = convert_limit(minor, used, minimum=False), convert_limit(minor, used, minimum=True)

    assert exact - 1 < low <= exact <= high < exact + 1


SUM = kind("sum_insured_at_least", **euros("10000.00"))
RATES = Rates((table(rate("EUR", "11"), rate("USD", "10")),))


def verdict_in(currency: str, minor: int, rates: Rates = RATES) -> Verdict:
    facts = replace(ENOUGH, sum_insured=minor, sum_insured_currency=currency)
    return decision(facts, duty(), route(), requirement(SUM), rates=rates).verdict


@pytest.mark.parametrize(
    ("currency", "minor", "expected"),
    [
        ("USD", 1_100_000, Verdict.RECOGNISED),
        ("USD", 1_099_999, Verdict.NOT_RECOGNISED),
        ("NOK", 11_000_000, Verdict.RECOGNISED),
        ("NOK", 10_999_999, Verdict.NOT_RECOGNISED),
        ("KZT", 10**12, Verdict.UNDETERMINED),
    ],
)
def test_a_sum_in_another_currency_is_held_against_the_converted_minimum(
    currency: str, minor: int, expected: Verdict
) -> None:
    assert expected == verdict_in(currency, minor)


def test_without_a_rate_for_the_day_the_answer_is_not_known() -> None:
    yesterday = Rates((table(rate("EUR", "11", day=DAY - timedelta(days=1))),))

    assert verdict_in("NOK", 10**12, yesterday) == Verdict.UNDETERMINED


def test_a_limit_may_go_by_the_rate_of_the_day_of_conclusion() -> None:
    day = DAY - timedelta(days=9)
    setting = Setting("NO", DAY, day, Rates((table(rate("EUR", "11"), rate("EUR", "12", day=day)),)))

    assert setting.limit(Decimal(1), "EUR", minimum=True, rule=RateDay.CONCLUDED) == {"EUR": 100, "NOK": 1200}


def test_a_contract_that_does_not_say_when_it_was_concluded_has_no_rate_of_that_day() -> None:
    setting = Setting("NO", DAY, None, RATES)

    assert setting.limit(Decimal(1), "EUR", minimum=True, rule=RateDay.CONCLUDED) == {"EUR": 100}
