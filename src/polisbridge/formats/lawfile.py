"""Law files into a LawBook. The bytes of a folder in, a valid LawBook out, or every fault of every file.

Layout below `law/`:

    vocabulary.yaml                        the words of open sets, in groups
    <jurisdiction>/jurisdiction.yaml       whose law it is; for a treaty, its parties
    <jurisdiction>/<act>/<provision>.yaml  one provision; its id is its path with dots
    <jurisdiction>/<act>/<provision>.cases.yaml   its cases (read by `formats.casefile`)

Treaties lie one level deeper: `treaties/<treaty>/<act>/<provision>.yaml`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from polisbridge.core.codes import Bearing, Evidence, Gate, ProvisionKind
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.law import (
    Citation,
    Duty,
    Exemption,
    InForce,
    Jurisdiction,
    LawBook,
    OpenQuestion,
    Party,
    Provision,
    Requirement,
    Route,
    Term,
    Treaty,
)
from polisbridge.formats.codelists import is_region, states
from polisbridge.formats.convert import convert
from polisbridge.formats.lawparts import LANGUAGES, PartReader, Words
from polisbridge.formats.tree import Document, Path, read_tree


class InForceFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """First and last day in force. No `from`: the beginning is not established."""

    first: date | None = None
    last: date | None = None


class CitationFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the law says so."""

    act: Words
    evidence: Evidence
    checked: date
    provision: str | Words = ""
    url: str = ""
    also: list[str] = []
    note: Words = {}


