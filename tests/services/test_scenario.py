"""A scenario decides as if it were law, from its day on, and never passes for law."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Evidence, Outcome, Verdict
from polisbridge.core.law import OpenQuestion
from polisbridge.core.money import Rates
from polisbridge.core.scenario import Scenario
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.services.scenario import supposed_law
from polisbridge.words.telling import cited_by

SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = read_law(read_folder(shipped_law()))
RATES = Rates(read_rates(read_tree((SAMPLES / "rates.yaml").read_bytes(), "rates.yaml")))
RECOGNISED, NOT, OPEN = Verdict.RECOGNISED, Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED


def scenario(changes: str, made: str = "2026-11-22") -> Scenario:
    text = f"scenario: tried\ntitle: {{en: Tried, ru: Проба}}\nmade: {made}\nchanges:\n{changes}"
    return read_scenario(read_tree(text.encode(), "s.yaml"), BOOK)


def sample(name: str) -> Scenario:
    path = SAMPLES / "scenarios" / f"{name}.scenario.yaml"
    return read_scenario(read_tree(path.read_bytes(), path.name), BOOK)


def worker(laws: AppliedLaws, name: str, at: int, as_of: date | None = None) -> Assessment:
    """Return the decision for the worker of a sample at one of its stays."""
    contract = read_contract(read_tree((SAMPLES / f"{name}.contract.yaml").read_bytes(), name), BOOK.vocabulary)
    stay, _ = read_stays(read_tree((SAMPLES / f"{name}.stays.yaml").read_bytes(), name), BOOK.vocabulary)[at]
    return assess_with(laws, contract, replace(stay, as_of=as_of or stay.as_of), ["worker"])[0]


def verdicts(tried: Scenario, name: str, at: int, as_of: date | None = None) -> tuple[Verdict, Verdict]:
    """Return the verdict by the law and by the scenario."""
    laws = (AppliedLaws(BOOK, RATES), supposed_law(BOOK, tried, RATES).laws)
    by_law, by_scenario = (worker(one, name, at, as_of).decision.verdict for one in laws)
    return by_law, by_scenario


RAISED = '  - {do: change, provision: ru.directive_3793_u.sum_insured, %swith: {amount: "%s"}, title: {en: R, ru: Р}}'


@pytest.mark.parametrize(("amount", "expected"), [("100000", RECOGNISED), ("100000.01", NOT)])
def test_a_changed_requirement_decides_to_the_last_kopeck(amount: str, expected: Verdict) -> None:
    assert verdicts(scenario(RAISED % ("", amount)), "russian_migrant_policy", 0) == (RECOGNISED, expected)


@pytest.mark.parametrize(("day", "expected"), [("2026-03-17", NOT), ("2026-03-18", RECOGNISED)])
def test_a_change_counts_from_its_day_on_and_not_a_day_before(day: str, expected: Verdict) -> None:
    tried = scenario(RAISED % (f"from: {day}, ", "200000"))

    assert worker(AppliedLaws(BOOK, RATES), "russian_migrant_policy", 0).as_of == date(2026, 3, 17)
    assert verdicts(tried, "russian_migrant_policy", 0) == (RECOGNISED, expected)


def test_before_its_day_the_old_rule_stays_in_the_scenarios_book() -> None:
    book = supposed_law(BOOK, scenario(RAISED % ("from: 2027-01-01, ", "200000")), RATES).laws.book
    old, new = book.get("ru.directive_3793_u.sum_insured"), book.get("scenario.tried.ru.directive_3793_u.sum_insured")

    assert old is not None
    assert new is not None
    assert (old.in_force.last, new.in_force.first) == (date(2026, 12, 31), date(2027, 1, 1))


def test_what_a_scenario_adds_never_passes_for_law() -> None:
    found = worker(supposed_law(BOOK, sample("patent_minimum"), RATES).laws, "russian_migrant_policy", 0)
    nearest = found.decision.nearest

    assert nearest is not None
    told = {one.provision.id: one for one in nearest.findings}[
        "scenario.patent_minimum.ru.directive_3793_u.sum_insured"
    ]
    assert told.applied.evidence is Evidence.SUPPOSED
    assert (told.provision.citation.act["en"], told.provision.citation.url) == (
        "Scenario: the minimum sum insured for a patent in Russia is doubled",
        "",
    )


def test_a_scenario_has_a_hash_of_its_own() -> None:
    one, other = (supposed_law(BOOK, sample(name), RATES).laws.book for name in ("patent_minimum", "draft_agreement"))

    assert len({BOOK.hash, one.hash, other.hash}) == 3


def test_an_added_requirement_is_asked_of_the_route() -> None:
    assert verdicts(sample("repatriation_for_patent"), "russian_migrant_policy", 0) == (RECOGNISED, NOT)


def test_a_dropped_requirement_is_asked_no_more() -> None:
    assert verdicts(sample("any_insurer_for_patent"), "uzbek_home_contract", 0) == (NOT, RECOGNISED)


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 12, 31), OPEN), (date(2027, 1, 1), RECOGNISED)])
def test_the_draft_agreement_recognises_a_home_contract_from_its_first_day(day: date, expected: Verdict) -> None:
    assert verdicts(sample("draft_agreement"), "uzbek_home_contract", 3, day) == (OPEN, expected)


def test_a_state_that_is_no_party_is_not_bound() -> None:
    tried = scenario("  - {do: suppose, treaty: cis_vhi_draft, parties: [RU, UZ]}")

    assert verdicts(tried, "uzbek_home_contract", 3) == (OPEN, OPEN)


def test_with_its_questions_open_the_draft_decides_nothing() -> None:
    tried = scenario("  - {do: suppose, treaty: cis_vhi_draft, parties: [KZ, UZ], open_questions: open}")

    assert verdicts(tried, "uzbek_home_contract", 3) == (OPEN, OPEN)
    assert supposed_law(BOOK, tried, RATES).told.settled == ()


def test_questions_taken_as_settled_are_told() -> None:
    told = supposed_law(BOOK, sample("draft_agreement"), RATES).told

    assert "treaties.cis_vhi_draft.agreement.recognition_mechanism" in told.settled
    assert all(isinstance(BOOK.get(one), OpenQuestion) for one in told.settled)
    assert told.treaties == ("treaties.cis_vhi_draft",)


def test_the_draft_is_told_as_supposed_in_every_finding() -> None:
    found = worker(
        supposed_law(BOOK, sample("draft_agreement"), RATES).laws, "uzbek_home_contract", 3, date(2027, 1, 1)
    )
    nearest = found.decision.nearest

    assert nearest is not None
    assert {one.applied.evidence for one in (nearest.entry, *nearest.findings)} == {Evidence.SUPPOSED}


def test_another_states_rule_is_asked_on_the_route_that_adopts_it() -> None:
    tried = sample("belarus_sum_in_kazakhstan")
    day = date(2026, 4, 1)  # a euro was 548.62 tenge that day, so EUR 10,000 is 5,486,200 tenge

    assert verdicts(tried, "imputed_kazakhstan", 0, day)[0] is RECOGNISED
    found = worker(supposed_law(BOOK, tried, RATES).laws, "imputed_kazakhstan", 0, day)
    name = "scenario.belarus_sum_in_kazakhstan.kz.labour_code.imputed.sum_insured"
    nearest = found.decision.nearest
    assert nearest is not None
    asked = {one.provision.id: one for one in nearest.findings}[name]
    table = dict(asked.applied.holds.parts[0].parts[1].right.table)  # type: ignore[union-attr]
    assert table["KZT"] == 548_620_000


def test_all_that_a_route_asks_can_be_adopted() -> None:
    rule = "  - {do: adopt, provision: by.insurance_rules.foreign_contract, route: kz.labour_code.imputed}"

    told = supposed_law(BOOK, scenario(rule), RATES).told

    asked = [one for one in BOOK.provisions if "by.insurance_rules.foreign_contract" in getattr(one, "routes", ())]
    in_force = [one.id for one in asked if one.in_force.on(date(2026, 11, 22))]
    assert len(in_force) > 5
    assert [one.rsplit(".", 1)[-1] for one in told.begins] == [one.rsplit(".", 1)[-1] for one in in_force]


def test_an_adopted_rule_may_take_other_parameters() -> None:
    rule = """\
  - do: adopt
    provision: by.insurance_rules.foreign_contract.sum_insured
    route: kz.labour_code.imputed
    with: {amount: "1", currency: KZT}
    title: {en: One tenge, ru: Один тенге}
