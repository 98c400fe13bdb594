"""`/fhir/Organization` and `/fhir/InsurancePlan`: insurers and clinics and what they sell, open to everybody.

An employer is shown to those who may read a contract that it concluded.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from polisbridge.api.fhir.asking import Asking, Param, Wanted
from polisbridge.api.fhir.contracts import subject_of_contract
from polisbridge.api.fhir.matching import reference, split, text, thing_of, token
from polisbridge.api.fhir.resource import Resource
from polisbridge.core.registry import (
    Authority,
    Employer,
    Held,
    Insurer,
    MedicalOrganisation,
    Record,
    RegisteredContract,
    RegisteredProduct,
)
from polisbridge.core.roles import AccessAction
from polisbridge.formats.fhir.insuranceplan import plan_out
from polisbridge.formats.fhir.organization import organization_out
from polisbridge.formats.fhir.systems import ORGANISATION_CODE, PRODUCT_CODE
from polisbridge.services.access import NOTHING
from polisbridge.services.registry.spans import around, holds

_OPEN: tuple[type[Any], ...] = (Insurer, MedicalOrganisation, Authority)


def _organization(asking: Asking, thing: int) -> dict[str, Any] | None:
    for kind in (*_OPEN, Employer):
        entries: list[Held[Any]] = list(asking.registry.known(kind, on=None, at=asking.at, thing=thing))
        if entries and (kind is not Employer or _may_see_employer(asking, thing)):
            asking.may((AccessAction.READ_PRODUCT, NOTHING))
            return organization_out(thing, entries[-1].code, entries[-1].value, asking.language)
    return None


def _may_see_employer(asking: Asking, employer: int) -> bool:
    if asking.actor.organisation == employer:
        return True
    held = list(asking.registry.known(RegisteredContract, on=None, at=asking.at, employer=employer))
    return bool(held) and asking.may(*((AccessAction.READ_CONTRACT, subject_of_contract(one)) for one in held))


def _organizations(asking: Asking, wanted: Wanted) -> Iterable[int]:
    identifier = wanted.first("identifier")
    if identifier is not None:
        system, code = split(identifier)
        known = system in (None, ORGANISATION_CODE)
        return sorted(thing for kind in _OPEN for thing in asking.registry.named(kind, code)) if known else []
    return sorted(_listed(asking, *_OPEN))


def _listed(asking: Asking, *kinds: type[Record]) -> Iterator[int]:
    for kind in kinds:
        yield from {one.thing for one in asking.registry.known(kind, on=asking.today, at=asking.at)}


def _plan(asking: Asking, thing: int) -> dict[str, Any] | None:
    asking.may((AccessAction.READ_PRODUCT, NOTHING))
    entries = list(asking.registry.known(RegisteredProduct, on=None, at=asking.at, thing=thing))
    span = around((one.valid for one in entries), asking.today)
    if span is None:
        return None
    on_sale = [one for one in entries if holds(one.valid, asking.today)]
    held = (on_sale or entries)[-1]
    return plan_out(thing, held.code, held.value, span, on_sale=bool(on_sale), language=asking.language)


def _plans(asking: Asking, wanted: Wanted) -> Iterable[int]:
    identifier = wanted.first("identifier")
    if identifier is not None:
        system, code = split(identifier)
        return asking.registry.named(RegisteredProduct, code) if system in (None, PRODUCT_CODE) else []
    if (owner := wanted.first("owned-by")) is not None:
        seller = thing_of("Organization", owner)
        held = asking.registry.known(RegisteredProduct, on=None, at=asking.at, seller=seller)
        return sorted({one.thing for one in held})
    return sorted(_listed(asking, RegisteredProduct))


ORGANIZATION = Resource(
    "Organization",
    _organization,
    _organizations,
    (
        Param("identifier", "token", f"code in the registry, by {ORGANISATION_CODE}", token("identifier")),
        Param("name", "string", "how the name begins", text("name")),
        Param("type", "token", "ins, prov or govt", token("type", "coding")),
        Param("address-country", "string", "the state (ISO 3166-1)", text("address", "country")),
    ),
    records=(Insurer, MedicalOrganisation, Employer, Authority),
)
PLAN = Resource(
    "InsurancePlan",
    _plan,
    _plans,
    (
        Param("identifier", "token", f"code of the product, by {PRODUCT_CODE}", token("identifier")),
        Param("owned-by", "reference", "who sells it", reference("Organization", "ownedBy")),
        Param("name", "string", "how the name begins", text("name")),
        Param("status", "token", "active (on sale today) or retired", token("status")),
    ),
    records=(RegisteredProduct,),
)
