"""What every page has: words, languages to choose, where the visitor is, and the law that answers rest on."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar.response import Template

from polisbridge.services.node import Node
from polisbridge.web.language import remembered, words_for
from polisbridge.web.pages import PageRequest
from polisbridge.words import languages
from polisbridge.words.catalogues import name, reviewed

AREAS = ("check", "verify", "law", "compare")
_HASH_SHOWN = 12
_ADDRESSED = ("product", "state", "gate", "region", "first", "last", "as_of", "day")  # nothing personal


@dataclass(frozen=True, slots=True)
class Choice:
    """A language to choose, with the address that chooses it and comes back here."""

    tag: str
    name: str
    link: str


def node_of(request: PageRequest) -> Node:
    """Return the node whose pages these are."""
    node: Node = request.app.state.node
    return node


def page(request: PageRequest, template: str, *, status: int = 200, keep: bool = True, **shown: Any) -> Template:
    """Return a page in the visitor's language. What is personal is not to be kept by anybody on the way.

    Raises LookupError when a page gives a name another meaning than it has on every page.
    """
    asked, everywhere = request.query_params.get("lang"), common(request)
    if twice := everywhere.keys() & shown.keys():
        raise LookupError(f"{template}: {', '.join(sorted(twice))} stands on every page already")
    return Template(
        template,
        context={**everywhere, **shown},
        status_code=status,
        headers={"Cache-Control": "private, no-cache" if keep else "no-store"},
        cookies=[remembered(asked)] if asked in languages() else [],
    )


def law_told(request: PageRequest) -> str:
    """Return the law that answers rest on, in words, by its version."""
    return words_for(request)("web.law_hash", hash=node_of(request).book.hash[:_HASH_SHOWN])


def with_camera(shown: Template) -> Template:
    """Return a page that may ask the visitor for the camera; no other page may."""
    shown.headers = {**shown.headers, "Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}
    return shown


def common(request: PageRequest) -> dict[str, Any]:
    """Return what every template reads."""
    node = node_of(request)
    return {**frame(request), "demo": node.demo, "law_hash": node.book.hash[:_HASH_SHOWN]}


def frame(request: PageRequest) -> dict[str, Any]:
    """Return what every template reads, as far as it is known without the node's database."""
    words = words_for(request)
    area = request.url.path.split("/")[1]
    return {
        "t": words,
        "tag": words.language.replace("_", "-"),
        "choices": _choices(_here(request)),
        "language": name(words.language),
        "unreviewed": not reviewed(words.language),
        "areas": AREAS,
        "area": area if area in AREAS else "",
        "demo": False,
        "signing": request.app.state.people is not None,
        "law_hash": "",
    }


def _choices(here: str) -> list[Choice]:
    return [
        Choice(one.replace("_", "-"), name(one), f"/language/{one}?{urlencode({'back': here})}") for one in languages()
    ]


def _here(request: PageRequest) -> str:
    """Return the address of this page with what it may hold; anything else in it is not passed on."""
    asked = [(key, value) for key, value in request.query_params.multi_items() if key in _ADDRESSED]
    return request.url.path + (f"?{urlencode(asked)}" if asked else "")
