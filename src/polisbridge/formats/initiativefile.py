"""The facts of the initiative: a YAML file of what is established, each fact with its sources. Never law."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from polisbridge.core.codes import Evidence
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import Text
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document

Part = Literal[
    "round_table", "history", "draft_status", "documents", "figures", "problems", "direct", "extension", "guarantee"
]


class InitiativeFactFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One fact in both languages, and where it was read. Only what is unconfirmed may lack an address."""

    id: Annotated[str, Meta(pattern=r"^(IN|TR|UPD)-\d+$")]
    part: Part
    act: str
    evidence: Evidence
    text: dict[str, str]
    urls: list[str] = []
    when: dict[str, str] = {}


class InitiativeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All facts, the acts that they are read in, and the day of the last look."""

    checked: date
    acts: dict[str, dict[str, str]]
    facts: list[InitiativeFactFile]


@dataclass(frozen=True, slots=True)
class InitiativeFact:
    """One established fact of the initiative, or one point that nobody has established."""

    id: str
    part: Part
    act: Text
    evidence: Evidence
    checked: date
    text: Text
    urls: tuple[str, ...]
    when: Text


def read_initiative(document: Document) -> tuple[InitiativeFact, ...]:
    """Return the facts in the order of the file. Raises InputFaults with every fault."""
    return convert(document, InitiativeFile, lambda raw: _facts(document, raw))


def _facts(document: Document, raw: InitiativeFile) -> tuple[InitiativeFact, ...]:
    faults, seen = list[Fault](), set[str]()
    for index, one in enumerate(raw.facts):
        path = ("facts", index)
        if one.id in seen:
            faults.append(document.fault(FaultCode.TWICE, (*path, "id"), one.id, "each fact once"))
        seen.add(one.id)
        if one.act not in raw.acts:
            faults.append(document.fault(FaultCode.UNKNOWN_CODE, (*path, "act"), one.act, ", ".join(sorted(raw.acts))))
        if not one.urls and one.evidence is not Evidence.UNCONFIRMED:
            faults.append(document.fault(FaultCode.MISSING_KEY, (*path, "urls"), "none", "where it was read"))
        for key, words in (("text", one.text), ("when", one.when)):
            if (words or key == "text") and {"en", "ru"} - set(words):
                faults.append(document.fault(FaultCode.MISSING_KEY, (*path, key), sorted(words), "en and ru"))
    if faults:
        raise InputFaults(faults)
    return tuple(
        InitiativeFact(
            one.id, one.part, raw.acts[one.act], one.evidence, raw.checked, one.text, tuple(one.urls), one.when
        )
        for one in raw.facts
    )
