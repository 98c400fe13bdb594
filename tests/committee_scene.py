"""The Executive Committee's desk on a real database, with accounts, and a worker that does its jobs."""

from dataclasses import dataclass
from typing import cast

from litestar import Litestar
from people_builder import NOON, opened, people
from registry_builder import RING
from sqlalchemy import Engine
from web_node import SampleNode

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.insured import SqlInsured
from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.database.lists import SqlLists
from polisbridge.adapters.database.once import SqlWrites
from polisbridge.adapters.database.registry import SqlRegistries
from polisbridge.adapters.job_doers import NodeDoers
from polisbridge.adapters.trials import MadeUpTrials
from polisbridge.adapters.working import Worker
from polisbridge.app import RealWorld
from polisbridge.core.roles import ActorRole
from polisbridge.services.committee import CommitteeDesk
from polisbridge.services.exchange import Exchange
from polisbridge.services.node import Node
from polisbridge.services.people.ports import People
from polisbridge.web.site import create_site


@dataclass
class Scene:
    """A site with the desk, its people, a worker, and the secrets of second factors by login."""

    people: People
    site: Litestar
    jobs: SqlJobs
    worker: Worker
    secrets: dict[str, str]


def scene(engine: Engine, most_a_minute: int = 10_000) -> Scene:
    """Return the desk of a node in a state; `committee`, `authority` and `clerk` can sign in."""
    found, node, jobs = people(engine), SampleNode(at=NOON), SqlJobs(engine, RING)
    world = RealWorld()
    trials = MadeUpTrials(world)
    exchange = Exchange(
        node=cast("Node", node),
        registries=SqlRegistries(engine, RING),
        writes=SqlWrites(engine, RING),
        lists=SqlLists(engine),
        matrix=shipped_access(),
        actor_of_key=lambda _: None,
        jobs=jobs,
    )
    roles = {
        "committee": ActorRole.EXECUTIVE_COMMITTEE,
        "another": ActorRole.EXECUTIVE_COMMITTEE,
        "authority": ActorRole.AUTHORITY,
        "bahrom": ActorRole.WORKER,
    }
    secrets = {}
    for login, role in roles.items():
        _, factor = opened(found, login, role)
        secrets[login] = factor.secret if factor else ""
    site = create_site(
        node,
        secret="s" * 32,
        most_a_minute=most_a_minute,
        people=found,
        exchange=exchange,
        committee=CommitteeDesk(trials, trials, jobs),
    )
    doers = NodeDoers(world, lambda: node.laws, SqlInsured(engine, RING), found.matrix)
    return Scene(found, site, jobs, Worker(jobs, doers.all(), lambda: NOON), secrets)
