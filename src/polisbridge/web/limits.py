"""Questions that somebody asks of the pages in a minute: of a visitor by the address, of others by the account.

Only what asks for work is counted (POST); pages that show something are not.
"""

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import TooManyRequestsException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from polisbridge.core.errors import PolisbridgeError
from polisbridge.services.limits import Limits, sender_at
from polisbridge.services.people.sessions import account_of
from polisbridge.web.signed import Asked, people_of, token_of


class PageLimit(ASGIMiddleware):
    """Refuses (429) who asks more often in a minute, over all processes of the node."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, limits: Limits, most: int) -> None:
        self._limits, self._most = limits, most

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count a question, and let it pass or refuse it."""
        if scope.get("method") == "POST":
            connection: Asked = ASGIConnection(scope)
            sender = await sync_to_thread(_sender, connection) if token_of(connection) else ""
            sender = sender or sender_at(connection.client.host if connection.client else "")
            now = connection.app.state.node.now()
            taken = self._limits.take(sender, self._most, now)
            if taken.due:
                taken = await sync_to_thread(self._limits.share, sender, self._most, taken.due, now)
            if taken.left < 0:
                raise TooManyRequestsException(headers={"Retry-After": str(taken.seconds)})
        await next_app(scope, receive, send)


def _sender(connection: Asked) -> str:
    """Return the account of a session as a sender; empty when it is none, or while nobody can say."""
    if connection.app.state.people is None:
        return ""
    try:
        found = account_of(people_of(connection), token_of(connection), connection.app.state.node.now())
    except PolisbridgeError:
        return ""
    return f"account {found[0].id}" if found else ""
