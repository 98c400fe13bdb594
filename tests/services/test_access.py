"""The matrix cell by cell: every action, role and reach, allowed where the data say so and refused everywhere else."""

from dataclasses import replace
from itertools import product

import pytest

from polisbridge.adapters.access_data import FILE, shipped_access
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.roles import (
    AccessAction,
    AccessMatrix,
    AccessScope,
    AccessSubject,
    Actor,
    ActorRole,
    Allowed,
    AnswerPart,
    RefusalReason,
    Refused,
)
from polisbridge.formats.accessfile import read_access
from polisbridge.formats.tree import read_tree
from polisbridge.services.access import NOTHING, VISITOR, AccessRefused, allowed, require, shown

MATRIX = shipped_access()
ME, FRIEND, STRANGER = 11, 12, 13  # persons
OURS, THEIRS = 21, 22  # organisations


def actor(role: ActorRole, state: str = "UZ") -> Actor:
    if role is ActorRole.VISITOR:
        return VISITOR
    return Actor(role, "a", 1, state, OURS, ME, frozenset({FRIEND}))


# What each subject is to the actor of UZ: the reaches that cover it.
ALL = {AccessScope.OWN, AccessScope.OWN_ORGANISATION, AccessScope.OWN_STATE, AccessScope.ANY_STATE}
SUBJECTS = {
    "my own": (AccessSubject("RU", frozenset({THEIRS}), ME), {AccessScope.OWN, AccessScope.ANY_STATE}),
    "whom I help": (AccessSubject("RU", frozenset({THEIRS}), FRIEND), {AccessScope.OWN, AccessScope.ANY_STATE}),
    "of my organisation, in another state": (
        AccessSubject("RU", frozenset({OURS, THEIRS}), STRANGER),
        {AccessScope.OWN_ORGANISATION, AccessScope.ANY_STATE},
    ),
    "of my state, of another organisation": (
        AccessSubject("UZ", frozenset({THEIRS}), STRANGER),
        {AccessScope.OWN_STATE, AccessScope.ANY_STATE},
    ),
    "a stranger's in another state": (AccessSubject("RU", frozenset({THEIRS}), STRANGER), {AccessScope.ANY_STATE}),
    "all mine": (AccessSubject("UZ", frozenset({OURS}), ME, 1), ALL),
    "my account": (AccessSubject(account=1), {AccessScope.OWN, AccessScope.ANY_STATE}),
    "another's account": (AccessSubject(account=2), {AccessScope.ANY_STATE}),
    "my account with another's person": (AccessSubject(person=STRANGER, account=1), {AccessScope.ANY_STATE}),
    "nobody's": (NOTHING, {AccessScope.ANY_STATE}),
}


@pytest.mark.parametrize("about", SUBJECTS)
@pytest.mark.parametrize(("action", "role"), list(product(AccessAction, ActorRole)))
def test_a_cell_of_the_matrix(action: AccessAction, role: ActorRole, about: str) -> None:
    subject, covered_by = SUBJECTS[about]
    scope = MATRIX.rows[action].scope(role)
    if role is ActorRole.VISITOR:  # a visitor is nobody: has no person, organisation, state or account
        covered_by = {AccessScope.ANY_STATE}

    found = allowed(MATRIX, actor(role), action, subject)

    assert isinstance(found, Allowed) == (scope in covered_by)


