"""Resources as they are read: every element knows its FHIRPath, and what nobody read is told at the end.

Reading never stops at a fault. What changes the meaning of the rest and is not understood is a fault, what else is
not understood a warning that names it; nothing is passed over in silence but narrative, metadata and ids.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from polisbridge.core.errors import Fault, FaultCode
from polisbridge.formats.fhir.systems import BASE
from polisbridge.formats.tree import shorten

FILE = "fhir"
_SILENT = frozenset({"resourceType", "id", "meta", "text", "fullUrl", "language"})
_CHANGES_MEANING = frozenset({"modifierExtension", "implicitRules"})
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")
_YEARS = range(1900, 2200)  # beyond what anybody insures, and within what every calendar reckons with
_OLD = frozenset({"old", "temp"})


class Notes:
    """What was found while reading: faults refuse the whole, warnings name what is not kept."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self._parts: list[Part] = []

    def root(self, tree: Any, where: str) -> "Part":
        """Return a resource to be read."""
        return Part(tree if isinstance(tree, dict) else {}, where, self)

    def watch(self, part: "Part") -> None:
        """Note a part, so that what nobody reads of it is told."""
        self._parts.append(part)

    def sweep(self) -> None:
        """Note everything that nobody read; once all that is to be read was."""
        for part in self._parts:
            for key, value in part.left():
                self._unread(f"{part.where}.{key}", key, value)
        self._parts.clear()

    def _unread(self, where: str, key: str, value: Any) -> None:
        if key in _CHANGES_MEANING:
            self.faults.append(
                Fault(
                    FILE, 1, where, FaultCode.UNKNOWN_KEY, _named(value), "nothing that changes the meaning of the rest"
                )
            )
        else:
            expected = "an element that is kept; this one is not (docs/spec/fhir.md)"
            self.warnings.append(Fault(FILE, 1, where, FaultCode.UNKNOWN_KEY, _named(value), expected))


