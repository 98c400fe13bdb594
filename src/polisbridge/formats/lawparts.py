"""What a provision is made of in a file: its requirement kind, selectors, words and days. Law and scenarios share it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from polisbridge.core.checks import KINDS, Check, Setting
from polisbridge.core.condition import ALWAYS, Condition, InSet, Overlaps, Param, Within, type_faults, walk
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import Term
from polisbridge.core.money import to_minor
from polisbridge.core.selector import SelectorError, build
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.codelists import currencies, expected, fits
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document, Path

LANGUAGES = ("en", "ru")
Words = dict[str, str]


class PartReader:
    """Reads parts of provisions against a vocabulary; collects faults and goes on."""

    def __init__(self, vocabulary: Mapping[str, Mapping[str, Term]]) -> None:
        self.faults: list[Fault] = []
        self.known_words = vocabulary

    def kind(self, document: Document, name: str) -> type[Check]:
        """Return the requirement kind that `check` names. Raises InputFaults when there is none."""
        kind = KINDS.get(name)
        if kind is None:
            raise InputFaults(
                [document.fault(FaultCode.UNKNOWN_CODE, ("check",), name, f"one of {', '.join(sorted(KINDS))}")]
            )
        return kind

    def check(self, document: Document, kind: type[Check], parameters: Mapping[str, Any]) -> Check:
        """Return a requirement of the kind with the parameters that stand in the document's `with`."""
        before, known = len(self.faults), {part.name for part in fields(kind)}
        for key in sorted(set(parameters) - known):
            self.fault(document, FaultCode.UNKNOWN_KEY, ("with", key), key, f"one of {', '.join(sorted(known))}")
        check = convert(document.part("with"), kind, lambda value: value)
        self._money(document, check)
        for fault in check.faults():
            self.fault(document, FaultCode.WRONG_VALUE, ("with",), fault, "parameters that make sense")
        if len(self.faults) > before:
            return check
        self._conditions(document, ("with",), check.condition(Setting()))
        return check

    def selector(self, document: Document, key: str, raw: dict[str, Any]) -> Condition:
        """Return the condition of an `applies_to` or `accepts`; of nothing it is always true."""
        if not raw:
            return ALWAYS
        try:
            condition = build(raw)
        except SelectorError as exc:
            self.fault(document, FaultCode.WRONG_VALUE, (key, *exc.path), exc.found, exc.expected)
            return ALWAYS
        self._conditions(document, (key,), condition)
        return condition

    def languages(self, document: Document, path: Path, words: Words) -> None:
        """Check that there are words in every language of the law."""
        for language in LANGUAGES:
            if not words.get(language, "").strip():
                self.fault(document, FaultCode.MISSING_KEY, (*path, language), "nothing", f"the words in {language}")

    def in_order(self, document: Document, path: Path, first: date | None, last: date | None) -> None:
        """Check that the last day is not before the first."""
        if first and last and last < first:
            self.fault(document, FaultCode.WRONG_ORDER, (*path, "to"), last, f"a day not before {first}")

    def fault(self, document: Document, code: FaultCode, path: Path, found: object, wanted: str) -> None:
        """Note a fault of the document at the path."""
        self.faults.append(document.fault(code, path, found, wanted))

    def _money(self, document: Document, check: Check) -> None:
        """Check that an amount has a currency of the list and is no finer than its smallest unit."""
        currency, amount = getattr(check, "currency", None), getattr(check, "amount", None)
        if isinstance(currency, str) and currency not in currencies():
            self.fault(
                document, FaultCode.UNKNOWN_CODE, ("with", "currency"), currency, "a currency by ISO 4217, such as EUR"
            )
        elif isinstance(currency, str) and isinstance(amount, Decimal):
            try:
                to_minor(amount, currency)
            except (ValueError, InvalidOperation):
                self.fault(document, FaultCode.WRONG_VALUE, ("with", "amount"), amount, f"an amount in {currency}")

    def _conditions(self, document: Document, path: Path, condition: Condition) -> None:
        """Check that the condition is well typed and that every code in it is a word of its field."""
        for fault in type_faults(condition):
            self.fault(document, FaultCode.WRONG_VALUE, path, fault, "a well-typed condition")
        for node, _ in walk(condition):
            if isinstance(node, InSet | Overlaps | Within):
                self._codes(document, path, node.field.name, sorted(node.codes))
            elif isinstance(node, Param):
                self._codes(document, path, node.key.name, [key for key, _ in node.table])

    def _codes(self, document: Document, path: Path, field: str, codes: list[str]) -> None:
        for code in codes:
            if not fits(code, group_of(field), self.known_words):
                wanted = expected(field, self.known_words)
                self.fault(document, FaultCode.UNKNOWN_CODE, (*path, field), code, wanted)
