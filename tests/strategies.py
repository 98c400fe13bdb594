"""What hypothesis draws: facts, conditions, parameters of every kind, and small law. Domains are narrow on purpose, so that
drawn facts meet drawn conditions often."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias, TypeVar

from builder import DAY, LAW_FOLDER, TODAY, duty, exemption, question, requirement, route
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from polisbridge.adapters.folder import read_folder
from polisbridge.core.checks import KINDS, Check, Setting
from polisbridge.core.checks.base import (
    CodeOneOf,
    Flag,
    NumberAtLeast,
    NumberAtMost,
    SetExcludes,
    SetIncludes,
    SetWithin,
)
from polisbridge.core.codes import Bearing, Evidence, Gate, RateDay, Role, Scope
from polisbridge.core.condition import (
    ALWAYS,
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
    Operand,
    Operator,
    Or,
    Overlaps,
    Param,
    Within,
)
from polisbridge.core.facts import ABSENT, ITEM_TYPES, BenefitLine, CoveredPerson, Facts, FieldType, field_types
from polisbridge.core.law import Provision, Requirement
from polisbridge.core.money import Rate, Rates, RateTable
from polisbridge.core.remedy import apply_changes, with_term
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.lawfile import read_law

BOOK = read_law(read_folder(LAW_FOLDER))
WIDER = BOOK.wider_benefits()

_PUBLIC: dict[str, tuple[str, ...]] = {
    "@state": ("NO", "KZ", "SE"),
    "@region": ("NO-03", "NO-11"),
    "@citizenship": ("NO", "KZ", "stateless"),
    "@territory": ("NO", "SE", "WORLD", "NO-03"),
    "@currency": ("EUR", "USD", "JPY"),
    "@language": ("en", "ru", "no"),
    "@gate": tuple(Gate),
    "@role": tuple(Role),
    "@scope": tuple(Scope),
    "@free": ("acme", "umbrella"),
}
Record: TypeAlias = type
T = TypeVar("T")

_TABLE = (Rate(DAY, "EUR", 1, Decimal("1.10001")), Rate(DAY, "JPY", 100, Decimal("0.66")))
_EARLIER = DAY - timedelta(days=10)
_BEFORE = (Rate(_EARLIER, "EUR", 1, Decimal("1.2")), Rate(_EARLIER, "JPY", 100, Decimal("0.7")))
RATES = Rates((RateTable("Test Bank", "US", "USD", "", _TABLE + _BEFORE),))
SETTING = Setting("NO", DAY, _EARLIER, RATES, WIDER)
NO_RATES = Setting("NO", DAY, None, Rates(), WIDER)


def codes_of(field: str) -> tuple[str, ...]:
    """Return a few words that the field may hold."""
    group = group_of(field)
    return _PUBLIC.get(group) or tuple(sorted(BOOK.vocabulary[group]))


@cache
def code_sets(field: str, min_size: int = 0) -> SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes_of(field)), min_size=min_size, max_size=3)


@cache
def value_of(name: str, kind: FieldType, *, known: bool = True) -> SearchStrategy[Any]:
    """Return what a field may hold once it is stated; `known` says that the items of lists have no gaps either."""
    match kind:
        case FieldType.WHOLE:
            numbers = st.sampled_from([0, 500, 1000, 1050, 2000]) if name.endswith("_percent") else st.integers(0, 12)
            return st.one_of(numbers, st.just(ABSENT))
        case FieldType.MINOR:
            return st.one_of(
                st.integers(0, 12).map(lambda number: number * 100), st.integers(900, 1100), st.just(ABSENT)
            )
        case FieldType.DAY:
            return st.one_of(st.integers(TODAY - 6, TODAY + 6), st.just(ABSENT))
        case FieldType.CODE:
            return st.one_of(st.sampled_from(codes_of(name)), st.sampled_from(codes_of(name)), st.just(ABSENT))
        case FieldType.CODES:
            return code_sets(name)
        case FieldType.FLAG:
            return st.booleans()
        case FieldType.LINES:
            return st.lists(records(BenefitLine, known=known), max_size=3).map(tuple)
        case FieldType.PERSONS:
            return st.lists(records(CoveredPerson, known=known), max_size=3).map(tuple)


@cache
def _maybe(name: str, kind: FieldType) -> SearchStrategy[Any]:
    value = value_of(name, kind, known=False)
    return st.one_of(st.none(), value, value, value)


@st.composite
def records(draw: DrawFn, record: Record, names: Iterable[str] | None = None, *, known: bool = False) -> Any:
    """Draw a record with the named fields filled (all when none are named), unknown now and then unless `known`."""
    types = field_types(record)
    values = {}
    for name in types if names is None else names:
        values[name] = draw((value_of if known else _maybe)(name, types[name]))
    return record(**values)


def facts(names: Iterable[str] | None = None, *, known: bool = False) -> SearchStrategy[Facts]:
    """Facts with the named fields filled and the term counted; when `known`, as files state them: amounts with currencies."""
    drawn = records(Facts, names, known=known).map(with_term)
    return drawn.map(with_currencies) if known else drawn


@st.composite
def stated_facts(draw: DrawFn) -> Facts:
    """Facts as files state them: an amount always has its currency, and no currency stands alone."""
    drawn: Facts = draw(records(Facts))
    return with_currencies(drawn)


def with_currencies(record: T) -> T:
    """Return the record with a currency for each amount, and none that stands alone."""
    values: dict[str, object] = {}
    for name, kind in field_types(type(record)).items():
        value = getattr(record, name)
        if kind is FieldType.MINOR:
            own = getattr(record, f"{name}_currency")
            values[f"{name}_currency"] = (
                (own if own in _PUBLIC["@currency"] else "EUR") if isinstance(value, int) else None
            )
        elif kind in ITEM_TYPES and value is not None:
            values[name] = tuple(with_currencies(item) for item in value)
    return replace(record, **values)  # type: ignore[type-var]


@st.composite
def forgotten(draw: DrawFn, record: T) -> T:
    """Draw the same record with some of what is known no longer known."""
    values: dict[str, object] = {}
    for name, kind in field_types(type(record)).items():
        value = getattr(record, name)
        if value is None:
            continue
        fate = draw(st.integers(0, 3))
        if fate == 0:
            values[name] = None
        elif kind in ITEM_TYPES:
            values[name] = tuple(draw(forgotten(item)) for item in value)
    return replace(record, **values)  # type: ignore[type-var]


# Conditions ------------------------------------------------------------------------------------------

_NAMES: dict[Record, tuple[str, ...]] = {
    Facts: (
        "age", "stay_days", "sum_insured", "deductible", "first_day", "last_day", "stay_first", "role", "contract_kind",
        "sum_insured_currency", "deductible_currency", "region", "citizenship", "exclusions", "clinic_regions", "works",
        "premium_paid", "benefits", "persons",
    ),
    BenefitLine: ("benefit", "settings", "limit", "limit_currency", "unlimited", "waiting_days", "territory"),
    CoveredPerson: ("role", "age", "citizenship", "first_day"),
}  # fmt: skip
CONDITION_FIELDS = _NAMES[Facts]


@cache
def _named(record: Record, *kinds: FieldType) -> tuple[Field, ...]:
    types = field_types(record)
    return tuple(Field(name) for name in _NAMES[record] if types[name] in kinds)


@cache
def operands(record: Record) -> SearchStrategy[Operand]:
    """Numbers: a field, a fixed number, a number by currency, or any of them some days later."""
    whole = _named(record, FieldType.WHOLE, FieldType.MINOR, FieldType.DAY)
    code = _named(record, FieldType.CODE)
    table = st.dictionaries(st.sampled_from(["EUR", "USD", "child", "comprehensive"]), st.integers(0, 12), max_size=3)
    plain: SearchStrategy[Operand] = st.one_of(
        st.sampled_from(whole),
        st.sampled_from(whole),
        st.one_of(st.integers(0, 12), st.integers(TODAY - 6, TODAY + 6)).map(Const),
        st.builds(Param, st.sampled_from(code), table.map(lambda found: tuple(sorted(found.items())))),
    )
    return st.one_of(plain, st.builds(AddDays, plain, st.integers(-3, 3)))


@cache
def _comparisons(record: Record) -> SearchStrategy[Condition]:
    operator: SearchStrategy[Operator] = st.sampled_from(["<=", ">=", "=="])
    numbers = st.builds(Compare, operands(record), operator, operands(record))
    code = st.sampled_from(_named(record, FieldType.CODE))
    same: SearchStrategy[Operator] = st.just("==")
    return st.one_of(numbers, numbers, st.builds(Compare, code, same, st.one_of(code, st.just(Const("child")))))


def _about_codes(draw: DrawFn, record: Record) -> Condition:
    field = draw(st.sampled_from(_named(record, FieldType.CODE)))
    return InSet(field, draw(code_sets(field.name)))


def _about_sets(draw: DrawFn, record: Record) -> Condition:
    field = draw(st.sampled_from(_named(record, FieldType.CODES)))
    if draw(st.booleans()):
        return Within(field, draw(code_sets(field.name)))
    others = draw(st.lists(st.sampled_from(_named(record, FieldType.CODE)), max_size=2))
    return Overlaps(field, draw(code_sets(field.name)), tuple(others))


@st.composite
def leaves(draw: DrawFn, record: Record) -> Condition:
    flags = _named(record, FieldType.FLAG)
    which = draw(st.integers(0, 4))
    if which == 0:
        return draw(_comparisons(record))
    if which == 1:
        return _about_codes(draw, record)
    if which == 2:
        return _about_sets(draw, record)
    if which == 3 and flags:
        return IsTrue(draw(st.sampled_from(flags)))
    return Known(draw(st.sampled_from(_named(record, FieldType.WHOLE, FieldType.MINOR, FieldType.DAY, FieldType.CODE))))


def _grown(parts: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(parts.map(Not), several.map(And), several.map(Or))


@cache
def _items() -> SearchStrategy[Condition]:
    lists = (("benefits", BenefitLine), ("persons", CoveredPerson))
    return st.one_of(
        *(
            st.builds(
                AtLeast, st.integers(0, 3), st.just(Field(name)), st.recursive(leaves(record), _grown, max_leaves=3)
            )
            for name, record in lists
        )
    )


@cache
def conditions() -> SearchStrategy[Condition]:
    """Well-typed conditions over Facts."""
    return st.recursive(st.one_of(leaves(Facts), leaves(Facts), _items()), _grown, max_leaves=8)


# Kinds -----------------------------------------------------------------------------------------------


def _tuple_of(codes: Sequence[T], min_size: int = 1) -> SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(codes), min_size=min_size, max_size=3, unique=True).map(tuple)


_AMOUNT = st.sampled_from(["1", "5", "9.99", "10", "11"]).map(Decimal)
_MONEY = {"amount": _AMOUNT, "currency": st.sampled_from(["EUR", "USD"])}
_DATED = {**_MONEY, "rate_day": st.sampled_from(RateDay)}
_BENEFIT = st.sampled_from(codes_of("benefit"))
_MAYBE_BENEFIT = st.one_of(st.none(), _BENEFIT)
_PERCENT = st.sampled_from(["0", "5", "10", "10.5", "20"]).map(Decimal)
_SMALL = st.integers(0, 12)
_PERIODS = st.sampled_from(codes_of("count_per"))


def _persons_count() -> SearchStrategy[dict[str, Any]]:
    bound = st.one_of(st.none(), st.integers(0, 3))
    both = st.fixed_dictionaries({"roles": _tuple_of(tuple(Role)), "at_least": bound, "at_most": bound})
    return both.filter(lambda drawn: drawn["at_least"] is not None or drawn["at_most"] is not None)


def _term() -> SearchStrategy[dict[str, Any]]:
    return st.one_of(st.fixed_dictionaries({"days": _SMALL}), st.fixed_dictionaries({"months": st.integers(0, 2)}))


def _ages() -> SearchStrategy[dict[str, Any]]:
    return st.tuples(_SMALL, _SMALL).map(lambda two: {"from_age": min(two), "to_age": max(two)})


def _includes(field: str) -> SearchStrategy[dict[str, Any]]:
    some = _tuple_of(codes_of(field), 0)
    return st.fixed_dictionaries({"all_of": some, "any_of": some}).filter(
        lambda drawn: bool(drawn["all_of"] or drawn["any_of"])
    )


_PARAMETERS: dict[str, Callable[[], SearchStrategy[dict[str, Any]]]] = {
    "age_within": _ages,
    "benefit_limit_at_least": lambda: st.fixed_dictionaries(
        {**_DATED, "benefit": _BENEFIT, "per": st.sampled_from(Scope)}
    ),
    "clinic_in_region": lambda: st.just({}),
    "coinsurance_at_most": lambda: st.fixed_dictionaries({"percent": _PERCENT, "benefit": _MAYBE_BENEFIT}),
    "copay_cap_at_most": lambda: st.fixed_dictionaries({**_DATED, "benefit": _BENEFIT, "per": _PERIODS}),
    "count_at_least": lambda: st.fixed_dictionaries({"benefit": _BENEFIT, "count": _SMALL, "per": _PERIODS}),
    "covers_benefits": lambda: st.fixed_dictionaries(
        {
            "benefits": _tuple_of(codes_of("benefit")),
            "setting": st.one_of(st.none(), st.sampled_from(codes_of("settings"))),
            "cause": st.one_of(st.none(), st.sampled_from(codes_of("causes"))),
        }
    ),
    "deductible_at_most": lambda: st.fixed_dictionaries(_DATED),
    "document_language": lambda: st.fixed_dictionaries(
        {"any_of": _tuple_of(codes_of("document_languages")), "certified": st.booleans()}
    ),
    "every_limit_at_least": lambda: st.fixed_dictionaries(_DATED),
    "first_part_in_full": lambda: st.fixed_dictionaries(_DATED),
    "hotline": lambda: st.fixed_dictionaries({"any_of": _tuple_of(codes_of("hotline_languages"), 0)}),
    "income_at_most": lambda: st.fixed_dictionaries(_MONEY),
    "late_interest_at_least": lambda: st.fixed_dictionaries({"percent": _PERCENT}),
    "late_penalty_at_least": lambda: st.fixed_dictionaries(_MONEY),
    "no_copay_for": lambda: st.fixed_dictionaries({"benefit": _BENEFIT}),
    "period_covers": lambda: st.fixed_dictionaries(
        {"what": st.sampled_from(["stay", "visa", "permit", "employment"]), "margin_days": st.integers(0, 3)}
    ),
    "person_class": lambda: st.fixed_dictionaries(
        {"roles": _tuple_of(tuple(Role)), "child_age_to": st.one_of(st.none(), _SMALL)}
    ),
    "persons_count": _persons_count,
    "premium_at_most": lambda: st.fixed_dictionaries(_DATED),
    "premium_paid": lambda: st.fixed_dictionaries({"arrears": _SMALL}),
    "registered_in": lambda: st.fixed_dictionaries(
        {"any_of": _tuple_of(codes_of("registered_in")), "within_hours": st.one_of(st.none(), _SMALL)}
    ),
    "starts_within": lambda: st.fixed_dictionaries(
        {"event": st.sampled_from(["entry_day", "employment_first", "birth_day"]), "days": st.integers(0, 3)}
    ),
    "sum_insured_at_least": lambda: st.fixed_dictionaries({**_DATED, "per": st.sampled_from(Scope)}),
    "term_at_least": _term,
    "territory_includes": lambda: st.fixed_dictionaries(
        {"any_of": _tuple_of(codes_of("territory")), "or_region": st.booleans()}
    ),
    "trips_cover_stay": lambda: st.just({}),
    "waiting_at_most": lambda: st.fixed_dictionaries({"days": _SMALL, "benefit": _MAYBE_BENEFIT}),
    "worker_share_at_most": lambda: st.fixed_dictionaries({"percent": _PERCENT, "months": _SMALL}),
}


@cache
def parameters(name: str) -> SearchStrategy[dict[str, Any]]:
    """Return sensible parameters of a kind."""
    kind = KINDS[name]
    if name in _PARAMETERS:
        return _PARAMETERS[name]()
    if issubclass(kind, NumberAtLeast):
        return st.fixed_dictionaries({"minimum": _SMALL})
    if issubclass(kind, NumberAtMost):
        return st.fixed_dictionaries({"maximum": _SMALL})
    if issubclass(kind, Flag):
        return st.just({})
    if issubclass(kind, CodeOneOf):
        return st.fixed_dictionaries({"one_of": _tuple_of(codes_of(kind.field))})
    if issubclass(kind, SetIncludes):
        return _includes(kind.field)
    if issubclass(kind, SetExcludes):
        return st.fixed_dictionaries({"none_of": _tuple_of(codes_of(kind.field))})
    if issubclass(kind, SetWithin):
        return st.fixed_dictionaries({"allowed": _tuple_of(codes_of(kind.field), 0)})
    raise LookupError(f"the tests do not know how to draw {name}: {[one.name for one in fields(kind)]}")


@cache
def checks(name: str) -> SearchStrategy[Check]:
    """Return requirements of one kind."""
    return parameters(name).map(lambda drawn: KINDS[name](**drawn))


@st.composite
def akin(draw: DrawFn, name: str) -> tuple[Check, Check]:
    """Draw two requirements of one kind that share some of their parameters, so that one is often the stricter."""
    one, other = draw(parameters(name)), draw(parameters(name))
    if one.keys() == other.keys():
        other = {key: value if draw(st.booleans()) else one[key] for key, value in other.items()}
    first, second = KINDS[name](**one), KINDS[name](**other)
    return first, second if second.faults() == () else first


def facts_for(*some: Check, known: bool = False) -> SearchStrategy[Facts]:
    """Return facts that fill what the checks read or change: what they are about, and the contract's own days."""
    names = dict.fromkeys(name for check in some for name in check.reads())
    return facts((*names, *_BESIDE.get(some[0].name, ())), known=known)


