"""Patient: who a person is. The name as in the passport and in its own script, documents, citizenship."""

from collections.abc import Iterable, Mapping
from typing import Any

from polisbridge.core.errors import FaultCode
from polisbridge.core.registry import Identity, IdentityDocument
from polisbridge.formats.codelists import fits, states
from polisbridge.formats.fhir.parts import Part, coded, current
from polisbridge.formats.fhir.systems import (
    CITIZENSHIP,
    IDENTITY_DOCUMENT,
    ISO_STATES,
    coding,
    concept,
    definition,
    identifier,
    own_system,
    system_of,
    without_empty,
)

ORIGINAL = definition("original-script")  # on a HumanName, valueBoolean true: the name in its own script
_STATELESS_SYSTEM = own_system("citizenship")


def patient_out(number: int | str, identity: Identity) -> dict[str, Any]:
    """Return a person as a Patient."""
    return {"resourceType": "Patient", "id": str(number), **person_out(identity, CITIZENSHIP)}


def person_out(identity: Identity, citizenship: str = "") -> dict[str, Any]:
    """Return what Patient and RelatedPerson have in common; with an URL also the citizenship, which only Patients have."""
    return without_empty(
        {
            "extension": [_citizen(citizenship, one) for one in sorted(identity.citizenship)] if citizenship else [],
            "identifier": [_document(identity.document)] if identity.document else [],
            "name": list(_names(identity)),
            "birthDate": identity.born.isoformat() if identity.born else None,
        }
    )


def _citizen(url: str, code: str) -> dict[str, Any]:
    told = concept(coding(system_of("@citizenship", code), code))
    return {"url": url, "extension": [{"url": "code", "valueCodeableConcept": told}]}


def _document(document: IdentityDocument) -> dict[str, Any]:
    return identifier(f"{IDENTITY_DOCUMENT}/{document.state}", document.number)


def _names(identity: Identity) -> Iterable[dict[str, Any]]:
    if identity.name:
        yield {"use": "official", "text": identity.name}
    if identity.original_name:
        yield {"extension": [{"url": ORIGINAL, "valueBoolean": True}], "use": "usual", "text": identity.original_name}


class PersonRead:
    """What a Patient says: plain values of a contract file, and the document, with the places that they come from."""

    def __init__(self, part: Part, known: frozenset[str] = frozenset()) -> None:
        self.part = part
        for key, allowed in (
            ("active", ("true",)),
            ("deceasedBoolean", ("false",)),
            ("deceasedDateTime", ()),
            ("link", ()),
        ):
            part.refuse(key, *allowed)
        self.name, self.original = _read_names(part)
        self.born = part.day("birthDate") or ""
        self.citizenship = _read_citizenship(part, known)
        self.document = _read_document(part)

    def said(self) -> dict[str, Any]:
        """Return name, birth date and citizenship as a contract file says them."""
        found = {"name": self.name, "born": self.born, "citizenship": self.citizenship or None}
        return {key: value for key, value in found.items() if value}

    def places(self) -> Mapping[str, str]:
        """Return where those come from."""
        where = self.part.where
        return {"name": f"{where}.name", "born": f"{where}.birthDate", "citizenship": f"{where}.extension"}


def _read_names(part: Part) -> tuple[str, str]:
    names, original = list[str](), ""
    for one in current(part.parts("name")):
        marked = [ext for ext in one.extensions() if _is_original(ext)]
        text = one.text("text") or _joined(one)
        if not text:
            one.fault(None, FaultCode.MISSING_KEY, "nothing", "text, or family and given")
        elif marked:
            original = original or text
        else:
            names.append(text)
    for more in names[1:]:
        part.fault(
            "name", FaultCode.TWICE, more, f"one name in use; that in its own script has the extension {ORIGINAL}"
        )
    return (names[0] if names else ""), original


def _is_original(extension: Part) -> bool:
    if extension.raw("url") == ORIGINAL:
        return extension.text("valueBoolean") == "true"
    extension.warn(extension.url, "an extension that is known here (docs/spec/fhir.md)")
    return False


def _joined(name: Part) -> str:
    """Return family and given names in the order of passports, where no text is told."""
    family, given = name.text("family"), name.raw("given")
    listed = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    return " ".join(one for one in (family, *listed) if one)


def _read_citizenship(part: Part, known: frozenset[str]) -> list[str]:
    """Return the citizenships; extensions that are not known, here or to the caller, are told."""
    found = list[str]()
    for one in part.extensions():
        if one.url in known:
            continue
        if one.raw("url") != CITIZENSHIP:
            one.warn(one.url, "an extension that is known here (docs/spec/fhir.md)")
            continue
        for inner in one.extensions():
            if inner.raw("url") == "code":
                codes = coded(inner.part("valueCodeableConcept"), ISO_STATES, _STATELESS_SYSTEM)
                found += [code for code, _ in codes.values()]
            else:
                inner.warn(inner.url, "the part code")
    for code in found:
        if not fits(code, "@citizenship", {}):
            part.fault("extension", FaultCode.UNKNOWN_CODE, code, "a state by ISO 3166-1, or stateless")
    return [one for one in dict.fromkeys(found) if one]


def _read_document(part: Part) -> IdentityDocument | None:
    found = list[IdentityDocument]()
    for one in current(part.parts("identifier")):
        system = one.text("system") or ""
        if not system.startswith(f"{IDENTITY_DOCUMENT}/"):
            one.warn(
                system or "no system", f"an identity document, by {IDENTITY_DOCUMENT}/ and the state that issued it"
            )
            continue
        one.raw("type")
        state = system.removeprefix(f"{IDENTITY_DOCUMENT}/")
        if state not in states():
            one.fault("system", FaultCode.UNKNOWN_CODE, state, "a state by ISO 3166-1, such as UZ")
        found.append(IdentityDocument(state, one.needed("value")))
    for more in found[1:]:
        part.fault("identifier", FaultCode.TWICE, more.state, "one identity document")
    return found[0] if found else None
