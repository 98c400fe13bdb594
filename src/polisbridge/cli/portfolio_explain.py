"""`polisbridge portfolio explain|rows|row`: from the reasons of a whole portfolio to the rows, to one full decision."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk, exit_for
from polisbridge.cli.portfolio_tables import Tables
from polisbridge.cli.progress import bar
from polisbridge.cli.show import Shower
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.days import day_of
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.formats.decisionfile import to_text, write_decision
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_facts, known_state
from polisbridge.services.explain import Explained, HeldRow, Listed, Wanted
from polisbridge.services.impact import Dimension
from polisbridge.services.scenario import supposed_law

Source = Annotated[Path, typer.Argument(help="A result of `portfolio assess`, or a portfolio, which is decided first.")]
Corridor = Annotated[str, typer.Option(help="Home state and state of stay, such as UZ:RU.")]
Product = Annotated[str | None, typer.Option(help="Only this product.")]
Insurer = Annotated[str | None, typer.Option(help="Only this insurer.")]
RoleName = Annotated[str | None, typer.Option("--role", help="Only this role: worker, spouse, child …")]
By = Annotated[Dimension | None, typer.Option("--by", help="Count by this as well.")]
Top = Annotated[int, typer.Option(min=1, help="How many reasons to show.")]
ReasonId = Annotated[str, typer.Option("--reason", help="A reason as `portfolio explain` names it.")]
Page = Annotated[int, typer.Option(min=1, help="Which page.")]
Size = Annotated[int, typer.Option(min=1, max=10_000, help="Rows on a page.")]
RowNumber = Annotated[int, typer.Argument(help="The number of a row.")]
ScenarioPath = Annotated[Path | None, typer.Option("--scenario", help="Decide by this scenario instead of the law.")]
OtherDay = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day to decide for; else the row's own.")
]
_GROUPS = 6  # keys shown under a reason


def register(commands: typer.Typer) -> None:
    """Add the commands to a noun."""
    for command in (explain, rows, row):
        commands.command()(command)


def _wanted(corridor: str, gate: Gate | None, product: str | None, insurer: str | None, role: str | None) -> Wanted:
    home, colon, state = corridor.partition(":")
    if corridor and not (colon and state):
        raise typer.BadParameter(f"{corridor}: write the home state, a colon and the state of stay, such as UZ:RU")
    return Wanted((home, state) if corridor else None, gate, product, insurer, role)


def explain(
    context: typer.Context,
    source: Source,
    corridor: Corridor = "",
    gate: options.AGate | None = None,
    product: Product = None,
    insurer: Insurer = None,
    role: RoleName = None,
    by: By = None,
    top: Top = 10,
    rates: options.RatesFiles = None,
    json: options.Json = False,
) -> None:
    """Tell the top reasons why contracts are refused, and why verdicts are open, over all or some rows.

    Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    wanted = _wanted(corridor, gate, product, insurer, role)
    with desk.errors():
        laws = AppliedLaws(desk.book(), desk.rates(rates or []))
        with bar(desk.words("portfolio.deciding")) as progress:
            found = desk.world.explainer().explain(source, laws, wanted, by, progress)
    if json:
        print(to_text(_json(found)), end="")
        return
    _print(Tables(desk.out, desk.words, laws.book), found, top)


def _print(tables: Tables, found: Explained, top: int) -> None:
    words = tables.words
    tables.banner(synthetic=found.synthetic)
    verdicts = [(words(f"verdict.{one.value}"), words.number(found.verdicts.get(one, 0))) for one in Verdict]
    tables.table("", [words("portfolio.verdict"), words("portfolio.persons")], verdicts, 1)
    for verdict in (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED):
        reasons = [one for one in found.reasons if one.verdict is verdict]
        if not reasons:
            continue
        lines = []
        for one in reasons[:top]:
            share = 100 * one.rows / found.verdicts[verdict]
            title = words(f"cause.{one.cause.value}") if one.id == one.cause.value else tables.title(one.id)
            lines.append(
                (title, words(f"cause.{one.cause.value}"), words.number(one.rows), words.number(share, digits=1))
            )
            if found.dimension:
                keys = sorted(one.by.items(), key=lambda item: (-item[1], item[0]))[:_GROUPS]
                lines += [
                    (f"   {tables.key(found.dimension, key)}", "", words.number(number), "") for key, number in keys
                ]
        heads = [words(key) for key in ("explain.reason", "explain.cause", "portfolio.persons")]
        tables.table(words(f"explain.{verdict.value}"), [*heads, "%"], lines, 2)
        if len(reasons) > top:
            tables.line(words("portfolio.more", number=words.number(len(reasons) - top)), "dim")
    tables.line(words("explain.several"), "dim")