# What remedies use beyond what the condition reads.
_BESIDE: dict[str, tuple[str, ...]] = {
    "term_at_least": ("first_day", "last_day"),
    "sum_insured_at_least": ("first_day", "last_day"),
}


@st.composite
def checks_and_facts(draw: DrawFn, name: str, *, known: bool = False) -> tuple[Check, Facts]:
    """Draw a requirement of the kind and facts to ask it of."""
    check = draw(checks(name))
    return check, draw(facts_for(check, known=known))


# Law -------------------------------------------------------------------------------------------------

_PERSON = (Field("age"), Field("role"), Field("works"), Field("citizenship"))
PERSON_FIELDS = tuple(field.name for field in _PERSON)
_KINDS_OF_LAW = (
    "sum_insured_at_least", "period_covers", "territory_includes", "does_not_exclude", "exclusions_within", "covers_benefits",
    "waiting_at_most", "deductible_at_most", "coinsurance_at_most", "contract_kind", "premium_paid", "person_class",
    "document_shows", "benefit_limit_at_least", "every_limit_at_least", "count_at_least", "term_at_least",
)  # fmt: skip


@st.composite
def about_person(draw: DrawFn) -> Condition:
    """A condition on who the person is; half of the time there is none."""
    which = draw(st.integers(0, 7))
    if which == 0:
        return Compare(Field("age"), "<=", Const(draw(_SMALL)))
    if which == 1:
        return InSet(Field("role"), draw(code_sets("role")))
    if which == 2:
        return IsTrue(Field("works"))
    if which == 3:
        return Overlaps(Field("citizenship"), draw(code_sets("citizenship", 1)))
    return ALWAYS


