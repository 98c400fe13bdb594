"""What the figures of a synthetic portfolio offer to anybody: every product on every occasion in every corridor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from polisbridge.batch.figuresfile import CorridorFile, FiguresFile, ProductFile, VariantFile
from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Contract
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.facts import Facts, FieldType, field_types
from polisbridge.formats.codelists import states
from polisbridge.formats.contractfile import AmountFile, FactReader, Vocabulary, read_contract
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document, Tree

HOME, STATE = "HOME", "STATE"


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant of a product at one occasion in one corridor, with how often that is."""

    weight: int
    home: str
    state: str
    gate: Gate
    place: int
    product: ProductFile
    contract: Contract
    price: tuple[int, int, str] | None  # of a year: lowest and highest in minor units, currency


@dataclass(frozen=True)
class Figures:
    """Figures that were read and are sound: every product can be written as a contract in every corridor."""

    file: FiguresFile
    offers: tuple[Offer, ...]


def read_figures(document: Document, vocabulary: Vocabulary) -> Figures:
    """Return the figures of a document. Raises InputFaults with every fault."""
    return convert(document, FiguresFile, lambda raw: _Reader(document, vocabulary, raw).figures())


_WEIGHTED = {
    "purposes.worker": "purpose", "purposes.other": "purpose", "residence_statuses": "residence_status",
    "capacities": "official_capacity", "transports": "transport", "care_forms": "care_form",
}  # fmt: skip


class _Reader:
    """Checks figures and writes every offer; collects faults and goes on."""

    def __init__(self, document: Document, vocabulary: Vocabulary, raw: FiguresFile) -> None:
        self._document, self._vocabulary, self._raw = document, vocabulary, raw
        self._facts = FactReader(document, vocabulary)
        self._contracts: dict[str, Contract] = {}

    def figures(self) -> Figures:
        self._check()
        if self._facts.faults:
            raise InputFaults(self._facts.faults)
        return Figures(self._raw, tuple(self._offers()))

    def _check(self) -> None:
        raw, people = self._raw, self._raw.people
        for name, fact in _WEIGHTED.items():
            weights: Any = people
            for step in name.split("."):
                weights = getattr(weights, step)
            self._facts.codes(fact, list(weights), ("people", *name.split(".")))
        for index, place in enumerate(raw.places):
            self._facts.codes("clinic_regions", list(place.regions), ("places", index, "regions"))
            self._facts.codes("worker_class", list(place.worker_classes), ("places", index, "worker_classes"))
            self._facts.codes("local_schemes", list(place.schemes), ("places", index, "schemes"))
            for gate in place.gates.keys() - raw.stays.keys():
                self._fault(("stays",), "nothing", f"how stays lie at {gate.value}", FaultCode.MISSING_KEY)
        for index, corridor in enumerate(raw.corridors):
            for key in (corridor.home, corridor.state):
                if key not in states():
                    self._fault(("corridors", index), key, "a state by ISO 3166-1", FaultCode.UNKNOWN_CODE)
            if self._place(corridor) is None:
                self._fault(("corridors", index), corridor.state, "a state among the places")
        if people.families[0].members != [Role.WORKER] or any(one.members[0] != Role.WORKER for one in people.families):
            self._fault(("people", "families"), "others", "first a worker alone, and the worker first in every family")
        if any(one.members.count(Role.WORKER) > 1 for one in people.families):
            self._fault(("people", "families"), "several workers", "one worker in a family")
        for product in raw.products:
            self._price(product)
        self._check_fields()

    def _check_fields(self) -> None:
        kinds = field_types(Facts)
        for part in ("unknown", "stated_none"):
            for name in getattr(self._raw, part):
                if name not in kinds or kinds[name] is FieldType.PERSONS:
                    self._fault((part, name), name, "a field of Facts", FaultCode.UNKNOWN_KEY)
                elif part == "stated_none" and kinds[name] not in (FieldType.WHOLE, FieldType.MINOR):
                    self._fault((part, name), name, "a number or an amount")

    def _place(self, corridor: CorridorFile) -> int | None:
        fits = (
            index
            for index, place in enumerate(self._raw.places)
            if place.state == corridor.state and (not place.homes or corridor.home in place.homes)
        )
        return next(fits, None)

    def _offers(self) -> Iterator[Offer]:
        """Yield all offers; a corridor's and an occasion's share is that of the figures, whatever products there are."""
        for corridor in self._raw.corridors:
            place = self._place(corridor)
            assert place is not None  # noqa: S101 - checked with the other faults
            gates = self._raw.places[place].gates
            for gate, share in gates.items():
                persons = max(corridor.persons, self._raw.at_least) * share * _FINE // (sum(gates.values()) or 1)
                sold = [
                    (product, weight) for product in self._raw.products if (weight := _weight(product, corridor, gate))
                ]
                for product, weight in sold:
                    part = persons * weight // sum(weight for _, weight in sold)
                    yield from self._variants(corridor, gate, place, product, part)

    def _variants(
        self, corridor: CorridorFile, gate: Gate, place: int, product: ProductFile, persons: int
    ) -> Iterator[Offer]:
        total = sum(variant.weight for variant in product.variants)
        for variant in product.variants:
            contract = self._contract(corridor, product, variant)
            weight = persons * variant.weight // (total or 1)
            yield Offer(weight, corridor.home, corridor.state, gate, place, product, contract, self._price(product))

    def _contract(self, corridor: CorridorFile, product: ProductFile, variant: VariantFile) -> Contract:
        tree = _put(_over(product.contract, variant.contract), {HOME: corridor.home, STATE: corridor.state})
        tree |= {"number": "1", "period": {}, "insured": [{"id": "worker", "role": Role.WORKER.value}]}
        key = repr(tree)
        if key not in self._contracts:
            named = Document(f"{self._document.file}, product {product.id} {variant.what}".rstrip(), tree, {})
            self._contracts[key] = read_contract(named, self._vocabulary)
        return self._contracts[key]

    def _price(self, product: ProductFile) -> tuple[int, int, str] | None:
        """Return the lowest and highest price of a year and their currency, or None when prices are not known."""
        if product.price is UNSET:
            return None
        path = ("products", self._raw.products.index(product), "price")
        currency = product.price.currency
        both = (AmountFile(amount, currency) for amount in (product.price.low, product.price.high))
        low, high = (self._facts.amount("premium", one, path).get("premium", 0) for one in both)
        return (low, high, currency) if isinstance(low, int) and isinstance(high, int) else None

    def _fault(
        self, path: tuple[str | int, ...], found: str, wanted: str, code: FaultCode = FaultCode.WRONG_VALUE
    ) -> None:
        self._facts.fault(code, path, found, wanted)


_FINE = 1000  # so that small shares do not vanish in whole numbers


def _weight(product: ProductFile, corridor: CorridorFile, gate: Gate) -> int:
    """Return how often the product is bought in the corridor for the occasion; every sale that fits counts."""
    return sum(
        sold.weight
        for sold in product.sold
        if (not sold.homes or corridor.home in sold.homes)
        and (not sold.states or corridor.state in sold.states)
        and (not sold.gates or gate in sold.gates)
    )


def _over(below: Mapping[str, Tree], above: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return a tree with another laid over it, mappings joined, all else replaced."""
    joined = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(below.get(key), Mapping)
        joined[key] = _over(below[key], value) if both else value
    return joined


def _put(tree: Tree, names: Mapping[str, str]) -> Any:
    """Return the tree with the values of names in their place."""
    if isinstance(tree, dict):
        return {key: _put(value, names) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_put(value, names) for value in tree]
    return names.get(tree, tree)