R, A, S = ActorRole, AccessAction, SUBJECTS
EXPECTED: list[tuple[ActorRole, AccessAction, str, RefusalReason | None]] = [
    (R.WORKER, A.READ_PERSON, "my own", None),
    (R.WORKER, A.READ_PERSON, "of my state, of another organisation", RefusalReason.NOT_OWN),
    (R.WORKER, A.READ_ACCESS_LOG, "my own", None),
    (R.WORKER, A.NAME_HELPER, "my own", None),
    (R.WORKER, A.MANAGE_ACCOUNTS, "all mine", RefusalReason.OTHER_ROLE),
    (R.WORKER, A.WRITE_CONTRACT, "all mine", RefusalReason.OTHER_ROLE),
    (R.HELPER, A.READ_PERSON, "whom I help", None),
    (R.HELPER, A.READ_PERSON, "a stranger's in another state", RefusalReason.NOT_OWN),
    (R.HELPER, A.READ_ACCESS_LOG, "whom I help", RefusalReason.OTHER_ROLE),
    (R.HELPER, A.NAME_HELPER, "whom I help", RefusalReason.OTHER_ROLE),
    (R.HELPER, A.EXPORT_PERSON, "whom I help", RefusalReason.OTHER_ROLE),
    (R.INSURER_CLERK, A.ISSUE_CERTIFICATE, "of my organisation, in another state", None),
    (R.INSURER_CLERK, A.ISSUE_CERTIFICATE, "of my state, of another organisation", RefusalReason.OTHER_ORGANISATION),
    (R.INSURER_CLERK, A.READ_PERSON, "of my state, of another organisation", RefusalReason.OTHER_ORGANISATION),
    (R.INSURER_CLERK, A.ADMIT_INSURER, "all mine", RefusalReason.OTHER_ROLE),
    (R.EMPLOYER, A.READ_CONTRACT, "of my organisation, in another state", None),
    (R.EMPLOYER, A.READ_PERSON, "of my organisation, in another state", RefusalReason.OTHER_ROLE),
    (R.VERIFIER, A.VERIFY, "a stranger's in another state", None),
    (R.VERIFIER, A.READ_PERSON, "all mine", RefusalReason.OTHER_ROLE),
    (R.VERIFIER, A.READ_CONTRACT, "all mine", RefusalReason.OTHER_ROLE),
    (R.HOSPITAL_DESK, A.READ_ENTITLEMENT, "of my organisation, in another state", None),
    (R.HOSPITAL_DESK, A.READ_ENTITLEMENT, "of my state, of another organisation", RefusalReason.OTHER_ORGANISATION),
    (R.HOSPITAL_DESK, A.READ_CONTRACT, "all mine", RefusalReason.OTHER_ROLE),
    (R.AUTHORITY, A.PUBLISH_LAW, "of my state, of another organisation", None),
    (R.AUTHORITY, A.PUBLISH_LAW, "a stranger's in another state", RefusalReason.OTHER_STATE),
    (R.AUTHORITY, A.ADMIT_INSURER, "of my organisation, in another state", RefusalReason.OTHER_STATE),
    (R.AUTHORITY, A.READ_PERSON, "a stranger's in another state", RefusalReason.OTHER_STATE),
    (R.AUTHORITY, A.CHANGE_STATUS, "all mine", RefusalReason.OTHER_ROLE),
    (R.EXECUTIVE_COMMITTEE, A.READ_STATISTICS, "a stranger's in another state", None),
    (R.EXECUTIVE_COMMITTEE, A.READ_PERSON, "all mine", RefusalReason.OTHER_ROLE),
    (R.EXECUTIVE_COMMITTEE, A.PUBLISH_LAW, "all mine", RefusalReason.OTHER_ROLE),
    (R.NODE_OPERATOR, A.MANAGE_ACCOUNTS, "of my state, of another organisation", None),
    (R.NODE_OPERATOR, A.MANAGE_ACCOUNTS, "a stranger's in another state", RefusalReason.OTHER_STATE),
    (R.NODE_OPERATOR, A.READ_PERSON, "all mine", RefusalReason.OTHER_ROLE),
    (R.NODE_OPERATOR, A.PUBLISH_LAW, "all mine", RefusalReason.OTHER_ROLE),
    (R.AUDITOR, A.READ_ACCESS_LOG, "of my state, of another organisation", None),
    (R.AUDITOR, A.READ_ACCESS_LOG, "a stranger's in another state", RefusalReason.OTHER_STATE),
    (R.AUDITOR, A.READ_PERSON, "all mine", RefusalReason.OTHER_ROLE),
    (R.AUDITOR, A.MANAGE_ACCOUNTS, "all mine", RefusalReason.OTHER_ROLE),
    (R.VISITOR, A.READ_LAW, "nobody's", None),
    (R.VISITOR, A.CHECK_CONTRACT, "nobody's", None),
    (R.VISITOR, A.READ_PERSON, "all mine", RefusalReason.NOT_SIGNED_IN),
    (R.VISITOR, A.OWN_ACCOUNT, "my account", RefusalReason.NOT_SIGNED_IN),
]


