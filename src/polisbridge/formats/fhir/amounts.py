"""Sums of a contract in elements of FHIR: valued items of a Contract, general costs and limits of an InsurancePlan."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from polisbridge.core.errors import FaultCode
from polisbridge.formats.fhir.facts import Places, money, money_in
from polisbridge.formats.fhir.parts import Part, coded
from polisbridge.formats.fhir.systems import ISO_CURRENCIES, NONE, UNLIMITED, coding, concept, definition, own_system
from polisbridge.formats.tree import Path

AMOUNTS = own_system("amount")
SCOPES = own_system("scope")
PER = definition("per")  # what a sum is available for: valueCode of `core.codes.Scope`
STATED = definition("stated")  # in place of an amount: valueCode none or unlimited

# what an amount is called here -> where the contract file has it, and whether it is a sum with a scope
OF_CONTRACT: Mapping[str, tuple[Path, bool]] = {
    "sum-insured": (("sum_insured",), True),
    "deductible": (("cost_sharing", "deductible"), False),
    "premium": (("premium",), False),
}
LIMIT = "limit"


def amounts_out(tree: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the sums of a contract file as valued items (`net`) or general costs (`cost`)."""
    return [_amount(name, value, key) for name, value in _said(tree) if value is not None]


def _said(tree: Mapping[str, Any]) -> list[tuple[str, Any]]:
    premium = tree.get("premium", {})
    return [
        ("sum-insured", tree.get("sum_insured")),
        ("deductible", tree.get("cost_sharing", {}).get("deductible")),
        ("premium", premium if "amount" in premium and "currency" in premium else None),
    ]


def _amount(name: str, value: Any, key: str) -> dict[str, Any]:
    named = {"net": "entityCodeableConcept", "cost": "type"}[key]
    told = concept(coding(AMOUNTS, name))
    if not isinstance(value, Mapping):
        return {"extension": [{"url": STATED, "valueCode": value}], named: told}
    scope = [{"url": PER, "valueCode": value["per"]}] if "per" in value else []
    return {**({"extension": scope} if scope else {}), named: told, key: money(value)}


def limit_item(value: Any) -> dict[str, Any]:
    """Return the limit of a benefit line as a valued item."""
    return _amount(LIMIT, value, "net")


def limit_of_plan(value: Any) -> dict[str, Any]:
    """Return the limit of a benefit line as InsurancePlan.coverage.benefit.limit."""
    if not isinstance(value, Mapping):
        return {"extension": [{"url": STATED, "valueCode": value}]}
    amount = {"value": Decimal(value["amount"]), "unit": value["currency"], "system": ISO_CURRENCIES}
    return {"value": {**amount, "code": value["currency"]}, "code": concept(coding(SCOPES, value["per"]))}


def amounts_in(items: list[Part], key: str, at: Path, places: Places) -> dict[str, Any]:
    """Return what valued items or general costs say, by their names (`sum-insured` …); others are told."""
    named = {"net": "entityCodeableConcept", "cost": "type"}[key]
    found = dict[str, Any]()
    for one in items:
        code, _ = coded(one.part(named), AMOUNTS).get(AMOUNTS, ("", ""))
        value = _value(one, key)
        if code in found:
            one.fault(None, FaultCode.TWICE, code, "each sum once")
        if code not in (*OF_CONTRACT, LIMIT):
            one.fault(
                named,
                FaultCode.UNKNOWN_CODE,
                code or "no code",
                f"one of {', '.join((*OF_CONTRACT, LIMIT))} of {AMOUNTS}",
            )
            continue
        if value is not None:
            found[code] = value
            inside = {"amount": f"{key}.value", "currency": f"{key}.currency", "per": "extension"}
            places[*at, code] = one.where
            places.update({(*at, code, part): f"{one.where}.{element}" for part, element in inside.items()})
    return found


def _value(one: Part, key: str) -> Any:
    said = {part.raw("url"): part for part in _known(one)}
    stated = said[STATED].text("valueCode") if STATED in said else None
    money_part = one.part(key)
    if stated is not None:
        if stated not in (NONE, UNLIMITED):
            said[STATED].fault("valueCode", FaultCode.UNKNOWN_CODE, stated, f"{NONE} or {UNLIMITED}")
        return stated
    value = money_in(money_part)
    if value is None:
        one.fault(None, FaultCode.MISSING_KEY, "nothing", f"the element {key}, or the extension {STATED}")
        return None
    per = said[PER].text("valueCode") if PER in said else None
    return {**value, "per": per} if per is not None else value


def limit_in(part: Part) -> Any:
    """Return the limit of a benefit of an InsurancePlan as the contract file says it; None, with a fault, if none."""
    said = {one.raw("url"): one for one in _known(part)}
    if STATED in said:
        return said[STATED].text("valueCode")
    quantity, per = part.part("value"), coded(part.part("code"), SCOPES)
    if quantity is None:
        part.fault(None, FaultCode.MISSING_KEY, "nothing", f"the element value, or the extension {STATED}")
        return None
    if quantity.text("system") != ISO_CURRENCIES:
        quantity.fault("system", FaultCode.UNKNOWN_CODE, quantity.tree.get("system", "nothing"), ISO_CURRENCIES)
    quantity.text("unit")
    found = {"amount": quantity.needed("value"), "currency": quantity.needed("code")}
    return {**found, "per": per[SCOPES][0]} if SCOPES in per else found


def _known(part: Part) -> list[Part]:
    found = []
    for one in part.extensions():
        if one.url in (PER, STATED):
            found.append(one)
        else:
            one.warn(one.raw("url"), "an extension that is known here (docs/spec/fhir.md)")
    return found
