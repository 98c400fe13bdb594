"""Whether a resource fits a value of a search parameter: tokens, references, texts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from polisbridge.api.asking import LARGEST_NUMBER
from polisbridge.services.registry.ports import NOBODY

Fits = Callable[[Mapping[str, Any], str], bool]


def token(*path: str) -> Fits:
    """Return whether identifiers, codings or codes at a path hold a token: `code`, `system|code` or `|code`."""

    def fits(resource: Mapping[str, Any], value: str) -> bool:
        return any(_same(one, part) for one in _at(resource, path) for part in value.split(","))

    return fits


def reference(kind: str, *path: str) -> Fits:
    """Return whether a reference at a path names a resource: `12`, `Patient/12`, or the whole address."""

    def fits(resource: Mapping[str, Any], value: str) -> bool:
        named = {reference_id(kind, part) for part in value.split(",")}
        told = [one.get("reference", "") for one in _at(resource, path) if isinstance(one, Mapping)]
        return any(one in {f"{kind}/{number}" for number in named if number} for one in told)

    return fits


def text(*path: str) -> Fits:
    """Return whether a text at a path begins so, whatever the case."""

    def fits(resource: Mapping[str, Any], value: str) -> bool:
        return any(str(one).casefold().startswith(value.casefold()) for one in _at(resource, path))

    return fits


def reference_id(kind: str, value: str) -> str:
    """Return the id of a resource of a type that a value names; empty when it names another type."""
    before, slash, number = value.rpartition("/")
    return number if not slash or before.rpartition("/")[2] == kind else ""


def thing_of(kind: str, value: str) -> int:
    """Return the number of a resource of a type that a value names; that of nothing when it names none."""
    told = reference_id(kind, value)
    sound = told.isascii() and told.isdecimal() and len(told) < len(str(LARGEST_NUMBER))
    return int(told) if sound else NOBODY


def split(value: str) -> tuple[str | None, str]:
    """Return system and value of a token; None for any system."""
    system, bar, code = value.rpartition("|")
    return (system if bar else None), code


def _same(one: Any, value: str) -> bool:
    system, code = split(value)
    if isinstance(one, str):
        return one == code
    if not isinstance(one, Mapping):
        return str(one).lower() == code
    known = one.get("value", one.get("code"))
    return known == code and (system is None or one.get("system", "") == system)


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _at(one, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
