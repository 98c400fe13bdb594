"""Conditions as CertLogic: the EU's own engine says what the interpreter says, and never throws."""

from collections.abc import Iterator

import pytest
import strategies
from certlogic_engine import Engine, running
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CONDITION_FIELDS, NO_RATES, SETTING, checks_and_facts, conditions

from polisbridge.core.checks import KINDS
from polisbridge.core.condition import (
    ALWAYS,
    NEVER,
    UNKNOWN,
    AddDays,
    And,
    AtLeast,
    Compare,
    Condition,
    Const,
    Field,
    InSet,
    IsTrue,
    Known,
    Not,
    Or,
    Overlaps,
    Param,
    Within,
    evaluate,
)
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import ABSENT, BenefitLine, Facts
from polisbridge.formats.certlogic import ENGINE_VERSION, LARGEST, paths, rails
from polisbridge.formats.certlogic_payload import facts_payload
from polisbridge.services.boundary import boundary_records


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with running() as found:
        yield found


def test_the_engine_is_of_the_version_that_files_name(engine: Engine) -> None:
    assert engine.ask([], []).version == ENGINE_VERSION


@settings(max_examples=1_500)
@given(st.data())
def test_rails_say_what_the_interpreter_says(engine: Engine, data: st.DataObject) -> None:
    some = data.draw(st.lists(conditions(), min_size=1, max_size=3))
    records = data.draw(st.lists(strategies.facts(CONDITION_FIELDS), min_size=1, max_size=3))

    assert engine.truths([rails(one, "") for one in some], records) == [
        [evaluate(one, record) for one in some] for record in records
    ]


@settings(max_examples=150)
@given(conditions())
def test_rails_say_what_the_interpreter_says_at_the_boundaries(engine: Engine, condition: Condition) -> None:
    records = boundary_records(condition)[:300]

    assert engine.truths([rails(condition, "")], records) == [[evaluate(condition, record)] for record in records]


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=30)
@given(st.data())
def test_every_kind_says_what_it_says(engine: Engine, name: str, data: st.DataObject) -> None:
    check, record = data.draw(checks_and_facts(name))
    both = (check.condition(SETTING), check.condition(NO_RATES))

    assert engine.truths([rails(one, name) for one in both], [record]) == [[evaluate(one, record) for one in both]]


_AGE, _NONE = Field("age"), frozenset[str]()
_NODES: list[Condition] = [
    ALWAYS,
    NEVER,
    UNKNOWN,
    Known(_AGE),
    IsTrue(Field("works")),
    InSet(Field("role"), _NONE),
    InSet(Field("role"), frozenset({"child", ""})),
    Within(Field("citizenship"), _NONE),
    Within(Field("citizenship"), frozenset({"NO"})),
    Overlaps(Field("citizenship"), _NONE),
    Overlaps(Field("citizenship"), _NONE, (Field("state"), Field("home_state"))),
    Overlaps(Field("citizenship"), frozenset({"KZ"}), (Field("state"),)),
    AtLeast(0, Field("benefits"), UNKNOWN),
    AtLeast(1, Field("benefits"), ALWAYS),
    AtLeast(2, Field("benefits"), Compare(Field("limit"), ">=", Param(Field("limit_currency"), (("EUR", 1),)))),
    Compare(_AGE, "==", Const(0)),
    Compare(Const(0), "<=", _AGE),
    Compare(_AGE, ">=", Param(Field("role"), ())),
    Compare(_AGE, "<=", AddDays(AddDays(Param(Field("role"), (("child", 3), ("worker", -2))), -2), 1)),
    Compare(AddDays(Field("first_day"), -1), ">=", AddDays(Field("last_day"), 1)),
    Compare(AddDays(_AGE, LARGEST - 1), "==", AddDays(_AGE, LARGEST)),
    Compare(Field("role"), "==", Const("child")),
    And((IsTrue(Field("works")), Not(IsTrue(Field("works"))))),
    Or((IsTrue(Field("works")), Not(IsTrue(Field("works"))))),
]
_RECORDS = [
    Facts(),
    Facts(age=ABSENT, role=ABSENT, state=ABSENT, home_state=ABSENT, first_day=ABSENT, last_day=ABSENT),
    Facts(age=0, role="", works=False, citizenship=_NONE, benefits=(), first_day=0, last_day=-2),
    Facts(age=1, role="child", works=True, citizenship=frozenset({"NO"}), state="NO", first_day=0, last_day=-1),
    Facts(age=ABSENT, role="worker", citizenship=frozenset({"NO", "KZ"}), home_state="NO", last_day=ABSENT, first_day=9),
    Facts(age=-3, role=ABSENT, citizenship=frozenset({"SE"}), state="NO", benefits=(BenefitLine(), BenefitLine())),
    Facts(age=2, role="child"),
    Facts(age=3, role="child"),
    Facts(age=-3, role="worker"),
    Facts(role="child", age=LARGEST, benefits=(BenefitLine(limit=1, limit_currency="EUR"), BenefitLine(limit=ABSENT))),
    Facts(benefits=(BenefitLine(limit=0, limit_currency="EUR"), BenefitLine(limit=2), BenefitLine(limit_currency=ABSENT))),
]  # fmt: skip


