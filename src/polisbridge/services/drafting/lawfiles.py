"""The law files that a drafted change becomes, read and checked as strictly as the law itself, with all faults at once.

Amended law is a new file, and the old one gets its last day; published ids are never renamed (law/README.md). Open
questions that bear on the old provision bear on the new one too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

import msgspec

from polisbridge.core.checks import KINDS, Setting
from polisbridge.core.codes import Outcome, ProvisionKind
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.law import InForce, LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.core.money import Rates
from polisbridge.formats import draftfile
from polisbridge.formats.casefile import read_cases
from polisbridge.formats.draftfile import ChangeFile
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import Tree, read_tree
from polisbridge.services.check_law import check_law
from polisbridge.services.drafting.cases import edges_of_an_end, made_cases
from polisbridge.services.trust.notice import first_day_allowed, of_state, too_soon

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DraftedLaw:
    """The law as a draft would make it: all files, the book of them, and what is new or changed.

    `changed` are the names of files that are new or differ; `new` the id that begins, `old` the one that ends or is
    answered, each empty when there is none.
    """

    files: Mapping[str, bytes]
    book: LawBook
    changed: tuple[str, ...]
    old: str
    new: str


def subject_of(change: ChangeFile) -> str:
    """Return what a change is about, so that two drafts of the same are noticed."""
    return change.provision or "+".join(sorted(change.routes)) + f"+{change.check}"


def drafted_law(
    files: Mapping[str, bytes], book: LawBook, state: str, change: ChangeFile, now: datetime, rates: Rates
) -> DraftedLaw:
    """Return the law with the change. Raises InputFaults with every fault, its path that of the change's form."""
    maker = _Maker(files, book, state, change)
    made = maker.made()
    faults = [*_notice(book, made.book, state, now, rates)]
    own = of_state(made.book, state)
    mine = {name: data for name, data in made.files.items() if name in made.changed}
    names = {name.removesuffix(".yaml").removesuffix(".cases").replace("/", ".") for name in made.changed}
    touched = replace(own, provisions=tuple(one for one in own.provisions if one.id in names))
    cases = {name.removesuffix(".yaml") + ".cases.yaml" for name in mine if not name.endswith(".cases.yaml")}
    held = {name: made.files[name] for name in {*cases, *mine} if name in made.files}
    faults += check_law(touched, held).faults
    if faults:
        raise InputFaults(faults)
    return made


def _notice(before: LawBook, after: LawBook, state: str, now: datetime, rates: Rates) -> Iterator[Fault]:
    """Yield a fault when the law becomes stricter sooner than it may (48 hours of notice)."""
    old, new = of_state(before, state), of_state(after, state)
    setting = Setting(state, now.date(), None, rates, new.wider_benefits())
    known = {(one.id, one.in_force) for one in too_soon(old, old, setting, now)}
    for one in too_soon(old, new, setting, now):
        if (one.id, one.in_force) not in known:
            first = str(one.in_force.first or "")
            yield Fault("draft", 1, "first", FaultCode.TOO_SOON, first, str(first_day_allowed(now)))


