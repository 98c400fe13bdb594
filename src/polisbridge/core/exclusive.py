"""Conditions that exclude each other: a proof, from the conditions alone, that no record meets them all.

The proof looks at what each field must hold: a range, a set of codes, a yes or no. What it cannot weigh (one
field against another, the occasion's own words in a set) it leaves out, so "exclude" is certain and its
contrary is not: conditions that are not proven to exclude each other may still do so.

Two demands of different occasions share the contract and the person; facts of the occasion are each one's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from polisbridge.core.condition import (
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
    Unknown,
    Within,
)
from polisbridge.core.facts import Facts, field_types

# Facts of Facts that belong to one occasion, so that two occasions may each have their own.
OCCASION_FIELDS: frozenset[str] = frozenset(
    [name for name in field_types(Facts) if name.startswith(("stay_", "visa_", "permit_", "employment_"))]
) | {
    "state", "region", "gate", "as_of", "entry_day", "purpose", "care_form", "residence_status", "local_schemes",
    "contribution_months", "transport",
}  # fmt: skip

_BUDGET = 4_000  # branches looked into before the proof is given up
_FLIPPED: dict[Operator, Operator] = {"<=": ">=", ">=": "<=", "==": "=="}


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition that is to be True (or False, where not `holds`) on one occasion.

    With `or_unknown` an answer that is not known will do as well, as where a sum has no rate.
    """

    condition: Condition
    occasion: str = ""
    holds: bool = True
    or_unknown: bool = False


class _Key(NamedTuple):
    """One field, of one occasion where it is an occasion's own."""

    name: str
    occasion: str


@dataclass(frozen=True, slots=True)
class _Domain:
    """What one field may still hold. Bounds and code sets bind only a field that is stated."""

    stated: bool | None = None
    low: int | None = None
    high: int | None = None
    within: frozenset[str] | None = None
    out: frozenset[str] = frozenset()
    overlaps: tuple[frozenset[str], ...] = ()
    beyond: tuple[frozenset[str], ...] = ()
    flag: bool | None = None
    some: tuple[Demand, ...] = ()
    none: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class _Literal:
    """One thing that a condition says of one field, as the parts of a domain that it narrows."""

    key: _Key
    says: Mapping[str, object]


_Option: TypeAlias = tuple["Demand | _Literal", ...]
_CONTRADICTION: tuple[_Option, ...] = ()


@dataclass
class _Search:
    """The branches still to look into."""

    left: int = field(default=_BUDGET)

    def possible(self, todo: list["Demand | _Literal"], domains: dict[_Key, _Domain]) -> bool:
        """Say whether the rest may be met beside what the fields already must hold; True when given up."""
        domains, choices = dict(domains), []
        while todo:
            one = todo.pop()
            options = ((one,),) if isinstance(one, _Literal) else _options(one)
            if len(options) == 1 and isinstance(one, _Literal):
                if (narrowed := _narrowed(domains.get(one.key, _Domain()), one.says)) is None:
                    return False
                domains[one.key] = narrowed
            elif len(options) == 1:
                todo += options[0]
            elif not options:
                return False
            else:
                choices.append(options)
        return self._branches(choices, domains)

    def _branches(self, choices: list[tuple[_Option, ...]], domains: dict[_Key, _Domain]) -> bool:
        open_choices = []
        for options in choices:
            alive = tuple(one for one in options if _fits(one, domains))
            if not alive:
                return False
            open_choices.append(alive)
        if not open_choices:
            return True
        open_choices.sort(key=len)
        first, rest = open_choices[0], open_choices[1:]
        for option in first:
            self.left -= 1
            if self.left <= 0:
                return True
            again: list[Demand | _Literal] = [_Choice(options) for options in rest]
            if self.possible([*again, *option], domains):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Choice(Demand):
    """Options still to choose from, carried through a branch."""

    condition: tuple[_Option, ...]  # type: ignore[assignment]


def exclusive(demands: Iterable[Demand]) -> bool:
    """Say whether it is proven that no facts meet all demands.

    >>> low, high = Compare(Field("age"), "<=", Const(17)), Compare(Field("age"), ">=", Const(18))
    >>> exclusive([Demand(low), Demand(high)]), exclusive([Demand(low), Demand(low)])
    (True, False)
    """
    return not _Search().possible(list(demands), {})


def _fits(option: _Option, domains: Mapping[_Key, _Domain]) -> bool:
    """Say whether no literal of the option contradicts what its field must hold by itself."""
    return all(
        not isinstance(one, _Literal) or _narrowed(domains.get(one.key, _Domain()), one.says) is not None
        for one in option
    )


def _options(demand: Demand) -> tuple[_Option, ...]:
    """Return the ways to meet a demand: none is a contradiction, one is a must."""
    if isinstance(demand, _Choice):
        return demand.condition
    match demand.condition:
        case Unknown():
            return ((),) if demand.or_unknown else _CONTRADICTION
        case Not(part):
            return ((replace(demand, condition=part, holds=not demand.holds),),)
        case And(parts) | Or(parts):
            each = [replace(demand, condition=part) for part in parts]
            if isinstance(demand.condition, And) == demand.holds:
                return (tuple(each),)
            return tuple(_unit(one) for one in each)
        case Compare(left, op, right):
            return _compared(demand, left, op, right)
        case _:
            return ((_literal(demand, demand.condition),),) if _weighed(demand) else ((),)


