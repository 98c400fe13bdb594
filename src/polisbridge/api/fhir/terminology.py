"""`/fhir/StructureDefinition` and `/fhir/CodeSystem`: what our extensions and codes mean, open to everybody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response

from polisbridge.api.asking import ApiRequest, exchange_of, permitted
from polisbridge.api.fhir.answering import told
from polisbridge.api.fhir.asking import Param, nothing, refuse_other_formats, wanted
from polisbridge.api.fhir.matching import token
from polisbridge.core.roles import AccessAction
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.fhir.terminology import code_system_out, code_systems, definition_out, extension_names


@dataclass(frozen=True, slots=True)
class Terms:
    """One type of definitions: all names, and the definition of one; None when there is none of that name."""

    names: Callable[[Vocabulary], tuple[str, ...]]
    read: Callable[[str, Vocabulary], dict[str, Any] | None]


TERMS: Mapping[str, Terms] = {
    "CodeSystem": Terms(lambda vocabulary: tuple(sorted(code_systems(vocabulary))), code_system_out),
    "StructureDefinition": Terms(lambda _: extension_names(), lambda name, _: definition_out(name)),
}
PARAMS = (Param("url", "uri", "the canonical URL", token("url")),)


def read_terms(request: ApiRequest, kind: str, name: str) -> Response[bytes]:
    """Answer with one definition, by the last part of its URL."""
    found = TERMS[kind].read(name, _vocabulary(request))
    if found is None:
        raise nothing()
    return told(found)


def search_terms(request: ApiRequest, kind: str, pairs: list[tuple[str, str]]) -> Response[bytes]:
    """Answer with all definitions, or those of a URL or id, in one piece."""
    sought, vocabulary = wanted(pairs, PARAMS), _vocabulary(request)
    made = [TERMS[kind].read(name, vocabulary) for name in TERMS[kind].names(vocabulary)]
    found = [one for one in made if one is not None and _fits(one, sought.first("url"), sought.first("_id"))]
    entries = [{"fullUrl": one["url"], "resource": one, "search": {"mode": "match"}} for one in found]
    more = {"entry": entries} if entries else {}
    return told({"resourceType": "Bundle", "type": "searchset", "total": len(found), **more})


def _fits(resource: Mapping[str, Any], url: str | None, name: str | None) -> bool:
    return url in (None, resource["url"]) and name in (None, resource["id"])


def _vocabulary(request: ApiRequest) -> Vocabulary:
    refuse_other_formats(request)
    permitted(request, AccessAction.READ_LAW)
    return exchange_of(request).node.book.vocabulary
