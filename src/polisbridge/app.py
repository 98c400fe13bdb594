"""The composition root: the only place that knows everyone."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from polisbridge.adapters.folder import read_file, read_folder, shipped_law, shipped_samples, write_file
from polisbridge.adapters.law_cache import cached_law
from polisbridge.cli.main import run
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook

if TYPE_CHECKING:
    from polisbridge.adapters.watching import App
    from polisbridge.formats.pictures import Reading
    from polisbridge.services.explain import Explainer
    from polisbridge.services.impact import Impacts
    from polisbridge.services.nodes import Nodes
    from polisbridge.services.portfolio import Portfolios
    from polisbridge.services.portfolio_make import PortfolioMakers
    from polisbridge.services.print_card import Printer
    from polisbridge.services.report import ReportPages
    from polisbridge.services.trust.ports import TrustWorld


class RealWorld:
    """Files of this machine, the law in a folder, and the machine's calendar."""

    def law(self, folder: Path | None) -> LawBook:
        """Return the LawBook of a folder, or the one that came with the program."""
        return cached_law(self.law_files(folder))

    def law_of(self, files: Mapping[str, bytes]) -> LawBook:
        """Return the LawBook of law files that are at hand."""
        return cached_law(files)

    def law_files(self, folder: Path | None) -> Mapping[str, bytes]:
        """Return the files of a law folder by name, cases included."""
        return read_folder(folder or shipped_law())

    def read(self, path: Path, limit: int) -> bytes:
        """Return the bytes of a file."""
        return read_file(path, limit)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file, whole or not at all."""
        write_file(path, data)

    @property
    def print_pages(self) -> "Printer":
        """What puts certificates on paper."""
        from polisbridge.adapters.paper import print_pages  # typst is only wanted for paper  # noqa: PLC0415

        return print_pages

    def read_codes(self, data: bytes) -> "Reading":
        """Return the certificate texts of a picture or PDF file, or why there are none, within limits."""
        from polisbridge.adapters.pictures import read_codes_within_limits  # slow to load  # noqa: PLC0415

        return read_codes_within_limits(data)

    def today(self) -> date:
        """Return today's date."""
        return date.today()  # noqa: DTZ011, TID251 - the one place where the calendar is read

    def samples(self) -> Path:
        """Return the folder of the samples that came with the program."""
        return shipped_samples()

    def nodes(self, law: Path | None) -> "Nodes":
        """Return the nodes on this machine. Raises PolisbridgeError when what a node needs is not installed."""
        try:
            from polisbridge.adapters.node_keeper import MachineNodes  # a database, only wanted here  # noqa: PLC0415
        except ImportError as exc:
            hint = "pip install 'polisbridge[node]'"
            raise PolisbridgeError(ErrorCode.NOT_FOUND, f"{exc.name} is not installed", hint=hint) from exc
        return MachineNodes(self, law)

    def trust(self) -> "TrustWorld":
        """Return the trust repository's folders, keys, clock and client."""
        from polisbridge.adapters.trust_world import MachineTrust  # TUF is only wanted for trust  # noqa: PLC0415

        return MachineTrust()

    def portfolios(self, master: str = "") -> "Portfolios":
        """Return the engine for portfolios: the embedded one, or Spark where a master is named."""
        from polisbridge.batch.engine import EmbeddedPortfolios  # slow to load  # noqa: PLC0415

        if master:
            from polisbridge.batch.spark import SparkPortfolios  # an extra  # noqa: PLC0415

            return SparkPortfolios(master)
        return EmbeddedPortfolios()

    def impacts(self) -> "Impacts":
        """Return what reckons the impact of a scenario on a portfolio."""
        from polisbridge.batch.engine import EmbeddedPortfolios  # slow to load  # noqa: PLC0415

        return EmbeddedPortfolios()

    def explainer(self) -> "Explainer":
        """Return what tells the reasons of a portfolio in bulk."""
        from polisbridge.batch.engine import EmbeddedPortfolios  # slow to load  # noqa: PLC0415

        return EmbeddedPortfolios()

    def portfolio_makers(self) -> "PortfolioMakers":
        """Return what makes portfolios."""
        from polisbridge.batch.makers import EmbeddedMakers  # slow to load  # noqa: PLC0415

        return EmbeddedMakers()

    @property
    def report_pages(self) -> "ReportPages":
        """What makes files of reports."""
        from polisbridge.adapters.reports import report_pages  # matplotlib and typst are slow to load  # noqa: PLC0415

        return report_pages

    def report_files(self) -> Mapping[str, bytes]:
        """Return the data files that reports are made with."""
        return read_folder(Path(__file__).parent / "adapters" / "report_data")