def _unit(demand: Demand) -> _Option:
    """Return a demand as an option, already a literal where it is one, so that a branch sees it at once."""
    options = () if isinstance(demand.condition, And | Or | Not) else _options(demand)
    return options[0] if len(options) == 1 else (demand,)


def _weighed(demand: Demand) -> bool:
    """Say whether the proof can weigh the condition as it is wanted."""
    match demand.condition:
        case Overlaps(_, _, or_fields):
            return not (or_fields and demand.holds)
        case AtLeast(count):
            return count >= 1 if demand.holds else count == 1
        case _:
            return True


def _literal(demand: Demand, condition: Condition) -> _Literal:
    """Return what a condition on one field says of it. Only called for what `_weighed` admits."""
    holds, says = demand.holds, dict[str, object]()
    match condition:
        case InSet(Field(name), codes):
            says = {"stated": True, "within": codes} if holds else {"out": codes}
        case Overlaps(Field(name), codes):
            says = {"overlaps": (codes,)} if holds else {"out": codes}
        case Within(Field(name), codes):
            says = {"within": codes} if holds else {"beyond": (codes,)}
        case IsTrue(Field(name)):
            says = {"flag": holds}
        case Known(Field(name)):
            says = {"stated": holds}
        case AtLeast(_, Field(name), each):
            inner = replace(demand, condition=each, occasion="")
            says = {"some": (inner,)} if holds else {"none": (inner,)}
        case _:  # pragma: no cover - every other node is taken apart before
            raise TypeError(condition)
    return _Literal(_key(name, demand), says)


def _key(name: str, demand: Demand) -> _Key:
    return _Key(name, demand.occasion if name in OCCASION_FIELDS else "")


def _compared(demand: Demand, left: Operand, op: Operator, right: Operand) -> tuple[_Option, ...]:
    """Return the ways to meet a comparison: a number by currency is one way per currency."""
    for one, other, turned in ((left, right, op), (right, left, _FLIPPED[op])):
        if isinstance(one, Param):
            return _by_key(demand, one, other, turned)
        if isinstance(one, AddDays) and isinstance(other, Const) and isinstance(other.value, int):
            return _compared(demand, one.day, turned, Const(other.value - one.days))
        if isinstance(one, Field) and isinstance(other, Const):
            return ((_bound(demand, one, turned, other.value),),)
    if isinstance(left, Const) and isinstance(right, Const):
        return ((),) if _of_constants(left.value, op, right.value) == demand.holds else _CONTRADICTION
    named = [side for side in (left, right) if isinstance(side, Field)]
    return (tuple(_Literal(_key(one.name, demand), {"stated": True}) for one in named if demand.holds),)


def _by_key(demand: Demand, param: Param, other: Operand, op: Operator) -> tuple[_Option, ...]:
    key = _key(param.key.name, demand)
    found: list[_Option] = [] if demand.holds else [(_Literal(key, {"stated": False}),)]
    if demand.or_unknown:
        found.append((_Literal(key, {"stated": True, "out": frozenset(code for code, _ in param.table)}),))
    for code, number in param.table:
        chosen = _Literal(key, {"stated": True, "within": frozenset({code})})
        found.append((chosen, replace(demand, condition=Compare(Const(number), op, other))))
    return tuple(found)


def _bound(demand: Demand, one: Field, op: Operator, value: int | str) -> _Literal:
    """Return what a comparison with a constant says; one that is false says nothing of a field stated absent."""
    key, says = _key(one.name, demand), dict[str, object]()
    if isinstance(value, str):
        says = {"within": frozenset({value})} if demand.holds else {"out": frozenset({value})}
    elif demand.holds:
        says = {"low": value} if op == ">=" else {"high": value} if op == "<=" else {"low": value, "high": value}
    elif op != "==":
        says = {"high": value - 1} if op == ">=" else {"low": value + 1}
    return _Literal(key, {**says, "stated": True} if demand.holds else says)


def _of_constants(one: int | str, op: Operator, other: int | str) -> bool:
    if op == "==" or isinstance(one, str) or isinstance(other, str):
        return one == other
    return one <= other if op == "<=" else one >= other


def _narrowed(domain: _Domain, says: Mapping[str, object]) -> _Domain | None:
    """Return the domain with what a literal says put in; None when nothing is left."""
    values: dict[str, object] = {}
    for name, said in says.items():
        held = getattr(domain, name)
        if name in ("stated", "flag"):
            if held is not None and held is not said:
                return None
            values[name] = said
        elif name in ("overlaps", "beyond", "some", "none"):
            values[name] = (*held, *said)  # type: ignore[misc]
        elif name == "out":
            values[name] = held | said
        elif held is None:
            values[name] = said
        else:
            values[name] = held & said if name == "within" else max(held, said) if name == "low" else min(held, said)
    narrowed = replace(domain, **values)  # type: ignore[arg-type]
    return None if _empty(narrowed) else narrowed


def _empty(domain: _Domain) -> bool:
    allowed = None if domain.within is None else domain.within - domain.out
    crossed = domain.low is not None and domain.high is not None and domain.low > domain.high
    if domain.stated and (crossed or (allowed is not None and not allowed)):
        return True
    if any(not ((codes if allowed is None else codes & allowed) - domain.out) for codes in domain.overlaps):
        return True
    if allowed is not None and any(allowed <= codes for codes in domain.beyond):
        return True
    return bool(domain.none) and any(exclusive([each, *domain.none]) for each in domain.some)
