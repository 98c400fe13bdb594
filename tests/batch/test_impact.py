"""The impact of a scenario: every row by both laws, hand-checked and against the core, row by row."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch import assess as engine
from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.columns import VERDICT_CODES, CompiledLaw
from polisbridge.batch.impact import impact_of
from polisbridge.batch.layout import Reader, row_of, rows_frame
from polisbridge.batch.makers import EmbeddedMakers
from polisbridge.batch.portfolio import Portfolio, PortfolioWriter, open_portfolio
from polisbridge.batch.shortfall import Help, lacking
from polisbridge.batch.twice import as_of_day
from polisbridge.core.codes import Gate, Outcome, Verdict
from polisbridge.core.contract import facts_of
from polisbridge.core.days import day_number, day_of
from polisbridge.core.decide import Decision, decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.law import Requirement
from polisbridge.core.money import Rates
from polisbridge.core.remedy import Action
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.impact import Dimension, Impact, Supposed, Unit, impact_json, impact_of_json
from polisbridge.services.portfolio_make import SyntheticOrder
from polisbridge.services.scenario import supposed_law

SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = read_law(read_folder(shipped_law()))
DAY = date(2026, 3, 17)
RECOGNISED, NOT, FREE, OPEN = (
    Verdict.RECOGNISED,
    Verdict.NOT_RECOGNISED,
    Verdict.NOT_REQUIRED,
    Verdict.UNDETERMINED,
)


def document(name: str) -> Document:
    return read_tree((SAMPLES / name).read_bytes(), name)


RATES = Rates(read_rates(document("rates.yaml")))
LAW = AppliedLaws(BOOK, RATES)


def supposed(changes: str, as_of: date | None = None) -> Supposed:
    text = f"scenario: tried\ntitle: {{en: Tried, ru: Проба}}\nmade: 2026-11-22\nchanges:\n{changes}"
    return supposed_law(BOOK, read_scenario(read_tree(text.encode(), "s.yaml"), BOOK), RATES, as_of)


def sample(name: str, as_of: date | None = None) -> Supposed:
    return supposed_law(BOOK, read_scenario(document(f"scenarios/{name}.scenario.yaml"), BOOK), RATES, as_of)


def minimum(amount: str) -> Supposed:
    return supposed(
        f'  - {{do: change, provision: ru.directive_3793_u.sum_insured, with: {{amount: "{amount}"}}, title: {{en: R, ru: Р}}}}'
    )


def quiet(done: int, total: int) -> None:
    assert done <= total


def impact(held: Portfolio, after: Supposed, folder: Path) -> Impact:
    return impact_of(held, LAW, after, folder, quiet)


def people(name: str, at: int = 0) -> list[Facts]:
    """Return the Facts of everybody insured in a sample, at one of its stays."""
    contract = read_contract(document(f"{name}.contract.yaml"), BOOK.vocabulary)
    stay, _ = read_stays(document(f"{name}.stays.yaml"), BOOK.vocabulary)[at]
    return [facts_of(contract, person, stay)[0] for person in contract.insured]


def written(folder: Path, rows: list[tuple[Facts, dict[str, object]]]) -> Portfolio:
    writer = PortfolioWriter(folder)
    numbered = [{"row": at, **row_of(facts, writer.lists), **more} for at, (facts, more) in enumerate(rows)]
    writer.write(rows_frame(numbered))
    writer.finish(synthetic=False)
    return open_portfolio(folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Rows of persons who do not exist, in many corridors."""
    folder = tmp_path_factory.mktemp("impact") / "made"
    EmbeddedMakers().generate(SyntheticOrder(2_500, 5, DAY, DAY), BOOK.vocabulary, folder, quiet)
    return open_portfolio(folder)


# Checked by hand -----------------------------------------------------------------------------------------


def small(folder: Path) -> Portfolio:
    """Six contracts: two Russian policies at the patent, one of them better, three Uzbek persons, one in Belarus."""
    (policy,) = people("russian_migrant_policy")
    better = replace(policy, sum_insured=25_000_000, insurer="better")
    uzbek = people("uzbek_home_contract")
    (elsewhere,) = people("russian_migrant_policy", 2)
    rows = [(policy, "p"), (better, "p"), *((one, "u") for one in uzbek), (elsewhere, "p")]
    return written(folder, [(facts, {"product": product}) for facts, product in rows])


