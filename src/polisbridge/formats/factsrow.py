"""One row of a table or one line of NDJSON as Facts, with everything that is wrong with it.

The form is that of `factsfile`, told more strictly, because rows come from other programs: digits are digits, a number is
never negative, a percentage has at most two decimals and is at most 100, and no period ends before it begins.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.facts import ITEM_TYPES, Facts, FieldType, field_types
from polisbridge.core.law import Term
from polisbridge.formats.factsfile import read_facts
from polisbridge.formats.tree import Document, Path, Tree

ABSENT_WORD = "absent"
FIRST_DAY = "1800-01-01"  # no person, contract or stay is older
MOST = 2**31 - 1
PERCENT = "_percent"
PERIODS = (
    ("stay_first", "stay_last"), ("visa_first", "visa_last"), ("permit_first", "permit_last"),
    ("employment_first", "employment_last"), ("first_day", "last_day"), ("birth_day", "as_of"),
)  # fmt: skip

# The written form of a value, also for engines that read whole columns.
DAY_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
WHOLE_FORM = r"^[0-9]{1,10}$"
PERCENT_FORM = r"^(?:100(?:\.0{1,2})?|[0-9]{1,2}(?:\.[0-9]{1,2})?)$"
AMOUNT_FORM = r"^([0-9]{1,15})(?:\.([0-9]{1,4}))? ([A-Z]{3}|\?)$"

_EXPECTED = {
    FieldType.DAY: (DAY_FORM, "a day as YYYY-MM-DD, or absent"),
    FieldType.WHOLE: (WHOLE_FORM, "a whole number, never negative, or absent"),
    FieldType.MINOR: (AMOUNT_FORM, "an amount and its currency, such as 9999.99 EUR, never negative, or absent"),
    FieldType.FLAG: (r"^(?:true|false)$", "true or false"),
}
_PERCENTAGE = (PERCENT_FORM, "a percentage with at most two decimals, at most 100, or absent")


def read_row(document: Document, vocabulary: Mapping[str, Mapping[str, Term]]) -> Facts:
    """Return the Facts of one row. Raises InputFaults with every fault, each at the line of the row."""
    checker = _Checker(document)
    sound = checker.record(document.tree, Facts, ())
    try:
        facts = read_facts(Document(document.file, sound, {(): document.line(())}), vocabulary)
    except InputFaults as exc:
        raise InputFaults(checker.faults + exc.faults) from exc
    if checker.faults:
        raise InputFaults(checker.faults)
    return facts


def near(name: str, known: Mapping[str, Any]) -> str:
    """Return what was expected in place of an unknown name: those most like it, else where the names are listed."""
    alike = get_close_matches(name, known, n=3, cutoff=0.6)
    return f"{' or '.join(alike)}?" if alike else "a column of docs/spec/portfolio.md"


class _Checker:
    """Keeps what is well written, and notes the rest."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.faults: list[Fault] = []

    def record(self, tree: Tree, record: type, path: Path) -> Tree:
        """Return the tree without what is ill-written."""
        if not isinstance(tree, dict):
            self._fault(FaultCode.WRONG_VALUE, path, tree, "a mapping of facts")
            return {}
        kinds, sound = field_types(record), dict[str, Tree]()
        for name, written in tree.items():
            here = (*path, name)
            if name not in kinds:
                self._fault(FaultCode.UNKNOWN_KEY, here, name, near(name, kinds))
            elif kinds[name] in ITEM_TYPES and isinstance(written, list):
                item = ITEM_TYPES[kinds[name]]
                sound[name] = [self.record(one, item, (*here, at)) for at, one in enumerate(written)]
            elif self._well_written(name, kinds[name], written, here):
                sound[name] = written
        for fault in [*_conflicts(sound, kinds), *_disorder(sound)]:
            name, found, wanted, code = fault
            self._fault(code, (*path, name), found, wanted)
            del sound[name]
        return sound

    def _well_written(self, name: str, kind: FieldType, written: Tree, path: Path) -> bool:
        form, wanted = _PERCENTAGE if name.endswith(PERCENT) else _EXPECTED.get(kind, ("", ""))
        if not form:
            return True
        well = isinstance(written, str) and (
            re.fullmatch(form, written, re.ASCII) is not None or (written == ABSENT_WORD and kind is not FieldType.FLAG)
        )
        if well and kind is FieldType.DAY and written < FIRST_DAY:
            well, wanted = False, f"a day from {FIRST_DAY} on"
        if well and kind is FieldType.WHOLE and written.isdigit() and int(written) > MOST:
            well, wanted = False, f"at most {MOST}"
        if not well:
            self._fault(FaultCode.WRONG_VALUE, path, written, wanted)
        return well

    def _fault(self, code: FaultCode, path: Path, found: object, wanted: str) -> None:
        self.faults.append(self._document.fault(code, path, found, wanted))


def _conflicts(tree: Mapping[str, Tree], kinds: Mapping[str, FieldType]) -> Iterator[tuple[str, str, str, FaultCode]]:
    """Yield currencies that are told twice, and differently."""
    for name, kind in kinds.items():
        currency = f"{name}_currency"
        if kind is FieldType.MINOR and name in tree and currency in tree:
            own = str(tree[name]).rpartition(" ")[2]
            if own not in (ABSENT_WORD, tree[currency]):
                yield currency, tree[currency], f"{own}, as in {name}; or leave it out", FaultCode.WRONG_VALUE


def _disorder(tree: Mapping[str, Tree]) -> Iterator[tuple[str, str, str, FaultCode]]:
    """Yield last days before first days."""
    for first, last in PERIODS:
        one, other = tree.get(first), tree.get(last)
        if one is not None and other is not None and ABSENT_WORD not in (one, other) and other < one:
            yield last, other, f"a day not before {first}, {one}", FaultCode.WRONG_ORDER