def _json(found: Explained) -> dict[str, object]:
    dash = ">".join
    return {
        "synthetic": found.synthetic,
        "law": found.law,
        "rows": found.rows,
        "verdicts": {one.value: found.verdicts.get(one, 0) for one in Verdict},
        "dimension": found.dimension.value if found.dimension else "",
        "by": {dash(key): {one.value: number for one, number in counts.items()} for key, counts in found.by.items()},
        "reasons": [
            {
                "verdict": one.verdict.value,
                "cause": one.cause.value,
                "id": one.id,
                "rows": one.rows,
                "by": {dash(key): number for key, number in one.by.items()},
            }
            for one in found.reasons
        ],
    }


def rows(
    context: typer.Context,
    source: Source,
    reason: ReasonId,
    corridor: Corridor = "",
    gate: options.AGate | None = None,
    product: Product = None,
    insurer: Insurer = None,
    role: RoleName = None,
    page: Page = 1,
    size: Size = 20,
    rates: options.RatesFiles = None,
    json: options.Json = False,
) -> None:
    """List the rows that a reason stands in the way of, page by page. Exit 0, or 4 on an error."""
    desk: Desk = context.obj
    wanted = _wanted(corridor, gate, product, insurer, role)
    with desk.errors():
        laws = AppliedLaws(desk.book(), desk.rates(rates or []))
        with bar(desk.words("portfolio.deciding")) as progress:
            found = desk.world.explainer().listed(source, laws, wanted, reason, page, size, progress)
    if json:
        print(to_text(_listed_json(found)), end="")
        return
    tables, words = Tables(desk.out, desk.words, laws.book), desk.words
    tables.banner(synthetic=found.synthetic)
    heads = ("rows.row", "rows.contract", "rows.person", "dimension.corridor", "dimension.gate", "portfolio.verdict")
    lines = [
        (
            str(one.row),
            one.contract,
            one.person,
            tables.key(Dimension.CORRIDOR, one.corridor),
            words(f"gate.{one.gate.value}"),
            words(f"verdict.{one.verdict.value}"),
        )
        for one in found.rows
    ]
    tables.table(tables.title(reason), [words(key) for key in heads], lines, 0)
    pages = max(1, -(-found.total // found.size))
    tables.line(words("rows.page", page=words.number(page), pages=words.number(pages), total=words.number(found.total)))


def _listed_json(found: Listed) -> dict[str, object]:
    listed = [
        {
            "row": one.row,
            "contract": one.contract,
            "person": one.person,
            "product": one.product,
            "home_state": one.corridor[0],
            "state": one.corridor[1],
            "gate": one.gate.value,
            "verdict": one.verdict.value,
        }
        for one in found.rows
    ]
    return {"synthetic": found.synthetic, "total": found.total, "page": found.page, "size": found.size, "rows": listed}


def row(
    context: typer.Context,
    source: Source,
    number: RowNumber,
    scenario: ScenarioPath = None,
    as_of: OtherDay = None,
    rates: options.RatesFiles = None,
    json: options.Json = False,
) -> None:
    """Decide one row in full by the core: every finding with its source, and the top-up.

    Exit 0 yes (recognised or not required), 1 no, 3 undetermined, 4 error.
    """
    desk: Desk = context.obj
    with desk.errors():
        book, table, supposed = desk.book(), desk.rates(rates or []), tuple[str, ...]()
        laws = AppliedLaws(book, table)
        if scenario:
            after = supposed_law(book, read_scenario(desk.document(scenario), book), table)
            laws, supposed = after.laws, (desk.words.text(after.told.title),)
        held = desk.world.explainer().row(source, number, as_of.date() if as_of else None)
        gate, day = _occasion(held)
        known_state(book, str(held.facts.state))
        found = assess_facts(laws, held.facts, gate, day, held.person or str(number))
    if json:
        print(to_text({**write_decision(laws.book.hash, found), "row": number, "synthetic": held.synthetic}), end="")
    else:
        Tables(desk.out, desk.words, laws.book).banner(synthetic=held.synthetic)
        for title in supposed:
            desk.out.print(desk.words("impact.scenario", title=title), style="bold magenta", markup=False)
        desk.out.print(desk.words("rows.of", row=number, contract=held.contract), style="dim", markup=False)
        Shower(desk.out, desk.words, laws.book).assessment(found)
        desk.out.print(desk.words("answer.law", hash=laws.book.hash[:16]), style="dim")
    raise typer.Exit(exit_for([found.decision.verdict]))


def _occasion(held: HeldRow) -> tuple[Gate, date]:
    """Return the gate and day of a row. Raises PolisbridgeError for a row that cannot be decided."""
    gate, as_of = held.facts.gate, held.facts.as_of
    if gate not in set(Gate) or not isinstance(as_of, int):
        detail = f"row {held.row}: gate {gate!r}, day {as_of!r}"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="such rows are set aside in rejects.ndjson")
    return Gate(str(gate)), day_of(as_of)
