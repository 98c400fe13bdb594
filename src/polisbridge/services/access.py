"""May somebody do this? Asked by every page and endpoint by the name of its action; what nobody allowed is refused."""

from polisbridge.core.roles import (
    AccessAction,
    AccessDecision,
    AccessMatrix,
    AccessSubject,
    Actor,
    ActorRole,
    AnswerPart,
    Refused,
)

VISITOR = Actor(ActorRole.VISITOR)
NOTHING = AccessSubject()  # for actions that are about nobody's data


class AccessRefused(Exception):
    """An action that the actor may not do; `refused` says why."""

    def __init__(self, action: AccessAction, refused: Refused) -> None:
        super().__init__(f"{action.value}: {refused.reason.value}")
        self.action, self.refused = action, refused


def allowed(
    matrix: AccessMatrix, actor: Actor, action: AccessAction, subject: AccessSubject = NOTHING
) -> AccessDecision:
    """Return whether the actor may do this to the subject, and by which reach or why not."""
    return matrix.decide(actor, action, subject)


def require(matrix: AccessMatrix, actor: Actor, action: AccessAction, subject: AccessSubject = NOTHING) -> None:
    """Raise AccessRefused unless the actor may do this to the subject."""
    decision = allowed(matrix, actor, action, subject)
    if isinstance(decision, Refused):
        raise AccessRefused(action, decision)


def shown(matrix: AccessMatrix, role: ActorRole) -> frozenset[AnswerPart]:
    """Return what of a certificate's content the answer of a verification shows to the role."""
    terms = matrix.roles.get(role)
    return terms.answer if terms is not None else frozenset()
