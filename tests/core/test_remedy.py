"""Changes of a contract: how they change the facts, and how those of several findings become one top-up."""

from builder import TODAY

from polisbridge.core.facts import ABSENT, BenefitLine, Facts
from polisbridge.core.remedy import Action, Change, apply_changes, merged


def test_a_raise_never_lowers() -> None:
    assert apply_changes(Facts(clinics=9), [Change("clinics", Action.RAISE, 5)]).clinics == 9


def test_a_lowering_never_raises() -> None:
    assert apply_changes(Facts(waiting_days=1), [Change("waiting_days", Action.LOWER, 5)]).waiting_days == 1


def test_what_is_absent_is_set() -> None:
    assert apply_changes(Facts(clinics=ABSENT), [Change("clinics", Action.RAISE, 5)]).clinics == 5


def test_codes_are_added_to_those_there_are() -> None:
    after = apply_changes(Facts(territory=frozenset({"SE"})), [Change("territory", Action.ADD, frozenset({"NO"}))])

    assert after.territory == frozenset({"SE", "NO"})


def test_codes_are_dropped() -> None:
    after = apply_changes(
        Facts(exclusions=frozenset({"a", "b"})), [Change("exclusions", Action.DROP, frozenset({"a"}))]
    )

    assert after.exclusions == frozenset({"b"})


def test_a_longer_period_counts_the_term_anew() -> None:
    facts = Facts(first_day=TODAY, last_day=TODAY, term_days=1, term_months=0)
    after = apply_changes(facts, [Change("last_day", Action.RAISE, TODAY + 29)])

    assert (after.term_days, after.term_months) == (30, 1)


def test_an_amount_in_another_currency_takes_the_new_currency() -> None:
    facts = Facts(sum_insured=5, sum_insured_currency="USD")
    after = apply_changes(facts, [Change("sum_insured", Action.RAISE, 3, currency="EUR")])

    assert (after.sum_insured, after.sum_insured_currency) == (3, "EUR")


def test_a_line_that_is_missing_is_added() -> None:
    after = apply_changes(Facts(benefits=()), [Change("waiting_days", Action.LOWER, 0, benefit="inpatient")])

    assert after.benefits is not None
    assert [(line.benefit, line.waiting_days) for line in after.benefits] == [("inpatient", 0)]


def test_only_the_line_of_the_benefit_is_changed() -> None:
    lines = (BenefitLine(benefit="a", waiting_days=9), BenefitLine(benefit="b", waiting_days=9))
    after = apply_changes(Facts(benefits=lines), [Change("waiting_days", Action.LOWER, 0, benefit="b")])

    assert after.benefits is not None
    assert [line.waiting_days for line in after.benefits] == [9, 0]


def test_of_two_raises_the_higher_is_kept() -> None:
    assert merged([Change("clinics", Action.RAISE, 5), Change("clinics", Action.RAISE, 7)]) == (
        Change("clinics", Action.RAISE, 7),
    )


def test_of_two_lowerings_the_lower_is_kept() -> None:
    two = [Change("waiting_days", Action.LOWER, days, benefit="a") for days in (0, 30)]

    assert merged(two) == (Change("waiting_days", Action.LOWER, 0, benefit="a"),)


def test_codes_to_add_are_put_together() -> None:
    two = [Change("territory", Action.ADD, frozenset({code})) for code in ("NO", "SE")]

    assert merged(two) == (Change("territory", Action.ADD, frozenset({"NO", "SE"})),)


def test_the_order_of_findings_does_not_matter() -> None:
    some = [
        Change("clinics", Action.RAISE, 5),
        Change("premium_paid", Action.SET, value=True),
        Change("clinics", Action.RAISE, 6),
    ]

    assert merged(some) == merged(reversed(some))


def test_a_change_of_every_line_reaches_a_line_that_another_change_adds() -> None:
    every = Change("limit", Action.EVERY_LINE, 500, currency="EUR")
    added = Change("limit", Action.RAISE, 100, currency="EUR", benefit="outpatient")

    lines = apply_changes(Facts(benefits=()), merged([every, added])).benefits

    assert lines is not None
    assert [(line.benefit, line.limit) for line in lines] == [("outpatient", 500)]
