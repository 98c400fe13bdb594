"""Which language a visitor reads: the one they chose, else what their browser asks for."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from polisbridge.web.pages import PageRequest
from polisbridge.words import Words, languages

COOKIE = "language"
_YEAR = 365 * 24 * 3600
_QUALITY = re.compile(r"q=(0(\.\d{1,3})?|1(\.0{1,3})?)")
_ON_THIS_SITE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def words_for(request: PageRequest) -> Words:
    """Return the words of the visitor's language: asked for in the address, chosen before, else the browser's."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in languages():
            return Words(asked)
    found = (_known(tag) for tag in _wanted(request.headers.get("accept-language", "")))
    return Words(next((one for one in found if one), "en"))


def remembered(language: str) -> Cookie:
    """Return the cookie that keeps the choice for a year."""
    return Cookie(key=COOKIE, value=language, max_age=_YEAR, httponly=True, samesite="lax")


def way_back(address: str) -> str:
    """Return the address when it is a path of this site, else the first page. Never another site.

    >>> way_back("/law/RU?gate=entry"), way_back("//elsewhere.example"), way_back("https://elsewhere.example")
    ('/law/RU?gate=entry', '/', '/')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return address if _ON_THIS_SITE.fullmatch(address) and not parts.netloc and not parts.scheme else "/"


def _wanted(header: str) -> Iterator[str]:
    """Yield the language tags of an Accept-Language header, the most wanted first (RFC 9110, section 12.5.4)."""
    weighted = []
    for part in header[:500].split(","):
        tag, _, rest = part.partition(";")
        quality = _QUALITY.search(rest)
        weighted.append((-float(quality[1]) if quality else -1.0, tag.strip()))
    yield from (tag for weight, tag in sorted(weighted, key=lambda one: one[0]) if weight and tag)


def _known(tag: str) -> str | None:
    """Return the language that a tag such as `ru-RU` asks for: the very one, else one of the same first part."""
    wanted = tag.replace("-", "_").lower()
    exact = (one for one in languages() if one.lower() == wanted)
    near = (one for one in languages() if one.lower().split("_")[0] == wanted.split("_")[0])
    return next(exact, None) or next(near, None)