def site() -> "App":
    """Return the site of the node that the environment names, for a serving process of `polisbridge node serve`."""
    from polisbridge.adapters.authority_desk import desk_of  # noqa: PLC0415
    from polisbridge.adapters.client_certificates import from_proxy  # noqa: PLC0415
    from polisbridge.adapters.database.jobs import SqlJobs  # only wanted by a node's site  # noqa: PLC0415
    from polisbridge.adapters.database.lists import SqlLists  # noqa: PLC0415
    from polisbridge.adapters.database.once import SqlWrites  # noqa: PLC0415
    from polisbridge.adapters.database.rates import SqlRates  # noqa: PLC0415
    from polisbridge.adapters.database.server import connect  # noqa: PLC0415
    from polisbridge.adapters.housekeeping import Housekeeper  # noqa: PLC0415
    from polisbridge.adapters.node import RealNode  # noqa: PLC0415
    from polisbridge.adapters.node_folder import checked_keys, kit_of, rates_of  # noqa: PLC0415
    from polisbridge.adapters.node_folder import provider_of as elsewhere_of  # noqa: PLC0415
    from polisbridge.adapters.node_issuing import issuing_of  # noqa: PLC0415
    from polisbridge.adapters.people import people_of  # noqa: PLC0415
    from polisbridge.adapters.serving import served  # noqa: PLC0415
    from polisbridge.adapters.tracing import provider_of, traced  # noqa: PLC0415
    from polisbridge.adapters.trials import MadeUpTrials  # noqa: PLC0415
    from polisbridge.adapters.watching import Watched, log_as_json  # noqa: PLC0415
    from polisbridge.api.fhir.site import ROOT as FHIR  # noqa: PLC0415
    from polisbridge.api.fhir.site import create_fhir  # noqa: PLC0415
    from polisbridge.api.site import beside, create_api  # noqa: PLC0415
    from polisbridge.services.committee import CommitteeDesk  # noqa: PLC0415
    from polisbridge.services.exchange import Exchange  # noqa: PLC0415
    from polisbridge.services.limits import Limits  # noqa: PLC0415
    from polisbridge.services.nodes import NodePlace  # noqa: PLC0415
    from polisbridge.services.people.machines import actor_of_certificate, actor_of_key  # noqa: PLC0415
    from polisbridge.web.site import create_site  # noqa: PLC0415

    log_as_json()
    one = served(os.environ)
    place, engine = NodePlace(one.folder, one.url), connect(one.url)
    ring = checked_keys(place, engine)
    node = RealNode(engine, ring, RealWorld(), rates_of(place), kit_of(place), one.law)
    at_node = issuing_of(place.folder, kit_of(place), engine, ring, node.now)
    at_node.keep_on(place.folder, kit_of(place), node.now)
    people = people_of(engine, ring)
    authority = desk_of(engine, ring, RealWorld(), node, people.matrix, place.folder)
    exchange = Exchange(
        node=node,
        registries=node.registries,
        writes=SqlWrites(engine, ring),
        lists=SqlLists(engine),
        matrix=people.matrix,
        actor_of_key=lambda key: actor_of_key(people, key, node.now()),
        actor_of_certificate=lambda shown: actor_of_certificate(people, shown, node.now()),
        issuing=at_node.issuing,
        jobs=SqlJobs(engine, ring),
        authority=authority,
    )
    limits = Limits(SqlRates(engine, ring))
    trials = MadeUpTrials(RealWorld())
    Housekeeper(engine, node.now).start()
    pages = create_site(
        node,
        secret=ring.secret("forms"),
        secure=one.https,
        people=people,
        exchange=exchange,
        limits=limits,
        committee=CommitteeDesk(trials, trials, exchange.jobs),
        authority=authority,
        provider=elsewhere_of(place),
    )
    api = create_api(exchange, limits=limits, most_a_minute=one.most_a_minute)
    fhir = create_fhir(exchange, limits=limits, most_a_minute=one.most_a_minute)
    watched = Watched(traced(beside(beside(pages, api), fhir, FHIR), engine, provider_of(os.environ)))
    return from_proxy(watched) if one.client_cert_header else watched


def work() -> None:
    """Do jobs of the node that the environment names, for a worker process of `polisbridge node serve` or `work`."""
    from polisbridge.adapters.database.insured import SqlInsured  # only wanted by a worker  # noqa: PLC0415
    from polisbridge.adapters.database.jobs import SqlJobs  # noqa: PLC0415
    from polisbridge.adapters.database.server import connect  # noqa: PLC0415
    from polisbridge.adapters.job_doers import NodeDoers  # noqa: PLC0415
    from polisbridge.adapters.node import RealNode  # noqa: PLC0415
    from polisbridge.adapters.node_folder import checked_keys, kit_of, rates_of  # noqa: PLC0415
    from polisbridge.adapters.people import people_of  # noqa: PLC0415
    from polisbridge.adapters.serving import served  # noqa: PLC0415
    from polisbridge.adapters.watching import log_as_json  # noqa: PLC0415
    from polisbridge.adapters.working import Worker, end_when_told  # noqa: PLC0415
    from polisbridge.services.nodes import NodePlace  # noqa: PLC0415

    log_as_json()
    parent, one, world = os.getppid(), served(os.environ), RealWorld()
    place, engine = NodePlace(one.folder, one.url), connect(one.url, pool=2)
    ring = checked_keys(place, engine)
    node = RealNode(engine, ring, world, rates_of(place), kit_of(place), one.law)
    doers = NodeDoers(world, lambda: node.laws, SqlInsured(engine, ring), people_of(engine, ring).matrix)
    worker = Worker(SqlJobs(engine, ring), doers.all(), node.now)
    end_when_told(worker)
    worker.run(parent)


def main() -> None:
    """Run the command line."""
    run(RealWorld())
