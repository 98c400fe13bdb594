"""Scenario files: changes of the law to try out (`polisbridge schema scenario`; docs/impact.md). Never law.

scenario: patent_minimum_200000
title: {en: …, ru: …}
made: 2026-11-22
changes:
  - {do: change, provision: ru.directive_3793_u.sum_insured, from: 2027-01-01, with: {amount: "200000"}, title: {…}}
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from polisbridge.core.checks import Check
from polisbridge.core.codes import Gate
from polisbridge.core.condition import ALWAYS
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.law import LawBook, Provision, Requirement, Route
from polisbridge.core.scenario import Added, Adopted, Changed, Dropped, Scenario, ScenarioChange, TreatySupposed
from polisbridge.formats.codelists import states
from polisbridge.formats.convert import convert
from polisbridge.formats.lawparts import PartReader, Words
from polisbridge.formats.tree import Document, Path

P = TypeVar("P", bound=Provision)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class _Change(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", kw_only=True, rename={"first": "from"}):
    first: date | None = None


class ChangeFile(_Change, frozen=True, tag="change", rename={"first": "from", "parameters": "with"}):
    """A requirement asks something else: the parameters in `with`, the others as they are."""

    provision: str
    parameters: Annotated[dict[str, Any], Meta(min_length=1)]
    title: Words


class AddFile(_Change, frozen=True, tag="add", rename={"first": "from", "parameters": "with"}):
    """Routes ask one thing more; written as in a law file, without citation."""

    id: str
    title: Words
    route: str | list[str]
    check: str
    gate: list[Gate] = []
    applies_to: dict[str, Any] = {}
    parameters: dict[str, Any] = {}


class DropFile(_Change, frozen=True, tag="drop", rename={"first": "from"}):
    """A provision is no longer in force."""

    provision: str


class SupposeFile(_Change, frozen=True, tag="suppose", rename={"first": "from"}):
    """A treaty binds the parties."""

    treaty: str
    parties: list[str] = []
    open_questions: Literal["settled", "open"] = "settled"


class AdoptFile(_Change, frozen=True, tag="adopt", rename={"first": "from", "parameters": "with"}):
    """A route asks what a requirement of another one does, or all that another route asks."""

    provision: str
    route: str
    gate: list[Gate] = []
    parameters: dict[str, Any] = {}
    title: Words = {}


class ScenarioFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A scenario: its name, the day it was made, and its changes in order."""

    scenario: str
    title: Words
    made: date
    changes: Annotated[list[ChangeFile | AddFile | DropFile | SupposeFile | AdoptFile], Meta(min_length=1)]
    note: Words = {}


def read_scenario(document: Document, book: LawBook) -> Scenario:
    """Return the scenario, every id in it one of the book. Raises InputFaults with every fault."""
    return convert(document, ScenarioFile, lambda raw: _ScenarioReader(document, book).read(raw))


