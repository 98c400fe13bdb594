"""Who may do what: roles, actions, how far a permission reaches, and the decision. What is not allowed is refused.

The matrix itself is data (`adapters/access_data/access.yaml`); nothing here says who may do what.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from polisbridge.core.law import Text


class ActorRole(StrEnum):
    """In what capacity somebody uses a node."""

    VISITOR = "visitor"
    WORKER = "worker"
    HELPER = "helper"
    INSURER_CLERK = "insurer_clerk"
    EMPLOYER = "employer"
    VERIFIER = "verifier"
    HOSPITAL_DESK = "hospital_desk"
    AUTHORITY = "authority"
    EXECUTIVE_COMMITTEE = "executive_committee"
    NODE_OPERATOR = "node_operator"
    AUDITOR = "auditor"


class AccessAction(StrEnum):
    """What can be done at a node, as far as permission differs."""

    READ_SITE = "read_site"
    READ_LAW = "read_law"
    COMPARE = "compare"
    CHECK_CONTRACT = "check_contract"
    VERIFY = "verify"
    FIND_INSURED = "find_insured"
    SIGN_IN = "sign_in"
    OWN_ACCOUNT = "own_account"
    READ_PERSON = "read_person"
    READ_ACCESS_LOG = "read_access_log"
    EXPORT_PERSON = "export_person"
    CORRECT_PERSON = "correct_person"
    ERASE_PERSON = "erase_person"
    NAME_HELPER = "name_helper"
    SHARE_WITH_EMPLOYER = "share_with_employer"
    READ_PRODUCT = "read_product"
    WRITE_PRODUCT = "write_product"
    READ_CONTRACT = "read_contract"
    WRITE_CONTRACT = "write_contract"
    READ_CERTIFICATE = "read_certificate"
    ISSUE_CERTIFICATE = "issue_certificate"
    CHANGE_STATUS = "change_status"
    ADMIT_PATIENT = "admit_patient"
    READ_ENTITLEMENT = "read_entitlement"
    READ_DECISION = "read_decision"
    DRAFT_LAW = "draft_law"
    PUBLISH_LAW = "publish_law"
    ADMIT_INSURER = "admit_insurer"
    RUN_PORTFOLIO = "run_portfolio"
    READ_STATISTICS = "read_statistics"
    MANAGE_ACCOUNTS = "manage_accounts"
    OPERATE_NODE = "operate_node"
    AUDIT = "audit"


class AccessScope(StrEnum):
    """How far a permission reaches."""

    NONE = "none"
    OWN = "own"
    OWN_ORGANISATION = "own_organisation"
    OWN_STATE = "own_state"
    ANY_STATE = "any_state"


class AnswerPart(StrEnum):
    """What of a certificate's content the answer of a verification can show."""

    NUMBER = "number"
    HOLDER = "holder"
    INSURER = "insurer"
    BORN = "born"
    FAMILY_ROLE = "family_role"
    PERIOD = "period"
    TERRITORY = "territory"
    DECISION = "decision"


class RefusalReason(StrEnum):
    """Why an action was refused."""

    NOT_SIGNED_IN = "not_signed_in"
    OTHER_ROLE = "other_role"
    NOT_OWN = "not_own"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_STATE = "other_state"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `name` goes into the record; `organisation` and `person` are numbers of things of the registry.

    `helps` are the persons who named this helper, as it stands at the instant of the action. `key` is the number of the
    machine's key by which it acts.
    """

    role: ActorRole
    name: str = ""
    account: int | None = None
    state: str = ""
    organisation: int | None = None
    person: int | None = None
    helps: frozenset[int] = frozenset()
    key: int | None = None


@dataclass(frozen=True, slots=True)
class AccessSubject:
    """What an action is about: the state and organisations it belongs to, the person or account it concerns."""

    state: str = ""
    organisations: frozenset[int] = frozenset()
    person: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The action is allowed, by a permission of this reach."""

    scope: AccessScope


@dataclass(frozen=True, slots=True)
class Refused:
    """The action is refused, and why."""

    reason: RefusalReason


AccessDecision: TypeAlias = Allowed | Refused


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One action: what it is, why these may do it and nobody else, and how far for each role named."""

    action: AccessAction
    title: Text
    reason: Text
    scopes: Mapping[ActorRole, AccessScope]

    def scope(self, role: ActorRole) -> AccessScope:
        """Return how far the role's permission reaches; a role that is not named has none."""
        return self.scopes.get(role, AccessScope.NONE)


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """What holds of a role: its name, whether a second factor is a must, what it sees of a verified certificate."""

    role: ActorRole
    title: Text
    second_factor: bool
    answer: frozenset[AnswerPart]


@dataclass(frozen=True, slots=True)
class AccessLimits:
    """How long a visit lets a hospital see (days, the first included), and how many look-ups may find nobody in an hour."""

    visit_days: int
    misses_an_hour: int


@dataclass(frozen=True, slots=True)
class AccessMatrix:
    """Who may do what, complete: every role and every action. `checked` is the day of the last review."""

    checked: date
    roles: Mapping[ActorRole, RoleTerms]
    limits: AccessLimits
    rows: Mapping[AccessAction, AccessRow] = field(default_factory=dict)

    def decide(self, actor: Actor, action: AccessAction, subject: AccessSubject) -> AccessDecision:
        """Return whether the actor may do this to the subject. An action without a row is refused to everybody."""
        row = self.rows.get(action)
        scope = row.scope(actor.role) if row is not None else AccessScope.NONE
        if _reaches(scope, actor, subject):
            return Allowed(scope)
        if actor.role is ActorRole.VISITOR:
            return Refused(RefusalReason.NOT_SIGNED_IN)
        return Refused(_WHY_NOT[scope])


def _reaches(scope: AccessScope, actor: Actor, subject: AccessSubject) -> bool:
    """Say whether a permission of this reach covers the subject."""
    match scope:
        case AccessScope.NONE:
            return False
        case AccessScope.OWN:
            return _is_own(actor, subject)
        case AccessScope.OWN_ORGANISATION:
            return actor.organisation is not None and actor.organisation in subject.organisations
        case AccessScope.OWN_STATE:
            return bool(actor.state) and actor.state == subject.state
        case AccessScope.ANY_STATE:
            return True


def _is_own(actor: Actor, subject: AccessSubject) -> bool:
    """Say whether the person is the actor or one whom the actor helps; without a person, whether the account is."""
    if subject.person is not None:
        return subject.person == actor.person or subject.person in actor.helps
    return subject.account is not None and subject.account == actor.account


_WHY_NOT = {
    AccessScope.NONE: RefusalReason.OTHER_ROLE,
    AccessScope.OWN: RefusalReason.NOT_OWN,
    AccessScope.OWN_ORGANISATION: RefusalReason.OTHER_ORGANISATION,
    AccessScope.OWN_STATE: RefusalReason.OTHER_STATE,
}
