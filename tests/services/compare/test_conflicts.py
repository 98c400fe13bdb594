"""Routes that exclude each other: proven from the law, met together by no facts; what combines is told."""

from dataclasses import replace

import pytest
from shipped import BOOK, CIS, DAY, ids, place

from polisbridge.core.codes import Gate
from polisbridge.core.condition import evaluate
from polisbridge.core.exclusive import OCCASION_FIELDS, Demand
from polisbridge.core.facts import Facts, field_types
from polisbridge.services.boundary import boundary_records
from polisbridge.services.compare.conflicts import PlacePair, RoutePair, Together, find_conflicts
from polisbridge.services.compare.places import Place, places_of

ALL = find_conflicts(BOOK, places_of(BOOK, BOOK.states()), DAY).pairs
_MOST = 60  # records tried on each side of a pair


def between(one: str, other: str) -> PlacePair:
    (pair,) = find_conflicts(BOOK, [place(one), place(other)], DAY).pairs
    return pair


def routes(pair: RoutePair) -> tuple[str, str]:
    return pair.one.route.id, pair.other.route.id


def test_an_insurer_created_in_russia_excludes_one_in_kazakhstan() -> None:
    found = {routes(one): one for one in between("RU:work_permit", "KZ:residence").pairs}
    pair = found["ru.law_115_fz.patent.vhi", "kz.residence_permit_rules.local_contract"]

    assert pair.excluded
    assert [ids(both) for both in pair.because] == [
        ["ru.law_115_fz.patent.vhi.insurer_created_in_russia", "kz.residence_permit_rules.local_contract"]
    ]


def test_a_policy_of_a_scheme_excludes_a_voluntary_contract() -> None:
    found = {routes(one): one for one in between("RU:entry", "KG:residence").pairs}

    assert found["ru.law_114_fz.policy_to_enter.policy", "kg.medical_insurance_law.foms_policy"].excluded


def test_what_combines_only_by_unconfirmed_law_is_not_told_as_combining() -> None:
    pair = between("RU:work_permit", "KZ:residence")

    assert pair.together is Together.ONLY_BY_OPEN_LAW
    assert "kz.residence_permit_rules.foreign_contract" in [one.other.route.id for one in pair.combining]


def test_a_place_without_a_route_neither_conflicts_nor_combines() -> None:
    assert between("RU:entry", "TJ:entry").together is Together.NO_ROUTE


def test_membership_of_a_scheme_is_told_beside_the_contract_routes() -> None:
    beside = between("RU:residence", "BY:entry").without_contract

    assert [one.route.id for one in beside] == ["ru.mvd_notice.right_to_care.oms"]


def test_a_law_conflicts_where_every_combination_of_routes_does() -> None:
    for pair in ALL:
        every = bool(pair.pairs) and all(one.excluded for one in pair.pairs)

        assert every == (pair.together is Together.CONFLICT)


EXCLUDED = {
    (one.id, other.id): (pair, one.id, other.id)
    for places in ALL
    for pair in places.pairs
    for one, other in pair.because
}


def demand_of(pair: RoutePair, name: str) -> Demand:
    every = (*pair.one.demands, *pair.other.demands)
    return next(demand for provision, demand in every if provision.id == name)


@pytest.mark.parametrize(("pair", "one", "other"), EXCLUDED.values(), ids=[" | ".join(both) for both in EXCLUDED])
def test_no_generated_facts_meet_both_of_two_provisions_that_exclude_each_other(
    pair: RoutePair, one: str, other: str
) -> None:
    left, right = demand_of(pair, one), demand_of(pair, other)
    here = [facts for facts in boundary_records(left.condition) if evaluate(left.condition, facts) is True][:_MOST]
    there = [facts for facts in boundary_records(right.condition) if evaluate(right.condition, facts) is True][:_MOST]

    assert here
    assert there
    for facts in here:
        for occasion in there:
            assert evaluate(right.condition, joined(facts, occasion)) is not True


def joined(shared: Facts, occasion: Facts) -> Facts:
    """Return the contract and person of one record on the occasion of another; what only the other states is kept."""
    names = [name for name in field_types(Facts) if name not in OCCASION_FIELDS and getattr(shared, name) is not None]
    return replace(occasion, **{name: getattr(shared, name) for name in names})


def test_all_states_of_the_region_are_compared_pair_by_pair() -> None:
    pairs = find_conflicts(BOOK, [Place(state, Gate.ENTRY) for state in CIS], DAY).pairs

    assert len(pairs) == 21
