"""`polisbridge portfolio impact`: what a draft rule would do to everybody in a portfolio."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.cli.portfolio_tables import Tables
from polisbridge.cli.progress import bar
from polisbridge.core.codes import Verdict
from polisbridge.formats.decisionfile import to_text
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.impact import Dimension, Group, Impact, TopUps, impact_json
from polisbridge.services.impact_csv import impact_csv
from polisbridge.services.report import PageKind
from polisbridge.services.scenario import supposed_law
from polisbridge.words.report_impact import impact_report

Folder = Annotated[Path, typer.Argument(help="A portfolio: a folder of Parquet files (docs/spec/portfolio.md).")]
ScenarioPath = Annotated[
    Path,
    typer.Option("--scenario", help="A scenario file, YAML (see docs/impact.md and `polisbridge schema scenario`)."),
]
Into = Annotated[Path, typer.Option("--into", help="Folder for the result; it must not exist yet.")]
Csv = Annotated[bool, typer.Option("--csv", help="Write the tables as CSV files into the result folder as well.")]
OtherDay = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day to decide every row for; else each row's own."),
]
Html = Annotated[Path | None, typer.Option("--html", help="Write a report with charts as an HTML file.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Write a report with charts as a PDF file.")]
_FEW = 8  # lines of a table; everything is in the result folder


def register(commands: typer.Typer) -> None:
    """Add the command to a noun."""
    commands.command()(impact)


def impact(
    context: typer.Context,
    portfolio: Folder,
    scenario: ScenarioPath,
    into: Into,
    as_of: OtherDay = None,
    rates: options.RatesFiles = None,
    csv: Csv = False,
    html: Html = None,
    pdf: Pdf = None,
    json: options.Json = False,
) -> None:
    """Decide a portfolio by the law and by a scenario: who is newly recognised, who loses, what they would need.

    A scenario is never law. With --as-of every row is decided for that day, so that a later scenario can be looked
    at. Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    with desk.errors():
        book, table = desk.book(), desk.rates(rates or [])
        after = supposed_law(book, read_scenario(desk.document(scenario), book), table, as_of.date() if as_of else None)
        with bar(desk.words("portfolio.deciding")) as progress:
            found = desk.world.impacts().impact(portfolio, AppliedLaws(book, table), after, into, progress)
        if csv:
            for name, data in impact_csv(found).items():
                desk.world.write(into / name, data)
        for path, kind in ((html, PageKind.HTML), (pdf, PageKind.PDF)):
            if path is not None:
                report = impact_report(found, desk.words, book, after.laws.book)
                desk.world.write(path, desk.world.report_pages(report, kind))
    if json:
        print(to_text(impact_json(found)), end="")
        return
    _Shown(Tables(desk.out, desk.words, after.laws.book), found).print(into)


