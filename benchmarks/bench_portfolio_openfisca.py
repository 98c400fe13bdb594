"""The invented law as OpenFisca variables, tuned: the same rows, arrays in memory, look-up tables of numpy.

A peer, never a dependency: it is installed beside the environment and runs in this process alone. OpenFisca has no unknown, so
truths are numbers here (0 false, 1 not known, 2 true), with minimum as "and" and maximum as "or". Tuned where its own ways are
slow: parameters are looked up as arrays, not by `parameters(period).x[code]`, and variables hold types that fit (8 bits for
truths, 64 for amounts, which its own 32 bits cannot hold).
"""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from bench_contender import FINDINGS, LEAST, MOST, Job, Report, contend, report
from bench_portfolio_polars import NO_DAY, TODAY
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026-06"
FALSE, MAYBE, TRUE = 0, 1, 2
_LOW = np.uint32(0x55555555)  # the lower bit of every finding
ABSENT, UNKNOWN = -(2**31), -(2**31) + 1  # 0001-01-01 becomes ABSENT too
CODES = {
    "purpose": ("work", "business", "transit", "absent"),
    "role": ("worker", "spouse", "child", "newborn", "parent", "absent"),
    "residence_status": ("temporary_stay", "permanent_residence"),
    "contract_kind": ("voluntary", "travel", "life"),
    "sum_insured_per": ("person", "event", "year", "policy", "absent"),
    "sum_insured_currency": ("EUR", "KZT", "RUB", "USD", "TMT", "absent"),
    "deductible_currency": ("EUR", "KZT", "RUB", "USD", "TMT", "absent"),
}
SETS = {
    "here": ("AQ", "WORLD"), "excludes": ("epidemic", "work_injury"), "registered": ("polar_list", "guarantee_fund"),
    "readable": ("en", "ru"), "own": ("AQ",), "party": ("KG", "KZ"),
}  # fmt: skip
FLAGS = ("translation_certified", "premium_paid", "sum_unlimited")
DAYS = ("first_day", "last_day", "stay_first", "stay_last")
NUMBERS = ("age", "premium_arrears", "term_days", "waiting_days")
AMOUNTS = ("sum_insured", "deductible")
NUMBERED = (
    "citizenship",
    "territory",
    "territory_except",
    "exclusions",
    "insurer_registers",
    "document_languages",
    "benefits",
)

Array = np.ndarray[Any, Any]
Formula = Callable[[Callable[[str], Array]], Array]
PERSON = build_entity(key="person", plural="persons", label="Insured person", is_person=True)


def table(portfolio: Path, into: Path) -> None:
    """Decide every row, read from Parquet and written to it, a part at a time."""
    look_up = _look_up(portfolio)
    for part in sorted((portfolio / "rows").glob("*.parquet")):
        rows = pl.read_parquet(part)
        verdict, findings = _decided(_arrays(rows), look_up)
        found = pl.DataFrame({"row": rows["row"], "verdict": verdict, "findings_0": findings.astype(np.uint64)})
        found.write_parquet(into / part.name, compression="zstd")


def ready(portfolio: Path) -> Job:
    """Return the job of deciding rows that lie in memory as arrays, and counting."""
    look_up = _look_up(portfolio)
    arrays = _arrays(pl.read_parquet(portfolio / "rows" / "*.parquet"))
    return lambda _portfolio, _into: _counted(*_decided(arrays, look_up))


def _counted(verdict: Array, findings: Array) -> Report:
    """Return the counts of verdicts and of every finding."""
    low, high = findings & _LOW, findings >> np.uint32(1) & _LOW
    not_met, undetermined = ~(low | high) & _LOW, high & ~low
    bits = {name: np.uint32(1 << 2 * at) for at, name in enumerate(FINDINGS)}
    return report(
        {code: int(np.count_nonzero(verdict == code)) for code in range(4)},
        {name: int(np.count_nonzero(not_met & bit)) for name, bit in bits.items()},
        {name: int(np.count_nonzero(undetermined & bit)) for name, bit in bits.items()},
    )


def _decided(arrays: dict[str, Array], look_up: dict[str, Array]) -> tuple[Array, Array]:
    """Return verdict and packed findings of all rows, by one OpenFisca simulation."""
    system = _system(arrays, look_up)
    simulation = SimulationBuilder().build_default_simulation(system, len(arrays["purpose"]))
    for name, values in arrays.items():
        simulation.set_input(name, PERIOD, values)
    return simulation.calculate("verdict", PERIOD), simulation.calculate("findings", PERIOD)


