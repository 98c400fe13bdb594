"""Selectors: what stands in a law file, and the condition it means."""

import pytest

from polisbridge.core.condition import ALWAYS, Truth, evaluate
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.selector import SelectorError, build


@pytest.mark.parametrize(
    ("selector", "facts", "expected"),
    [
        ({"citizenship": ["AZ", "GE"]}, Facts(citizenship=frozenset({"GE"})), True),
        ({"citizenship": ["AZ", "GE"]}, Facts(citizenship=frozenset({"KZ"})), False),
        ({"citizenship": {"not": ["RU"]}}, Facts(citizenship=frozenset({"KZ"})), True),
        ({"citizenship": {"not": ["RU"]}}, Facts(citizenship=frozenset({"RU", "KZ"})), False),
        ({"exclusions": {"within": ["dental"]}}, Facts(exclusions=frozenset({"dental"})), True),
        ({"exclusions": {"within": ["dental"]}}, Facts(exclusions=frozenset({"chronic"})), False),
        ({"role": "child"}, Facts(role="child"), True),
        ({"role": ["child", "newborn"]}, Facts(role="worker"), False),
        ({"stay_days": {"at_least": "31"}}, Facts(stay_days=31), True),
        ({"stay_days": {"at_least": "31"}}, Facts(stay_days=30), False),
        ({"stay_days": {"at_least": "31", "at_most": "90"}}, Facts(stay_days=91), False),
        ({"entry_day": {"from": "1970-01-02"}}, Facts(entry_day=1), True),
        ({"entry_day": {"to": "1970-01-02"}}, Facts(entry_day=2), False),
        ({"works": "true"}, Facts(works=True), True),
        ({"works": "false"}, Facts(works=True), False),
        ({"deductible": "absent"}, Facts(deductible=ABSENT), True),
        ({"deductible": "stated"}, Facts(deductible=ABSENT), False),
        ({"any": [{"works": "true"}, {"role": "child"}]}, Facts(works=False, role="child"), True),
        ({"all": [{"works": "true"}, {"role": "child"}]}, Facts(works=False, role="child"), False),
        ({"not": {"works": "true", "role": "child"}}, Facts(works=True, role="worker"), True),
        ({"works": "true", "role": "child"}, Facts(works=True), None),
    ],
)
def test_a_selector_means(selector: dict[str, object], facts: Facts, expected: Truth) -> None:
    assert expected is evaluate(build(selector), facts)


def test_nothing_asked_means_all() -> None:
    assert build({}) == ALWAYS


@pytest.mark.parametrize(
    ("selector", "path"),
    [
        ({"citizenshp": ["RU"]}, ("citizenshp",)),
        ({"works": "yes"}, ("works",)),
        ({"stay_days": {"at_least": "many"}}, ("stay_days", "at_least")),
        ({"stay_days": {"from": "31"}}, ("stay_days",)),
        ({"entry_day": {"from": "2026-02-30"}}, ("entry_day", "from")),
        ({"role": {"within": ["child"]}}, ("role",)),
        ({"role": []}, ("role",)),
        ({"any": []}, ("any",)),
        ({"any": [{"works": "true"}, "role"]}, ("any", "1")),
        ({"not": "works"}, ("not",)),
        ({"benefits": ["inpatient"]}, ("benefits",)),
        ({"sum_insured": {"at_least": "1"}}, ("sum_insured", "at_least")),
    ],
)
def test_a_selector_that_cannot_be_built_says_where(selector: dict[str, object], path: tuple[str, ...]) -> None:
    with pytest.raises(SelectorError) as caught:
        build(selector)

    assert path == caught.value.path
