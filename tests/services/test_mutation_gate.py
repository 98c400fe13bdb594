"""The mutation gate: every small mistake in the test law that makes a difference shows on some record."""

import pytest
from strategies import BOOK

from polisbridge.core.condition import evaluate
from polisbridge.core.law import Provision
from polisbridge.services.mutation_gate import conditions_of, gate


@pytest.mark.parametrize("provision", BOOK.provisions, ids=lambda one: one.id)
def test_no_mistake_survives(provision: Provision) -> None:
    assert [what for result in gate(BOOK, provision) for what in result.survived] == []


@pytest.mark.parametrize("provision", BOOK.provisions, ids=lambda one: one.id)
def test_every_vector_says_what_the_condition_says(provision: Provision) -> None:
    parts = dict(conditions_of(BOOK, provision))
    vectors = [vector for result in gate(BOOK, provision) for vector in result.vectors]

    assert [vector.truth for vector in vectors] == [evaluate(parts[vector.part], vector.facts) for vector in vectors]