def _system(arrays: dict[str, Array], look_up: dict[str, Array]) -> Any:
    """Return the tax and benefit system: inputs, one variable per point of law, and its parameters."""
    system = TaxBenefitSystem([PERSON])
    system.parameters = ParameterNode("", data={"least": _dated(LEAST), "most": _dated(MOST)})
    for name, values in arrays.items():
        _add(system, name, values.dtype)
    formulas = _formulas(look_up | {name: _limits(system, name) for name in ("least", "most")})
    for name, formula in formulas.items():
        _add(system, name, {"verdict": np.uint8, "findings": np.uint32}.get(name, np.int8), formula)
    return system


def _add(system: Any, name: str, kind: Any, formula: Formula | None = None) -> None:
    said: dict[str, Any] = {"value_type": int, "entity": PERSON, "definition_period": DateUnit.MONTH, "label": name}
    if formula is not None:
        said["formula"] = lambda person, period: formula(lambda other: person(other, period))
    system.add_variable(type(name, (Variable,), said))
    system.variables[name].dtype = np.dtype(kind)


def _dated(limits: dict[str, int]) -> dict[str, Any]:
    return {code: {"values": {"2026-01-01": limit}} for code, limit in limits.items()}


def _limits(system: Any, name: str) -> Array:
    """Return the limits by number of the currency; TMT has none, nor has a currency that is not known."""
    node = system.parameters(PERIOD)[name]
    return np.array([int(node[code]) for code in LEAST] + [UNKNOWN, ABSENT, UNKNOWN], dtype=np.int64)


def _formulas(at: dict[str, Array]) -> dict[str, Formula]:
    """Return how every point of law is reckoned from the values of a person; `at` holds the look-up tables."""

    def money(of: Any, name: str, limits: Array) -> tuple[Array, Array]:
        return of(name), limits[of(f"{name}_currency")]

    simple: dict[str, Formula] = {
        "fits": lambda of: at["contract_kind: voluntary travel"][of("contract_kind")],
        "lasts": lambda of: _compared(of("last_day"), np.int32(TODAY), np.greater_equal),
        "entry": lambda of: np.where(of("fits") == TRUE, of("lasts"), of("fits")),
        "not_for_work": lambda of: at["purpose: business transit absent"][of("purpose")],
        "benefits_paid": lambda of: at["benefits"][of("benefits")],
        "deductible_fits": lambda of: _any(
            of("not_for_work"),
            _known_absent(of("deductible")),
            _compared(of("deductible"), np.int64(0), np.less_equal),
            _compared(*money(of, "deductible", at["most"]), np.less_equal),
        ),
        "excludes_none": lambda of: TRUE - at["excludes"][of("exclusions")],
        "insurer": lambda of: at["registered"][of("insurer_registers")],
        "language": lambda of: _all(at["readable"][of("document_languages")], of("translation_certified")),
        "period": lambda of: _all(
            _compared(of("first_day"), of("stay_first"), np.less_equal),
            _compared(of("last_day"), of("stay_last"), lambda last, stay: last >= stay + 15),
        ),
        "person_fits": lambda of: _any(
            at["role: worker spouse"][of("role")],
            _all(at["role: child newborn"][of("role")], _compared(of("age"), np.int32(17), np.less_equal)),
        ),
        "premium": lambda of: _any(
            of("premium_paid"), _compared(of("premium_arrears"), np.int32(0), np.less_equal)
        ),
        "sum_fits": lambda of: _all(
            _any(of("sum_unlimited"), _compared(*money(of, "sum_insured", at["least"]), np.greater_equal)),
            at["sum_insured_per: person event year"][of("sum_insured_per")],
        ),
        "term": lambda of: _compared(of("term_days"), np.int32(90), np.greater_equal),
        "place": lambda of: _all(at["here"][of("territory")], TRUE - at["here"][of("territory_except")]),
        "waiting": lambda of: _any(
            _known_absent(of("waiting_days")), _compared(of("waiting_days"), np.int32(10), np.less_equal)
        ),
        "duty": lambda of: _all(
            TRUE - at["own"][of("citizenship")], TRUE - at["residence_status: permanent_residence"][of("residence_status")]
        ),
        "exemption": lambda of: _all(at["purpose: business transit"][of("purpose")], at["party"][of("citizenship")]),
    }  # fmt: skip
    return simple | {"verdict": _verdict, "findings": _findings}


_NAMES = {
    "benefits": "benefits_paid", "deductible": "deductible_fits", "exclusions": "excludes_none", "person": "person_fits",
    "sum_insured": "sum_fits", "territory": "place",
}  # fmt: skip


