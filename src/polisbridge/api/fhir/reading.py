"""Reading from `/fhir`: one resource, one of its versions, all of them, and searches."""

from itertools import islice
from typing import Any

from litestar import Response

from polisbridge.api.asking import ApiRequest, exchange_of
from polisbridge.api.fhir.answering import history, searchset, told, versioned
from polisbridge.api.fhir.asking import Asking, Wanted, asking, nothing, number_of, refuse_other_formats, wanted
from polisbridge.api.fhir.resource import Resource, Version, current, instants, versions
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.core.errors import FaultCode
from polisbridge.services.access import NOTHING
from polisbridge.services.registry.ports import Registry

_MOST_VERSIONS = 100


def _asking(request: ApiRequest, registry: Registry, resource: Resource) -> Asking:
    """Return the request as it is worked with. Raises what `Asking.may` raises for a role that may nothing of the kind."""
    found = asking(request, registry)
    found.may(*((action, NOTHING) for action in resource.actions))
    return found


def read(request: ApiRequest, resource: Resource, thing: str) -> Response[bytes]:
    """Answer with a resource as it is today."""
    refuse_other_formats(request)
    number = number_of(thing)
    with exchange_of(request).registries.change() as registry:
        found = current(_asking(request, registry, resource), resource, number)
    if found is None:
        raise nothing()
    return versioned(request, found)


def vread(request: ApiRequest, resource: Resource, thing: str, version: str) -> Response[bytes]:
    """Answer with a resource as it was known once; versions count from 1 in the order in which they became known."""
    refuse_other_formats(request)
    number, wanted_version = number_of(thing), number_of(version)
    with exchange_of(request).registries.change() as registry:
        asked = _asking(request, registry, resource)
        known = instants(registry, resource, number)
        if not 1 <= wanted_version <= len(known):
            raise nothing()
        found = current(asked.as_known(known[wanted_version - 1]), resource, number)
    if found is None:
        raise nothing()
    return versioned(request, found)


def versions_of(request: ApiRequest, resource: Resource, thing: str) -> Response[bytes]:
    """Answer with the versions of a resource, newest first, at most a hundred."""
    refuse_other_formats(request)
    number = number_of(thing)
    with exchange_of(request).registries.change() as registry:
        asked = _asking(request, registry, resource)
        found = list(islice(versions(asked, resource, number), _MOST_VERSIONS))
    if not found:
        raise nothing()
    return told(history(asked, resource.kind, number, found))


def search(request: ApiRequest, resource: Resource, pairs: list[tuple[str, str]]) -> Response[bytes]:
    """Answer with the resources that fit all parameters, as far as the sender may see them, in pieces."""
    refuse_other_formats(request)
    sought = wanted(pairs, resource.params)
    if resource.needs and not {*resource.needs, "_id"} & set(sought.values):
        expected = f"at least one of {', '.join((*resource.needs, '_id'))}"
        fault = {"where": "query", "code": FaultCode.MISSING_KEY.value, "found": "", "expected": expected}
        raise Problem(400, ProblemCode.BAD_REQUEST, faults=[fault])
    with exchange_of(request).registries.change() as registry:
        asked = _asking(request, registry, resource)
        found, after = _page(asked, resource, sought)
    return told(searchset(asked, resource.kind, sought, found, after))


def _page(asked: Asking, resource: Resource, sought: Wanted) -> tuple[list[Version], int | None]:
    """Return one piece, and the number after which the next begins; None when there is nothing more."""
    numbers = [one for one in _numbers(asked, resource, sought) if one > sought.after]
    tried = numbers[: sought.most]
    found = [one for thing in tried if (one := current(asked, resource, thing)) is not None]
    fitting = [one for one in found if _fits(resource, sought, one.resource)]
    return fitting, tried[-1] if tried and len(numbers) > len(tried) else None


def _numbers(asked: Asking, resource: Resource, sought: Wanted) -> list[int]:
    ids = sought.first("_id")
    if ids is not None:
        return sorted(
            {number_of(one) for one in ids.split(",") if one.isdecimal() and one.isascii() and len(one) < _DIGITS}
        )
    return list(resource.candidates(asked, sought)) if resource.candidates is not None else []


_DIGITS = 19


def _fits(resource: Resource, sought: Wanted, built: dict[str, Any]) -> bool:
    params = {one.name: one for one in resource.params}
    return all(
        params[name].fits(built, value) for name, values in sought.values.items() if name in params for value in values
    )
