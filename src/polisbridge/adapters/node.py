"""A node over its database (`services.node.Node`). Nothing that matters is kept in the process."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import SqlRegistries
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.database.tables import NODE
from polisbridge.adapters.law_in_use import LawInUse
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook, in_english
from polisbridge.core.money import Rates
from polisbridge.core.registry import Held, Insurer, MedicalOrganisation, RegisteredProduct
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.kit import open_kit
from polisbridge.services.node import Product
from polisbridge.services.ports import World
from polisbridge.services.registry.ports import Registry
from polisbridge.services.verify import Kit

if TYPE_CHECKING:
    from polisbridge.formats.pictures import Reading


class RealNode:
    """One state's node. `kit` is the folder of its verifier's kit, `law` that of its law if not the program's own."""

    def __init__(
        self, engine: Engine, ring: KeyRing, world: World, rates: Rates, kit: Path, law: Path | None = None
    ) -> None:
        self._engine, self._world, self._kit = engine, world, kit
        self.law = LawInUse(engine, world, rates, law)
        self.registries = SqlRegistries(engine, ring)

    @property
    def laws(self) -> AppliedLaws:
        """The law in use with the official rates at hand."""
        return self.law.laws

    @property
    def book(self) -> LawBook:
        """The law in use: what came with the node, and what its authorities published here."""
        return self.law.book

    @cached_property
    def demo(self) -> bool:
        """Whether what the registry holds is made up, for trying out."""
        with told(), self._engine.connect() as connection:
            return bool(connection.execute(select(NODE.c.synthetic)).scalar_one())

    def today(self) -> date:
        """Return today's date."""
        return self._world.today()

    def now(self) -> datetime:
        """Return this instant, UTC."""
        return self._world.trust().now()

    def law_files(self) -> Mapping[str, bytes]:
        """Return the files of the law in use by name, cases included."""
        return self.law.files()

    def kit(self, state: str = "") -> Kit:
        """Return the node's synchronised kit with the law of the state of stay; an empty one before the first sync."""
        return open_kit(self._world.trust().tree(self._kit), state, self._world.law_of)

    def read_codes(self, data: bytes) -> "Reading":
        """Return the certificate texts of a picture or PDF file, or why there are none, within limits."""
        return self._world.read_codes(data)

    def print_answer(self, told: Mapping[str, Any]) -> bytes:
        """Return an answer in words as a PDF file."""
        from polisbridge.adapters.answer_paper import print_answer  # slow to load  # noqa: PLC0415

        return print_answer(told)

    def products(self) -> Sequence[Product]:
        """Return the products on sale today, by insurer and title."""
        day, now = self.today(), self.now()
        with self.registries.read() as registry:
            sellers = _sellers(registry, day, now)
            held = list(registry.known(RegisteredProduct, on=day, at=now))
        found = [_product(one, sellers.get(one.value.seller, "")) for one in held]
        return sorted(found, key=lambda one: (one.insurer, one.title.get("en", ""), one.id))

    def product_terms(self, product: int) -> Mapping[str, object]:
        """Return the terms of a product: a contract file without number, period and persons.

        Raises PolisbridgeError when there is none of that number on sale today.
        """
        with self.registries.read() as registry:
            held = list(registry.known(RegisteredProduct, on=self.today(), at=self.now(), thing=product))
        if not held:
            raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no product {product} on sale", hint="choose from the list")
        return held[0].value.terms

    def healthy(self) -> bool:
        """Say whether the database answers."""
        try:
            with self._engine.connect() as connection:
                return bool(connection.execute(select(1)).scalar_one())
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _sellers(registry: Registry, day: date, now: datetime) -> dict[int, str]:
    found = {one.thing: in_english(one.value.title) for one in registry.known(Insurer, on=day, at=now)}
    clinics = registry.known(MedicalOrganisation, on=day, at=now)
    return found | {one.thing: in_english(one.value.title) for one in clinics}


def _product(held: Held[RegisteredProduct], seller: str) -> Product:
    state = str(held.value.terms.get("home_state", ""))
    return Product(held.thing, seller, state, dict(held.value.title))