_EVIDENCE = st.sampled_from([Evidence.PRIMARY] * 6 + [Evidence.SECONDARY, Evidence.UNCONFIRMED])


_ONE_OR_SO = st.sampled_from([0, 1, 1, 1, 1, 2, 2])


@st.composite
def provisions(
    draw: DrawFn, kinds: Sequence[str] = _KINDS_OF_LAW, evidence: SearchStrategy[Evidence] = _EVIDENCE
) -> tuple[Provision, ...]:
    """Draw the law of one gate: duties, exemptions, routes with requirements, open questions."""
    found: list[Provision] = []
    found += [duty(f"duty{i}", evidence=draw(evidence), applies=draw(about_person())) for i in range(draw(_ONE_OR_SO))]
    found += [
        exemption(f"free{i}", evidence=draw(evidence), applies=draw(about_person()))
        for i in range(draw(st.integers(0, 1)))
    ]
    ways = [route(f"way{i}", evidence=draw(evidence), applies=draw(about_person())) for i in range(draw(_ONE_OR_SO))]
    found += ways
    names = tuple(one.id for one in ways)
    for i in range(draw(st.integers(0, 3)) if names else 0):
        check = draw(st.sampled_from(kinds).flatmap(checks))
        on = draw(_tuple_of(names))
        found.append(requirement(check, f"needs{i}", routes=on, evidence=draw(evidence), applies=draw(about_person())))
    targets = ("gate", *(one.id for one in found))
    for i in range(draw(st.sampled_from([0, 0, 1]))):
        effect = draw(st.sampled_from(Bearing))
        found.append(question(*draw(_tuple_of(targets)), name=f"open{i}", effect=effect, applies=draw(about_person())))
    return tuple(found)


@st.composite
def facts_for_law(draw: DrawFn, law: Iterable[Provision], *, known: bool = False) -> Facts:
    """Draw facts that fill everything the law reads, on the test day; of half of them the contract is a good one."""
    needs = [one.check for one in law if isinstance(one, Requirement)]
    names = dict.fromkeys(
        (*PERSON_FIELDS, "first_day", "last_day", *(name for check in needs for name in check.reads()))
    )
    drawn = draw(facts(names, known=known))
    if draw(st.booleans()):
        drawn = with_term(replace(drawn, last_day=TODAY + 9))
        for check in draw(st.permutations(needs)):
            drawn = apply_changes(drawn, check.remedy(drawn, SETTING))
    return replace(drawn, as_of=TODAY)