class Part:
    """One element: a mapping whose keys are taken one by one."""

    def __init__(self, tree: dict[str, Any], where: str, notes: Notes) -> None:
        self.tree, self.where, self.notes = tree, where, notes
        self._taken = set[str]()
        self._inner: dict[str, list[Part]] = {}
        notes.watch(self)

    @property
    def kind(self) -> str:
        """The type of a resource; empty where there is none."""
        found = self.tree.get("resourceType", "")
        return found if isinstance(found, str) else ""

    @property
    def url(self) -> str:
        """The URL of an extension, not taken as read; empty where there is none."""
        found = self.tree.get("url", "")
        return found if isinstance(found, str) else ""

    def raw(self, key: str) -> Any:
        """Return what stands under a key, None for nothing; it counts as read."""
        self._taken.add(key)
        return self.tree.get(key)

    def text(self, key: str) -> str | None:
        """Return a text, number or flag as text; None when it is not there."""
        found = self.raw(key)
        if found is None or isinstance(found, str):
            return found
        self.fault(key, FaultCode.WRONG_VALUE, found, "a single value")
        return None

    def needed(self, key: str) -> str:
        """Return a text that must be there; empty, with a fault, when it is not."""
        found = self.text(key)
        if not found:
            self.fault(None, FaultCode.MISSING_KEY, "nothing", f"the element {key}")
        return found or ""

    def day(self, key: str) -> str | None:
        """Return a whole day, of an instant the day as it is written; None, with a fault for what is none."""
        told = self.text(key)
        found = _DAY.fullmatch(told) if told is not None else None
        if told is None or (found and _is_day(found[1])):
            return found[1] if found else None
        self.fault(key, FaultCode.WRONG_VALUE, told, f"a day from {_YEARS[0]} to {_YEARS[-1]}, such as 1990-05-05")
        return None

    def part(self, key: str) -> "Part | None":
        """Return an element with parts of its own; None when it is not there."""
        if key not in self._inner:
            self._inner[key] = self._parts_of(
                {f"{self.where}.{key}": found} if (found := self.raw(key)) is not None else {}
            )
        return next(iter(self._inner[key]), None)

    def parts(self, key: str) -> list["Part"]:
        """Return the elements of a list."""
        if key not in self._inner:
            found = self.raw(key)
            if found is not None and not isinstance(found, list):
                self.fault(key, FaultCode.WRONG_VALUE, found, "a list")
                found = None
            self._inner[key] = self._parts_of({f"{self.where}.{key}[{at}]": one for at, one in enumerate(found or ())})
        return self._inner[key]

    def _parts_of(self, named: dict[str, Any]) -> list["Part"]:
        for where, one in named.items():
            if not isinstance(one, dict):
                self.notes.faults.append(Fault(FILE, 1, where, FaultCode.WRONG_VALUE, shorten(one), "an object"))
        return [Part(one, where, self.notes) for where, one in named.items() if isinstance(one, dict)]

    def extensions(self) -> list["Part"]:
        """Return the extensions of ours and of HL7 that the caller knows how to read; each is read or told as unknown."""
        return self.parts("extension")

    def one_of(self, key: str) -> "Part | None":
        """Return the only element of a list; None when there is none, with a fault for each further one."""
        found = self.parts(key)
        for more in found[1:]:
            more.fault(None, FaultCode.TWICE, "one more", f"only one {key}")
            more.skip()
        return found[0] if found else None

    def fault(self, key: str | None, code: FaultCode, found: object, expected: str) -> None:
        """Note a fault of this element, or of one in it."""
        where = self.where if key is None else f"{self.where}.{key}"
        self.notes.faults.append(Fault(FILE, 1, where, code, shorten(found), expected))

    def warn(self, found: object, expected: str) -> None:
        """Note that this element is not kept; nothing more of it is told."""
        self.notes.warnings.append(Fault(FILE, 1, self.where, FaultCode.UNKNOWN_KEY, shorten(found), expected))
        self.skip()

    def skip(self) -> None:
        """Take everything as read but what changes the meaning."""
        self._taken |= set(self.tree) - _CHANGES_MEANING

    def refuse(self, key: str, *but: str) -> None:
        """Note a fault when an element that changes the meaning of the rest says anything but these."""
        found = self.raw(key)
        if found is not None and found not in but:
            expected = " or ".join((*but, "nothing")) if but else "nothing; it changes the meaning of the rest"
            self.fault(key, FaultCode.WRONG_VALUE, found, expected)

    def left(self) -> Iterator[tuple[str, Any]]:
        """Yield what nobody read."""
        yield from ((key, value) for key, value in self.tree.items() if key not in self._taken and key not in _SILENT)


def current(parts: list[Part]) -> list[Part]:
    """Return identifiers, names or addresses without those that are said to be old or for a time only."""
    found = []
    for one in parts:
        if one.text("use") in _OLD:
            one.warn(one.tree.get("use"), "one in use")
        else:
            found.append(one)
    return found


def coded(part: Part | None, *systems: str) -> dict[str, tuple[str, str]]:
    """Return the codes of a CodeableConcept by those systems that are known, each with its place; others are told."""
    found = dict[str, tuple[str, str]]()
    if part is None:
        return found
    part.text("text")
    for one in part.parts("coding"):
        system = one.text("system") or ""
        if system in systems and system not in found:
            for key in ("display", "version", "userSelected"):
                one.raw(key)
            found[system] = (one.needed("code"), f"{one.where}.code")
        else:
            one.warn(system or "no system", f"a code of {' or '.join(systems)}")
    return found


def is_own(url: str) -> bool:
    """Say whether a URL is one of ours."""
    return url.startswith(f"{BASE}/")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in _YEARS
    except ValueError:
        return False


def _named(value: Any) -> str:
    """Return what was found, in few words: extensions by their URL, other things by their content only when short."""
    some = value[0] if isinstance(value, list) and value else value
    if isinstance(some, dict) and isinstance(some.get("url"), str):
        return shorten(some["url"])
    return (
        shorten(value)
        if isinstance(value, str)
        else f"{type(value).__name__} of {len(value) if hasattr(value, '__len__') else 1}"
    )
