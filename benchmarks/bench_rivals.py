"""The same twelve requirements, duty, treaty exemption and verdict, written for three general rule engines.

Each takes a dict and returns thirteen codes: the requirements in order of name, then the verdict. Codes of
a requirement: 1 met, 0 not met, 2 not known, 3 does not concern the person. None of the engines knows
three-valued logic, so every rule has two rails: what makes it surely met, and what makes it surely fail.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import cel
import json_logic
import zen

from bench_occasions import Plain

Codes: TypeAlias = list[int]
Engine: TypeAlias = Callable[[Any], Any]

NAMES = (
    "benefits", "deductible", "exclusions", "insurer", "language", "period",
    "person", "premium", "sum_insured", "term", "territory", "waiting",
)  # fmt: skip
VERDICTS = ("not_required", "recognised", "not_recognised", "undetermined")
Limits: TypeAlias = Mapping[str, int]


def rails(least: Limits, most: Limits) -> dict[str, tuple[str, str]]:
    """Return per rule what makes it surely true and surely false, in the language of zen.

    `least` and `most` are the minimum sum and the maximum deductible in each currency.
    """
    known = "(sum_insured != null and sum_insured_currency != null)"
    enough = " or ".join(f"(sum_insured_currency == '{code}' and sum_insured >= {limit})" for code, limit in least.items())
    short = " or ".join(f"(sum_insured_currency == '{code}' and sum_insured < {limit})" for code, limit in least.items())
    small = " or ".join(f"(deductible_currency == '{code}' and deductible <= {limit})" for code, limit in most.items())
    large = " or ".join(f"(deductible_currency == '{code}' and deductible > {limit})" for code, limit in most.items())
    scope = "sum_insured_per in ['person', 'year', 'event']"
    return {
        "duty": (
            "citizenship != null and not ('AQ' in citizenship) and residence_status != null and residence_status != 'permanent_residence'",
            "(citizenship != null and 'AQ' in citizenship) or residence_status == 'permanent_residence'",
        ),
        "exemption": (
            "purpose in ['business', 'transit'] and citizenship != null and ('KG' in citizenship or 'KZ' in citizenship)",
            "(purpose != null and not (purpose in ['business', 'transit'])) or (citizenship != null and not ('KG' in citizenship or 'KZ' in citizenship))",
        ),
        "entry": (
            "contract_kind in ['voluntary', 'travel'] and last_day != null and as_of != null and last_day >= as_of",
            "(contract_kind != null and not (contract_kind in ['voluntary', 'travel'])) or (last_day != null and as_of != null and last_day < as_of)",
        ),
        "benefits": _benefit_rails(("'emergency'",), ("'inpatient'", "'comprehensive'")),
        "deductible": (
            f"deductible != null and (deductible <= 0 or {small})",
            f"deductible != null and deductible > 0 and ({large})",
        ),
        "exclusions": (
            "exclusions != null and not ('epidemic' in exclusions or 'work_injury' in exclusions)",
            "exclusions != null and ('epidemic' in exclusions or 'work_injury' in exclusions)",
        ),
        "insurer": (
            "insurer_registers != null and ('polar_list' in insurer_registers or 'guarantee_fund' in insurer_registers)",
            "insurer_registers != null and not ('polar_list' in insurer_registers or 'guarantee_fund' in insurer_registers)",
        ),
        "language": (
            "translation_certified == true and document_languages != null and ('en' in document_languages or 'ru' in document_languages)",
            "translation_certified == false or (document_languages != null and not ('en' in document_languages or 'ru' in document_languages))",
        ),
        "period": (
            "first_day != null and stay_first != null and last_day != null and stay_last != null and first_day <= stay_first and last_day >= stay_last + 15",
            "(first_day != null and stay_first != null and first_day > stay_first) or (last_day != null and stay_last != null and last_day < stay_last + 15)",
        ),
        "person": (
            "role in ['worker', 'spouse'] or (role in ['child', 'newborn'] and age != null and age <= 17)",
            "role != null and not (role in ['worker', 'spouse']) and (not (role in ['child', 'newborn']) or (age != null and age > 17))",
        ),
        "premium": (
            "premium_paid == true or (premium_arrears != null and premium_arrears <= 0)",
            "premium_paid == false and premium_arrears != null and premium_arrears > 0",
        ),
        "sum_insured": (
            f"{scope} and (sum_unlimited == true or ({known} and ({enough})))",
            f"(sum_insured_per != null and not ({scope})) or (sum_unlimited == false and {known} and ({short}))",
        ),
        "term": ("term_days != null and term_days >= 90", "term_days != null and term_days < 90"),
        "territory": (
            "territory != null and ('AQ' in territory or 'WORLD' in territory) and territory_except != null and not ('AQ' in territory_except or 'WORLD' in territory_except)",
            "(territory != null and not ('AQ' in territory or 'WORLD' in territory)) or (territory_except != null and ('AQ' in territory_except or 'WORLD' in territory_except))",
        ),
        "waiting": ("waiting_days != null and waiting_days <= 10", "waiting_days != null and waiting_days > 10"),
    }


def _benefit_rails(*wanted: tuple[str, ...]) -> tuple[str, str]:
    """Return the rails of: for each group some line pays for one of its benefits on illness."""
    met, may = [], []
    for group in wanted:
        codes = ", ".join(group)
        met.append(f"some(benefits, #.benefit in [{codes}] and #.causes != null and 'illness' in #.causes)")
        may.append(f"some(benefits, (#.benefit == null or #.benefit in [{codes}]) and (#.causes == null or 'illness' in #.causes))")
    return f"benefits != null and {' and '.join(met)}", f"benefits != null and not ({' and '.join(may)})"


def _status(name: str, rules: Mapping[str, tuple[str, str]]) -> str:
    met, fails = rules[name]
    if name == "deductible":  # asked of workers only
        return f"purpose != null and purpose != 'work' ? 3 : ({met}) ? 1 : purpose == 'work' and ({fails}) ? 0 : 2"
    return f"({met}) ? 1 : ({fails}) ? 0 : 2"
