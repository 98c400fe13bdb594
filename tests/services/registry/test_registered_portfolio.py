"""The registry as a portfolio: whoever is insured on the day, without name, document or day of birth, each look on record."""

import json
import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from registry_builder import BOOK, DAY, RING, VOCABULARY, contract, group, later, note, passports, registries, seller
from sqlalchemy import Engine, text

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.insured import SqlInsured
from polisbridge.batch.engine import EmbeddedPortfolios
from polisbridge.batch.makers import EmbeddedMakers
from polisbridge.batch.portfolio import open_portfolio
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.money import Rates
from polisbridge.core.registry import Access, RegisteredContract
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.services.access import AccessRefused
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.portfolio_make import PortfolioRow
from polisbridge.services.registry.contracts import NewContract, contract_on, register, terminate, withdraw
from polisbridge.services.registry.portfolio import (
    FAMILY,
    Occasions,
    PortfolioScope,
    portfolio_rows,
    scope_of,
)

NOW = later(100)
LOOK = Access(NOW, "clerk 4", "insurer_clerk", "portfolio", "run_portfolio")
HIRING = Occasions(("RU",), (Gate.HIRING,), DAY, 90)


def rows(engine: Engine, scope: PortfolioScope, asked: Occasions = HIRING) -> list[PortfolioRow]:
    return list(portfolio_rows(SqlInsured(engine, RING), scope, asked, LOOK, VOCABULARY))


@pytest.fixture
def insurer(engine: Engine) -> int:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE thing, access CASCADE"))
    with registries(engine).change() as registry:
        return seller(registry)


def kept(engine: Engine, new: NewContract) -> int:
    with registries(engine).change() as registry:
        return register(registry, new, note())


def test_a_row_tells_what_the_contract_says_and_neither_name_nor_document_nor_day_of_birth(
    engine: Engine, insurer: int
) -> None:
    terms = contract("T-1")
    thing = kept(engine, NewContract(terms, insurer, identities=passports(terms)))

    found = rows(engine, PortfolioScope(insurer))

    assert [(one.contract, one.person, one.facts.role, one.facts.age) for one in found] == [
        ("T-1", "worker", "worker", 36),
        ("T-1", "spouse", "spouse", 34),
        ("T-1", "child", "child", 5),
    ]
    assert {one.facts.birth_day for one in found} == {None}
    for said in ("B. R.", "PERSON", "AA0000", "1990"):
        assert said not in repr(found)
    with registries(engine).read() as registry:
        whole = contract_on(registry, thing, on=DAY, at=NOW, vocabulary=VOCABULARY)
    assert whole
    assert whole.contract
    assert [one.facts.territory for one in found] == [frozenset({"RU", "KZ"})] * 3
    assert len(found[0].facts.persons or ()) == 3


def test_only_who_is_insured_on_the_day_is_told_as_known_at_the_instant(engine: Engine, insurer: int) -> None:
    ended, left = (kept(engine, NewContract(contract(name), insurer)) for name in ("E", "L"))
    with registries(engine).change() as registry:
        terminate(registry, ended, DAY, note(10))
        withdraw(registry, left, "child", DAY, note(10))

    found = rows(engine, PortfolioScope(insurer))
    before = rows(engine, PortfolioScope(insurer), replace(HIRING, as_of=DAY - timedelta(days=1)))

    assert [(one.contract, one.person) for one in found] == [("L", "worker"), ("L", "spouse")]
    assert len(before) == 6
    then = list(
        portfolio_rows(
            SqlInsured(engine, RING), PortfolioScope(insurer), HIRING, replace(LOOK, at=later(5)), VOCABULARY
        )
    )
    assert len(then) == 6


def test_every_look_is_on_record_for_every_person(engine: Engine, insurer: int) -> None:
    kept(engine, NewContract(contract("T-1"), insurer))

    rows(engine, PortfolioScope(insurer), replace(HIRING, gates=(Gate.HIRING, Gate.ENTRY)))

    with engine.connect() as connection:
        held = connection.execute(text("SELECT who, role, what, purpose, count(*) FROM access GROUP BY 1, 2, 3, 4"))
        assert held.all() == [("clerk 4", "insurer_clerk", "portfolio", "run_portfolio", 3)]


