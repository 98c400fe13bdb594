"""What a new node holds: the states of the law, and for trying out the samples that come with the program."""

from collections.abc import Mapping
from dataclasses import replace

from polisbridge.core.contract import Contract, Period
from polisbridge.core.law import LawBook
from polisbridge.core.registry import (
    Authority,
    Employer,
    Identity,
    IdentityDocument,
    Insurer,
    Licence,
    MedicalOrganisation,
    RegisteredContract,
    RegisteredProduct,
    Tree,
)
from polisbridge.core.statusbook import Note
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.registryfile import product_terms
from polisbridge.formats.tree import read_tree
from polisbridge.services.registry.contracts import NewContract, identity_of, register
from polisbridge.services.registry.issuing import IssuingKeys, issue_for
from polisbridge.services.registry.organisations import keep
from polisbridge.services.registry.ports import Registry

_CONTRACT, _ORDER = ".contract.yaml", ".order.yaml"
_ALWAYS = Period()
EMPLOYER = "RU/Employer (sample)"
_BY_EMPLOYER = frozenset({"russian_migrant_policy", "russian_migrant_policy_short"})  # samples that it concluded


def seed_law(registry: Registry, book: LawBook, note: Note) -> int:
    """Put the states whose law is in the book on record, each as the authority that asks; return how many are new."""
    count = 0
    for one in book.jurisdictions.values():
        if one.state and not one.region and one.treaty is None:
            value = Authority(one.state, dict(one.title))
            thing = registry.hold(Authority, one.id)
            held = [entry.value for entry in registry.known(Authority, on=note.at.date(), at=note.at, thing=thing)]
            if held != [value]:
                registry.put(thing, _ALWAYS, value, note)
                count += 1
    return count


def seed_samples(registry: Registry, files: Mapping[str, bytes], book: LawBook, note: Note) -> int:
    """Put sample contracts with sellers, products and made-up persons on record; return how many contracts."""
    names = sorted(name for name in files if name.endswith(_CONTRACT))
    title = {"en": "Employer (sample)", "ru": "Работодатель (образец)"}
    employer = keep(registry, EMPLOYER, Employer("RU", title), _ALWAYS, note)
    orders = {name.removesuffix(_ORDER): read_tree(files[name], name).tree for name in files if name.endswith(_ORDER)}
    phones = {str(one["insurer"]): str(one["assistance_phone"]) for one in orders.values()}
    for name in names:
        document = read_tree(files[name], name)
        contract = read_contract(document, book.vocabulary)
        code = name.removesuffix(_CONTRACT)
        seller = _seller(registry, document.tree, phones, note)
        terms = product_terms(document.tree)
        title = {"en": str(document.tree.get("title", contract.number))}
        product = keep(registry, code, RegisteredProduct(seller, title, terms), _ALWAYS, note, seller)
        who = _identities(contract, orders.get(code, {}))
        by = employer if code in _BY_EMPLOYER else None
        register(registry, NewContract(contract, seller, product, by, who), note)
    return len(names)


def issue_samples(
    registry: Registry, files: Mapping[str, bytes], book: LawBook, keys: IssuingKeys, note: Note
) -> list[int]:
    """Issue certificates for the sample contracts that come with an order to; return their numbers."""
    found: list[int] = []
    for order in sorted(name for name in files if name.endswith(_ORDER)):
        name = order.removesuffix(_ORDER) + _CONTRACT
        contract = read_contract(read_tree(files[name], name), book.vocabulary)
        for held in registry.known(RegisteredContract, on=note.at.date(), at=note.at):
            if held.code == contract.number:
                found += issue_for(registry, keys, held.thing, note, book.vocabulary).new
    return found


def _seller(registry: Registry, tree: Tree, phones: Mapping[str, str], note: Note) -> int:
    """Put the insurer of a contract on record, or the clinic where there is none; return its number."""
    insurer, state = tree.get("insurer"), str(tree.get("home_state", ""))
    if not isinstance(insurer, dict):
        regions = _part(tree, "service").get("clinic_regions")
        region = str(regions[0]) if isinstance(regions, list) and regions else None
        clinic = MedicalOrganisation(state, {"en": "Clinic (sample)", "ru": "Клиника (образец)"}, region)
        return keep(registry, f"{state}/clinic (sample)", clinic, _ALWAYS, note)
    name, created = str(insurer.get("name", "Insurer (sample)")), str(insurer.get("state", state))
    found = keep(registry, f"{created}/{name}", Insurer(created, {"en": name}, phones.get(name, "")), _ALWAYS, note)
    for licensed in insurer.get("licensed_in", []):
        licence = Licence(found, licensed, "SAMPLE", ("health",))
        keep(registry, f"{licensed}/SAMPLE", licence, _ALWAYS, note, found)
    return found


def _identities(contract: Contract, order: Tree) -> dict[str, Identity]:
    """Return who the persons are: by the order to certify them where the sample has one, else by the contract."""
    found = {one.id: identity_of(one) for one in contract.insured}
    state = str(order.get("state", ""))
    for person, holder in _part(order, "holders").items():
        if person in found and isinstance(holder, dict):
            document = IdentityDocument(state, str(holder["document"]))
            original = str(holder.get("original_name", ""))
            found[person] = replace(found[person], name=str(holder["name"]), original_name=original, document=document)
    return found


def _part(tree: Tree, name: str) -> Mapping[str, object]:
    part = tree.get(name)
    return part if isinstance(part, dict) else {}
