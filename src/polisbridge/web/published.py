"""What anybody may fetch to verify with: status lists at `/status/UZ-1`, and at a node to try out its trust data."""

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from polisbridge.services.exchange import Exchange
from polisbridge.web.pages import PageRequest

_LIST = "application/statuslist+cwt"
_FILE = "application/octet-stream"


def published_files(exchange: Exchange | None) -> list[Router]:
    """Return the routes of these files; none at a node that issues nothing."""
    if exchange is None or exchange.issuing is None:
        return []
    return [Router("/status", route_handlers=[status_list]), Router("/trust", route_handlers=[trust_file])]


@get("/{name:str}", sync_to_thread=True)
def status_list(request: PageRequest, name: FromPath[str]) -> Response[bytes]:
    """Return a status list as it was last signed (Token Status List)."""
    return _answer(request, f"status/{name}", _LIST)


@get("/{path:path}", sync_to_thread=True)
def trust_file(request: PageRequest, path: FromPath[str]) -> Response[bytes]:
    """Return a file of the node's trust repository (TUF)."""
    name = str(path).lstrip("/")
    return _answer(request, name, _LIST if name.startswith("status/") else _FILE)


def _answer(request: PageRequest, name: str, media_type: str) -> Response[bytes]:
    exchange: Exchange = request.app.state.exchange
    data = exchange.issuing.public(name) if exchange.issuing is not None else None
    if data is None:
        raise NotFoundException
    return Response(data, media_type=media_type, headers={"Cache-Control": "public, max-age=60"})