def test_who_loses_by_a_higher_minimum_is_counted_by_every_dimension(tmp_path: Path) -> None:
    found = impact(small(tmp_path / "held"), minimum("200000"), tmp_path / "impact")

    moved = {(one.before, one.after): one.rows for one in found.total.transitions if one.before is not one.after}
    assert moved == {(RECOGNISED, NOT): 1}
    lost = {
        dimension: [(one.key, one.lost) for one in groups if one.changed] for dimension, groups in found.groups.items()
    }
    assert lost == {
        Dimension.CORRIDOR: [(("RU", "RU"), 1)],
        Dimension.PRODUCT: [(("p",), 1)],
        Dimension.INSURER: [(("",), 1)] if people("russian_migrant_policy")[0].insurer is None else [(("RU",), 1)],
        Dimension.ROLE: [(("worker",), 1)],
        Dimension.GATE: [(("work_permit",), 1)],
    }
    assert (found.rows, found.decided, found.rejected) == (6, 6, 0)


def test_the_top_up_of_who_loses_is_the_difference_to_the_kopeck(tmp_path: Path) -> None:
    (top_ups, corridor) = impact(small(tmp_path / "held"), minimum("200000.01"), tmp_path / "impact").top_ups

    held = people("russian_migrant_policy")[0].sum_insured
    assert isinstance(held, int)
    (lack,) = top_ups.shortfalls
    assert (lack.field, lack.action, lack.unit, lack.currency) == ("sum_insured", Action.RAISE, Unit.MONEY, "RUB")
    assert (lack.rows, lack.total) == (1, 20_000_001 - held)
    assert (top_ups.rows, top_ups.complete, top_ups.incomplete, top_ups.unknown, top_ups.hopeless) == (1, 1, 0, 0, 0)
    (need,) = top_ups.needs
    assert (need.route, need.requirement) == (
        "ru.law_115_fz.patent.vhi",
        "scenario.tried.ru.directive_3793_u.sum_insured",
    )
    assert need.shortfalls == (lack,)
    assert replace(corridor, corridor=()) == top_ups
    assert corridor.corridor == ("RU", "RU")


def test_who_gains_when_the_origin_of_the_insurer_is_no_longer_asked(tmp_path: Path) -> None:
    found = impact(small(tmp_path / "held"), sample("any_insurer_for_patent"), tmp_path / "impact")

    assert (found.total.newly_recognised, found.total.lost) == (1, 0)
    assert found.top_ups == ()
    gone = {(one.before_id, one.after_id, one.before, one.after): one.rows for one in found.findings}
    name = "ru.law_115_fz.patent.vhi.insurer_created_in_russia"
    assert gone == {(name, None, Outcome.MET, None): 2, (name, None, Outcome.NOT_MET, None): 3}


def test_both_directions_are_shown_also_where_one_has_no_rows(tmp_path: Path) -> None:
    found = impact(small(tmp_path / "held"), sample("any_insurer_for_patent"), tmp_path / "impact")

    pairs = {one.key: (one.rows, back and (back.key, back.rows)) for one, back in found.pairs()}
    assert pairs[("UZ", "RU")] == (3, (("RU", "UZ"), 0))
    assert pairs[("RU", "RU")] == (2, None)
    assert pairs[("RU", "BY")] == (1, (("BY", "RU"), 0))


def test_what_changes_is_told_as_a_pair_of_the_old_and_the_new_rule(tmp_path: Path) -> None:
    found = impact(small(tmp_path / "held"), minimum("200000"), tmp_path / "impact")

    old = "ru.directive_3793_u.sum_insured"
    told = {(one.before_id, one.after_id, one.before, one.after, one.rows) for one in found.findings}
    assert told == {(old, f"scenario.tried.{old}", Outcome.MET, Outcome.NOT_MET, 1)}


def test_only_rows_whose_law_is_touched_are_decided_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decided: Counter[bool] = Counter()
    right = CompiledLaw.run

    def counted(law: CompiledLaw, rows: pl.DataFrame) -> pl.DataFrame:
        decided["scenario" in str([one.id for one in law.decision.findings])] += len(rows)
        return right(law, rows)

    monkeypatch.setattr(CompiledLaw, "run", counted)

    found = impact(small(tmp_path / "held"), minimum("200000"), tmp_path / "impact")

    assert decided == {False: 6, True: 5}
    assert found.compared == 5


def test_the_rows_that_change_are_kept_with_both_verdicts(tmp_path: Path) -> None:
    impact(small(tmp_path / "held"), minimum("200000"), tmp_path / "impact")

    kept = pl.read_parquet(sorted((tmp_path / "impact" / "rows").glob("*.parquet")))
    codes = VERDICT_CODES
    assert kept.rows() == [(0, codes[RECOGNISED], codes[NOT])]


def test_the_result_reads_back_as_it_was_written(tmp_path: Path) -> None:
    found = impact(small(tmp_path / "held"), minimum("200000"), tmp_path / "impact")

    assert impact_of_json(json.loads((tmp_path / "impact" / "impact.json").read_text())) == found
    assert impact_json(found)["format"] == "polisbridge impact 1"
    assert (found.law, found.scenario.name) == (BOOK.hash, "tried")


