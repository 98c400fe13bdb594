"""The authority's desk of a node put together: its drafts, the engine for their effect, and its counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from polisbridge.adapters.database.drafts import SqlDrafts
from polisbridge.adapters.database.insured import SqlInsured
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.database.statistics import SqlCounting
from polisbridge.adapters.drafting_trust import NodeTrust
from polisbridge.adapters.node import RealNode
from polisbridge.core.roles import AccessMatrix
from polisbridge.services.drafting.desk import AuthorityDesk
from polisbridge.services.drafting.effect import Effects
from polisbridge.services.drafting.ports import Drafting
from polisbridge.services.ports import World


def desk_of(
    engine: Engine, ring: KeyRing, world: World, node: RealNode, matrix: AccessMatrix, folder: Path
) -> AuthorityDesk:
    """Return the desk of a node; `folder` is the node's. The law in use is read, so that it is known from now on."""
    drafting = Drafting(
        drafts=SqlDrafts(engine, ring),
        base=node.law.base,
        law_of=world.law_of,
        rates=node.laws.rates,
        matrix=matrix,
        signer=NodeTrust(folder),
        changed=node.law.changed,
    )
    effects = Effects(world.portfolio_makers, world.impacts, SqlInsured(engine, ring), _empty_folder)
    return AuthorityDesk(drafting, effects, SqlCounting(engine, ring))


@contextmanager
def _empty_folder() -> Iterator[Path]:
    """Give an empty folder, and drop it afterwards with all that is in it."""
    with TemporaryDirectory(prefix="polisbridge-effect-") as folder:
        yield Path(folder)
