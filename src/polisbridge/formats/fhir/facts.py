"""What a contract file says beyond the elements of FHIR, as extensions of ours: one URL per key, one value per code.

The value type follows from what the key holds (`core.facts.FieldType`); the code `none` says that the document states
there is none, a key that is left out that nobody stated it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec import Struct

from polisbridge.core.errors import FaultCode
from polisbridge.core.facts import BenefitLine, Facts, FieldType, field_types
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.contractfile import (
    NAMES,
    NOT_FACTS,
    BenefitFile,
    ContractFile,
    CostSharingFile,
    DocumentFile,
    InsurerFile,
    PersonFactsFile,
    PremiumFile,
    ServiceFile,
)
from polisbridge.formats.fhir.parts import Part
from polisbridge.formats.fhir.systems import NONE, definition, system_of
from polisbridge.formats.tree import Path

Places = dict[Path, str]  # where in the resource a path of the contract file comes from

_PARTS: Mapping[str, type[Struct]] = {
    "": ContractFile,
    "insurer": InsurerFile,
    "cost_sharing": CostSharingFile,
    "premium": PremiumFile,
    "document": DocumentFile,
    "service": ServiceFile,
    "benefits": BenefitFile,
    "facts": PersonFactsFile,
}
OF_CONTRACT = ("", "insurer", "cost_sharing", "premium", "document", "service")
_SHOWN = {"": "contract", "benefits": "benefit", "facts": "person"}
_ELSEWHERE = {  # said by elements of FHIR
    ("", "kind"),
    ("", "concluded"),
    ("", "sum_insured"),
    ("cost_sharing", "deductible"),
    ("benefits", "benefit"),
    ("benefits", "limit"),
}
_VALUES = {
    FieldType.MINOR: "valueMoney",
    FieldType.DAY: "valueDate",
    FieldType.FLAG: "valueBoolean",
    FieldType.WHOLE: "valueUnsignedInt",
}
_STATED = "valueCode"


@dataclass(frozen=True, slots=True)
class Slot:
    """One key of a contract file that travels as an extension."""

    part: str
    key: str
    field: str
    kind: FieldType

    @property
    def url(self) -> str:
        """The canonical URL of its extension."""
        name = f"{_SHOWN.get(self.part, self.part)}-{self.key}"
        return definition(name.replace("_", "-"))

    @property
    def value(self) -> str:
        """The element that holds the value, as value[x] is called for its type."""
        if self.field.endswith("_percent"):
            return "valueDecimal"
        if self.kind in _VALUES:
            return _VALUES[self.kind]
        return "valueCoding" if group_of(self.field) != "@free" else "valueString"


@cache
def slots() -> Mapping[str, Slot]:
    """Return every key that travels as an extension, by its URL."""
    found = [Slot(part, key, field, kind) for part in _PARTS for key, field, kind in _keys(part)]
    return {one.url: one for one in found}


def _keys(part: str) -> Iterable[tuple[str, str, FieldType]]:
    known = field_types(BenefitLine if part == "benefits" else Facts)
    for key in _PARTS[part].__struct_fields__:
        field = NAMES.get((part, key), key)
        if key not in NOT_FACTS.get(part, ()) and (part, key) not in _ELSEWHERE and field in known:
            yield key, field, known[field]


def facts_out(tree: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    """Return one part of a contract file as extensions, in the order of the file's keys."""
    found = []
    for slot in slots().values():
        if slot.part == part and slot.key in tree:
            found += [{"url": slot.url, **value} for value in _values(slot, tree[slot.key])]
    return found


def _values(slot: Slot, value: Any) -> list[dict[str, Any]]:
    if slot.kind is FieldType.CODES:
        return [_coding(slot, one) for one in value] or [{_STATED: NONE}]
    if value == NONE:
        return [{_STATED: NONE}]
    match slot.value:
        case "valueMoney":
            return [{"valueMoney": money(value)}]
        case "valueDecimal":
            return [{"valueDecimal": Decimal(value)}]
        case "valueBoolean":
            return [{"valueBoolean": value in (True, "true")}]
        case "valueUnsignedInt":
            return [{"valueUnsignedInt": int(value)}]
        case "valueCoding":
            return [_coding(slot, value)]
    return [{slot.value: value}]


def _coding(slot: Slot, code: str) -> dict[str, Any]:
    system = system_of(group_of(slot.field), code)
    return {"valueCoding": {"system": system, "code": code}} if system else {"valueString": code}


def money(amount: Mapping[str, str]) -> dict[str, Any]:
    """Return an amount as Money, with the decimals that it is written with."""
    return {"value": Decimal(amount["amount"]), "currency": amount["currency"]}


def facts_in(extensions: Iterable[Part], parts: Iterable[str], at: Path, places: Places) -> dict[str, Any]:
    """Return what extensions say, as parts of a contract file; what is not known of them is told.

    The part of the contract as a whole stands at the top, the others under their names.
    """
    wanted, found = set(parts), dict[str, Any]()
    for one in extensions:
        url = one.raw("url")
        slot = slots().get(url) if isinstance(url, str) else None
        if slot is None or slot.part not in wanted:
            one.warn(url, "an extension that is known here (docs/spec/fhir.md)")
            continue
        inside = slot.part in OF_CONTRACT and slot.part != ""
        path: Path = (*at, slot.part, slot.key) if inside else (*at, slot.key)
        _put(found.setdefault(slot.part, {}) if inside else found, slot, one, path, places)
    return found


def _put(into: dict[str, Any], slot: Slot, one: Part, path: Path, places: Places) -> None:
    stated = one.tree.get(_STATED)
    value: Any = _read(slot, one)
    if value is None:
        return
    if slot.kind is not FieldType.CODES:
        if slot.key in into:
            one.fault(None, FaultCode.TWICE, slot.url, "this extension once")
        into[slot.key], places[path] = value, one.where
        return
    held = into.setdefault(slot.key, [])
    if stated is None:
        places[*path, len(held)] = places[path] = one.where
        held.append(value)
    elif stated != NONE or held:
        one.fault(_STATED, FaultCode.WRONG_VALUE, stated, "either codes, or none alone")


def _read(slot: Slot, one: Part) -> Any:
    """Return the value of an extension as the contract file says it; None, with a fault, when it says none."""
    if _STATED in one.tree:
        stated = one.text(_STATED)
        if stated != NONE:
            one.fault(_STATED, FaultCode.UNKNOWN_CODE, stated, NONE)
            return None
        return NONE
    if slot.value not in one.tree:
        one.fault(None, FaultCode.MISSING_KEY, "another value or none", f"{slot.value}, or {_STATED} {NONE}")
        one.skip()
        return None
    if slot.value == "valueMoney":
        return money_in(one.part("valueMoney"))
    if slot.value == "valueDate":
        return one.day(slot.value)
    if slot.value != "valueCoding":
        return one.text(slot.value)
    found = one.part("valueCoding")
    return _code(slot, found) if found is not None else None


def money_in(part: Part | None) -> dict[str, str] | None:
    """Return an amount as the contract file says it; None, with a fault, when it is none."""
    if part is None:
        return None
    return {"amount": part.needed("value"), "currency": part.needed("currency")}


def _code(slot: Slot, found: Part) -> str | None:
    system, code = found.text("system"), found.needed("code")
    found.text("display")
    if code and system != (expected := system_of(group_of(slot.field), code)):
        found.fault("system", FaultCode.UNKNOWN_CODE, system or "nothing", f"{expected} for the code {code}")
        return None
    return code or None
