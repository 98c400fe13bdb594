"""A node whose insurers issue, with the samples on record and clerks who sign in: for tests of the insurer's desk."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from issuing_scene import IssuingScene
from people_builder import opened, people
from registry_builder import BOOK, RING, registries
from sqlalchemy import Engine

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.lists import SqlLists
from polisbridge.adapters.database.once import SqlWrites
from polisbridge.adapters.folder import read_folder, shipped_samples
from polisbridge.adapters.node import RealNode
from polisbridge.app import RealWorld
from polisbridge.core.money import Rates
from polisbridge.core.registry import Insurer
from polisbridge.core.roles import ActorRole
from polisbridge.core.statusbook import Note
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.exchange import Exchange
from polisbridge.services.people.accounts import TotpSecret
from polisbridge.services.registry.seed import seed_samples
from polisbridge.web.site import create_site

INSURER, OTHER = "UZ/Insurer in Uzbekistan (sample)", "KZ/Insurer in Kazakhstan (sample)"


class NodeAt(RealNode):
    """A real node with a clock of the test's own."""

    clock: Callable[[], datetime]

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        return self.clock().date()


class InsurerNode:
    """A node on a real database, with its site; `factors` holds the second factors of its clerks by login."""

    def __init__(self, engine: Engine, folder: Path, clock: Callable[[], datetime]) -> None:
        self.engine, self.people = engine, people(engine)
        note = Note("node", clock(), "a sample")
        with registries(engine).change() as registry:
            seed_samples(registry, read_folder(shipped_samples()), BOOK, note)
            self.insurer, self.other = (registry.find(Insurer, one) for one in (INSURER, OTHER))
        self.scene = IssuingScene(engine, folder, clock)
        rates = read_rates(read_tree((shipped_samples() / "rates.yaml").read_bytes(), "rates.yaml"))
        self.node = NodeAt(engine, RING, RealWorld(), Rates(tuple(rates)), folder / "kit")
        self.node.clock = clock
        self.exchange = Exchange(
            node=self.node,
            registries=self.node.registries,
            writes=SqlWrites(engine, RING),
            lists=SqlLists(engine),
            matrix=shipped_access(),
            actor_of_key=lambda _: None,
            issuing=self.scene.node.issuing,
        )
        self.factors: dict[str, TotpSecret | None] = {}
        self.site = create_site(
            self.node, secret="s" * 32, most_a_minute=10_000, people=self.people, exchange=self.exchange
        )

    def clerk(self, login: str, insurer: int | None = None) -> str:
        """Open an account of a clerk; return the secret of the second factor."""
        thing, state = (self.insurer, "UZ") if insurer is None else (insurer, "KZ")
        _, self.factors[login] = opened(self.people, login, ActorRole.INSURER_CLERK, thing=thing, state=state)
        factor = self.factors[login]
        return factor.secret if factor else ""
