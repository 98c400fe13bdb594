"""What each kind of job does (`services.jobs.Doer`): portfolios decided, scenarios weighed, reports written."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec

from polisbridge.core.codes import Verdict
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.jobs import JobKind
from polisbridge.core.law import LawBook
from polisbridge.core.registry import Access
from polisbridge.core.roles import AccessMatrix
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.initiativefile import read_initiative
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.explain import Explained, Wanted
from polisbridge.services.impact import impact_json
from polisbridge.services.impact_csv import impact_csv
from polisbridge.services.job_orders import AssessmentOrder, ImpactOrder, JobSource, ReportOrder, kept
from polisbridge.services.jobs import Doer, Work, may_submit
from polisbridge.services.portfolio import Progress
from polisbridge.services.portfolio_make import ImportOrder, PortfolioRow, SyntheticOrder
from polisbridge.services.ports import World
from polisbridge.services.registry.portfolio import (
    InsuredPersons,
    portfolio_rows,
    scope_of,
)
from polisbridge.services.report import PageKind, Report
from polisbridge.services.round_table import round_table
from polisbridge.services.scenario import supposed_law
from polisbridge.words import Words
from polisbridge.words.report_approaches import approaches_report
from polisbridge.words.report_impact import impact_report

CSV, JSON, NDJSON = "text/csv", "application/json", "application/x-ndjson"
PARQUET, ZIP = "application/vnd.apache.parquet", "application/zip"
PAGES = {PageKind.HTML: "text/html", PageKind.PDF: "application/pdf"}
_HUNDRED = 100
_LOOK_EVERY = 200  # rows


class NodeDoers:
    """What a node's workers do. `in_use` gives the law in use, asked anew for every job."""

    def __init__(
        self, world: World, in_use: Callable[[], AppliedLaws], insured: InsuredPersons, matrix: AccessMatrix
    ) -> None:
        self._world, self._in_use, self._insured, self._matrix = world, in_use, insured, matrix

    def all(self) -> Mapping[JobKind, Doer]:
        """Return them by kind."""
        return {
            JobKind.PORTFOLIO_ASSESSMENT: self.assess,
            JobKind.SCENARIO_IMPACT: self.impact,
            JobKind.APPROACHES_REPORT: self.approaches,
        }

    def assess(self, work: Work) -> Mapping[str, Any]:
        """Decide a portfolio: verdicts row by row, and the reasons counted."""
        may_submit(self._matrix, work.job.owner.actor(), work.job.kind)
        order: AssessmentOrder = kept(work.job.asked, AssessmentOrder)
        laws, result = self._in_use(), work.folder / "result"
        portfolio, not_read = self._portfolio(work, order, laws.book)
        done = self._world.portfolios().assess(portfolio, laws, result, _part(work, 1))
        tables = self._world.portfolio_makers().write_verdicts(result, work.folder)
        for path, kind in zip(tables, (CSV, PARQUET), strict=True):
            work.keep(path, path.name, kind)
        explained = self._world.explainer().explain(result, laws, Wanted(), None, _part(work, 2))
        reasons = _written(work.folder / "reasons.csv", _reasons(explained, laws.book, Words(order.language)))
        work.keep(reasons, reasons.name, CSV)
        _keep_rejects(work, portfolio, result)
        verdicts = {one.value: done.verdicts.get(one, 0) for one in Verdict}
        counts = {"rows": done.rows, "decided": done.decided, "rejected": done.rejected, "not_read": not_read}
        return {**counts, "checked_by_core": done.checked_by_core, "verdicts": verdicts, "law": laws.book.hash}

    def impact(self, work: Work) -> Mapping[str, Any]:
        """Decide a portfolio by the law and by a scenario; only sums are given out."""
        may_submit(self._matrix, work.job.owner.actor(), work.job.kind)
        order: ImpactOrder = kept(work.job.asked, ImpactOrder)
        before = self._in_use()
        book, rates = before.book, before.rates
        portfolio, _ = self._portfolio(work, order, book)
        scenario = read_scenario(Document("scenario", order.scenario, {}), book)
        after = supposed_law(book, scenario, rates, self._other_day(order))
        found = self._world.impacts().impact(portfolio, before, after, work.folder / "impact", _part(work, 1))
        files = {"impact.json": msgspec.json.format(msgspec.json.encode(impact_json(found)))} | impact_csv(found)
        for name, data in files.items():
            work.keep(_written(work.folder / name, data), name, JSON if name.endswith(".json") else CSV)
        self._pages(work, impact_report(found, Words(order.language), book, after.laws.book))
        total = found.total
        changes = {"newly_recognised": total.newly_recognised, "newly_free": total.newly_free, "lost": total.lost}
        counts = {"rows": found.rows, "decided": found.decided, "rejected": found.rejected, "changed": total.changed}
        return {**counts, **changes, "synthetic": found.synthetic, "law": book.hash}

    def approaches(self, work: Work) -> Mapping[str, Any]:
        """Write the report on the national approaches for the day on which the job was begun."""
        may_submit(self._matrix, work.job.owner.actor(), work.job.kind)
        order: ReportOrder = kept(work.job.asked, ReportOrder)
        files, day, laws = self._world.report_files(), work.now.date(), self._in_use()
        model = read_contract(read_tree(files["model_contract.yaml"], "model_contract.yaml"), laws.book.vocabulary)
        facts = read_initiative(read_tree(files["initiative.yaml"], "initiative.yaml"))
        work.progress(0, 3)
        found = round_table(laws.book, laws.rates, model, facts, day)
        work.progress(1, 3)
        self._pages(work, approaches_report(found, Words(order.language)))
        return {"law": laws.book.hash, "as_of": day.isoformat()}

    def _pages(self, work: Work, report: Report) -> None:
        for number, (kind, media) in enumerate(PAGES.items(), 1):
            path = work.folder / f"report.{kind.value}"
            work.keep(_written(path, self._world.report_pages(report, kind)), path.name, media)
            work.progress(2 * _HUNDRED + number * _HUNDRED // len(PAGES), 3 * _HUNDRED)

    @staticmethod
    def _other_day(order: ImpactOrder) -> date | None:
        """Return the day to decide every row for; rows from the registry are made for their day already."""
        return None if order.source is JobSource.REGISTRY else order.as_of

    def _portfolio(self, work: Work, order: AssessmentOrder | ImpactOrder, book: LawBook) -> tuple[Path, int]:
        """Return the folder of the portfolio that is asked for, and how many rows of a file could not be read."""
        into, makers, told = work.folder / "portfolio", self._world.portfolio_makers(), _part(work, 0)
        not_read = 0
        match order.source:
            case JobSource.REGISTRY:
                actor = work.job.owner.actor()
                whose = scope_of(self._matrix, actor)
                access = Access(work.now, actor.name, actor.role.value, "portfolio", work.job.kind.value)
                asked, words = order.occasions(work.now.date()), book.vocabulary
                rows = portfolio_rows(self._insured, whose, asked, access, words)
                makers.write(_stoppable(rows, work), into, "registry", synthetic=False)
            case JobSource.UPLOAD:
                not_read = _take_in(work, into, self._world, book, told)
            case JobSource.SYNTHETIC:
                assert isinstance(order, ImpactOrder)  # noqa: S101 - as it was read
                day = order.as_of or work.now.date()
                makers.generate(SyntheticOrder(order.rows, order.seed, day, day), book.vocabulary, into, told)
        told(1, 1)
        return into, not_read


def _stoppable(rows: Iterable[PortfolioRow], work: Work) -> Iterator[PortfolioRow]:
    """Yield the rows; between them the work can be told to stop. How many there will be nobody knows yet."""
    for number, one in enumerate(rows):
        if number % _LOOK_EVERY == 0:
            work.progress(0, 3 * _HUNDRED)
        yield one


def _take_in(work: Work, into: Path, world: World, book: LawBook, told: Progress) -> int:
    """Make a portfolio of the file that came with the job; return how many of its rows could not be read."""
    files = work.given()
    if len(files) != 1:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{len(files)} files", hint="send one file")
    if files[0].suffix == ".zip":
        world.portfolio_makers().unpack(files[0], into)
        return 0
    return world.portfolio_makers().import_files(ImportOrder((files[0],)), book.vocabulary, into, told).rejected


def _part(work: Work, number: int) -> Progress:
    """Return the progress of one of the three parts of a job, told as that of the whole."""

    def told(done: int, total: int) -> None:
        work.progress(number * _HUNDRED + (_HUNDRED * done // total if total else 0), 3 * _HUNDRED)

    return told


def _keep_rejects(work: Work, portfolio: Path, result: Path) -> None:
    for folder, name in ((portfolio, "not_read.ndjson"), (result, "not_decided.ndjson")):
        path = folder / "rejects.ndjson"
        if path.is_file() and path.stat().st_size:
            work.keep(path, name, NDJSON)


def _reasons(found: Explained, book: LawBook, words: Words) -> bytes:
    """Return the reasons as a table: verdict, cause, provision with its title, and how many rows."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("verdict", "cause", "provision", "title", "rows"))
    for one in found.reasons:
        provision = book.get(one.id)
        title = words.text(provision.title) if provision is not None else ""
        writer.writerow((one.verdict.value, one.cause.value, one.id, title, one.rows))
    return text.getvalue().encode("utf-8-sig")


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
