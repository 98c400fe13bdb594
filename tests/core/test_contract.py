"""From a contract and a stay to Facts: what is taken over, what is reckoned, what is assumed and said so."""

from datetime import date
from typing import Any

import pytest
from builder import DAY, TODAY

from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Assumed, Contract, Insured, Period, Stay, facts_of
from polisbridge.core.days import day_number
from polisbridge.core.facts import ABSENT, Facts

SUMMER = Period(date(2026, 6, 1), date(2026, 8, 31))


def facts(person: Insured | None = None, *others: Insured, stay: Stay | None = None, **contract: Any) -> Facts:
    one = person or Insured("w", Role.WORKER)
    return facts_of(Contract("1", SUMMER, (one, *others), facts=contract), one, stay or Stay("NO", Gate.ENTRY, DAY))[0]


def test_the_occasion_is_taken_over() -> None:
    found = facts(stay=Stay("NO", Gate.CARE, DAY, "NO-03"))

    assert (found.state, found.region, found.gate, found.as_of) == ("NO", "NO-03", "care", TODAY)


def test_the_term_counts_both_ends() -> None:
    assert (facts().term_days, facts().term_months) == (92, 3)


def test_a_persons_own_period_goes_before_the_contracts() -> None:
    child = Insured("c", Role.CHILD, period=Period(first=date(2026, 7, 1)))

    assert day_number(date(2026, 7, 1)) == facts(child).first_day


def test_an_end_day_beyond_any_calendar_is_no_crash() -> None:
    endless = Insured("w", Role.WORKER, period=Period(DAY, date.max))

    assert facts(endless).last_day == day_number(date.max)


def test_what_nobody_states_is_not_known() -> None:
    assert (facts().sum_insured, facts().territory, facts().benefits) == (None, None, None)


def test_what_the_contract_states_absent_stays_absent() -> None:
    assert facts(deductible=ABSENT).deductible is ABSENT


def test_the_stay_is_counted_with_both_ends() -> None:
    found = facts(stay=Stay("NO", Gate.ENTRY, DAY, period=SUMMER))

    assert (found.stay_days, found.stay_months) == (92, 3)


@pytest.mark.parametrize(
    ("gate", "field"), [(Gate.VISA, "visa"), (Gate.WORK_PERMIT, "permit"), (Gate.HIRING, "employment")]
)
def test_the_dates_of_the_stay_are_those_of_what_the_gate_is_about(gate: Gate, field: str) -> None:
    found = facts(stay=Stay("NO", gate, DAY, period=SUMMER))

    assert (found.stay_first, found.stay_last) == (getattr(found, f"{field}_first"), getattr(found, f"{field}_last"))


def test_age_is_reckoned_on_the_day_assessed() -> None:
    assert facts(Insured("c", Role.CHILD, born=date(2020, 6, 2))).age == 5


def test_without_a_birthday_the_age_is_not_known() -> None:
    assert facts().age is None


def test_a_family_member_knows_the_one_worker_of_the_contract() -> None:
    worker = Insured("w", Role.WORKER, citizenship=frozenset({"KZ"}))

    assert facts(Insured("s", Role.SPOUSE), worker).family_worker_citizenship == frozenset({"KZ"})


def test_with_two_workers_it_is_not_known_whose_family_it_is() -> None:
    workers = [Insured(name, Role.WORKER, citizenship=frozenset({"KZ"})) for name in "ab"]

    assert facts(Insured("s", Role.SPOUSE), *workers).family_worker_citizenship is None


def test_a_worker_works() -> None:
    assert facts().works is True


def test_whether_others_work_is_not_known() -> None:
    assert facts(Insured("s", Role.SPOUSE)).works is None


def test_what_is_said_of_one_person_goes_before_what_is_said_of_all() -> None:
    stay = Stay("NO", Gate.ENTRY, DAY, facts={"purpose": "work"}, persons={"w": {"purpose": "visit"}})

    assert facts(stay=stay).purpose == "visit"


def test_everything_assumed_is_said() -> None:
    one = Insured("s", Role.SPOUSE)
    found, assumed = facts_of(Contract("1", SUMMER, (one,)), one, Stay("NO", Gate.ENTRY, DAY))

    assert {Assumed("purpose", "family"), Assumed("residence_status", "temporary_stay")} <= set(assumed)
    assert (found.purpose, found.residence_status) == ("family", "temporary_stay")


def test_nothing_is_assumed_where_it_is_said() -> None:
    one = Insured("s", Role.SPOUSE)
    stay = Stay("NO", Gate.ENTRY, DAY, facts={"purpose": "visit"})
    _, assumed = facts_of(Contract("1", SUMMER, (one,)), one, stay)

    assert "purpose" not in [part.field for part in assumed]


def test_all_persons_are_seen_together() -> None:
    child = Insured("c", Role.CHILD, born=date(2020, 6, 1))
    found = facts(Insured("w", Role.WORKER), child).persons

    assert found is not None
    assert [(one.role, one.age) for one in found] == [("worker", None), ("child", 6)]