class _Maker:
    """Writes the files of one change."""

    def __init__(self, files: Mapping[str, bytes], book: LawBook, state: str, change: ChangeFile) -> None:
        self._files, self._book, self._state, self._change = dict(files), book, state, change
        self._before = dict(files)
        self._last = change.first - _ONE_DAY

    def made(self) -> DraftedLaw:
        """Return the law with the change. Raises InputFaults."""
        old, new = "", ""
        if self._change.do == "add":
            new = self._add()
        else:
            found = self._found()
            old = found.id
            self._refuse_days(found)
            self._end(found)
            new = self._change_of(found) if self._change.do == "change" else ""
        book = _read(self._files, new or old)
        if new:
            self._put_cases(book, new)
        changed = tuple(sorted(name for name, data in self._files.items() if self._before.get(name) != data))
        return DraftedLaw(self._files, book, changed, old, new)

    def _found(self) -> Provision:
        """Return the provision that the change is about. Raises PolisbridgeError when it is not the state's own."""
        found = self._book.get(self._change.provision)
        if found is None or self._book.jurisdictions[found.jurisdiction].state != self._state:
            raise PolisbridgeError(ErrorCode.UNKNOWN_PROVISION, self._change.provision, hint="choose from the list")
        question = isinstance(found, OpenQuestion)
        if question != (self._change.do == "answer") or (
            self._change.do == "change" and not isinstance(found, Requirement)
        ):
            raise _fault("provision", FaultCode.WRONG_VALUE, found.kind.value, f"what one can {self._change.do}")
        return found

    def _refuse_days(self, found: Provision) -> None:
        first, last = found.in_force.first, found.in_force.last
        if first is not None and self._change.first <= first:
            raise _fault("first", FaultCode.WRONG_ORDER, str(self._change.first), f"a day after {first}")
        if last is not None and self._change.first > last:
            raise _fault("first", FaultCode.WRONG_ORDER, str(self._change.first), f"a day not after {last}")

    def _end(self, found: Provision) -> None:
        """Give the provision its last day, and its cases those around it."""
        name = _file(found.id)
        text = draftfile.ended_text(self._files[name].decode(), self._last)
        if text is None:
            raise _fault("provision", FaultCode.WRONG_VALUE, found.id, "a file whose days stand on one line")
        if self._change.do == "answer":
            text = draftfile.answered_text(text, found.reading, self._change.answer)
        self._files[name] = text.encode()
        self._end_cases(replace(found, in_force=InForce(found.in_force.first, self._last)))

    def _end_cases(self, ended: Provision) -> None:
        name = _cases(ended.id)
        data = self._files.get(name)
        if data is None:
            return
        document = read_tree(data, name)
        cases = read_cases(document, self._book.vocabulary)[1]
        later = [one.line for one in cases if one.as_of > self._last and one.expect is not Outcome.NOT_IN_FORCE]
        text = draftfile.earlier_cases(data.decode(), self._last, later)
        kept = read_cases(read_tree(text.encode(), name), self._book.vocabulary)[1]
        indent = _indent_of(text)
        for one in edges_of_an_end(self._book, ended, kept, self._last):
            text = f"{text.rstrip()}\n{_indented(draftfile.case_text(one), indent)}"
        self._files[name] = text.encode()

    def _change_of(self, found: Provision) -> str:
        """Write the new version of a provision; return its id."""
        tree: dict[str, Tree] = dict(read_tree(self._files[_file(found.id)], _file(found.id)).tree)
        new = self._free(_stem(found.id), self._change.first)
        days = {"from": self._change.first.isoformat()}
        if found.in_force.last is not None:
            days["to"] = found.in_force.last.isoformat()
        tree |= {"id": new, "in_force": days, **self._said()}
        if isinstance(found, Requirement):
            tree["with"] = _ordered(found.check.name, self._change.parameters)
        self._files[_file(new)] = draftfile.provision_text(tree).encode()
        self._bear_on(found.id, new)
        return new

    def _bear_on(self, old: str, new: str) -> None:
        """Let open questions that bear on the old provision bear on the new one as well."""
        for one in self._book.provisions:
            if isinstance(one, OpenQuestion) and old in one.bears_on:
                text = draftfile.bearing_text(self._files[_file(one.id)].decode(), new)
                if text is None:
                    raise _fault("provision", FaultCode.WRONG_VALUE, one.id, "a question whose list stands on one line")
                self._files[_file(one.id)] = text.encode()

    def _add(self) -> str:
        """Write a new requirement; return its id."""
        routes = [self._route(name) for name in self._change.routes]
        if not routes:
            raise _fault("routes", FaultCode.MISSING_KEY, "nothing", "a route")
        place = routes[0].id.rpartition(".")[0]
        new = self._free(f"{place}.{self._change.check}", self._change.first)
        gates = sorted({gate.value for one in routes for gate in one.gates})
        tree: dict[str, Tree] = {
            "id": new,
            "kind": ProvisionKind.REQUIREMENT.value,
            "in_force": {"from": self._change.first.isoformat()},
            "gate": gates,
            "route": routes[0].id if len(routes) == 1 else [one.id for one in routes],
            "check": self._change.check,
            "with": _ordered(self._change.check, self._change.parameters),
            **self._said(),
        }
        self._files[_file(new)] = draftfile.provision_text(tree).encode()
        return new

    def _route(self, name: str) -> Route:
        found = self._book.get(name)
        if not isinstance(found, Route) or self._book.jurisdictions[found.jurisdiction].state != self._state:
            raise _fault("routes", FaultCode.UNKNOWN_CODE, name, "a route of the own law")
        return found

    def _said(self) -> dict[str, Tree]:
        cited = self._change.citation
        return {
            "title": dict(self._change.title),
            **({"citation": draftfile.citation_tree(cited)} if cited is not None else {}),
            "reading": dict(self._change.reading),
        }

    def _free(self, stem: str, first: date) -> str:
        name = f"{stem}_from_{first.isoformat().replace('-', '_')}"
        names = (name, *(f"{name}_{number}" for number in range(2, 100)))
        return next(one for one in names if _file(one) not in self._files)

    def _put_cases(self, book: LawBook, new: str) -> None:
        provision = book.get(new)
        if provision is not None:
            self._files[_cases(new)] = draftfile.cases_text(new, made_cases(book, provision)).encode()


def change_of(tree: Mapping[str, object]) -> ChangeFile:
    """Return a change that was kept as plain data."""
    return msgspec.convert(tree, ChangeFile, strict=False)


def _read(files: Mapping[str, bytes], drafted: str) -> LawBook:
    """Return the law of the files; faults of the drafted file at the place of the form."""
    try:
        return read_law(files)
    except InputFaults as exc:
        own = [replace(one, file="draft") for one in exc.faults if one.file == _file(drafted)]
        raise InputFaults(own or exc.faults) from exc  # what else is wrong follows from what is wrong with the draft


def _ordered(check: str, parameters: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return parameters in the order of their kind, whatever order they were kept in."""
    names = [one.name for one in fields(KINDS[check])] if check in KINDS else []
    return dict(sorted(parameters.items(), key=lambda one: names.index(one[0]) if one[0] in names else len(names)))


def _file(provision: str) -> str:
    return f"{provision.replace('.', '/')}.yaml"


def _cases(provision: str) -> str:
    return f"{provision.replace('.', '/')}.cases.yaml"


def _stem(provision: str) -> str:
    return provision.partition("_from_")[0]


def _indent_of(text: str) -> str:
    """Return what stands before the first case of a file."""
    line = next((one for one in text.splitlines() if one.lstrip().startswith("- ")), "")
    return line[: len(line) - len(line.lstrip())]


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))


def _fault(path: str, code: FaultCode, found: str, wanted: str) -> InputFaults:
    return InputFaults([Fault("draft", 1, path, code, found, wanted)])
