"""What is served of one type of resource: routes and CapabilityStatement are made of the same table of these."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from polisbridge.api.fhir.asking import Asking, Param, Wanted
from polisbridge.core.registry import Record
from polisbridge.core.roles import AccessAction
from polisbridge.services.registry.ports import Registry


@dataclass(frozen=True, slots=True)
class Resource:
    """One type of resource.

    `build` returns a resource as known at the instant of the request, None when it is not there for the sender.
    `candidates` yields numbers of resources that a search may find, in order, beginning after a number; what of them
    the sender may see and what fits is found by building them. `needs` names parameters one of which must be told.
    `records` are the things of the registry whose changes are the versions of a resource. A role that may none of
    the `actions` is refused whatever it asks for.
    """

    kind: str
    build: Callable[[Asking, int], dict[str, Any] | None]
    candidates: Callable[[Asking, Wanted], Iterable[int]] | None = None
    params: tuple[Param, ...] = ()
    needs: tuple[str, ...] = ()
    records: tuple[type[Record], ...] = ()
    actions: tuple[AccessAction, ...] = (AccessAction.READ_PRODUCT,)

    @property
    def interactions(self) -> Sequence[str]:
        """The interactions of FHIR that are served, by their codes."""
        versions = ["vread", "history-instance"] if self.records else []
        return [
            "read",
            *versions,
            *(["search-type"] if self.candidates is not None else []),
        ]


@dataclass(frozen=True, slots=True)
class Version:
    """A resource as it was: its number among the versions, and since when."""

    number: int
    at: datetime
    resource: dict[str, Any]

    @property
    def tag(self) -> str:
        """The entity tag."""
        return f'W/"{self.number}"'


def instants(registry: Registry, resource: Resource, thing: int) -> list[datetime]:
    """Return when something about a thing became known or no longer held, in order."""
    found = set[datetime]()
    for kind in resource.records:
        for one in registry.changes(kind, thing):
            found |= {one.note.at, *([one.known_to] if one.known_to is not None else [])}
    return sorted(found)


def current(asking: Asking, resource: Resource, thing: int) -> Version | None:
    """Return a resource as known at the instant of the request; None when it is not there for the sender."""
    built = resource.build(asking, thing)
    if built is None:
        return None
    known = [one for one in instants(asking.registry, resource, thing) if one <= asking.at]
    number, at = len(known) or 1, known[-1] if known else asking.at
    meta = {"versionId": str(number), "lastUpdated": at.isoformat(timespec="milliseconds")}
    head = {"resourceType": built["resourceType"], "id": built["id"], "meta": meta if known else {}}
    return Version(number, at, {**{key: one for key, one in head.items() if one}, **_rest(built)})


def versions(asking: Asking, resource: Resource, thing: int) -> Iterator[Version]:
    """Yield the versions of a resource, newest first."""
    for at in reversed(instants(asking.registry, resource, thing)):
        found = current(asking.as_known(at), resource, thing)
        if found is not None:
            yield found


def _rest(built: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in built.items() if key not in ("resourceType", "id")}