class _Shown:
    """Prints an impact, the answer first."""

    def __init__(self, tables: Tables, found: Impact) -> None:
        self._tables, self._words, self._found = tables, tables.words, found

    def print(self, into: Path) -> None:
        """Print everything; what is long is cut, and the result folder has the rest."""
        tables, words, found = self._tables, self._words, self._found
        tables.banner(synthetic=found.synthetic)
        tables.line(words("impact.scenario", title=words.text(found.scenario.title)), "bold magenta")
        if found.as_of:
            tables.line(words("impact.as_of", day=words.day(found.as_of)))
        self._changes()
        self._verdicts()
        self._corridors()
        for dimension in (Dimension.PRODUCT, Dimension.INSURER, Dimension.ROLE, Dimension.GATE):
            self._groups(dimension)
        self._findings()
        if found.top_ups:
            self._top_ups(found.top_ups[0])
        told = {"rows": found.rows, "decided": found.decided, "rejected": found.rejected}
        told |= {"compared": found.compared, "checked": found.checked_by_core}
        tables.line(words("impact.totals", **{name: words.number(value) for name, value in told.items()}))
        tables.line(words("impact.rest", folder=into), "dim")

    def _changes(self) -> None:
        told = self._found.scenario
        for key, ids in (("impact.begins", told.begins), ("impact.ends", told.ends), ("impact.settled", told.settled)):
            chosen = [one for one in ids if key != "impact.ends" or one not in told.settled]
            if chosen:
                self._tables.line(self._words(key))
                for one in chosen:
                    self._tables.line(f"  {one}", "dim")

    def _verdicts(self) -> None:
        words, total = self._words, self._found.total
        rows = [
            (words(f"verdict.{one.value}"), *self._numbers(total.before(one), total.after(one), signed=True))
            for one in Verdict
        ]
        heads = [words(key) for key in ("portfolio.verdict", "impact.before", "impact.after", "impact.change")]
        self._tables.table("", heads, rows, 3)
        moved = [one for one in total.transitions if one.before is not one.after]
        if moved:
            lines = [
                (words(f"verdict.{one.before.value}"), words(f"verdict.{one.after.value}"), words.number(one.rows))
                for one in sorted(moved, key=lambda one: -one.rows)
            ]
            heads = [words(key) for key in ("impact.was", "impact.becomes", "portfolio.persons")]
            self._tables.table(words("impact.transitions"), heads, lines, 1)

    def _numbers(self, before: int, after: int, *, signed: bool) -> tuple[str, ...]:
        words, change = self._words, after - before
        sign = "+" if signed and change > 0 else ""
        return words.number(before), words.number(after), f"{sign}{words.number(change)}"

    def _corridors(self) -> None:
        """Print every corridor beside its way back, those with a change; the others are one line."""
        words = self._words
        lines, still = [], 0
        for one, back in self._found.pairs():
            if not one.changed and not (back and back.changed):
                still += 1
                continue
            lines.append(self._line(Dimension.CORRIDOR, one))
            if back:
                lines.append(self._line(Dimension.CORRIDOR, back))
        heads = [words(f"dimension.{Dimension.CORRIDOR.value}"), *self._heads()]
        if lines:
            self._tables.table(words("impact.corridors"), heads, lines, 4)
        if still:
            self._tables.line(words("impact.still", number=words.number(still)), "dim")

    def _groups(self, dimension: Dimension) -> None:
        words = self._words
        changed = [one for one in self._found.groups.get(dimension, ()) if one.changed]
        if changed:
            heads = [words(f"dimension.{dimension.value}"), *self._heads()]
            self._tables.table("", heads, [self._line(dimension, one) for one in changed[:_FEW]], 4)
            self._more(len(changed))

    def _heads(self) -> list[str]:
        return [self._words(f"impact.{key}") for key in ("persons", "newly_recognised", "newly_free", "lost")]

    def _line(self, dimension: Dimension, one: Group) -> list[str]:
        words, key = self._words, self._tables.key(dimension, one.key)
        if not one.rows:
            return [key, words("impact.no_rows"), "", "", ""]
        return [key, *(words.number(number) for number in (one.rows, one.newly_recognised, one.newly_free, one.lost))]

    def _findings(self) -> None:
        words, found = self._words, self._found.findings
        if not found:
            return
        rows = [
            (
                self._tables.title(one.after_id or one.before_id or ""),
                words(f"outcome.{one.before.value}") if one.before else "–",
                words(f"outcome.{one.after.value}") if one.after else "–",
                words.number(one.rows),
            )
            for one in found[:_FEW]
        ]
        heads = [words(key) for key in ("impact.provision", "impact.was", "impact.becomes", "portfolio.persons")]
        self._tables.table(words("impact.findings"), heads, rows, 1)
        self._more(len(found))

    def _top_ups(self, found: TopUps) -> None:
        words, tables = self._words, self._tables
        told = {
            name: words.number(getattr(found, name))
            for name in ("rows", "complete", "incomplete", "unknown", "hopeless")
        }
        tables.line(words("impact.top_ups", **told))
        heads = [words(key) for key in ("impact.lacking", "portfolio.persons", "impact.sum")]
        if found.shortfalls:
            rows = [(tables.lack(one), words.number(one.rows), tables.total(one)) for one in found.shortfalls[:_FEW]]
            tables.table(words("impact.lacks"), heads, rows, 2)
            self._more(len(found.shortfalls))
        needs = [(one, "impact.not_met") for one in found.needs] + [
            (one, "impact.undecided") for one in found.undecided
        ]
        if needs:
            heads = [words(key) for key in ("impact.provision", "impact.stands", "portfolio.persons")]
            rows = [(tables.title(one.requirement), words(key), words.number(one.rows)) for one, key in needs[:_FEW]]
            tables.table(words("impact.nearest"), heads, rows, 1)
            self._more(len(needs))

    def _more(self, number: int) -> None:
        if number > _FEW:
            self._tables.line(self._words("portfolio.more", number=self._words.number(number - _FEW)), "dim")