def test_a_scenario_that_begins_later_is_looked_at_on_a_later_day(tmp_path: Path) -> None:
    (policy,) = people("russian_migrant_policy")
    held = written(tmp_path / "held", [(replace(policy, last_day=day_number(date(2027, 12, 31))), {})])
    later = "  - {do: drop, provision: ru.directive_3793_u.sum_insured, from: 2027-01-01}\n"

    on_their_day = impact(held, supposed(later), tmp_path / "one")
    after = impact(held, supposed(later, as_of=date(2027, 1, 1)), tmp_path / "other")

    assert (on_their_day.compared, after.compared) == (0, 1)
    assert after.as_of == date(2027, 1, 1)


def test_rows_that_cannot_be_decided_are_set_aside_and_told(tmp_path: Path) -> None:
    (policy,) = people("russian_migrant_policy")
    held = written(tmp_path / "held", [(policy, {}), (policy, {"gate": "door"}), (policy, {"state": None})])

    found = impact(held, minimum("200000"), tmp_path / "impact")

    told = [json.loads(line)["row"] for line in (tmp_path / "impact" / "rejects.ndjson").read_text().splitlines()]
    assert told == [1, 2]
    assert (found.rows, found.decided, found.rejected) == (3, 1, 2)


def test_a_difference_to_the_core_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = small(tmp_path / "held")
    right = CompiledLaw.run
    broken = lambda law, rows: right(law, rows).with_columns(pl.lit(3, dtype=pl.UInt8).alias("verdict"))  # noqa: E731
    monkeypatch.setattr(CompiledLaw, "run", broken)

    with pytest.raises(PolisbridgeError, match="row 0: columns say not_required") as raised:
        impact(held, minimum("200000"), tmp_path / "impact")

    assert raised.value.code is ErrorCode.ENGINES_DISAGREE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["held"]


# Against other ways of reckoning --------------------------------------------------------------------------

