"""One request to `/fhir`: who asks, about what instant, and whether they may; parameters of searches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from litestar.exceptions import HTTPException

from polisbridge.api.asking import LARGEST_NUMBER, ApiRequest, exchange_of, sender_of
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.core.errors import ErrorCode, FaultCode, PolisbridgeError
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, ActorRole, Allowed, RefusalReason, Refused
from polisbridge.core.statusbook import Note
from polisbridge.formats.jsontree import holds_no_text
from polisbridge.services.access import AccessRefused, allowed
from polisbridge.services.exchange import Exchange
from polisbridge.services.registry import looking
from polisbridge.services.registry.ports import Registry
from polisbridge.words import preferred

COMMON = ("_id", "_count", "_after", "_format")
MOST, USUAL = 100, 50
PURPOSE = "fhir"  # in the record of who looked
_JSON = ("json", "application/json", "application/fhir+json", "text/json")
_ACCEPTED = ("application/fhir+json", "application/json", "application/*", "*/*")


@dataclass(frozen=True, slots=True)
class Asking:
    """A request within one transaction of the registry. `at` is the instant whose knowledge is asked for.

    `terms` remembers contracts that were read, for the many persons of one.
    """

    exchange: Exchange
    registry: Registry
    actor: Actor
    now: datetime
    at: datetime
    today: date
    language: str
    base: str
    terms: dict[Any, Any] = field(default_factory=dict)

    def as_known(self, at: datetime) -> "Asking":
        """Return the same request about what was known at an instant."""
        return replace(self, at=at)

    def may(self, *wanted: tuple[AccessAction, AccessSubject]) -> bool:
        """Say whether one of these is allowed; not when the thing is foreign, as if it were not there.

        Raises Problem when a key is wanting, AccessRefused when the role may do none of these at all.
        """
        found = [(action, allowed(self.exchange.matrix, self.actor, action, subject)) for action, subject in wanted]
        if any(isinstance(decision, Allowed) for _, decision in found):
            return True
        if self.actor.role is ActorRole.VISITOR:
            raise Problem(401, ProblemCode.NO_KEY)
        refused = [(action, one) for action, one in found if isinstance(one, Refused)]
        if all(one.reason is RefusalReason.OTHER_ROLE for _, one in refused):
            raise AccessRefused(*refused[0])
        return False

    def looked(self, person: int, what: str) -> None:
        """Record that the sender looked at something of a person's."""
        looking.record(self.registry, person, self.actor.role.value, what, Note(self.actor.name, self.now, PURPOSE))


def asking(request: ApiRequest, registry: Registry) -> Asking:
    """Return the request as it is worked with. Raises Problem for a key that is not good."""
    exchange = exchange_of(request)
    now = exchange.node.now()
    base = f"{str(request.base_url).rstrip('/')}/fhir"
    language = preferred(request.headers.get("Accept-Language", "")) or "en"
    return Asking(exchange, registry, sender_of(request), now, now, exchange.node.today(), language, base)


def refuse_other_formats(request: ApiRequest) -> None:
    """Raise HTTPException (406) when the sender wants anything but JSON."""
    wanted = request.query_params.get("_format")
    if wanted is not None:
        if wanted.replace(" ", "+") not in _JSON:
            raise HTTPException(status_code=406, detail="only JSON")
        return
    told = request.headers.get("Accept", "*/*").lower().split(",")
    if not any(one.split(";")[0].strip() in _ACCEPTED for one in told):
        raise HTTPException(status_code=406, detail="only JSON")


def number_of(text: str) -> int:
    """Return the number that an id is. Raises PolisbridgeError for what is the id of nothing."""
    if text.isascii() and text.isdecimal() and not text.startswith("0") and len(text) < len(str(LARGEST_NUMBER)):
        return int(text)
    raise nothing()


def nothing() -> PolisbridgeError:
    """Return the error for what is not there, or not for the sender."""
    return PolisbridgeError(ErrorCode.NOT_FOUND, "no such resource of yours", hint="search for it")


@dataclass(frozen=True, slots=True)
class Param:
    """A search parameter: its name and type, and whether a resource fits a value."""

    name: str
    type: str
    documentation: str
    fits: Callable[[Mapping[str, Any], str], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: values of parameters, all of which must fit; the piece of the list."""

    values: Mapping[str, tuple[str, ...]]
    most: int = USUAL
    after: int = 0

    def first(self, name: str) -> str | None:
        """Return the value of a parameter; None when it is not told."""
        found = self.values.get(name)
        return found[0] if found else None


def wanted(pairs: Iterable[tuple[str, str]], params: Iterable[Param]) -> Wanted:
    """Return what is searched for. Raises Problem naming every parameter that is not known or wrong."""
    known = {*(one.name for one in params), *COMMON}
    values, faults = dict[str, tuple[str, ...]](), list[dict[str, Any]]()
    for name, value in pairs:
        if name not in known:
            faults.append(_fault(name[:50], "", f"one of {', '.join(sorted(known))}"))
        elif len(value) > _LONGEST or holds_no_text(value):
            faults.append(_fault(name, f"{len(value)} characters", f"text of at most {_LONGEST} characters"))
        else:
            values[name] = (*values.get(name, ()), value)
    for name, least, most in (("_count", 0, 10**9), ("_after", 0, LARGEST_NUMBER)):
        told = values.get(name, ("0",))[0]
        if not (told.isascii() and told.isdecimal() and len(told) < _DIGITS and least <= int(told) <= most):
            faults.append(_fault(name, told, "a number"))
    if faults:
        raise Problem(400, ProblemCode.BAD_REQUEST, faults=faults)
    count = int(values["_count"][0]) if "_count" in values else USUAL
    after = int(values["_after"][0]) if "_after" in values else 0
    return Wanted({name: one for name, one in values.items() if name not in COMMON[1:]}, min(count, MOST), after)


_LONGEST = 300  # characters of the value of a parameter
_DIGITS = 20


def _fault(name: str, found: str, expected: str) -> dict[str, Any]:
    return {"where": f"query.{name}", "code": FaultCode.WRONG_VALUE.value, "found": found, "expected": expected}
