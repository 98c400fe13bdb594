"""A node of Russia on a real database, with the samples on record, officials who draft and approve, and its site."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from drafting_builder import NOON
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from people_builder import PASSWORD, code, opened, people
from registry_builder import RING
from sqlalchemy import Engine
from web_node import Visitor

from polisbridge.adapters.authority_desk import desk_of
from polisbridge.adapters.folder import read_folder, shipped_samples
from polisbridge.adapters.node import RealNode
from polisbridge.app import RealWorld
from polisbridge.core.money import Rates
from polisbridge.core.registry import RegisteredProduct
from polisbridge.core.roles import ActorRole
from polisbridge.core.statusbook import Note
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.people.accounts import TotpSecret
from polisbridge.services.registry.seed import seed_law, seed_samples
from polisbridge.web.site import create_site


class StillNode(RealNode):
    """A real node whose clock stands still."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


class AuthorityScene:
    """The node, its people and its drafting, on a database with a node's tables. `folder` is the node's."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.people = engine, people(engine, "RU")
        rates = read_rates(read_tree((shipped_samples() / "rates.yaml").read_bytes(), "rates.yaml"))
        self.node = StillNode(engine, RING, RealWorld(), Rates(rates), folder / "kit")
        note = Note("tests", NOON - timedelta(days=1), "samples")
        with self.node.registries.change() as registry:
            if not list(registry.known(RegisteredProduct, on=None, at=NOON)):
                seed_law(registry, self.node.book, note)
                seed_samples(registry, read_folder(shipped_samples()), self.node.book, note)
        self.desk = desk_of(engine, RING, RealWorld(), self.node, self.people.matrix, folder)
        self.factors: dict[str, TotpSecret | None] = {}

    def official(self, login: str, state: str = "RU", role: ActorRole = ActorRole.AUTHORITY) -> int:
        number, self.factors[login] = opened(self.people, login, role, state=state)
        return number

    def site(self) -> Litestar:
        return create_site(self.node, secret="s" * 32, most_a_minute=10_000, people=self.people, authority=self.desk)


class Desk(Visitor):
    """An official with a browser without JavaScript."""

    def __init__(self, scene: AuthorityScene, login: str = "", language: str = "en") -> None:
        self.scene = scene
        self.client = TestClient(scene.site(), raise_server_exceptions=False)
        self.client.headers["Accept-Language"] = language
        if login:
            answer = self.post("/sign-in", login=login, password=PASSWORD, code=code(scene.factors[login], NOON))
            assert answer.status_code == 303

    def post(self, path: str, form: str = "", **fields: str) -> Response:
        """Send a form of a page, without following where it leads."""
        data: Mapping[str, str] = {"_csrf_token": self.token(form or path), **fields}
        return self.client.post(path, data=data, follow_redirects=False)
