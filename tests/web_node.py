"""A node in memory with the law that ships and the sample products, and its site as a visitor meets it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from httpx import Response
from litestar.testing import TestClient
from trust_builder import NOW

from polisbridge.adapters.answer_paper import print_answer
from polisbridge.adapters.folder import read_folder
from polisbridge.adapters.law_cache import cached_law
from polisbridge.adapters.pictures import read_codes_within_limits
from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.formats.pictures import Reading
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.kit import open_kit
from polisbridge.services.node import Product
from polisbridge.services.verify import Kit
from polisbridge.web.site import create_site

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
_OF_A_PERSON = ("number", "period", "insured", "title", "note")


@cache
def shipped(law: Path = ROOT / "law") -> tuple[Mapping[str, bytes], AppliedLaws]:
    """Return law files and the law applied with the sample rates."""
    files = read_folder(law)
    tables = read_rates(read_tree((SAMPLES / "rates.yaml").read_bytes(), "rates.yaml"))
    return files, AppliedLaws(cached_law(files), Rates(tables))


@cache
def _samples() -> dict[int, dict[str, Any]]:
    found = sorted(SAMPLES.glob("*.contract.yaml"))
    return {number: read_tree(path.read_bytes(), path.name).tree for number, path in enumerate(found, start=1)}


@dataclass
class SampleNode:
    """A node for tests: products are the sample contracts without their persons; the kit is that of a folder."""

    kit_folder: Path | None = None
    law: Path = ROOT / "law"
    demo: bool = True
    away: bool = False
    at: datetime = NOW
    asked: list[str] = field(default_factory=list)

    @property
    def laws(self) -> AppliedLaws:
        return shipped(self.law)[1]

    @property
    def book(self) -> LawBook:
        return self.laws.book

    def today(self) -> date:
        return self.at.date()

    def now(self) -> datetime:
        return self.at

    def law_files(self) -> Mapping[str, bytes]:
        return shipped(self.law)[0]

    def products(self) -> Sequence[Product]:
        self._reached()
        return [
            Product(number, tree.get("insurer", {}).get("name", "–"), tree.get("home_state", ""), {"en": tree["title"]})
            for number, tree in _samples().items()
        ]

    def product_terms(self, product: int) -> Mapping[str, object]:
        self._reached()
        return {key: value for key, value in _samples()[product].items() if key not in _OF_A_PERSON}

    def kit(self, state: str = "") -> Kit:
        self.asked.append(state)
        if self.kit_folder is None:
            return Kit(None, None, None)
        return open_kit(FolderTree(self.kit_folder), state, cached_law)

    def read_codes(self, data: bytes) -> Reading:
        return read_codes_within_limits(data)

    def print_answer(self, told: Mapping[str, Any]) -> bytes:
        return print_answer(told)

    def healthy(self) -> bool:
        return not self.away

    def _reached(self) -> None:
        if self.away:
            raise PolisbridgeError(ErrorCode.NO_DATABASE, "connection refused by db.internal:5432")


class Visitor:
    """Somebody with a browser without JavaScript: keeps cookies, and sends forms with their token."""

    def __init__(self, node: SampleNode | None = None, language: str = "en", most_a_minute: int = 10_000) -> None:
        self.node = node or SampleNode()
        site = create_site(self.node, secret="s" * 32, most_a_minute=most_a_minute)
        self.client = TestClient(site, raise_server_exceptions=False)
        self.client.headers["Accept-Language"] = language

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def token(self, path: str) -> str:
        found = re.search(r'name="_csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def send(self, path: str, files: Mapping[str, Any] | None = None, /, **fields: str) -> Response:
        """Send a form as a browser does: in parts, a file that was not chosen being an empty part."""
        form = f"/{path.split('/')[1]}"
        parts = {"file": ("", b""), **(files or {})}
        return self.client.post(path, data={"_csrf_token": self.token(form), **fields}, files=parts)

    def product(self, name: str) -> str:
        """Return the number of the product made of a sample."""
        found = sorted(SAMPLES.glob("*.contract.yaml"))
        return str(1 + [path.name for path in found].index(f"{name}.contract.yaml"))