def test_zero_false_the_empty_and_the_absent_are_told_from_what_is_not_known(engine: Engine) -> None:
    assert engine.truths([rails(one, "") for one in _NODES], _RECORDS) == [
        [evaluate(one, record) for one in _NODES] for record in _RECORDS
    ]


@given(st.lists(conditions(), min_size=1, max_size=3))
def test_the_paths_of_a_rule_are_those_that_the_engine_finds(engine: Engine, some: list[Condition]) -> None:
    rules = [rails(one, "").met for one in some]

    assert [{path.split(".")[0] for path in one} for one in engine.ask(rules, []).reads] == [
        paths(one) for one in rules
    ]


def test_a_payload_keeps_apart_what_has_a_value_what_is_absent_and_what_is_not_known() -> None:
    facts = Facts(age=0, role=ABSENT, citizenship=frozenset({"NO", "KZ"}), benefits=(BenefitLine(unlimited=False),))

    assert facts_payload(facts) == {
        "age": {"stated": True, "is": 0},
        "role": {"stated": False},
        "citizenship": {"stated": True, "is": ["KZ", "NO"]},
        "benefits": {"stated": True, "is": [{"unlimited": {"stated": True, "is": False}}]},
    }


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        (Compare(_AGE, ">=", Const(LARGEST + 1)), str(LARGEST + 1)),
        (Compare(_AGE, ">=", Param(Field("role"), (("child", -LARGEST - 1),))), str(-LARGEST - 1)),
        (Compare(AddDays(_AGE, LARGEST + 1), ">=", Const(1)), str(LARGEST + 1)),
        (AtLeast(1, Field("benefits"), Compare(Field("limit"), ">=", Const(LARGEST + 1))), str(LARGEST + 1)),
        (AtLeast(1, Field("benefits"), AtLeast(1, Field("persons"), ALWAYS)), "persons"),
        (Compare(Field("role"), "<=", Const("child")), "<="),
        (InSet(Field("nothing"), frozenset({"child"})), "nothing"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(condition: Condition, named: str) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        rails(Or((IsTrue(Field("works")), condition)), "no.act.rule")

    assert caught.value.code is ErrorCode.CANNOT_EXPORT
    assert caught.value.detail.startswith("no.act.rule: ")
    assert named in caught.value.detail


def test_a_number_that_a_double_does_not_keep_is_refused_by_its_field() -> None:
    with pytest.raises(PolisbridgeError, match="sum_insured"):
        facts_payload(Facts(sum_insured=LARGEST + 1))
