"""The resources that came together, and what a reference in one of them means: an entry, or one that is contained."""

from polisbridge.core.errors import FaultCode
from polisbridge.formats.fhir.parts import Part
from polisbridge.formats.fhir.patient import PersonRead

_KINDS = ("transaction", "collection")


class Pool:
    """The resources of a Bundle, or a resource with those that it contains."""

    def __init__(self, root: Part) -> None:
        self.root, self.notes = root, root.notes
        self.resources: list[Part] = []
        self.conditions: dict[str, str] = {}  # type of a resource -> If-None-Exist of its entry
        self.persons: dict[int, PersonRead] = {}  # Patients that were read
        self.places: dict[int, int] = {}  # Coverages and Patients that were read -> place among the insured persons
        self._by_name: dict[str, Part] = {}
        self._read = set[int]()
        if root.kind == "Bundle":
            self._entries()
        else:
            self._add(root, "")

    def _entries(self) -> None:
        if self.root.text("type") not in _KINDS:
            self.root.fault("type", FaultCode.UNKNOWN_CODE, self.root.tree.get("type", "nothing"), " or ".join(_KINDS))
        for entry in self.root.parts("entry"):
            resource = entry.part("resource")
            request = entry.part("request")
            if request is not None:
                self._request(request, resource)
            if resource is None:
                entry.fault(None, FaultCode.MISSING_KEY, "nothing", "the element resource")
            else:
                self._add(resource, entry.text("fullUrl") or "")

    def _request(self, request: Part, resource: Part | None) -> None:
        kind = resource.kind if resource is not None else ""
        if request.text("method") != "POST":
            request.fault("method", FaultCode.WRONG_VALUE, request.tree.get("method", "nothing"), "POST")
        if request.text("url") != kind:
            request.fault(
                "url", FaultCode.WRONG_VALUE, request.tree.get("url", "nothing"), kind or "the type of the resource"
            )
        if condition := request.text("ifNoneExist"):
            self.conditions[kind] = condition

    def _add(self, resource: Part, url: str) -> None:
        self.resources.append(resource)
        own = resource.text("id")
        for name in (url, f"{resource.kind}/{own}" if own else ""):
            if name and self._by_name.setdefault(name, resource) is not resource:
                resource.fault(None, FaultCode.TWICE, name, "each resource by a name of its own")
        for inner in resource.parts("contained"):
            name = inner.text("id") or ""
            if not name:
                inner.fault(None, FaultCode.MISSING_KEY, "nothing", "the element id")
            if self._by_name.setdefault(f"#{name}", inner) is not inner:
                inner.fault("id", FaultCode.TWICE, name, "each contained resource by a name of its own")
            self.resources.append(inner)
            self._by_name.setdefault(f"{inner.kind}/{name}", inner)

    def only(self, kind: str) -> Part | None:
        """Return the only resource of a type; None, with a fault, when there is none, and a fault for each further one."""
        found = self.of(kind)
        if not found:
            self.root.fault(None, FaultCode.MISSING_KEY, "nothing", f"a resource of the type {kind}")
            return None
        for more in found[1:]:
            more.fault(None, FaultCode.TWICE, kind, f"one {kind} at a time")
        self._read |= {id(one) for one in found}
        return found[0]

    def of(self, kind: str) -> list[Part]:
        """Return the resources of a type."""
        found = [one for one in self.resources if one.kind == kind]
        self._read |= {id(one) for one in found}
        return found

    def resolved(self, reference: Part | None, *kinds: str) -> Part | None:
        """Return the resource that a reference means, one of these types; None, with a fault, when it is not here."""
        if reference is None:
            return None
        told = reference.text("reference")
        for key in ("type", "display", "identifier"):
            reference.raw(key)
        found = self._by_name.get(told or "")
        if told == "#" and self.root.kind in kinds:
            found = self.root
        if found is None or found.kind not in kinds:
            code = FaultCode.UNKNOWN_CODE if told else FaultCode.MISSING_KEY
            where = None if told is None else "reference"
            reference.fault(where, code, told or "nothing", f"a {' or '.join(kinds)} that is sent along")
            return None
        self._read.add(id(found))
        return found

    def tell_unread(self) -> None:
        """Note every resource that nothing was read of; of a transaction, which is kept whole, that is a fault."""
        for one in self.resources:
            if id(one) in self._read:
                continue
            if self.root.tree.get("type") == "transaction":
                one.fault(
                    None, FaultCode.UNKNOWN_KEY, one.kind or "no type", "a resource that is kept; this one is not"
                )
                one.skip()
            else:
                one.warn(one.kind or "no type", "a resource that is kept; this one is not (docs/spec/fhir.md)")

    def entries(self) -> tuple[tuple[str, int], ...]:
        """Return the type of every resource in order, with its place among the insured persons; -1 for none."""
        return tuple((one.kind, self.places.get(id(one), -1)) for one in self.resources)


def literal(reference: Part | None, kind: str) -> str:
    """Return the id of a resource of the server that a reference names; empty when it names none."""
    if reference is None:
        return ""
    told = reference.text("reference") or ""
    name, slash, number = told.rpartition("/")
    if not slash or name.rpartition("/")[2] != kind or not (number.isascii() and number.isdecimal()):
        reference.fault(
            "reference", FaultCode.UNKNOWN_CODE, told or "nothing", f"{kind}/ and the number of one on this server"
        )
        return ""
    for key in ("display", "type"):
        reference.raw(key)
    return number
