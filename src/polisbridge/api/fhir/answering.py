"""Answers of `/fhir`: resources with their versions, lists as Bundles in pieces, and nothing that others may keep."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from polisbridge.api.asking import ApiRequest
from polisbridge.api.fhir.asking import Asking, Wanted
from polisbridge.api.fhir.resource import Version
from polisbridge.formats.fhir.json import MEDIA_TYPE, to_json

PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Language"}
NO_STORE = {"Cache-Control": "no-store"}


def told(resource: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """Answer with a resource."""
    return Response(
        to_json(resource), status_code=status, media_type=MEDIA_TYPE, headers={**NO_STORE, **(headers or {})}
    )


def versioned(request: ApiRequest, found: Version) -> Response[bytes]:
    """Answer with a version of a resource; with nothing (304) when the sender has it already."""
    headers = {**PRIVATE, **version_headers(found)}
    if _has(request, found):
        return Response(b"", status_code=304, headers=headers)
    return Response(to_json(found.resource), status_code=200, media_type=MEDIA_TYPE, headers=headers)


def version_headers(found: Version) -> dict[str, str]:
    """Return the headers that tell a version."""
    return {"ETag": found.tag, "Last-Modified": format_datetime(_second(found.at), usegmt=True)}


def _has(request: ApiRequest, found: Version) -> bool:
    tags = {one.strip() for one in request.headers.get("If-None-Match", "").split(",")}
    if tags != {""}:
        return bool(tags & {found.tag, found.tag.removeprefix("W/"), "*"})
    since = request.headers.get("If-Modified-Since")
    try:
        return since is not None and _second(found.at) <= parsedate_to_datetime(since).astimezone(UTC)
    except (ValueError, OverflowError):
        return False


def _second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def searchset(asking: Asking, kind: str, wanted: Wanted, found: Iterable[Version], after: int | None) -> dict[str, Any]:
    """Return what a search found, with a link to the next piece when there may be more after a number."""
    links = [{"relation": "self", "url": _link(asking, kind, wanted, wanted.after)}]
    if after is not None:
        links.append({"relation": "next", "url": _link(asking, kind, wanted, after)})
    entries = [
        {"fullUrl": f"{asking.base}/{kind}/{one.resource['id']}", "resource": one.resource, "search": {"mode": "match"}}
        for one in found
    ]
    return _bundle("searchset", links, entries)


def history(asking: Asking, kind: str, thing: int, found: Iterable[Version]) -> dict[str, Any]:
    """Return the versions of a resource, newest first."""
    address = f"{asking.base}/{kind}/{thing}"
    entries = [
        {
            "fullUrl": address,
            "resource": one.resource,
            "request": {
                "method": "POST" if one.number == 1 else "PUT",
                "url": kind if one.number == 1 else f"{kind}/{thing}",
            },
            "response": {
                "status": "201" if one.number == 1 else "200",
                "etag": one.tag,
                "lastModified": one.at.isoformat(),
            },
        }
        for one in found
    ]
    return {**_bundle("history", [{"relation": "self", "url": f"{address}/_history"}], entries), "total": len(entries)}


def _bundle(kind: str, links: list[dict[str, str]], entries: list[dict[str, Any]]) -> dict[str, Any]:
    more = {"entry": entries} if entries else {}
    return {"resourceType": "Bundle", "type": kind, "link": links, **more}


def _link(asking: Asking, kind: str, wanted: Wanted, after: int) -> str:
    pairs = [(name, value) for name, values in wanted.values.items() for value in values]
    pairs += [("_count", str(wanted.most)), *([("_after", str(after))] if after else [])]
    return f"{asking.base}/{kind}?{urlencode(pairs)}"
