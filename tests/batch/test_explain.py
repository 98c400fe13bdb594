"""Reasons in bulk are those that the core would give row by row, and lead to the rows behind them."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.explain import explain, held_row, listed, portfolio_of
from polisbridge.batch.layout import Reader
from polisbridge.batch.makers import EmbeddedMakers
from polisbridge.batch.portfolio import Portfolio, open_portfolio
from polisbridge.core.applied import GATE
from polisbridge.core.codes import Bearing, Gate, Outcome, Verdict
from polisbridge.core.condition import ALWAYS
from polisbridge.core.days import day_of
from polisbridge.core.decide import Decision, RouteResult
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.finding import Finding
from polisbridge.core.law import OpenQuestion
from polisbridge.core.money import Rates
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_facts
from polisbridge.services.explain import Cause, Explained, Wanted
from polisbridge.services.impact import Dimension
from polisbridge.services.portfolio_make import SyntheticOrder

SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = read_law(read_folder(shipped_law()))
RATES = Rates(read_rates(read_tree((SAMPLES / "rates.yaml").read_bytes(), "rates.yaml")))
LAW = AppliedLaws(BOOK, RATES)
DAY = date(2026, 3, 17)
REFUSED, OPEN = Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED

Told = tuple[Verdict, Cause, str]


def quiet(done: int, total: int) -> None:
    assert done <= total


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    folder = tmp_path_factory.mktemp("explain") / "made"
    EmbeddedMakers().generate(SyntheticOrder(2_500, 5, DAY, DAY), BOOK.vocabulary, folder, quiet)
    return open_portfolio(folder)


@pytest.fixture(scope="module")
def result(made: Portfolio) -> Path:
    into = made.folder.parent / "result"
    assess_portfolio(made, LAW, into, quiet)
    return into


@pytest.fixture(scope="module")
def decisions(made: Portfolio) -> dict[int, Decision]:
    """Every row decided by the core."""
    reader, found = Reader(made.sets, made.benefits), {}
    for row in made.scan().collect().iter_rows(named=True):
        facts = reader.facts(row)
        assert isinstance(facts.as_of, int)
        found[row["row"]] = assess_facts(LAW, facts, Gate(str(facts.gate)), day_of(facts.as_of)).decision
    return found


def reasons(source: Path, wanted: Wanted | None = None, by: Dimension | None = None) -> Explained:
    return explain(source, LAW, wanted or Wanted(), by, quiet)


# The same, told from decisions ----------------------------------------------------------------------------


def told(decision: Decision) -> set[Told]:
    """Return the reasons of a decision, told from its findings."""
    if decision.verdict is REFUSED:
        return {(REFUSED, cause, name) for cause, name in refused(decision)}
    return {(OPEN, cause, name) for cause, name in left_open(decision)} if decision.verdict is OPEN else set()


def refused(decision: Decision) -> Iterator[tuple[Cause, str]]:
    usable = [one for one in decision.routes if one.entry.outcome is not Outcome.NOT_MET]
    for one in usable:
        yield from ((Cause.NOT_MET, name.provision.id) for name in one.findings if name.outcome is Outcome.NOT_MET)
    if not usable and has_ended(decision):
        yield Cause.ENDED, "ended"
    elif not usable:
        yield from ((Cause.NOT_OPEN, one.route.id) for one in decision.routes)


def has_ended(decision: Decision) -> bool:
    last_day, as_of = decision.facts.last_day, decision.facts.as_of
    return isinstance(last_day, int) and isinstance(as_of, int) and last_day < as_of


def left_open(decision: Decision) -> Iterator[tuple[Cause, str]]:
    sure = any(one.counts is True for one in decision.duties)
    if not decision.duties:
        yield Cause.NO_DUTY, "no_duty"
    for one in (*(() if sure else decision.duties), *decision.exemptions):
        yield from of_statement(decision, one)
    if not sure:
        yield from asked(decision, GATE)
    if not decision.routes:
        yield Cause.NO_ROUTE, "no_route"
    for result in decision.routes:
        failing = any(one.counts is False for one in result.findings)
        if result.entry.outcome is not Outcome.NOT_MET and not failing:
            yield from of_route(result)
        elif result.entry.outcome is Outcome.UNDETERMINED and result.entry.applied.applies != ALWAYS:
            yield Cause.FACT, result.route.id
    entries = [one.entry for one in decision.routes]
    if (
        has_ended(decision)
        and all(one.outcome is Outcome.NOT_MET for one in entries)
        and any(one.applied.unconfirmed for one in entries)
    ):
        yield Cause.ENDED, "ended"


def of_statement(decision: Decision, one: Finding) -> Iterator[tuple[Cause, str]]:
    if one.outcome is Outcome.UNDETERMINED:
        yield Cause.FACT, one.provision.id
    if one.outcome is not Outcome.NOT_MET:
        if one.applied.unconfirmed:
            yield Cause.UNCONFIRMED, one.provision.id
        yield from asked(decision, one.provision.id)


def asked(decision: Decision, name: str) -> Iterator[tuple[Cause, str]]:
    for one in decision.open_questions:
        question = one.provision
        assert isinstance(question, OpenQuestion)
        if question.effect is Bearing.BLOCKS and name in question.bears_on:
            yield Cause.QUESTION, question.id


def of_route(result: RouteResult) -> Iterator[tuple[Cause, str]]:
    for one in (result.entry, *result.findings):
        if one.outcome is Outcome.UNDETERMINED:
            yield Cause.FACT, one.provision.id
        if one.applied.unconfirmed and one.outcome is not Outcome.NOT_APPLICABLE:
            yield Cause.UNCONFIRMED, one.provision.id
    yield from ((Cause.QUESTION, one.provision.id) for one in result.questions)


def test_the_reasons_of_a_portfolio_are_those_of_its_rows_one_by_one(
    result: Path, decisions: dict[int, Decision]
) -> None:
    one_by_one = Counter(reason for decision in decisions.values() for reason in told(decision))

    found = {(one.verdict, one.cause, one.id): one.rows for one in reasons(result).reasons}

    assert len(found) > 60
    assert {cause for _, cause, _ in found} == set(Cause)
    assert found == dict(one_by_one)


def test_nobody_is_refused_or_left_open_without_a_reason(decisions: dict[int, Decision]) -> None:
    silent = [row for row, one in decisions.items() if one.verdict in (REFUSED, OPEN) and not told(one)]

    assert silent == []


# From reasons to rows ---------------------------------------------------------------------------------------

PATENT = "ru.law_115_fz.patent.vhi.insurer_created_in_russia"


def test_pages_hold_all_rows_of_a_reason_once_in_order(result: Path, decisions: dict[int, Decision]) -> None:
    behind = [row for row, one in decisions.items() if PATENT in {name for _, _, name in told(one)}]
    pages = [listed(result, LAW, Wanted(), PATENT, page, 7, quiet) for page in range(1, len(behind) // 7 + 3)]

    assert len(behind) > 7
    assert [one.row for page in pages for one in page.rows] == behind
    assert {page.total for page in pages} == {len(behind)}
    assert [len(page.rows) for page in pages[-2:]] == [len(behind) % 7, 0]


def test_a_reason_that_nobody_has_lists_nothing(result: Path) -> None:
    assert listed(result, LAW, Wanted(), "no.such.provision", 1, 20, quiet).total == 0


def test_a_row_of_the_list_is_the_row_of_the_portfolio(result: Path, decisions: dict[int, Decision]) -> None:
    first = listed(result, LAW, Wanted(corridor=("UZ", "RU")), PATENT, 1, 1, quiet).rows[0]

    held = held_row(result, first.row)

    assert held.facts == decisions[first.row].facts
    assert (held.contract, held.person, held.synthetic) == (first.contract, first.person, True)
    assert (first.corridor, first.gate, first.verdict) == (("UZ", "RU"), Gate.WORK_PERMIT, REFUSED)


def test_a_row_stands_otherwise_on_another_day(result: Path) -> None:
    later = held_row(result, 0, date(2036, 3, 17)).facts

    assert replace(later, age=None, persons=None, as_of=None) == replace(
        held_row(result, 0).facts, age=None, persons=None, as_of=None
    )
    assert later.age == int(str(held_row(result, 0).facts.age)) + 10


def test_a_row_that_is_not_there_is_told(result: Path) -> None:
    with pytest.raises(PolisbridgeError, match="no row 2500") as raised:
        held_row(result, 2_500)

    assert raised.value.code is ErrorCode.NOT_FOUND


# What is looked at ------------------------------------------------------------------------------------------


def test_a_portfolio_is_decided_first_and_says_the_same(result: Path, made: Portfolio) -> None:
    assert reasons(made.folder) == reasons(result)


@pytest.mark.parametrize("by", list(Dimension))
def test_what_is_counted_by_a_dimension_adds_up(by: Dimension, result: Path) -> None:
    found, whole = reasons(result, by=by), reasons(result)

    assert {(one.verdict, one.cause, one.id): sum(one.by.values()) for one in found.reasons} == {
        (one.verdict, one.cause, one.id): one.rows for one in whole.reasons
    }
    assert sum(sum(one.values()) for one in found.by.values()) == whole.rows == 2_500


def test_only_the_rows_that_are_wanted_are_counted(result: Path, made: Portfolio) -> None:
    wanted = Wanted(corridor=("UZ", "RU"), gate=Gate.WORK_PERMIT, product="home_voluntary", role="worker")

    found = reasons(result, wanted)

    held = made.scan().filter(home_state="UZ", state="RU", gate="work_permit", product="home_voluntary", role="worker")
    assert found.rows == held.select(pl.len()).collect().item() > 0


def test_reasons_are_told_with_the_corridor_of_the_row(result: Path) -> None:
    by = next(
        one.by
        for one in reasons(result, by=Dimension.CORRIDOR).reasons
        if (one.id, one.cause) == (PATENT, Cause.NOT_MET)
    )

    assert by["UZ", "RU"] == listed(result, LAW, Wanted(corridor=("UZ", "RU")), PATENT, 1, 1, quiet).total
    assert all(state == "RU" for _, state in by)


# What cannot be ---------------------------------------------------------------------------------------------


def test_a_result_of_other_law_is_refused(result: Path) -> None:
    other = AppliedLaws(replace(BOOK, hash="0" * 64), RATES)

    with pytest.raises(PolisbridgeError, match="was decided by law"):
        explain(result, other, Wanted(), None, quiet)


def test_a_folder_that_is_neither_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolisbridgeError, match="no portfolio and no result"):
        portfolio_of(tmp_path)


def test_a_result_without_its_portfolio_is_told(result: Path, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    manifest = json.loads((result / "result.json").read_text())
    (tmp_path / "alone" / "result.json").write_text(json.dumps({**manifest, "portfolio": "../gone"}))

    with pytest.raises(PolisbridgeError, match="no portfolio in"):
        portfolio_of(tmp_path / "alone")
