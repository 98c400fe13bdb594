"""Synthetic portfolios: rows as contracts, persons and stays would make them, the same from the same seed."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import desk
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch import generate
from polisbridge.batch.draws import Choices, Draws
from polisbridge.batch.layout import ROW_SCHEMA, Reader
from polisbridge.batch.makers import EmbeddedMakers, shipped_figures
from polisbridge.batch.months import age, days_and_months
from polisbridge.batch.portfolio import Portfolio, open_portfolio
from polisbridge.batch.synthetic import read_figures
from polisbridge.core.codes import Gate, Role, Verdict
from polisbridge.core.contract import Contract, Insured, Period, Stay, facts_of
from polisbridge.core.days import day_number, day_of, whole_months, whole_years
from polisbridge.core.decide import decide
from polisbridge.core.errors import FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.facts import Facts
from polisbridge.core.money import Rates
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.portfolio_make import SyntheticOrder
from polisbridge.words import Words

BOOK = read_law(read_folder(shipped_law()))
DAY = date(2026, 3, 17)


def quiet(done: int, total: int) -> None:
    assert done <= total


def made(folder: Path, rows: int = 4_000, seed: int = 7, first: date = DAY, last: date = DAY) -> Portfolio:
    EmbeddedMakers().generate(SyntheticOrder(rows, seed, first, last), BOOK.vocabulary, folder, quiet)
    return open_portfolio(folder)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    return made(tmp_path_factory.mktemp("portfolio") / "made")


@pytest.fixture(scope="module")
def rows(portfolio: Portfolio) -> list[tuple[dict[str, Any], Facts]]:
    reader = Reader(portfolio.sets, portfolio.benefits)
    return [(row, reader.facts(row)) for row in portfolio.scan().collect().iter_rows(named=True)]


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("again", 3), ("other", 4)):
        made(tmp_path / name, seed=seed)

    assert hashes(tmp_path / "one") == hashes(tmp_path / "again")
    part = "rows/part-00000.parquet"
    assert hashes(tmp_path / "one")[part] != hashes(tmp_path / "other")[part]


def test_parts_hold_the_rows_that_were_ordered_numbered_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "PART", 300)

    found = made(tmp_path / "made", rows=1_001)

    assert [len(pl.read_parquet(part)) for part in found.parts] == [300, 300, 300, 101]
    assert found.scan().collect()["row"].to_list() == list(range(1_001))


def test_every_column_is_of_the_layout(portfolio: Portfolio) -> None:
    held = pl.read_parquet_schema(portfolio.parts[0])

    assert {name: ROW_SCHEMA[name] for name in held} == dict(held)


_OCCASION = ("care_form", "transport", "residence_status", "official_capacity")
_PERSON = ("works", "worker_class", "purpose", "contribution_months", "matches_document", "local_schemes")
_RECKONED = {
    "state", "region", "gate", "as_of", "role", "citizenship", "birth_day", "age", "persons", "benefits", "first_day", "last_day",
    "term_days", "term_months", "family_worker_citizenship", "family_worker_works", "family_worker_class",
    *(f"{name}_{end}" for name in ("stay", "visa", "permit", "employment") for end in ("first", "last", "days", "months")),
}  # fmt: skip


def a_day(number: Any) -> date | None:
    return None if number is None else day_of(number)


def insured(row: dict[str, Any], facts: Facts) -> Insured:
    own = {name: getattr(facts, name) for name in _PERSON}
    period = Period(a_day(facts.first_day), a_day(facts.last_day))
    return Insured(row["person"], Role(str(facts.role)), "", a_day(facts.birth_day), facts.citizenship, period, own)


def of_contract(facts: Facts) -> dict[str, object]:
    left_out = {*_OCCASION, *_PERSON, *_RECKONED}
    names = [name for name in Facts.__dataclass_fields__ if name not in left_out]
    return {name: value for name in names if (value := getattr(facts, name)) is not None}


def test_rows_hold_what_facts_of_makes_of_such_a_contract(rows: list[tuple[dict[str, Any], Facts]]) -> None:
    contracts = defaultdict(list)
    for row, facts in rows:
        contracts[row["contract"]].append((row, facts))

    for number, members in contracts.items():
        _, first = members[0]
        persons = tuple(insured(row, facts) for row, facts in members)
        contract = Contract(number, Period(), persons, first.benefits, of_contract(first))
        stay = Stay(
            str(first.state),
            Gate(str(first.gate)),
            day_of(first.as_of),  # type: ignore[arg-type]
            first.region,  # type: ignore[arg-type]
            Period(a_day(first.stay_first), a_day(first.stay_last)),
            {name: getattr(first, name) for name in _OCCASION},
        )
        for person, (_, facts) in zip(persons, members, strict=True):
            expected, _ = facts_of(contract, person, stay)
            assert asdict(expected) == asdict(facts), (number, person.id)


def test_all_verdicts_come_up_in_several_corridors(rows: list[tuple[dict[str, Any], Facts]]) -> None:
    laws = AppliedLaws(BOOK, Rates())
    corridors = defaultdict(set)
    for _, facts in rows:
        law = laws.at(str(facts.state), Gate(str(facts.gate)), DAY)
        corridors[decide(facts, law).verdict].add((facts.citizenship, facts.state))

    assert {verdict: len(found) >= 4 for verdict, found in corridors.items()} == dict.fromkeys(Verdict, True)


def test_corridors_are_as_frequent_as_their_figures(rows: list[tuple[dict[str, Any], Facts]]) -> None:
    figures = read_figures(shipped_figures(), BOOK.vocabulary).file
    persons = {(one.home, one.state): max(one.persons, figures.at_least) for one in figures.corridors}
    # of one contract the worker tells the corridor, but for the few who are citizens of other states
    workers = [facts for _, facts in rows if facts.role == "worker" and facts.citizenship]
    found = Counter(
        (next(iter(one.citizenship or {""})), one.state) for one in workers if len(one.citizenship or {}) == 1
    )

    for corridor in (("UZ", "RU"), ("TJ", "RU"), ("KG", "RU")):
        share = persons[corridor] / sum(persons.values())
        assert abs(found[corridor] / len(workers) - share) < 0.05, corridor


def test_ages_fit_the_roles(rows: list[tuple[dict[str, Any], Facts]]) -> None:
    ages = defaultdict(list)
    for _, facts in rows:
        if isinstance(facts.age, int):
            ages[facts.role].append(facts.age)

    assert min(ages["worker"]) >= 18 <= min(ages["spouse"])
    assert max(ages["worker"]) <= 64
    assert max(ages["child"]) < 18
    assert set(ages["newborn"]) == {0}
    assert min(ages["parent"]) >= 38


def test_days_to_decide_for_are_spread_over_a_period(tmp_path: Path) -> None:
    found = made(tmp_path / "made", first=date(2026, 1, 1), last=date(2026, 1, 10)).scan().collect()["as_of"]

    assert sorted(found.unique()) == [date(2026, 1, day) for day in range(1, 11)]


def test_a_portfolio_says_that_it_is_synthetic_and_from_what(portfolio: Portfolio) -> None:
    manifest = json.loads((portfolio.folder / "portfolio.json").read_text())

    assert manifest["synthetic"] is True
    assert manifest["seed"] == 7
    assert re.fullmatch("[0-9a-f]{64}", manifest["figures"])
    assert "Synthetic" in manifest["note"]


def test_the_command_says_so_too(tmp_path: Path) -> None:
    answer = desk.run(
        "portfolio", "generate", "--rows", "50", "--as-of", "2026-03-17", "--into", tmp_path / "made", lang="ru"
    )

    assert answer.exit == 0
    assert Words("ru")("portfolio.synthetic") in answer.out
    assert open_portfolio(tmp_path / "made").rows == 50


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(PolisbridgeError, match="exists"):
        made(tmp_path)


def test_every_figure_has_a_source_or_says_that_it_is_assumed() -> None:
    figures = read_figures(shipped_figures(), BOOK.vocabulary).file

    for one in [*figures.corridors, *figures.products]:
        assert one.figures or one.assumed, one
        assert all(re.fullmatch(r"(IN|RU|BY|KZ|KG|AM|TJ|UZ|UPD)-[0-9]+", fact) for fact in one.figures)


def changed(old: str, new: str) -> Document:
    text = (Path(generate.__file__).with_name("synthetic.yaml")).read_text(encoding="utf-8")
    assert old in text
    return read_tree(text.replace(old, new).encode(), "figures.yaml")


def faults_of(document: Document) -> list[tuple[str, FaultCode]]:
    with pytest.raises(InputFaults) as raised:
        read_figures(document, BOOK.vocabulary)
    return [(fault.path, fault.code) for fault in raised.value.faults]


def test_faults_of_figures_are_told_at_once() -> None:
    assert ("places[0].regions[0]", FaultCode.UNKNOWN_CODE) in faults_of(changed("RU-MOW: 631", "RU-XXX: 631"))
    assert faults_of(changed("unknown:\n  {birth_day: 8,", "unknown:\n  {shoe_size: 8,")) == [
        ("unknown.shoe_size", FaultCode.UNKNOWN_KEY)
    ]
    assert faults_of(changed("kind: imputed", "kind: guessed")) == [("kind", FaultCode.UNKNOWN_CODE)]
    assert faults_of(changed("begins: 5..60", "begins: soon"))[0][1] is FaultCode.WRONG_VALUE


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=20))
def test_months_and_ages_in_columns_are_those_of_the_core(pairs: list[tuple[date, date]]) -> None:
    pairs = [(min(pair), max(pair)) for pair in pairs]
    frame = pl.DataFrame(pairs, schema={"first": pl.Date, "last": pl.Date}, orient="row")
    found = frame.select(*days_and_months("first", "last", "term"), age("first", "last"))

    numbers = [(day_number(first), day_number(last)) for first, last in pairs]
    assert found.rows() == [(b - a + 1, whole_months(a, b), whole_years(a, b)) for a, b in numbers]


def test_draws_keep_to_weights_and_groups() -> None:
    choices = Choices([{"a": 1, "b": 3}, {"c": 1, "d": 0}])
    groups = pl.Series([0] * 8_000 + [1] * 2_000)

    found = Counter(Draws("seed").pick(choices, groups, 10_000))

    assert abs(found["a"] - 2_000) < 200
    assert abs(found["b"] - 6_000) < 200
    assert (found["c"], found["d"]) == (2_000, 0)


def test_draws_between_two_numbers_reach_both() -> None:
    assert sorted(Draws("seed").between(1_000, -2, 2).unique()) == [-2, -1, 0, 1, 2]
    assert Draws("seed").between(3, 5, 4).to_list() == [5, 5, 5]
