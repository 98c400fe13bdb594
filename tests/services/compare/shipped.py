"""The law that ships, the sample rates, and stays of one worker, for the tests of comparisons."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Insured, Period, Stay
from polisbridge.core.days import day_number
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.compare.places import Place

DAY = date(2026, 3, 17)  # the National Bank of Belarus quoted EUR, USD, RUB, KZT and KGS that day
BOOK: LawBook = read_law(read_folder(shipped_law()))
CIS = ("AM", "BY", "KG", "KZ", "RU", "TJ", "UZ")
_SAMPLES = Path(__file__).parents[3] / "samples"
RATES = Rates(read_rates(read_tree((_SAMPLES / "rates.yaml").read_bytes(), "rates.yaml")))
REGIONS = {"RU": "RU-MOW"}
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)


def place(text: str) -> Place:
    state, _, gate = text.partition(":")
    return Place(state, Gate(gate))


def worker(citizenship: str) -> Insured:
    return Insured("worker", Role.WORKER, born=date(1988, 7, 21), citizenship=frozenset({citizenship}))


def stays(*places: str, as_of: date = DAY) -> tuple[Stay, ...]:
    return tuple(_stay(place(one), as_of) for one in places)


def _stay(at: Place, as_of: date) -> Stay:
    job = {"employment_first": day_number(FIRST), "employment_last": day_number(LAST)}
    return Stay(at.state, at.gate, as_of, REGIONS.get(at.state), Period(FIRST, LAST), job)


def ids(some: Iterable[object]) -> list[str]:
    return [str(getattr(one, "id", one)) for one in some]
