"""Which language a visitor reads: the one they chose, else what their browser asks for."""

import re
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from polisbridge.web.pages import PageRequest
from polisbridge.words import Words, matched, preferred

COOKIE = "language"
_YEAR = 365 * 24 * 3600
_ON_THIS_SITE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def words_for(request: PageRequest) -> Words:
    """Return the words of the visitor's language: asked for in the address, chosen before, else the browser's."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if found := matched(asked or ""):
            return Words(found)
    return Words(preferred(request.headers.get("accept-language", "")) or "en")


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