"""
    assert verdicts(scenario(rule), "imputed_kazakhstan", 0)[0] is RECOGNISED


def test_a_state_joins_a_treaty_that_is_in_force() -> None:
    tried = scenario("  - {do: suppose, treaty: eaeu, parties: [UZ], from: 2027-01-01}")

    treaty = supposed_law(BOOK, tried, RATES).laws.book.jurisdictions["treaties.eaeu"].treaty

    assert treaty is not None
    states = {day: {one.state for one in treaty.parties_on(day)} for day in (date(2026, 12, 31), date(2027, 1, 1))}
    assert states[date(2027, 1, 1)] - states[date(2026, 12, 31)] == {"UZ"}
    assert {one.evidence for one in treaty.parties if one.state == "UZ"} == {Evidence.SUPPOSED}


def test_a_treaty_that_binds_by_supposition_is_told_as_supposed() -> None:
    tried = scenario("  - {do: suppose, treaty: eaeu, parties: [UZ]}")
    found = worker(supposed_law(BOOK, tried, RATES).laws, "uzbek_home_contract", 0)

    bound = [one for one in found.decision.exemptions if one.provision.id == "treaties.eaeu.treaty.no_work_permit"]

    assert found.decision.verdict is Verdict.NOT_REQUIRED
    assert {(one.applied.evidence, cited_by(one).evidence) for one in bound if one.outcome is Outcome.MET} == {
        (Evidence.SUPPOSED, Evidence.SUPPOSED)
    }
    assert {one.provision.citation.evidence for one in bound} != {Evidence.SUPPOSED}
