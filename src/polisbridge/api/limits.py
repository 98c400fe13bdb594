"""Requests of a sender in a minute: of a machine by its key, of a visitor (or with a key that is not good) by the address.

What a sender has left goes with every answer: `RateLimit-Limit`, `-Remaining`, `-Reset` (seconds), and with a refusal
`Retry-After` (draft-ietf-httpapi-ratelimit-headers, in its first form, which clients read).
"""

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import TooManyRequestsException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from polisbridge.api.asking import SENDER, Connection, actor_shown, shows
from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.roles import Actor
from polisbridge.services.exchange import Exchange
from polisbridge.services.limits import Limits, Taken, sender_at


class ApiLimit(ASGIMiddleware):
    """Refuses (429) who sends more often in a minute, over all processes of the node."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, exchange: Exchange, limits: Limits, most: int) -> None:
        self._exchange, self._limits, self._most = exchange, limits, most

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count a request, and let it pass or refuse it; who sends it is found out once, here."""
        request: Connection = ASGIConnection(scope)
        actor = await sync_to_thread(self._actor, request) if shows(request) else None
        if actor is not None:
            request.state[SENDER] = actor
        sender = _sender(actor) or sender_at(request.client.host if request.client else "")
        now = self._exchange.node.now()
        taken = self._limits.take(sender, self._most, now)
        if taken.due:
            taken = await sync_to_thread(self._limits.share, sender, self._most, taken.due, now)
        told = self._told(taken)
        if taken.left < 0:
            raise TooManyRequestsException(headers={**told, "Retry-After": str(taken.seconds)})

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in told.items():
                    headers.setdefault(name, value)
            await send(message)

        await next_app(scope, receive, counted)

    def _actor(self, request: Connection) -> Actor | None:
        """Return as whom the sender acts; None when it is not good, or while nobody can say: the handler will find out."""
        try:
            return actor_shown(self._exchange, request)
        except PolisbridgeError:
            return None

    def _told(self, taken: Taken) -> dict[str, str]:
        left = str(max(0, taken.left))
        return {"RateLimit-Limit": str(self._most), "RateLimit-Remaining": left, "RateLimit-Reset": str(taken.seconds)}


def _sender(actor: Actor | None) -> str:
    """Return a machine or account as a sender; empty for a visitor."""
    if actor is None or (actor.key is None and actor.account is None):
        return ""
    return f"key {actor.key}" if actor.key is not None else f"account {actor.account}"
