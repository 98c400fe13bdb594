"""Organization: insurers, clinics, employers and authorities of the registry."""

from collections.abc import Mapping
from typing import Any

from polisbridge.core.registry import Authority, Employer, Insurer, MedicalOrganisation
from polisbridge.formats.fhir.parts import Part, current
from polisbridge.formats.fhir.systems import (
    ORGANISATION_CODE,
    ORGANISATION_TYPE,
    TRANSLATION,
    coding,
    concept,
    identifier,
    without_empty,
)

Organisation = Insurer | MedicalOrganisation | Employer | Authority
TYPES: Mapping[type[Any], str] = {Insurer: "ins", MedicalOrganisation: "prov", Employer: "bus", Authority: "govt"}


def organization_out(number: int | str, code: str, value: Organisation, language: str = "en") -> dict[str, Any]:
    """Return an organisation; its name in the language where it has one, the others as translations."""
    region = value.region if isinstance(value, MedicalOrganisation) else None
    phone = value.phone if isinstance(value, Insurer) else ""
    return without_empty(
        {
            "resourceType": "Organization",
            "id": str(number),
            "identifier": [identifier(ORGANISATION_CODE, code)] if code else [],
            "active": True,
            "type": [concept(coding(ORGANISATION_TYPE, TYPES[type(value)]))],
            **titled("name", value.title, language),
            "telecom": [{"system": "phone", "value": phone}] if phone else [],
            "address": [without_empty({"state": region, "country": value.state})],
        }
    )


def titled(key: str, title: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return a text in one language with the others as translations (HL7's extension); empty where there is none."""
    if not any(title.values()):
        return {}
    spoken = next(one for one in (language, "en", *title) if title.get(one))
    others = [_translation(one, text) for one, text in sorted(title.items()) if one != spoken and text]
    return {key: title[spoken], **({f"_{key}": {"extension": others}} if others else {})}


def _translation(language: str, text: str) -> dict[str, Any]:
    lang = {"url": "lang", "valueCode": language.replace("_", "-")}
    return {"url": TRANSLATION, "extension": [lang, {"url": "content", "valueString": text}]}


def title_in(part: Part, key: str, language: str) -> dict[str, str]:
    """Return a text with its translations by language."""
    found = {language: text} if (text := part.text(key)) else {}
    beside = part.part(f"_{key}")
    for one in beside.extensions() if beside is not None else []:
        said = {str(inner.raw("url")): inner for inner in one.extensions()} if one.raw("url") == TRANSLATION else {}
        if not {"lang", "content"} <= set(said):
            one.warn(one.url, f"{TRANSLATION} with lang and content")
            continue
        found[(said["lang"].text("valueCode") or "").replace("-", "_")] = said["content"].text("valueString") or ""
    return found


class OrganizationRead:
    """What an Organization says of who it is: by our code if it tells one, its name and state."""

    def __init__(self, part: Part) -> None:
        self.part = part
        part.refuse("active", "true")
        own = [one for one in current(part.parts("identifier")) if one.text("system") == ORGANISATION_CODE]
        self.code = own[0].needed("value") if own else ""
        self.name = part.text("name") or ""
        part.skip()