class _ScenarioReader(PartReader):
    """Reads one scenario against the book that it changes."""

    def __init__(self, document: Document, book: LawBook) -> None:
        super().__init__(book.vocabulary)
        self._document, self._book = document, book
        self._touched: set[str] = set()

    def read(self, raw: ScenarioFile) -> Scenario:
        if not _NAME.fullmatch(raw.scenario):
            self.fault(self._document, FaultCode.WRONG_VALUE, ("scenario",), raw.scenario, "a name like raise_minimum")
        self.languages(self._document, ("title",), raw.title)
        if raw.note:
            self.languages(self._document, ("note",), raw.note)
        changes = []
        for at, one in enumerate(raw.changes):
            try:
                changes.append(self._change(("changes", at), one, raw.made))
            except InputFaults as exc:
                self.faults += exc.faults
        if self.faults:
            raise InputFaults(self.faults)
        told = json.dumps(self._document.tree, ensure_ascii=False, sort_keys=True).encode()
        return Scenario(raw.scenario, raw.title, raw.made, tuple(changes), hashlib.sha256(told).hexdigest(), raw.note)

    def _change(self, path: Path, raw: Any, made: date) -> ScenarioChange:
        match raw:
            case ChangeFile():
                old = self._ended(path, raw.provision, raw.first, Requirement)
                self.languages(self._document, (*path, "title"), raw.title)
                return Changed(old.id, raw.first, self._changed(path, old, raw.parameters), raw.title)
            case AddFile():
                return self._added(path, raw)
            case DropFile():
                return Dropped(self._ended(path, raw.provision, raw.first, Provision).id, raw.first)
            case SupposeFile():
                return self._supposed(path, raw)
            case AdoptFile():
                return self._adopted(path, raw, made)
        raise TypeError(raw)

    def _ended(self, path: Path, name: str, first: date | None, kind: type[P]) -> P:
        """Return the provision that is to end; it may be touched once, and only while it is in force."""
        found = self._found(path, "provision", name, kind)
        last = found.in_force.last
        if first and last and last + timedelta(days=1) < first:
            self.fault(self._document, FaultCode.WRONG_ORDER, (*path, "from"), first, f"a day not after {last}")
        if name in self._touched:
            self.fault(self._document, FaultCode.TWICE, (*path, "provision"), name, "each provision once")
        self._touched.add(name)
        return found

    def _found(self, path: Path, key: str, name: str, kind: type[P], *more: type[Provision]) -> P:
        found = self._book.get(name)
        if not isinstance(found, (kind, *more)):
            named = (
                "a provision"
                if kind is Provision
                else " or ".join(f"a {one.__name__.lower()}" for one in (kind, *more))
            )
            fault = self._document.fault(FaultCode.UNKNOWN_CODE, (*path, key), name, f"{named} of the law, by its id")
            raise InputFaults([fault])
        return found  # type: ignore[return-value]

    def _changed(self, path: Path, old: Requirement, parameters: dict[str, Any]) -> Check:
        """Return the requirement's kind with these parameters in place of its own."""
        written = {key: value for key, value in msgspec.to_builtins(old.check).items() if value is not None}
        lines: dict[Path, int] = {
            where: self._document.line((*path, *where)) for where in [(), *(("with", key) for key in parameters)]
        }
        document = Document(self._document.file, {"with": written | parameters}, lines, path)
        return self.check(document, type(old.check), parameters)

    def _added(self, path: Path, raw: AddFile) -> Added:
        document = self._document.part(*path)
        self.languages(document, ("title",), raw.title)
        if not _NAME.fullmatch(raw.id):
            self.fault(document, FaultCode.WRONG_VALUE, ("id",), raw.id, "a short name like hotline")
        if raw.id in self._touched:
            self.fault(document, FaultCode.TWICE, ("id",), raw.id, "each id once")
        self._touched.add(raw.id)
        names = [raw.route] if isinstance(raw.route, str) else raw.route
        routes = [self._collected(partial(self._found, path, "route", name, Route)) for name in names]
        applies = self.selector(document, "applies_to", raw.applies_to)
        check = self.check(document, self.kind(document, raw.check), raw.parameters)
        ids = tuple(one.id for one in routes if one is not None)
        return Added(raw.id, raw.first, ids, check, raw.title, frozenset(raw.gate), applies or ALWAYS)

    def _supposed(self, path: Path, raw: SupposeFile) -> TreatySupposed:
        known = {
            key.removeprefix("treaties."): one.treaty for key, one in self._book.jurisdictions.items() if one.treaty
        }
        name = raw.treaty.removeprefix("treaties.")
        for at, state in enumerate(raw.parties):
            if state not in states():
                self.fault(
                    self._document, FaultCode.UNKNOWN_CODE, (*path, "parties", at), state, "a state by ISO 3166-1"
                )
        treaty = known.get(name)
        if treaty is None:
            wanted = f"one of {', '.join(sorted(known))}"
            self.fault(self._document, FaultCode.UNKNOWN_CODE, (*path, "treaty"), name, wanted)
        else:
            listed = treaty.status == "in_force" or not raw.parties
            bound = {*raw.parties, *(one.state for one in treaty.parties if listed)}
            if len(bound) < 2:  # noqa: PLR2004 - a treaty binds two states at least
                self.fault(
                    self._document, FaultCode.WRONG_VALUE, (*path, "parties"), raw.parties, "two states at least"
                )
        settled = raw.open_questions == "settled"
        return TreatySupposed(f"treaties.{name}", tuple(sorted(set(raw.parties))), raw.first, settled)

    def _adopted(self, path: Path, raw: AdoptFile, made: date) -> Adopted:
        onto = self._collected(lambda: self._found(path, "route", raw.route, Route))
        source: Provision = self._found(path, "provision", raw.provision, Requirement, Route)
        check = None
        if isinstance(source, Requirement):
            check = self._changed(path, source, raw.parameters) if raw.parameters else None
            if raw.parameters or raw.title:
                self.languages(self._document, (*path, "title"), raw.title)
        elif raw.parameters or raw.title:
            self.fault(self._document, FaultCode.WRONG_VALUE, path, "with or title", "both, for one requirement")
        if isinstance(source, Route) and not adoptable(self._book, source, raw.first or made):
            wanted = f"a route that asks something on {raw.first or made}"
            self.fault(self._document, FaultCode.WRONG_VALUE, (*path, "provision"), source.id, wanted)
        return Adopted(source.id, onto.id if onto else "", raw.first, frozenset(raw.gate), check, raw.title)

    def _collected(self, read: Callable[[], P]) -> P | None:
        try:
            return read()
        except InputFaults as exc:
            self.faults += exc.faults
            return None


def adoptable(book: LawBook, route: Route, day: date) -> tuple[Requirement, ...]:
    """Return the requirements of a route that are in force on the day, in order of id."""
    return tuple(
        one
        for one in book.provisions
        if isinstance(one, Requirement) and route.id in one.routes and one.in_force.on(day)
    )
