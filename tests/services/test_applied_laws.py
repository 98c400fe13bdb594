"""The law of an occasion is applied once; what makes no difference to it is left out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from strategies import BOOK

from polisbridge.core.applied import apply_law
from polisbridge.core.codes import Gate
from polisbridge.core.money import Rate, Rates, RateTable
from polisbridge.services.applied_laws import AppliedLaws

DAY = date(2026, 3, 17)


def bank(state: str, base: str, *currencies: str) -> RateTable:
    rates = tuple(Rate(DAY, currency, 1, Decimal(index + 2)) for index, currency in enumerate(currencies))
    return RateTable(f"bank of {state}", state, base, "", rates)


def test_the_same_occasion_is_applied_once() -> None:
    laws = AppliedLaws(BOOK, Rates())

    assert laws.at("NO", Gate.ENTRY, DAY, "UZ") is laws.at("NO", Gate.ENTRY, DAY, "KZ")
    assert laws.at("NO", Gate.ENTRY, DAY) is not laws.at("NO", Gate.ENTRY, date(2026, 3, 18))


@pytest.mark.parametrize("home_state", ["UZ", "SE", "KZ", None])
@pytest.mark.parametrize("day", [DAY, date(2026, 3, 18)])
def test_leaving_out_the_home_state_changes_no_limit(home_state: str | None, day: date) -> None:
    rates = Rates((bank("SE", "SEK", "EUR", "USD"), bank("UZ", "UZS", "EUR", "KZT"), bank("NO", "NOK", "EUR")))
    laws = AppliedLaws(BOOK, rates)

    applied = laws.at("NO", Gate.ENTRY, day, home_state)

    preferred = rates.preferring([one for one in ("NO", home_state) if one])
    assert applied.conditions == apply_law(BOOK, "NO", Gate.ENTRY, day, preferred).conditions


def test_a_home_bank_counts_only_for_what_the_hosts_does_not_quote() -> None:
    host, home = bank("NO", "NOK", "EUR", "UZS", "USD"), bank("UZ", "UZS", "EUR", "USD")

    assert AppliedLaws(BOOK, Rates((host, home))).occasion("NO", Gate.ENTRY, DAY, "UZ")[3] is None
    fewer = replace(host, rates=host.rates[:1])
    assert AppliedLaws(BOOK, Rates((fewer, home))).occasion("NO", Gate.ENTRY, DAY, "UZ")[3] == "UZ"