@pytest.mark.parametrize(("role", "action", "about", "refused"), EXPECTED)
def test_what_people_agreed_on_holds(
    role: ActorRole, action: AccessAction, about: str, refused: RefusalReason | None
) -> None:
    found = allowed(MATRIX, actor(role), action, SUBJECTS[about][0])

    assert found == Refused(refused) if refused else isinstance(found, Allowed)


PERSONAL = (A.READ_PERSON, A.READ_CONTRACT, A.READ_CERTIFICATE, A.READ_ENTITLEMENT, A.READ_DECISION, A.EXPORT_PERSON)


@pytest.mark.parametrize("action", PERSONAL)
def test_nobody_reads_persons_of_another_state_by_their_office(action: AccessAction) -> None:
    assert AccessScope.ANY_STATE not in {MATRIX.rows[action].scope(role) for role in ActorRole}


@pytest.mark.parametrize("action", AccessAction)
def test_an_action_without_a_row_is_refused_to_everybody(action: AccessAction) -> None:
    rows = {one: row for one, row in MATRIX.rows.items() if one is not action}
    without = replace(MATRIX, rows=rows)

    found = [allowed(without, actor(role), action, SUBJECTS["all mine"][0]) for role in ActorRole]

    assert [one for one in found if isinstance(one, Allowed)] == []


def test_an_actor_of_no_state_and_a_subject_of_no_state_do_not_meet() -> None:
    nowhere = actor(R.AUTHORITY, state="")

    assert allowed(MATRIX, nowhere, A.DRAFT_LAW, NOTHING) == Refused(RefusalReason.OTHER_STATE)


def test_a_refusal_names_the_action_and_the_reason() -> None:
    with pytest.raises(AccessRefused, match="publish_law: other_state"):
        require(MATRIX, actor(R.AUTHORITY), A.PUBLISH_LAW, AccessSubject("RU"))


def test_a_verifier_sees_less_than_the_authority_and_an_employer_no_birth_date() -> None:
    assert shown(MATRIX, R.VERIFIER) < shown(MATRIX, R.AUTHORITY)
    assert AnswerPart.BORN not in shown(MATRIX, R.EMPLOYER)
    assert AnswerPart.HOLDER not in shown(MATRIX, R.EXECUTIVE_COMMITTEE)
    assert shown(MATRIX, R.NODE_OPERATOR) == frozenset()


def test_everybody_with_power_over_others_needs_a_second_factor() -> None:
    assert {role for role in ActorRole if not MATRIX.roles[role].second_factor} == {R.VISITOR, R.WORKER, R.HELPER}


def changed(old: str, new: str) -> AccessMatrix:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    return read_access(read_tree(text.replace(old, new, 1).encode(), "access.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("action: compare", "action: read_law", {FaultCode.TWICE, FaultCode.MISSING_KEY}),
        ("auditor: own_state", "auditor: whole_world", {FaultCode.WRONG_VALUE}),
        ("  auditor:\n    title", "  inspector:\n    title", None),
        ("    everybody: any_state", "    allowed: {}", {FaultCode.WRONG_VALUE}),
        ("    everybody: any_state", "    everybody: any_state\n    nobody: none", {FaultCode.UNKNOWN_KEY}),
    ],
)
def test_a_matrix_that_is_not_complete_and_clear_is_refused(
    old: str, new: str, expected: set[FaultCode] | None
) -> None:
    with pytest.raises(InputFaults) as caught:
        changed(old, new)

    assert caught.value.faults
    assert expected is None or {one.code for one in caught.value.faults} == expected
