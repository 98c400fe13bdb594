"""What the report rests on, against the fact sheets of the states: duties, ways, corridors."""

from report_builder import gathered, shipped

from polisbridge.core.codes import Gate, Verdict
from polisbridge.services.approaches import SEVEN, DutyStanding
from polisbridge.services.mechanisms import Mechanism, Standing
from polisbridge.services.round_table import counted


def standing(state: str, gate: Gate) -> DutyStanding:
    law = next(one for one in gathered().approaches if one.state == state).at(gate)
    assert law is not None
    return law.standing


def way(state: str, mechanism: Mechanism) -> tuple[Standing, set[str]]:
    found = next(one for one in gathered().ways if (one.state, one.mechanism) == (state, mechanism))
    return found.standing, {provision.id for provision, _ in found.shown_by}


def test_a_duty_by_official_text_is_established() -> None:
    assert standing("BY", Gate.ENTRY) is DutyStanding.ESTABLISHED


def test_a_duty_under_a_question_for_everybody_is_in_doubt() -> None:
    assert standing("KZ", Gate.HIRING) is DutyStanding.DOUBTFUL


def test_where_no_duty_is_known_the_standing_is_open_and_never_no_duty() -> None:
    for gate in (Gate.VISA, Gate.ENTRY, Gate.WORK_PERMIT, Gate.HIRING, Gate.RESIDENCE, Gate.CARE):
        assert standing("TJ", gate) is DutyStanding.OPEN


def test_every_national_provision_in_force_stands_in_the_approach_of_its_state() -> None:
    for one in gathered().approaches:
        shown = {
            applied.provision.id
            for law in one.gates
            for applied in (
                *(*law.duties, *law.exemptions, *law.questions),
                *(part for found in law.ways for part in (found.route, *found.requirements)),
            )
        }
        assert shown == {law.id for law in shipped().of_state(one.state) if law.in_force.on(gathered().as_of)}


def test_no_state_takes_a_foreign_insurers_contract_without_an_open_point() -> None:
    direct = {state: way(state, Mechanism.DIRECT)[0] for state in SEVEN}

    assert direct == {
        **dict.fromkeys(("RU", "KZ", "BY", "KG"), Standing.OPEN),
        **dict.fromkeys(("AM", "TJ", "UZ"), Standing.ABSENT),
    }


def test_the_belarusian_way_for_foreign_contracts_is_found() -> None:
    assert way("BY", Mechanism.DIRECT)[1] == {"by.insurance_rules.foreign_contract"}


def test_the_patent_is_open_to_local_insurers_and_clinics_but_not_to_foreign_insurers() -> None:
    assert "ru.law_115_fz.patent.vhi" in way("RU", Mechanism.LOCAL_INSURER)[1]
    assert "ru.law_115_fz.patent.clinic_contract" in way("RU", Mechanism.CLINIC)[1]
    assert "ru.law_115_fz.patent.vhi" not in way("RU", Mechanism.DIRECT)[1]


def test_no_state_has_agency_extension_or_guarantee_on_record() -> None:
    for mechanism in (Mechanism.AGENCY, Mechanism.EXTENSION, Mechanism.GUARANTEE):
        assert {way(state, mechanism)[0] for state in SEVEN} == {Standing.ABSENT}


def test_the_patent_is_refused_to_the_best_contract_from_home_by_the_insurers_origin_alone() -> None:
    for home in ("TJ", "UZ"):
        cases = [one for one in gathered().today.between(home, "RU") if one.gate is Gate.WORK_PERMIT]
        worker = next(one for one in cases if one.person == "worker")

        assert worker.verdict is Verdict.NOT_RECOGNISED
        assert [one.id for one in worker.reasons] == ["ru.law_115_fz.patent.vhi.insurer_created_in_russia"]


def test_citizens_of_parties_to_the_cis_agreement_need_nothing_to_enter_belarus() -> None:
    cases = [one for home in SEVEN for one in gathered().today.between(home, "BY") if one.gate is Gate.ENTRY]

    assert {one.verdict for one in cases} == {Verdict.NOT_REQUIRED}
    assert all(one.reasons for one in cases)


def test_every_outcome_rests_on_provisions_that_can_be_cited() -> None:
    assert [one for one in gathered().today.cases if not one.reasons] == []
    assert [one for one in gathered().today.cases if one.needs] == []


def test_nobody_is_in_two_places_and_no_corridor_is_missing() -> None:
    homes = {(one.home, one.host) for one in gathered().today.cases}

    assert homes == {(home, host) for home in SEVEN for host in SEVEN if home != host}


def test_the_draft_supposed_turns_no_yes_into_a_no_and_its_questions_hold_it_back() -> None:
    today, draft = counted(gathered().today, confirmed=False), counted(gathered().draft, confirmed=False)

    assert sum(today.values()) == sum(draft.values()) == len(gathered().today.cases)
    assert draft[Verdict.RECOGNISED] == today[Verdict.RECOGNISED] == 0
    assert draft[Verdict.NOT_RECOGNISED] == 0
    assert draft[Verdict.NOT_REQUIRED] == today[Verdict.NOT_REQUIRED]


def test_with_every_open_point_confirmed_the_draft_brings_recognitions() -> None:
    today, draft = counted(gathered().today, confirmed=True), counted(gathered().draft, confirmed=True)

    assert draft[Verdict.RECOGNISED] > today[Verdict.RECOGNISED]
    assert draft[Verdict.NOT_RECOGNISED] == 0


def test_what_is_common_is_asked_by_every_state_whose_ways_are_known() -> None:
    common = gathered().proposals.common

    assert (common.states, common.open_states) == (("RU", "KZ", "BY", "KG"), ("AM", "TJ", "UZ"))
    assert common.asked == ()


def test_russia_and_kazakhstan_both_ask_for_primary_care() -> None:
    pair = next(one for one in gathered().proposals.pairs if one.states == ("RU", "KZ"))

    assert [one.check.name for one in pair.asked] == ["covers_benefits"]


def test_by_the_law_no_single_contract_serves_all_and_with_the_draft_one_of_the_home_insurer_would() -> None:
    found = gathered().proposals.contracts

    assert not found["today"].complete
    assert found["today"].obstacles
    assert found["draft_confirmed"].complete
    assert found["draft_confirmed"].found[0].contract.facts["insurer_state"] == "UZ"
