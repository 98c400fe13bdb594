"""Where pages are written: the templates, and what a request looks like to those who fill them."""

from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.datastructures import State

PageRequest: TypeAlias = Request[Any, Any, State]
HERE = Path(__file__).parent


@cache
def templates() -> Environment:
    """Return where templates come from; every value is escaped, and a name that does not exist is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = str  # a law text without the element that tells its language
    return environment
