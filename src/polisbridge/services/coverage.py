"""Coverage: which established fact became which provision, and which were left out, with the reason.

Every jurisdiction keeps the list of facts that were looked at in its `coverage.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET, Struct, UnsetType

from polisbridge.core.codes import Evidence
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import LawBook
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document, read_tree


class FactFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One fact: what it says in a line, how well it is established, and why it was left out, if it was.

    Questions and conflicts between sources have no evidence of their own.
    """

    gist: str
    evidence: Evidence | UnsetType = UNSET
    left_out: str = ""


class CoverageFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The facts of one jurisdiction, by their ids."""

    facts: dict[str, FactFile]


@dataclass(frozen=True, slots=True)
class Covered:
    """One fact and what became of it: the provisions that carry it, or the reason why none does."""

    id: str
    jurisdiction: str
    gist: str
    evidence: Evidence | None
    provisions: tuple[str, ...]
    left_out: str


def coverage(book: LawBook, files: Mapping[str, bytes]) -> tuple[Covered, ...]:
    """Return every fact with what became of it, in order of the lists. Raises InputFaults with all faults."""
    used: dict[str, list[str]] = {}
    for provision in book.provisions:
        for fact in provision.facts:
            used.setdefault(fact, []).append(provision.id)
    found: dict[str, Covered] = {}
    faults: list[Fault] = []
    for name in sorted(name for name in files if name.endswith("coverage.yaml")):
        try:
            document = read_tree(files[name], name)
            facts = convert(document, CoverageFile, lambda raw: raw.facts)
        except InputFaults as exc:
            faults += exc.faults
            continue
        for fact, one in facts.items():
            faults += _faults(document, fact, one, used, found)
            folder = name.rsplit("/", 1)[0].replace("/", ".")
            found[fact] = Covered(
                fact,
                folder,
                one.gist,
                None if one.evidence is UNSET else one.evidence,
                tuple(used.get(fact, ())),
                one.left_out,
            )
    for fact in sorted(set(used) - set(found)):
        place = f"{used[fact][0].replace('.', '/')}.yaml"
        faults.append(Fault(place, 1, "facts", FaultCode.UNKNOWN_CODE, fact, "a fact listed in a coverage.yaml"))
    if faults:
        raise InputFaults(faults)
    return tuple(found.values())


def _faults(
    document: Document, fact: str, one: FactFile, used: Mapping[str, list[str]], found: Mapping[str, Covered]
) -> list[Fault]:
    path = ("facts", fact)
    faults = []
    if fact in found:
        faults.append(document.fault(FaultCode.TWICE, path, fact, "each fact in one list"))
    if fact in used and one.left_out:
        faults.append(
            document.fault(
                FaultCode.WRONG_VALUE, (*path, "left_out"), one.left_out, f"no reason: {used[fact][0]} carries it"
            )
        )
    if fact not in used and not one.left_out:
        faults.append(
            document.fault(FaultCode.MISSING_KEY, path, "no provision", "a provision that carries it, or left_out")
        )
    return faults