SCENARIOS = ["patent_minimum", "repatriation_for_patent", "any_insurer_for_patent", "belarus_sum_in_kazakhstan"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_totals_are_those_of_two_separate_runs(name: str, made: Portfolio, tmp_path: Path) -> None:
    after = sample(name)

    found = impact(made, after, tmp_path / "impact")

    one = assess_portfolio(made, LAW, tmp_path / "one", quiet)
    other = assess_portfolio(made, after.laws, tmp_path / "other", quiet)
    assert {verdict: found.total.before(verdict) for verdict in Verdict} == {
        verdict: one.verdicts.get(verdict, 0) for verdict in Verdict
    }
    assert {verdict: found.total.after(verdict) for verdict in Verdict} == {
        verdict: other.verdicts.get(verdict, 0) for verdict in Verdict
    }
    for groups in found.groups.values():
        assert sum(group.rows for group in groups) == found.decided == made.rows


def losers(made: Portfolio, after: Supposed) -> list[Decision]:
    """Return the scenario's decision of every row that loses, each decided by the core."""
    reader, found = Reader(made.sets, made.benefits), []
    for row in made.scan().collect().iter_rows(named=True):
        facts = reader.facts(row)
        by_law, by_scenario = decided(facts, LAW), decided(facts, after.laws)
        if by_law.verdict in (RECOGNISED, FREE) and by_scenario.verdict in (NOT, OPEN):
            found.append(by_scenario)
    return found


def decided(facts: Facts, laws: AppliedLaws) -> Decision:
    concluded = None if facts.concluded is None or facts.concluded is ABSENT else day_of(facts.concluded)
    assert isinstance(facts.as_of, int)
    law = laws.at(str(facts.state), Gate(str(facts.gate)), day_of(facts.as_of), str(facts.home_state), concluded)
    return decide(facts, law)


ALL_SHORT = """\
  - {do: change, provision: ru.directive_3793_u.sum_insured, with: {amount: "300000"}, title: {en: S, ru: С}}
  - {do: add, id: year, route: ru.law_115_fz.patent.vhi, check: term_at_least, with: {days: 500}, title: {en: T, ru: Т}}
  - {do: add, id: remains, route: [ru.law_115_fz.patent.vhi, kz.labour_code.imputed], check: covers_benefits,
     with: {benefits: [repatriation_of_remains, medical_repatriation]}, title: {en: B, ru: Б}}
  - {do: add, id: paper, route: kz.labour_code.imputed, check: document_features,
     with: {all_of: [hologram]}, title: {en: D, ru: Д}}
"""


@pytest.mark.parametrize("changes", [ALL_SHORT, ALL_SHORT.splitlines()[0], ALL_SHORT.splitlines()[1]])
def test_what_is_lacking_is_the_sum_over_rows_decided_one_by_one(changes: str, made: Portfolio, tmp_path: Path) -> None:
    after = supposed(changes)
    lost = losers(made, after)

    found = impact(made, after, tmp_path / "impact")

    assert len(lost) > 50
    one_by_one = [lacking(decision) for decision in lost]
    top_ups = found.top_ups[0]
    assert top_ups.rows == len(lost) == found.total.lost
    assert Counter(one.help for one in one_by_one) == Counter(
        {
            Help.COMPLETE: top_ups.complete,
            Help.INCOMPLETE: top_ups.incomplete,
            Help.UNKNOWN: top_ups.unknown,
            Help.HOPELESS: top_ups.hopeless,
        }
    )
    sums: Counter[object] = Counter()
    for one in one_by_one:
        for lack in one.shortfalls:
            sums[replace(lack, rows=0, total=0)] += lack.total
        for need in one.needs:
            sums[need.route, need.requirement] += need.rows
    told: Counter[object] = Counter({replace(one, rows=0, total=0): one.total for one in top_ups.shortfalls})
    told.update({(need.route, need.requirement): need.rows for need in top_ups.needs})
    assert told == sums
    assert sum(one.rows for one in found.top_ups[1:]) == top_ups.rows


def test_money_that_is_lacking_is_reckoned_from_the_sums_themselves(made: Portfolio, tmp_path: Path) -> None:
    after = minimum("300000")
    sums = [decision.facts.sum_insured for decision in losers(made, after)]

    found = impact(made, after, tmp_path / "impact")

    (lack,) = found.top_ups[0].shortfalls
    assert lack.total == sum(30_000_000 - one for one in sums if isinstance(one, int))
    assert lack.currency == "RUB"


@given(amount=st.integers(100_001, 2_000_000))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_raising_a_minimum_never_makes_anyone_newly_recognised(
    amount: int, made: Portfolio, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = impact(made, minimum(str(amount)), tmp_path_factory.mktemp("raised") / "impact")

    assert (found.total.newly_recognised, found.total.newly_free) == (0, 0)
    better = {(one.before, one.after) for one in found.total.transitions} & {(NOT, RECOGNISED), (NOT, OPEN)}
    assert better == set()


ASKED = [one.id for one in BOOK.provisions if isinstance(one, Requirement) and one.in_force.on(DAY)]


@given(name=st.sampled_from(ASKED))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dropping_a_requirement_never_makes_anyone_lose(
    name: str, made: Portfolio, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = impact(made, supposed(f"  - {{do: drop, provision: {name}}}"), tmp_path_factory.mktemp("less") / "impact")

    assert found.total.lost == 0
    assert found.top_ups == ()


def test_batches_of_any_size_give_the_same(made: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = impact(made, supposed(ALL_SHORT), tmp_path / "one")
    monkeypatch.setattr(engine, "BATCH", 701)

    assert impact(made, supposed(ALL_SHORT), tmp_path / "many") == whole


# Another day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 9, 13), date(2026, 9, 14), date(2028, 2, 29), date(2015, 1, 1)])
def test_on_another_day_a_row_is_what_facts_of_makes_of_the_stay_on_that_day(day: date, tmp_path: Path) -> None:
    contract = read_contract(document("uzbek_home_contract.contract.yaml"), BOOK.vocabulary)
    stay, _ = read_stays(document("uzbek_home_contract.stays.yaml"), BOOK.vocabulary)[0]
    there = [facts_of(contract, person, stay)[0] for person in contract.insured]
    then = [facts_of(contract, person, replace(stay, as_of=day))[0] for person in contract.insured]
    held = written(tmp_path / "held", [(facts, {}) for facts in there])

    moved = as_of_day(held.scan().collect(), day)

    reader = Reader(held.sets, held.benefits)
    ageless = [replace(facts, persons=tuple(replace(one, age=None) for one in facts.persons or ())) for facts in then]
    assert [reader.facts(row) for row in moved.iter_rows(named=True)] == ageless


def test_an_age_without_a_day_of_birth_is_not_known_on_another_day(tmp_path: Path) -> None:
    (policy,) = people("russian_migrant_policy")
    held = written(tmp_path / "held", [(replace(policy, birth_day=None, age=40), {})])
    rows = held.scan().collect()

    assert isinstance(policy.as_of, int)
    assert as_of_day(rows, day_of(policy.as_of))["age"].to_list() == [40]
    assert as_of_day(rows, date(2027, 1, 1))["age"].to_list() == [None]
