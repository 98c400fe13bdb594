"""The work to be measured: an invented law of twelve requirements, and seeded occasions to decide under it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from polisbridge.adapters.folder import read_folder
from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.codes import Gate
from polisbridge.core.days import day_number
from polisbridge.core.facts import ABSENT, BenefitLine, Facts
from polisbridge.core.money import Rate, Rates, RateTable
from polisbridge.formats.lawfile import read_law

Plain: TypeAlias = dict[str, Any]

LAW_FOLDER = Path(__file__).parent / "law"
AS_OF = date(2026, 6, 1)
STAY_FIRST, MISSING, _NONE_STATED = 20_620, 0.01, 0.3
_PRICES = {"EUR": "563.41", "USD": "518.22", "RUB": "5.8006"}  # in KZT; no rate for TMT
_EURO = {"EUR": 100, "USD": 108.7, "KZT": 56_341, "RUB": 9_713, "TMT": 380, None: 100}  # minor units, about


def bench_law() -> AppliedLaw:
    """Return the invented law, its limits converted by the rates of one day."""
    return apply_law(read_law(read_folder(LAW_FOLDER)), "AQ", Gate.HIRING, AS_OF, bench_rates())


def bench_rates() -> Rates:
    """Return the invented rates of that day."""
    rates = tuple(Rate(AS_OF, code, 1, Decimal(price)) for code, price in _PRICES.items())
    return Rates((RateTable("invented", "KZ", "KZT", "https://example.org/rates", rates),))


def occasions(count: int, seed: int) -> list[Facts]:
    """Return occasions: about a third recognised, a half with something not met, the others with a fact missing."""
    rng = Random(seed)
    return [_occasion(rng) for _ in range(count)]


def _occasion(rng: Random) -> Facts:
    values = {name: None if rng.random() < MISSING else make(rng) for name, make in _FIELDS.items()}
    first, last = values["first_day"], values["last_day"]
    term = last - first + 1 if first is not None and last is not None else None
    values |= {name: amount for name, amount in _amounts(rng, values).items() if values[name] is not None}
    return replace(Facts(state="AQ", gate="hiring", term_days=term), **values)


def _amounts(rng: Random, values: Plain) -> Plain:
    """Return a sum and a deductible near the limits of their currency, more often on the right side."""
    per_sum, per_deductible = _EURO[values["sum_insured_currency"]], _EURO[values["deductible_currency"]]
    amount = int(rng.choice((29_000, 30_000, 30_000, 35_000, 50_000, 50_000, 100_000, 100_000)) * per_sum)
    first = int(rng.choice((0, 50, 50, 80, 99, 100, 100, 120)) * per_deductible)
    return {
        "sum_insured": amount + rng.choice((0, 0, 0, -1, 1)),
        "deductible": ABSENT if rng.random() < _NONE_STATED else max(0, first + rng.choice((0, 0, 0, -1, 1))),
    }


def _one(usual: object, *others: object, odd: float = 0.04) -> Callable[[Random], Any]:
    """Return a maker of the usual value, and sometimes of one of the others."""
    return lambda rng: rng.choice(others) if rng.random() < odd else usual


def _set(*usual: str, others: tuple[str, ...], odd: float = 0.04) -> Callable[[Random], frozenset[str]]:
    """Return a maker of a set that holds one of the usual codes, sometimes only others."""

    def make(rng: Random) -> frozenset[str]:
        held = set(rng.sample(others, rng.randint(0, min(2, len(others)))))
        return frozenset(held if rng.random() < odd or not usual else held | {rng.choice(usual)})

    return make


def _line(rng: Random, benefit: str) -> BenefitLine:
    causes = (
        None
        if rng.random() < MISSING
        else frozenset({"illness", "accident"} if rng.random() > MISSING else {"accident"})
    )
    return BenefitLine(benefit=None if rng.random() < MISSING else benefit, causes=causes)


def _benefits(rng: Random) -> tuple[BenefitLine, ...]:
    held = ["emergency", "comprehensive" if rng.random() < 0.3 else "inpatient", "outpatient", "dental"]  # noqa: PLR2004
    if rng.random() < MISSING:
        held.remove(rng.choice(held))
    return tuple(_line(rng, benefit) for benefit in held)


_FIELDS: dict[str, Callable[[Random], Any]] = {
    "as_of": lambda _: day_number(AS_OF),
    "stay_first": lambda rng: STAY_FIRST + rng.randint(0, 2),
    "stay_last": lambda rng: STAY_FIRST + 165 + rng.randint(0, 1),
    "purpose": _one("work", "business", "transit", odd=0.1),
    "role": _one("worker", "spouse", "child", "child", "newborn", "parent", odd=0.2),
    "age": lambda rng: rng.randint(0, 19),
    "citizenship": _set("TJ", "KG", "KZ", "UZ", others=("MD", "AM", "GE", "MN")),
    "residence_status": _one("temporary_stay", "permanent_residence", odd=0.02),
    "contract_kind": _one("voluntary", "travel", "travel", "life"),
    "first_day": lambda rng: STAY_FIRST - rng.randint(0, 30) if rng.random() > MISSING else STAY_FIRST + 1,
    "last_day": lambda rng: STAY_FIRST + (180 + rng.randint(0, 60) if rng.random() > MISSING else rng.choice((-20, 80, 85))),
    "insurer_registers": _set("polar_list", "guarantee_fund", others=("home_list",)),
    "territory": _set("AQ", "WORLD", others=("KG", "KZ", "UZ", "TJ")),
    "territory_except": _one(frozenset(), frozenset({"US", "CA"}), frozenset({"AQ"})),
    "sum_insured": lambda _: 0,  # set by _amounts
    "sum_insured_currency": _one("KZT", "EUR", "USD", "RUB", "TMT", odd=0.5),
    "sum_insured_per": _one("person", "event", "year", "policy"),
    "sum_unlimited": _one(False, True),  # noqa: FBT003 - a value of the field
    "deductible": lambda _: 0,  # set by _amounts
    "deductible_currency": _one("USD", "EUR", "KZT", "RUB", "TMT", odd=0.5),
    "benefits": _benefits,
    "exclusions": _set("dental", "cosmetic", "war", "epidemic", others=("cosmetic", "war"), odd=0.8),
    "waiting_days": _one(ABSENT, 0, 5, 9, 10, 10, 11, odd=0.5),
    "premium_paid": _one(True, False),  # noqa: FBT003 - a value of the field
    "premium_arrears": _one(0, 1, 2, odd=0.5),
    "document_languages": _set("en", "ru", others=("ky", "kk", "uz", "tg")),
    "translation_certified": _one(True, False),  # noqa: FBT003 - a value of the field
}  # fmt: skip


def plain(facts: Facts) -> Plain:
    """Return the record as the other engines take it: only what the rules read, None where it is missing.

    Two things are settled here in their favour: sets become lists, and a deductible or waiting period
    that is stated absent becomes 0, which is what it means in these rules.
    """
    values: Plain = {name: _plain(getattr(facts, name)) for name in (*_FIELDS, "term_days")}
    if facts.benefits is not None:
        values["benefits"] = [{"benefit": line.benefit, "causes": _plain(line.causes)} for line in facts.benefits]
    return values


def _plain(value: object) -> object:
    if value is ABSENT:
        return 0
    return sorted(value) if isinstance(value, frozenset) else value
