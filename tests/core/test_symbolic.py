"""A decision written as conditions says what `decide` says: verdict, routes and every finding."""

from builder import applied
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import RATES, facts_for_law, provisions

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.codes import Gate
from polisbridge.core.condition import evaluate
from polisbridge.core.decide import decide
from polisbridge.core.facts import Facts
from polisbridge.core.symbolic import OUTCOME_OF, FindingCode, symbolic, verdict_of
from polisbridge.formats.lawfile import read_law
from polisbridge.services.boundary import boundary_records

BOOK = read_law(read_folder(shipped_law()))


def agree(facts: Facts, law: AppliedLaw) -> None:
    decision, written = decide(facts, law), symbolic(law)

    assert verdict_of(evaluate(written.required, facts), evaluate(written.recognised, facts)) is decision.verdict
    counts = {one.route.id: one.counts for one in decision.routes}
    for route, condition in written.routes:
        assert evaluate(condition, facts) is counts.get(route.provision.id, False)
    codes = {
        id(one.applied): one.code(evaluate(one.concerns, facts), evaluate(one.stated, facts))
        for one in written.findings
    }
    told = [*decision.duties, *decision.exemptions, *decision.open_questions]
    for result in decision.routes:
        told += [result.entry, *result.findings]
    for finding in told:
        assert OUTCOME_OF[codes[id(finding.applied)]] is finding.outcome
    silent = set(codes) - {id(finding.applied) for finding in told}
    for one in written.findings:
        if id(one.applied) in silent and one.applied in [route for route, _ in written.routes]:
            assert codes[id(one.applied)] is FindingCode.NOT_APPLICABLE


@settings(max_examples=600)
@given(st.data())
def test_for_any_law_and_facts(data: st.DataObject) -> None:
    law = data.draw(provisions())

    agree(data.draw(facts_for_law(law)), applied(*law, rates=RATES))


def test_for_the_law_of_every_state_and_gate_at_the_boundaries_of_its_verdict() -> None:
    day = max(one.citation.checked for one in BOOK.provisions)
    for state in BOOK.states():
        for gate in Gate:
            law = apply_law(BOOK, state, gate, day, RATES)
            for facts in boundary_records(symbolic(law).recognised)[::7]:
                agree(facts, law)
