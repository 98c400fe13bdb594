"""A node that can issue, on a real database: keys of its insurers, a trust repository and a kit of its own, and a clock."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from registry_builder import BOOK, RING, registries
from sqlalchemy import Engine

from polisbridge.adapters.demo_trust import DemoTrust, Given
from polisbridge.adapters.folder import read_folder, shipped_law, shipped_samples
from polisbridge.adapters.law_cache import cached_law
from polisbridge.adapters.node_issuing import NodeIssuing, issuing_of
from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.verification import Verification
from polisbridge.services.kit import open_kit
from polisbridge.services.verify import verify


class Clock:
    """A clock that goes on by a second with every look at it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at = self.at.replace(microsecond=0)
        self.at = datetime.fromtimestamp(self.at.timestamp() + 1, self.at.tzinfo)
        return self.at


class IssuingScene:
    """The folder of a node whose insurers on record all have keys, admitted by their states."""

    def __init__(self, engine: Engine, folder: Path, now: Callable[[], datetime]) -> None:
        self.folder, self.kit, self.now, self.engine = folder, folder / "kit", now, engine
        rates = (shipped_samples() / "rates.yaml").read_bytes()
        given = Given(BOOK, read_folder(shipped_law()), rates)
        report = DemoTrust(folder, self.kit).make(engine, registries(engine), given, now())
        assert (report.faults, report.waiting) == ([], {})
        self.node: NodeIssuing = issuing_of(folder, self.kit, engine, RING, now)
        self.node.publisher.publish()

    def verified(self, text: str) -> Verification:
        """Return what a verifier with the node's kit says now."""
        return verify(text, open_kit(FolderTree(self.kit), "", cached_law), None, self.now())
