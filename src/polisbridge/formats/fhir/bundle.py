"""A contract with its persons as one Bundle, and back: Contract, a Coverage and a Patient for each person, the insurer.

Read are a Bundle (transaction or collection), and a single Contract that contains the others. Identities, documents
and names in their own script come from the Patients.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.registry import Identity
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.contractwriter import contract_tree, insured_tree
from polisbridge.formats.fhir.contract import EMPLOYER, PRODUCT, contract_in, contract_out
from polisbridge.formats.fhir.coverage import CoverageIds, coverage_in, coverage_out, is_written
from polisbridge.formats.fhir.facts import Places
from polisbridge.formats.fhir.organization import Organisation, OrganizationRead, organization_out
from polisbridge.formats.fhir.parts import FILE, Notes, Part
from polisbridge.formats.fhir.patient import PersonRead, patient_out
from polisbridge.formats.fhir.periods import days_of
from polisbridge.formats.fhir.pool import Pool, literal
from polisbridge.formats.tree import Document, show_path

_STEP = re.compile(r"(\.[^.\[]+|\[\d+\])$")


@dataclass(frozen=True, slots=True)
class ContractRead:
    """A contract that came as resources.

    `organisations` are the codes that it tells of its insurer, `product` and `employer` numbers of resources of the
    server, empty when not told; `conditions` the If-None-Exist of entries, by type;
    `entries` the types of the resources in order, with the place of each among the insured persons, -1 for none; `warnings` name what is not kept.
    """

    contract: Contract
    identities: Mapping[str, Identity]
    organisations: tuple[str, ...]
    product: str
    employer: str
    conditions: Mapping[str, str]
    entries: tuple[tuple[str, int], ...]
    warnings: tuple[Fault, ...]


def bundle_out(
    contract: Contract,
    identities: Mapping[str, Identity],
    seller: Organisation,
    *,
    base: str,
    code: str = "",
    kind: str = "collection",
) -> dict[str, Any]:
    """Return a contract with its persons as a Bundle. Persons without an identity are told as the contract tells them.

    `base` is the address that the resources are named under, `code` the seller's. Ids mean nothing outside the Bundle.
    """
    names = {one.id: f"p{index}" for index, one in enumerate(contract.insured, 1)}
    workers = [names[one.id] for one in contract.insured if one.role is Role.WORKER]
    worker = workers[0] if len(workers) == 1 else None
    resources = [
        contract_out(contract_tree(contract), days_of(contract.period), "contract", "insurer"),
        *(_coverage(contract, one, names, (identities.get(one.id), worker)) for one in contract.insured),
        *(patient_out(names[one.id], identities.get(one.id) or said_by(one)) for one in contract.insured),
        organization_out("insurer", code, seller),
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": [_entry(one, base, kind) for one in resources]}


def _entry(resource: dict[str, Any], base: str, kind: str) -> dict[str, Any]:
    name = resource["resourceType"]
    request = {"request": {"method": "POST", "url": name}} if kind == "transaction" else {}
    return {"fullUrl": f"{base}/{name}/{resource['id']}", "resource": resource, **request}


def _coverage(
    contract: Contract, one: Insured, names: Mapping[str, str], known: tuple[Identity | None, str | None]
) -> dict[str, Any]:
    identity, worker = known
    ids = CoverageIds(
        number=contract.number,
        coverage=names[one.id],
        contract="contract",
        patient=names[one.id],
        seller="insurer",
        worker=worker,
    )
    tree = insured_tree(one)
    return coverage_out(tree, days_of(contract.cover(one)), ids, written=written_of(tree, identity or said_by(one)))


def said_by(one: Insured) -> Identity:
    """Return who an insured person is, as far as the contract tells."""
    return Identity(name=one.name, born=one.born, citizenship=one.citizenship or frozenset())


def written_of(insured: Mapping[str, Any], who: Identity | None) -> dict[str, Any] | None:
    """Return what the contract says of name, birth date and citizenship; None where the Patient says just that."""
    said = {key: insured[key] for key in ("name", "born", "citizenship") if key in insured}
    if who is None:
        return said
    born = who.born.isoformat() if who.born else None
    known = {"name": who.name, "born": born, "citizenship": sorted(who.citizenship)}
    return None if said == {key: one for key, one in known.items() if one} else said


def bundle_in(document: Document, vocabulary: Vocabulary, before: Iterable[Fault] = ()) -> ContractRead:
    """Return the contract of a Bundle, or of a Contract that contains its persons.

    `before` are faults of structure that were found already. Raises InputFaults with every fault, each with the
    FHIRPath of its element.
    """
    notes, places = Notes(), Places()
    pool = Pool(notes.root(document.tree, root_of(document.tree)))
    head = pool.only("Contract")
    tree = contract_in(head, places) if head is not None else {}
    covers = pool.of("Coverage") if head is not None else []
    persons = [_person(pool, head, (one, index), tree, places) for index, one in enumerate(covers)]
    if head is not None and not persons:
        pool.root.fault(None, FaultCode.MISSING_KEY, "nothing", "a Coverage for each insured person")
    links = _links(pool, head)
    pool.tell_unread()
    notes.sweep()
    faults = together(before, notes.faults)
    found = _contract({**tree, "insured": [said for said, _ in persons]}, vocabulary, places, faults)
    if faults or found is None:
        raise InputFaults(faults)
    who = {one.id: _identity(one, read) for one, (_, read) in zip(found.insured, persons, strict=True)}
    return ContractRead(
        found, who, *links, conditions=dict(pool.conditions), entries=pool.entries(), warnings=tuple(notes.warnings)
    )


def root_of(tree: Any) -> str:
    """Return the FHIRPath of a resource as a whole: its type."""
    kind = tree.get("resourceType") if isinstance(tree, dict) else None
    return kind if isinstance(kind, str) and kind.isalpha() else "Resource"


def together(before: Iterable[Fault], later: Iterable[Fault]) -> list[Fault]:
    """Return faults of structure, and further ones about elements that are sound."""
    found = list(before)
    broken = tuple(one.path for one in found)
    seen = {(one.path, one.code) for one in found}
    for one in later:
        if (
            (one.path, one.code) not in seen
            and not one.path.startswith(tuple(f"{path}." for path in broken))
            and one.path not in broken
        ):
            seen.add((one.path, one.code))
            found.append(one)
    return found


def _person(
    pool: Pool, head: Part | None, placed: tuple[Part, int], tree: Mapping[str, Any], places: Places
) -> tuple[dict[str, Any], PersonRead | None]:
    """Return what a Coverage, at its place among them, and its Patient say of an insured person."""
    coverage, index = placed
    said = coverage_in(coverage, index, tree.get("period", {}), places)
    contracts = coverage.parts("contract")
    for one in contracts:
        if pool.resolved(one, "Contract") not in (None, head):
            one.fault(None, FaultCode.WRONG_VALUE, "another contract", "the Contract that is sent along")
    pool.places[id(coverage)] = index
    pool.resolved(coverage.part("subscriber"), "Patient")
    patient = pool.resolved(coverage.part("beneficiary"), "Patient")
    if patient is None:
        return said, None
    read = _once(pool, patient)
    pool.places[id(patient)] = index
    if not is_written(coverage):
        said |= {key: value for key, value in read.said().items() if key not in said}
        for key, where in read.places().items():
            places["insured", index, key] = where
    return said, read


def _once(pool: Pool, patient: Part) -> PersonRead:
    """Return what a Patient says, read once however many Coverages name it."""
    found = pool.persons.get(id(patient))
    if found is None:
        found = pool.persons[id(patient)] = PersonRead(patient)
    else:
        patient.fault(None, FaultCode.TWICE, "a second Coverage", "one Coverage for each person")
    return found


def _links(pool: Pool, head: Part | None) -> tuple[tuple[str, ...], str, str]:
    """Return the codes that are told of the insurer, and the product and employer that are named, as numbers."""
    if head is None:
        return (), "", ""
    payors = [payor for one in pool.of("Coverage") for payor in one.parts("payor")]
    told = [pool.resolved(one, "Organization") for one in (head.part("author"), *payors) if one is not None]
    codes = {OrganizationRead(one).code for one in told if one is not None}
    links = {one.url: one for one in head.extensions() if one.url in (PRODUCT, EMPLOYER)}
    product = literal(links[PRODUCT].part("valueReference"), "InsurancePlan") if PRODUCT in links else ""
    employer = literal(links[EMPLOYER].part("valueReference"), "Organization") if EMPLOYER in links else ""
    for one in pool.of("Coverage"):
        holder = one.part("policyHolder")
        if holder is not None and holder.tree.get("reference") != f"Organization/{employer}":
            holder.warn(holder.tree.get("reference"), f"the Organization of the extension {EMPLOYER} of the Contract")
        elif holder is not None:
            holder.skip()
    return tuple(sorted(codes - {""})), product, employer


def _contract(tree: dict[str, Any], vocabulary: Vocabulary, places: Places, faults: list[Fault]) -> Contract | None:
    """Return the contract that the plain data say; its faults are added, by where they came from."""
    if not tree["insured"]:
        return None
    try:
        return read_contract(Document(FILE, tree, {}), vocabulary)
    except InputFaults as exc:
        shown = {show_path(path): where for path, where in places.items()}
        told = [replace(one, path=where_of(one.path, shown), line=1) for one in exc.faults]
        faults[:] = together(faults, told)
        return None


def where_of(path: str, shown: Mapping[str, str]) -> str:
    """Return the FHIRPath of what a path of the contract file came from, or of the nearest thing above it."""
    while path not in shown and (step := _STEP.search(path)) is not None:
        path = path[: step.start()]
    return shown.get(path) or shown.get(show_path(()), "Resource")


def _identity(one: Insured, read: PersonRead | None) -> Identity:
    """Return who an insured person is: by the Patient, whose birth date was read with the contract or is its own."""
    if read is None:
        return said_by(one)
    return Identity(
        name=read.name or one.name,
        original_name=read.original,
        born=date.fromisoformat(read.born) if read.born else one.born,
        citizenship=frozenset(read.citizenship),
        document=read.document,
    )