def test_others_contracts_are_not_in_it_and_an_authority_gets_those_of_its_state(engine: Engine, insurer: int) -> None:
    with registries(engine).change() as registry:
        other = seller(registry, "another insurer")
    kept(engine, NewContract(contract("MINE"), insurer))
    kept(engine, NewContract(contract("MINE"), other))

    assert len(rows(engine, PortfolioScope(insurer))) == 3
    assert len(rows(engine, PortfolioScope(state="UZ"))) == 6
    assert rows(engine, PortfolioScope(state="KZ")) == []
    assert rows(engine, PortfolioScope()) == []


def test_whose_contracts_somebody_may_run_follows_from_the_matrix() -> None:
    matrix = shipped_access()

    assert scope_of(matrix, Actor(ActorRole.INSURER_CLERK, "c", 1, "UZ", 7)) == PortfolioScope(seller=7)
    assert scope_of(matrix, Actor(ActorRole.AUTHORITY, "a", 2, "UZ")) == PortfolioScope(state="UZ")
    for role in set(ActorRole) - {ActorRole.INSURER_CLERK, ActorRole.AUTHORITY}:
        with pytest.raises(AccessRefused):
            scope_of(matrix, Actor(role, "x", 3, "UZ", 7))
    for nobody in (Actor(ActorRole.INSURER_CLERK, "c", 1, "UZ"), Actor(ActorRole.AUTHORITY, "a", 2)):
        with pytest.raises(AccessRefused):
            scope_of(matrix, nobody)


@pytest.mark.parametrize(("size", "told"), [(FAMILY, FAMILY), (FAMILY + 1, None)])
def test_a_large_group_is_told_person_by_person(engine: Engine, insurer: int, size: int, told: int | None) -> None:
    kept(engine, NewContract(group("G-1", size), insurer))

    found = rows(engine, PortfolioScope(insurer))

    assert len(found) == size
    assert {None if one.facts.persons is None else len(one.facts.persons) for one in found} == {told}


def test_it_is_a_portfolio_that_the_engine_decides_and_whose_verdicts_can_be_taken_along(
    engine: Engine, insurer: int, tmp_path: Path
) -> None:
    with registries(engine).change() as registry:
        register(registry, NewContract(contract("=1+1"), insurer), note())
        register(registry, NewContract(group("G-1", 30), insurer), note())
    asked = replace(HIRING, states=("RU", "KZ"))
    folder, result = tmp_path / "portfolio", tmp_path / "result"
    made = EmbeddedMakers()
    count = made.write(rows(engine, PortfolioScope(insurer), asked), folder, "registry", synthetic=False)
    laws = AppliedLaws(BOOK, Rates(()))

    assessed = EmbeddedPortfolios().assess(folder, laws, result, lambda *_: None)
    csv, parquet = made.write_verdicts(result, tmp_path)

    assert count == assessed.decided == 66
    assert json.loads((folder / "portfolio.json").read_text())["synthetic"] is False
    assert open_portfolio(folder).scan().drop_nulls("birth_day").collect().is_empty()
    table = pl.read_parquet(parquet)
    assert len(table) == 66
    assert set(table["verdict"]) <= {one.value for one in Verdict}
    assert set(table["state"]) == {"RU", "KZ"}
    lines = csv.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 67
    assert sum(line.split(",")[1] == "'=1+1" for line in lines) == 6


def test_an_empty_registry_is_an_empty_portfolio(tmp_path: Path) -> None:
    assert EmbeddedMakers().write([], tmp_path / "portfolio", "registry", synthetic=False) == 0
    assert open_portfolio(tmp_path / "portfolio").rows == 0


def test_memory_does_not_grow_with_a_group(engine: Engine, insurer: int) -> None:
    kept(engine, NewContract(group("G-1", 2_000), insurer))
    kept(engine, NewContract(group("G-2", 3_000), insurer))
    source = SqlInsured(engine, RING)

    def most(asked: Occasions) -> int:
        tracemalloc.start()
        seen = 0
        for _ in portfolio_rows(source, PortfolioScope(insurer), asked, LOOK, VOCABULARY):
            seen += 1
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seen
        return peak

    with registries(engine).change() as registry:
        large = registry.find(RegisteredContract, "G-2", insurer)
    assert large
    most(HIRING)  # what is made once in a process
    whole = most(HIRING)
    with registries(engine).change() as registry:
        terminate(registry, large, date(2026, 1, 1), note(20))
    part = most(HIRING)
    assert whole < 1.3 * part
