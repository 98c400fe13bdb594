"""What jobs are asked for, read strictly: from a program, a form, or a job that was kept.

`source` names the contracts: those on record (`registry`, the sender's own), a file sent along (`upload`), or made-up
ones (`synthetic`, for scenarios only).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct

from polisbridge.core.codes import Gate
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.jobs import JobKind
from polisbridge.core.law import LawBook
from polisbridge.formats.convert import convert
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.tree import Document
from polisbridge.services.registry.portfolio import Occasions

MOST_SYNTHETIC = 5_000_000
_DAYS = 90  # of a stay, when nobody says otherwise


class JobSource(StrEnum):
    """Where the contracts come from."""

    REGISTRY = "registry"
    UPLOAD = "upload"
    SYNTHETIC = "synthetic"


class _Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    source: JobSource
    states: list[str] = []
    gates: list[Gate] = []
    as_of: date | None = None
    days: Annotated[int, Meta(ge=1, le=3653)] = _DAYS
    language: str = "en"

    def occasions(self, today: date) -> Occasions:
        """Return what contracts on record are to be decided for."""
        return Occasions(tuple(self.states), tuple(self.gates), self.as_of or today, self.days)


class AssessmentOrder(
    _Order, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="portfolio_assessment"
):
    """Decide every contract: for each of the states and gates where they are those on record."""


class ImpactOrder(
    _Order, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="scenario_impact"
):
    """Decide every contract twice, by the law and by a scenario (a scenario file's content), and count what changes."""

    scenario: dict[str, Any]
    rows: Annotated[int, Meta(ge=1, le=MOST_SYNTHETIC)] = 100_000
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 1


class ReportOrder(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="approaches_report"
):
    """Write the report on the seven approaches in a language."""

    language: str = "en"


JobOrder: TypeAlias = AssessmentOrder | ImpactOrder | ReportOrder


def read_order(document: Document, kind: JobKind, book: LawBook, languages: tuple[str, ...]) -> JobOrder:
    """Return the order for a job of the kind. Raises InputFaults with every fault."""
    match kind:
        case JobKind.PORTFOLIO_ASSESSMENT:
            return read_assessment(document, book, languages)
        case JobKind.SCENARIO_IMPACT:
            return read_impact(document, book, languages)
        case JobKind.APPROACHES_REPORT:
            return read_report(document, languages)


def read_assessment(document: Document, book: LawBook, languages: tuple[str, ...]) -> AssessmentOrder:
    """Return the order. Raises InputFaults with every fault."""

    def read(raw: AssessmentOrder) -> AssessmentOrder:
        _check(document, raw, book, languages)
        return raw

    return convert(document, AssessmentOrder, read)


def read_impact(document: Document, book: LawBook, languages: tuple[str, ...]) -> ImpactOrder:
    """Return the order, its scenario checked against the law. Raises InputFaults with every fault."""

    def read(raw: ImpactOrder) -> ImpactOrder:
        faults = list[Fault]()
        for check in (
            lambda: _check(document, raw, book, languages),
            lambda: read_scenario(document.part("scenario"), book),
        ):
            try:
                check()
            except InputFaults as exc:
                faults += exc.faults
        if faults:
            raise InputFaults(faults)
        return raw

    return convert(document, ImpactOrder, read)


def read_report(document: Document, languages: tuple[str, ...]) -> ReportOrder:
    """Return the order. Raises InputFaults with every fault."""

    def read(raw: ReportOrder) -> ReportOrder:
        if raw.language not in languages:
            raise InputFaults([_no_language(document, raw.language, languages)])
        return raw

    return convert(document, ReportOrder, read)


def _check(document: Document, raw: _Order, book: LawBook, languages: tuple[str, ...]) -> None:
    """Raise InputFaults for everything that is unknown or wanting in an order."""
    known, faults = book.states(), list[Fault]()
    for at, state in enumerate(raw.states):
        if state not in known:
            expected = f"a state whose law is known: {', '.join(sorted(known))}"
            faults.append(document.fault(FaultCode.UNKNOWN_CODE, ("states", at), state, expected))
    if raw.source is JobSource.REGISTRY:
        for name in ("states", "gates"):
            if not getattr(raw, name):
                expected = f"one of the {name} at least: contracts on record do not say for what they are shown"
                faults.append(document.fault(FaultCode.MISSING_KEY, (name,), "nothing", expected))
    if raw.source is JobSource.SYNTHETIC and isinstance(raw, AssessmentOrder):
        faults.append(document.fault(FaultCode.WRONG_VALUE, ("source",), "synthetic", "registry or upload"))
    if raw.language not in languages:
        faults.append(_no_language(document, raw.language, languages))
    if faults:
        raise InputFaults(faults)


def _no_language(document: Document, found: str, languages: tuple[str, ...]) -> Fault:
    return document.fault(FaultCode.UNKNOWN_CODE, ("language",), found, f"one of {', '.join(languages)}")


def plain(order: Struct) -> dict[str, Any]:
    """Return an order as it is kept with its job."""
    found: dict[str, Any] = msgspec.to_builtins(order)
    return found


def kept(asked: Mapping[str, Any], kind: type[Struct]) -> Any:
    """Return the order that was kept with a job."""
    return msgspec.convert(dict(asked), kind)
