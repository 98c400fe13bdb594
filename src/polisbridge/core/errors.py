"""Errors: raised when the work could not be done. A "no" is never an error; it is a finding.

Words for people are made at the edge, by code. Faults of one input travel together in `InputFaults`.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why the work could not be done."""

    BAD_INPUT = "bad_input"
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    NOT_READABLE = "not_readable"
    NOT_WRITTEN = "not_written"
    UNKNOWN_STATE = "unknown_state"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_PROVISION = "unknown_provision"
    UNKNOWN_TREATY = "unknown_treaty"
    CANNOT_EXPORT = "cannot_export"
    TRUST_REFUSED = "trust_refused"
    NO_TRUST = "no_trust"
    CLOCK_BEHIND = "clock_behind"
    STATUS_LIST_FULL = "status_list_full"
    STATUS_FINAL = "status_final"
    REGISTER_DAMAGED = "register_damaged"
    KEY_UNSAFE = "key_unsafe"
    KEY_EXISTS = "key_exists"
    NO_ISSUING_KEY = "no_issuing_key"
    ENGINES_DISAGREE = "engines_disagree"
    NO_DATABASE = "no_database"
    NEWER_DATABASE = "newer_database"
    ALREADY_THERE = "already_there"
    CHANGED_MEANWHILE = "changed_meanwhile"
    WRONG_PASSPHRASE = "wrong_passphrase"  # noqa: S105 - a code, not a passphrase


class FaultCode(StrEnum):
    """What is wrong at one place of an input."""

    SYNTAX = "syntax"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_VALUE = "wrong_value"
    UNKNOWN_CODE = "unknown_code"
    WRONG_ORDER = "wrong_order"
    TWICE = "twice"
    WRONG_PLACE = "wrong_place"
    NO_CITATION = "no_citation"
    NO_CASES = "no_cases"
    CASE_FAILS = "case_fails"
    TIME_GAP = "time_gap"
    TOO_SOON = "too_soon"
    NOT_HIGHER = "not_higher"
    TOO_FEW_SIGNATURES = "too_few_signatures"
    KEY_RETURNS = "key_returns"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of one file: where (file, line, path), what was found, what was expected."""

    file: str
    line: int
    path: str
    code: FaultCode = field(compare=False)
    found: str = field(compare=False)
    expected: str = field(compare=False)


class PolisbridgeError(Exception):
    """The base of all errors: a stable code, a detail for the developer, a hint for the person."""

    def __init__(self, code: ErrorCode, detail: str, *, hint: str = "") -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code, self.detail, self.hint = code, detail, hint


class InputFaults(PolisbridgeError):
    """Everything that is wrong with an input, all at once, in order of file and line.

    Not `complete` when there were so many that the search ended early.
    """

    def __init__(self, faults: list[Fault], *, complete: bool = True) -> None:
        super().__init__(ErrorCode.BAD_INPUT, f"{len(faults)} faults")
        self.faults, self.complete = sorted(faults), complete
