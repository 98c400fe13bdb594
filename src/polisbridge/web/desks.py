"""Which desk is whose: where somebody who signed in begins their work."""

from collections.abc import Mapping

from litestar import get
from litestar.response import Redirect

from polisbridge.core.roles import AccessAction, ActorRole
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, account_for

DESKS: Mapping[ActorRole, str] = {
    ActorRole.WORKER: "/me",
    ActorRole.HELPER: "/me",
    ActorRole.INSURER_CLERK: "/insurer",
    ActorRole.EMPLOYER: "/employer",
    ActorRole.VERIFIER: "/verify",
    ActorRole.HOSPITAL_DESK: "/hospital",
    ActorRole.AUTHORITY: "/authority",
    ActorRole.EXECUTIVE_COMMITTEE: "/committee",
    ActorRole.NODE_OPERATOR: "/accounts",
    ActorRole.AUDITOR: "/audit",
}


def desk_of(role: ActorRole) -> str:
    """Return the address of a role's desk: of a role without one, the own account."""
    return DESKS.get(role, "/account")


@get("/desk", sync_to_thread=True, opt={"action": AccessAction.OWN_ACCOUNT})
def desk(request: PageRequest) -> Redirect:
    """Lead to the desk of whoever is signed in; a visitor to the door."""
    _, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    return Redirect(desk_of(actor.role), status_code=SEE_OTHER)
