"""Stay files: occasions to decide, each with its state, gate, day and dates (`polisbridge schema stays`)."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from polisbridge.core.codes import Gate
from polisbridge.core.contract import Period, Stay
from polisbridge.core.days import day_number
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.formats.codelists import is_region, states
from polisbridge.formats.contractfile import FactReader, PeriodFile, PersonFactsFile, Vocabulary
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document, Path


class StayFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """One occasion. `from` and `to` are the stay; visa, permit and employment may have dates of their own."""

    state: str
    gate: Gate
    as_of: date
    title: str = ""
    region: str | UnsetType = UNSET
    first: date | UnsetType = UNSET
    last: date | UnsetType = UNSET
    visa: PeriodFile = PeriodFile()
    permit: PeriodFile = PeriodFile()
    employment: PeriodFile = PeriodFile()
    facts: PersonFactsFile = PersonFactsFile()
    persons: dict[str, PersonFactsFile] = {}
    expect: dict[str, str] = {}


class StaysFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All occasions of one file."""

    stays: Annotated[list[StayFile], Meta(min_length=1)]


def read_stays(document: Document, vocabulary: Vocabulary) -> tuple[tuple[Stay, StayFile], ...]:
    """Return every stay with what the file says beside it. Raises InputFaults with every fault."""
    return convert(document, StaysFile, lambda raw: _stays(document, vocabulary, raw))


def _stays(document: Document, vocabulary: Vocabulary, raw: StaysFile) -> tuple[tuple[Stay, StayFile], ...]:
    reader = FactReader(document, vocabulary)
    stays = tuple((_stay(reader, one, ("stays", index)), one) for index, one in enumerate(raw.stays))
    if reader.faults:
        raise InputFaults(reader.faults)
    return stays


def _stay(reader: FactReader, raw: StayFile, path: Path) -> Stay:
    if raw.state not in states():
        reader.fault(FaultCode.UNKNOWN_CODE, (*path, "state"), raw.state, "a state by ISO 3166-1, such as RU")
    region = None if raw.region is UNSET else raw.region
    if region and not (is_region(region) and region.startswith(f"{raw.state}-")):
        reader.fault(FaultCode.UNKNOWN_CODE, (*path, "region"), region, f"a region of {raw.state} by ISO 3166-2")
    facts = reader.part(raw.facts, "facts", path)
    for name in ("visa", "permit", "employment"):
        period = reader.period(getattr(raw, name), (*path, name))
        facts |= _days(name, period)
    persons = {key: reader.part(one, key, (*path, "persons")) for key, one in raw.persons.items()}
    whole = reader.period(PeriodFile(raw.first, raw.last), path)
    return Stay(raw.state, raw.gate, raw.as_of, region, whole, facts, persons)


def _days(name: str, period: Period) -> dict[str, object]:
    """Return the first and last day of a period of its own as facts."""
    both = {f"{name}_first": period.first, f"{name}_last": period.last}
    return {field: day_number(day) for field, day in both.items() if day is not None}