class _ProvisionFile(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    id: str
    title: Words
    citation: CitationFile
    in_force: InForceFile
    gate: Annotated[list[Gate], Meta(min_length=1)]
    facts: list[str] = []
    applies_to: dict[str, Any] = {}
    reading: Words = {}


class DutyFile(_ProvisionFile, frozen=True, tag="duty"):
    """At these gates these persons must be insured."""


class ExemptionFile(_ProvisionFile, frozen=True, tag="exemption"):
    """These persons need not, because."""


class RouteFile(_ProvisionFile, frozen=True, tag="route"):
    """A way to satisfy the duty, and which contracts may take it."""

    accepts: dict[str, Any] = {}
    how: Words = {}


class RequirementFile(_ProvisionFile, frozen=True, tag="requirement", rename={"parameters": "with"}):
    """A condition of one or more routes."""

    route: str | list[str]
    check: str
    parameters: dict[str, Any] = {}


class OpenQuestionFile(_ProvisionFile, frozen=True, tag="open_question"):
    """What nobody has confirmed, and which verdicts hang on it."""

    bears_on: list[str] = []
    effect: Bearing = Bearing.INFORMS
    would_change: Words = {}


ProvisionFile = DutyFile | ExemptionFile | RouteFile | RequirementFile | OpenQuestionFile


class PartyFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """One party of a treaty, with the days it is bound."""

    evidence: Evidence
    first: date | None = None
    last: date | None = None


class TreatyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A treaty's status and parties. Only `in_force` binds."""

    status: str
    parties: dict[str, PartyFile]
    binds_by: str = "citizenship"


class JurisdictionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose law the folder holds."""

    id: str
    title: Words
    state: str = ""
    region: str = ""
    comparator: bool = False
    treaty: TreatyFile | None = None


class TermFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One word of the vocabulary."""

    en: str
    ru: str
    includes: list[str] = []


VocabularyFile = dict[str, dict[str, TermFile]]

_STATUSES = ("in_force", "draft", "signed", "terminated", "historic", "not_established")
_BINDS_BY = ("citizenship", "home_state")


def is_law(name: str) -> bool:
    """Say whether a file is law, and not its cases or the list of what was encoded."""
    return not name.endswith((".cases.yaml", "coverage.yaml"))


def law_hash(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the names and bytes of all law files, in order of name."""
    total = hashlib.sha256()
    for name in sorted(filter(is_law, files)):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def read_law(files: Mapping[str, bytes]) -> LawBook:
    """Return the LawBook of the files, names relative to the law folder. Raises InputFaults with all."""
    documents, faults = {}, []
    for name in sorted(files):
        if is_law(name):
            try:
                documents[name] = read_tree(files[name], name)
            except InputFaults as exc:
                faults += exc.faults
    if faults:
        raise InputFaults(faults)
    return law_book(law_hash(files), documents)


def law_book(content_hash: str, documents: Mapping[str, Document]) -> LawBook:
    """Return the LawBook of documents already read. Raises InputFaults with all faults."""
    reader = _LawReader()
    return reader.read(content_hash, documents)


def _place(written: str | Words) -> Words:
    """Return the place in the act in every language; a plain text reads the same in all."""
    if isinstance(written, dict):
        return written
    return dict.fromkeys(LANGUAGES, written) if written else {}


class _LawReader(PartReader):
    """Reads vocabulary, jurisdictions, then provisions; collects faults and goes on."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, dict[str, Term]] = {}
        super().__init__(self.vocabulary)
        self.jurisdictions: dict[str, Jurisdiction] = {}
        self.provisions: dict[str, tuple[Document, Provision]] = {}

    def read(self, content_hash: str, documents: Mapping[str, Document]) -> LawBook:
        parts: dict[str, list[Document]] = {"vocabulary": [], "jurisdiction": [], "provision": []}
        for name in sorted(documents):
            stem = name.rsplit("/", 1)[-1].removesuffix(".yaml")
            parts[stem if stem in parts else "provision"].append(documents[name])
        for part, documents_of_part in parts.items():
            for document in documents_of_part:
                try:
                    getattr(self, f"_{part}")(document)
                except InputFaults as exc:
                    self.faults += exc.faults
        self._resolve_links()
        if self.faults:
            raise InputFaults(self.faults)
        provisions = tuple(self.provisions[name][1] for name in sorted(self.provisions))
        return LawBook(content_hash, self.jurisdictions, provisions, self.vocabulary)

    def _vocabulary(self, document: Document) -> None:
        convert(document, VocabularyFile, lambda raw: self._terms(document, raw))

    def _terms(self, document: Document, raw: VocabularyFile) -> None:
        for group, terms in raw.items():
            found = self.vocabulary.setdefault(group, {})
            for code, term in terms.items():
                found[code] = Term(code, {"en": term.en, "ru": term.ru}, tuple(term.includes))
        for code, benefit in self.vocabulary.get("benefits", {}).items():
            for narrower in benefit.includes:
                if narrower not in self.vocabulary["benefits"]:
                    self.fault(document, FaultCode.UNKNOWN_CODE, ("benefits", code, "includes"), narrower, "a benefit")

    def _jurisdiction(self, document: Document) -> None:
        convert(document, JurisdictionFile, lambda raw: self._of_folder(document, raw))

    def _of_folder(self, document: Document, raw: JurisdictionFile) -> None:
        folder = document.file.rsplit("/", 1)[0].replace("/", ".")
        if raw.id != folder:
            self.fault(document, FaultCode.WRONG_PLACE, ("id",), raw.id, f"{folder}, as the folder says")
        self.languages(document, ("title",), raw.title)
        if raw.state and raw.state not in states():
            self.fault(document, FaultCode.UNKNOWN_CODE, ("state",), raw.state, "a state by ISO 3166-1")
        if raw.region and not is_region(raw.region):
            self.fault(document, FaultCode.UNKNOWN_CODE, ("region",), raw.region, "a region by ISO 3166-2")
        if bool(raw.state) == bool(raw.treaty):
            self.fault(document, FaultCode.WRONG_VALUE, (), raw.id, "a state or a treaty, one of them")
        treaty = self._treaty(document, raw.treaty) if raw.treaty else None
        self.jurisdictions[folder] = Jurisdiction(folder, raw.title, raw.state, raw.region, raw.comparator, treaty)

    def _treaty(self, document: Document, raw: TreatyFile) -> Treaty:
        for field, value, known in (("status", raw.status, _STATUSES), ("binds_by", raw.binds_by, _BINDS_BY)):
            if value not in known:
                self.fault(document, FaultCode.UNKNOWN_CODE, ("treaty", field), value, f"one of {', '.join(known)}")
        parties = []
        for state, party in sorted(raw.parties.items()):
            if state not in states():
                self.fault(
                    document, FaultCode.UNKNOWN_CODE, ("treaty", "parties", state), state, "a state by ISO 3166-1"
                )
            self.in_order(document, ("treaty", "parties", state), party.first, party.last)
            self._is_law(document, ("treaty", "parties", state, "evidence"), party.evidence)
            parties.append(Party(state, InForce(party.first, party.last), party.evidence))
        return Treaty(raw.status, tuple(parties), raw.binds_by)

    def _provision(self, document: Document) -> None:
        kind: type[ProvisionFile] = ProvisionFile  # type: ignore[assignment]
        convert(document, kind, lambda raw: self._of_path(document, raw))

    def _of_path(self, document: Document, raw: ProvisionFile) -> None:
        name = document.file.removesuffix(".yaml").replace("/", ".")
        if raw.id != name:
            self.fault(document, FaultCode.WRONG_PLACE, ("id",), raw.id, f"{name}, as the path says")
        jurisdiction = next((one for one in self.jurisdictions if name.startswith(f"{one}.")), "")
        if not jurisdiction:
            self.fault(document, FaultCode.WRONG_PLACE, (), document.file, "a folder with a jurisdiction.yaml")
        self.languages(document, ("title",), raw.title)
        self.languages(document, ("citation", "act"), raw.citation.act)
        if isinstance(raw.citation.provision, dict):
            self.languages(document, ("citation", "provision"), raw.citation.provision)
        self.in_order(document, ("in_force",), raw.in_force.first, raw.in_force.last)
        cited = raw.citation
        self._is_law(document, ("citation", "evidence"), cited.evidence)
        if cited.evidence is not Evidence.UNCONFIRMED and not cited.url:
            self.fault(
                document,
                FaultCode.NO_CITATION,
                ("citation", "url"),
                "nothing",
                "a source, unless the evidence is unconfirmed",
            )
        for key, address in (("url", cited.url), *(("also", one) for one in cited.also)):
            if address and not address.startswith(("http://", "https://")):
                self.fault(
                    document, FaultCode.NO_CITATION, ("citation", key), address, "an address; remarks go into the note"
                )
        common: dict[str, Any] = {
            "kind": ProvisionKind(str(type(raw).__struct_config__.tag)),
            "id": name,
            "jurisdiction": jurisdiction,
            "title": raw.title,
            "citation": Citation(
                cited.act,
                cited.evidence,
                cited.checked,
                _place(cited.provision),
                cited.url,
                tuple(cited.also),
                cited.note,
            ),
            "in_force": InForce(raw.in_force.first, raw.in_force.last),
            "gates": frozenset(raw.gate),
            "facts": tuple(raw.facts),
            "applies": self.selector(document, "applies_to", raw.applies_to),
            "reading": raw.reading,
        }
        self.provisions[name] = (document, self._of_kind(document, raw, common))

    def _of_kind(self, document: Document, raw: ProvisionFile, common: dict[str, Any]) -> Provision:
        match raw:
            case DutyFile():
                return Duty(**common)
            case ExemptionFile():
                return Exemption(**common)
            case RouteFile():
                kinds = raw.accepts.get("contract_kind", [])
                names = tuple([kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else ())
                accepts = self.selector(document, "accepts", raw.accepts)
                return Route(**common, accepts=accepts, accepts_kinds=names, how=raw.how)
            case RequirementFile():
                routes = (raw.route,) if isinstance(raw.route, str) else tuple(raw.route)
                return Requirement(
                    **common, routes=routes, check=self.check(document, self.kind(document, raw.check), raw.parameters)
                )
            case OpenQuestionFile():
                return OpenQuestion(
                    **common, bears_on=tuple(raw.bears_on), effect=raw.effect, would_change=raw.would_change
                )

    def _is_law(self, document: Document, path: Path, evidence: Evidence) -> None:
        if evidence is Evidence.SUPPOSED:
            self.fault(document, FaultCode.WRONG_VALUE, path, evidence, "primary, secondary or unconfirmed")

    def _resolve_links(self) -> None:
        """Replace short names of routes and questions by full ids, within the same jurisdiction."""
        for name, (document, provision) in list(self.provisions.items()):
            if isinstance(provision, Requirement):
                links = tuple(self._resolve(document, provision, ("route",), link, Route) for link in provision.routes)
                self.provisions[name] = (document, replace(provision, routes=links))
            elif isinstance(provision, OpenQuestion):
                links = tuple(
                    link if link == "gate" else self._resolve(document, provision, ("bears_on",), link, Provision)
                    for link in provision.bears_on
                )
                self.provisions[name] = (document, replace(provision, bears_on=links))

    def _resolve(self, document: Document, source: Provision, path: Path, link: str, kind: type[Provision]) -> str:
        if link in self.provisions and isinstance(self.provisions[link][1], kind):
            return link
        found = [
            name
            for name, (_, other) in self.provisions.items()
            if isinstance(other, kind) and other.jurisdiction == source.jurisdiction and name.endswith(f".{link}")
        ]
        if len(found) != 1:
            what = "a route" if kind is Route else "a provision"
            problem = f"{what} of this jurisdiction" if not found else f"one of {', '.join(found)}"
            self.fault(document, FaultCode.UNKNOWN_CODE, path, link, problem)
            return link
        return found[0]