def _verdict(of: Callable[[str], Array]) -> Array:
    required = _all(of("duty"), TRUE - of("exemption"))
    recognised = _all(of("fits"), of("lasts"), *(of(_NAMES.get(name, name)) for name in FINDINGS[1:-2]))
    # rows: required false, not known, true; columns: recognised false, not known, true
    table = np.array([[3, 3, 3], [2, 2, 1], [0, 2, 1]], dtype=np.uint8).ravel()
    return table[required * np.int8(3) + recognised]


def _findings(of: Callable[[str], Array]) -> Array:
    codes = np.array([0, 2, 1], dtype=np.uint32)
    packed = np.zeros(len(of("duty")), dtype=np.uint32)
    for place, name in enumerate(FINDINGS):
        code = (codes << np.uint32(2 * place))[of(_NAMES.get(name, name))]
        packed |= (
            np.where(of("not_for_work") == TRUE, np.uint32(3 << 2 * place), code) if name == "deductible" else code
        )
    return packed


def _compared(one: Array, other: Any, holds: Callable[[Array, Any], Array]) -> Array:
    """Return the truth of a comparison: false where a side is absent, not known where one is not."""
    truth: Array = holds(one, other).view(np.int8) * np.int8(TRUE)
    truth[(one == UNKNOWN) | (other == UNKNOWN)] = MAYBE
    truth[(one == ABSENT) | (other == ABSENT)] = FALSE
    return truth


def _known_absent(values: Array) -> Array:
    truth: Array = (values == ABSENT).view(np.int8) * np.int8(TRUE)
    truth[values == UNKNOWN] = MAYBE
    return truth


def _all(*truths: Array) -> Array:
    least: Array = reduce(np.minimum, truths)
    return least


def _any(*truths: Array) -> Array:
    most: Array = reduce(np.maximum, truths)
    return most


def _look_up(portfolio: Path) -> dict[str, Array]:
    """Return the truths by number: of codes, of sets and of benefit tables; the last is for what is not known."""
    found = {}
    for wanted in (
        "contract_kind: voluntary travel", "purpose: business transit absent", "purpose: business transit",
        "role: worker spouse", "role: child newborn", "sum_insured_per: person event year",
        "residence_status: permanent_residence",
    ):  # fmt: skip
        name, codes = wanted.split(": ")
        truths = [TRUE if code in codes.split() else FALSE for code in CODES[name]]
        found[wanted] = np.array([*truths, MAYBE], dtype=np.int8)
    sets = [set(codes) for codes in pl.read_parquet(portfolio / "sets.parquet").sort("number")["codes"].to_list()]
    for name, wanted_codes in SETS.items():
        found[name] = np.array([*(TRUE * bool(held & set(wanted_codes)) for held in sets), MAYBE], dtype=np.int8)
    tables = pl.read_parquet(portfolio / "benefits.parquet").sort("number")["lines"].to_list()
    found["benefits"] = np.array([*(_paid(lines) for lines in tables), MAYBE], dtype=np.int8)
    return found


def _paid(lines: list[dict[str, Any]]) -> int:
    def some(*benefits: str) -> int:
        return max((min(_in(line["benefit"], benefits), _ill(line["causes"])) for line in lines), default=FALSE)

    return min(some("emergency"), some("inpatient", "comprehensive"))


def _in(code: str | None, codes: tuple[str, ...]) -> int:
    return MAYBE if code is None else TRUE * (code in codes)


def _ill(causes: list[str] | None) -> int:
    return MAYBE if causes is None else TRUE * ("illness" in causes)


def _arrays(rows: pl.DataFrame) -> dict[str, Array]:
    """Return the columns as numbers: codes and lists by number, truths in three values, UNKNOWN for null."""
    days = {name: pl.col(name).to_physical() for name in DAYS}
    held = rows.select(
        *(pl.col(name).cast(pl.Enum(codes)).to_physical().cast(pl.Int8).fill_null(len(codes)) for name, codes in CODES.items()),
        *((pl.col(name).cast(pl.Int8) * TRUE).fill_null(MAYBE) for name in FLAGS),
        *(pl.when(day == NO_DAY).then(ABSENT).otherwise(day).cast(pl.Int32).fill_null(UNKNOWN).alias(name) for name, day in days.items()),
        *(pl.col(name).fill_null(UNKNOWN) for name in (*NUMBERS, *AMOUNTS)),
        *(pl.col(name).cast(pl.Int32).fill_null(-1) for name in NUMBERED),
    )  # fmt: skip
    return {name: held[name].to_numpy() for name in held.columns}


if __name__ == "__main__":
    contend({"table": table}, {"report": ready})
