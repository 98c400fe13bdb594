"""Facts as people write them in cases, and as saved decisions keep them.

Amounts are `9999.99 EUR` under the field's own name (`9999.99 ?` when the currency is not told), days are ISO dates, percentages are percents, sets
and benefit lines are lists, and `absent` says that the document states there is none. A field that is
not written is not known.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from polisbridge.core.days import day_number, day_of
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.facts import ABSENT, ITEM_TYPES, Absent, Facts, FieldType, field_types
from polisbridge.core.law import Term
from polisbridge.core.money import from_minor, to_minor
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.codelists import currencies, expected, fits
from polisbridge.formats.tree import Document, Path, Tree

_PERCENT = "_percent"
_NOT_TOLD = "?"


def read_facts(document: Document, vocabulary: Mapping[str, Mapping[str, Term]] | None, path: Path = ()) -> Facts:
    """Return the Facts written at the path. Raises InputFaults with every fault.

    Without a vocabulary any code is taken, as in vectors, which also try codes that no list has.
    """
    reader = _FactsReader(document, vocabulary)
    tree = document.tree
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError) as exc:
            raise InputFaults([document.fault(FaultCode.MISSING_KEY, path, "nothing", "facts")]) from exc
    record: Facts = reader.record(tree, Facts, path)
    if reader.faults:
        raise InputFaults(reader.faults)
    return record


class _FactsReader:
    def __init__(self, document: Document, vocabulary: Mapping[str, Mapping[str, Term]] | None) -> None:
        self._document, self._vocabulary = document, vocabulary
        self.faults: list[Fault] = []

    def record(self, tree: Tree, kind: type, path: Path) -> Any:
        if not isinstance(tree, dict):
            self._fault(path, tree, "a mapping of facts")
            return kind()
        types, values = field_types(kind), dict[str, object]()
        for name, written in tree.items():
            here = (*path, name)
            if name not in types:
                self._fault(here, name, f"a field of {kind.__name__}", FaultCode.UNKNOWN_KEY)
            elif types[name] is FieldType.MINOR:
                self._amount(name, written, here, values)
            else:
                values[name] = self._value(name, types[name], written, here)
        return kind(**values)

    def _amount(self, name: str, written: Tree, path: Path, values: dict[str, object]) -> None:
        if written == "absent":
            values[name] = ABSENT
            return
        number, _, currency = written.partition(" ") if isinstance(written, str) else ("", "", "")
        try:
            if currency == _NOT_TOLD:
                values[name] = to_minor(Decimal(number), currency)
                return
            if currency not in currencies():
                raise ValueError  # noqa: TRY301 - told in one place below
            values[name], values[f"{name}_currency"] = to_minor(Decimal(number), currency), currency
        except (ValueError, InvalidOperation):
            self._fault(path, written, "an amount and a currency, such as 9999.99 EUR, or absent")

    def _value(self, name: str, kind: FieldType, written: Tree, path: Path) -> object:
        try:
            match kind:
                case FieldType.LINES | FieldType.PERSONS:
                    return tuple(
                        self.record(item, ITEM_TYPES[kind], (*path, i)) for i, item in enumerate(self._list(written))
                    )
                case FieldType.CODES:
                    return frozenset(self._code(name, code, path) for code in self._list(written))
                case FieldType.FLAG:
                    return {"true": True, "false": False}[written]
            if written == "absent":
                return ABSENT
            match kind:
                case FieldType.DAY:
                    return day_number(_date(written))
                case FieldType.WHOLE:
                    return int(Decimal(written) * 100) if name.endswith(_PERCENT) else int(written)
            return self._code(name, written, path)
        except (ValueError, KeyError, TypeError, InvalidOperation):
            self._fault(path, written, kind.value)
            return None

    def _code(self, name: str, code: Tree, path: Path) -> str:
        if not isinstance(code, str):
            raise TypeError
        if self._vocabulary is not None and not fits(code, group_of(name), self._vocabulary):
            self._fault(path, code, expected(name, self._vocabulary), FaultCode.UNKNOWN_CODE)
        return code

    @staticmethod
    def _list(written: Tree) -> list[Tree]:
        if not isinstance(written, list):
            raise TypeError
        return written

    def _fault(self, path: Path, found: object, wanted: str, code: FaultCode = FaultCode.WRONG_VALUE) -> None:
        self.faults.append(self._document.fault(code, path, found, wanted))


def _date(text: str) -> date:
    return date.fromisoformat(text)


def write_facts(record: object) -> dict[str, Any]:
    """Return a record as plain JSON values in the written form; unknown fields are left out.

    `read_facts` of it gives the same record.
    """
    types, found = field_types(type(record)), dict[str, Any]()
    for name, kind in types.items():
        value = getattr(record, name)
        if value is None or (
            name.endswith("_currency") and getattr(record, name.removesuffix("_currency"), None) is not None
        ):
            continue
        found[name] = _written(record, name, kind, value)
    return found


def _written(record: object, name: str, kind: FieldType, value: Any) -> Any:
    if isinstance(value, Absent):
        return "absent"
    match kind:
        case FieldType.MINOR:
            currency = getattr(record, f"{name}_currency")
            told = currency if isinstance(currency, str) else _NOT_TOLD
            return f"{from_minor(value, told)} {told}"
        case FieldType.DAY:
            return day_of(value).isoformat()
        case FieldType.CODES:
            return sorted(value)
        case FieldType.LINES | FieldType.PERSONS:
            return [write_facts(item) for item in value]
        case FieldType.FLAG:
            return "true" if value else "false"
        case FieldType.WHOLE:
            return str(Decimal(value) / 100) if name.endswith(_PERCENT) else str(value)
    return value
