"""The authorisation matrix (`access.yaml`) into its value: every role and every action, each once, with its reason."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.roles import (
    AccessAction,
    AccessLimits,
    AccessMatrix,
    AccessRow,
    AccessScope,
    ActorRole,
    AnswerPart,
    RoleTerms,
)
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document

Said = Annotated[str, Meta(min_length=1, max_length=500)]


class BothFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages of the project."""

    en: Said
    ru: Said


class RoleFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A role: its name, whether it must have a second factor, and what it sees of a verified certificate."""

    title: BothFile
    second_factor: Literal["yes", "no"]
    answer: list[AnswerPart]


class ActionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """An action, and how far for the roles named; or the same for everybody."""

    action: AccessAction
    title: BothFile
    reason: BothFile
    allowed: dict[ActorRole, AccessScope] = {}
    everybody: AccessScope = AccessScope.NONE


class LimitsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a visit lets a hospital see, and how many look-ups of one account may find nobody in an hour."""

    visit_days: Annotated[int, Meta(ge=1, le=365)]
    misses_an_hour: Annotated[int, Meta(ge=1, le=1000)]


class AccessFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole matrix, and the day of its last review."""

    checked: date
    limits: LimitsFile
    roles: dict[ActorRole, RoleFile]
    actions: list[ActionFile]


def read_access(document: Document) -> AccessMatrix:
    """Return the matrix. Raises InputFaults with every fault: a role or action left out, or an action told twice."""
    return convert(document, AccessFile, lambda raw: _matrix(document, raw))


def _matrix(document: Document, raw: AccessFile) -> AccessMatrix:
    faults = [_fault(document, "roles", FaultCode.MISSING_KEY, role) for role in ActorRole if role not in raw.roles]
    told = [one.action for one in raw.actions]
    faults += [_fault(document, "actions", FaultCode.MISSING_KEY, one) for one in AccessAction if one not in told]
    for number, one in enumerate(raw.actions):
        place = f"actions[{number}]"
        if one.action in told[:number]:
            faults.append(_fault(document, place, FaultCode.TWICE, one.action))
        if bool(one.allowed) == (one.everybody is not AccessScope.NONE):
            faults.append(_fault(document, place, FaultCode.WRONG_VALUE, "either `allowed` or `everybody`"))
    if faults:
        raise InputFaults(faults)
    roles = {role: _terms(role, raw.roles[role]) for role in ActorRole}
    limits = AccessLimits(raw.limits.visit_days, raw.limits.misses_an_hour)
    return AccessMatrix(raw.checked, roles, limits, {one.action: _row(one) for one in raw.actions})


def _terms(role: ActorRole, raw: RoleFile) -> RoleTerms:
    return RoleTerms(role, _text(raw.title), raw.second_factor == "yes", frozenset(raw.answer))


def _row(raw: ActionFile) -> AccessRow:
    everybody = dict.fromkeys(ActorRole, raw.everybody) if raw.everybody is not AccessScope.NONE else {}
    return AccessRow(raw.action, _text(raw.title), _text(raw.reason), {**everybody, **raw.allowed})


def _text(raw: BothFile) -> dict[str, str]:
    return {"en": raw.en, "ru": raw.ru}


def _fault(document: Document, place: str, code: FaultCode, expected: str) -> Fault:
    return Fault(document.file, 1, place, code, "", str(expected))
