"""What every requirement kind is made of, and the few shapes that most kinds share.

A kind is a frozen dataclass of its parameters. It builds its condition over Facts, says what it asks,
which changes of a contract would meet it, and whether it is at least as strict as another of its kind.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Self

from polisbridge.core.codes import RateDay
from polisbridge.core.condition import (
    And,
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
    fields_read,
)
from polisbridge.core.facts import Facts
from polisbridge.core.money import Conversion, Rates, convert_limit, to_minor
from polisbridge.core.remedy import Action, Change, Lever


class Family(StrEnum):
    """The eleven families of the requirement catalogue."""

    TIME = "time"
    TERRITORY = "territory"
    INSURER = "insurer"
    SUMS = "sums"
    COST_SHARING = "cost_sharing"
    BENEFITS = "benefits"
    EXCLUSIONS = "exclusions"
    PERSONS = "persons"
    PREMIUM = "premium"
    DOCUMENT = "document"
    SERVICE = "service"


class Relation(StrEnum):
    """How what is asked relates to what is found."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    WITHIN = "within"
    YES = "yes"
    NO = "no"
    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: a field, the relation, and the value: codes, a number, or another field's value."""

    field: str
    relation: Relation
    value: int | str | tuple[str, ...] | None = None
    currency: str | None = None
    benefit: str | None = None


@dataclass(frozen=True)
class Setting:
    """Where and when a law is applied: the host state, the days that name rates, rates, wider benefits."""

    state: str = ""
    as_of: date = date.min
    concluded: date | None = None
    rates: Rates = field(default_factory=Rates)
    wider_benefits: tuple[tuple[str, frozenset[str]], ...] = ()
    _limits: dict[tuple[object, ...], dict[str, int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def rate_day(self, rule: RateDay) -> date | None:
        """Return the day whose rates convert a limit; None when the contract does not say its own."""
        return self.as_of if rule is RateDay.ASSESSED else self.concluded

    def limit(
        self, amount: Decimal, currency: str, *, minimum: bool, rule: RateDay = RateDay.ASSESSED
    ) -> dict[str, int]:
        """Return the limit in minor units of every currency that has an official rate on the day.

        A minimum is rounded up and a maximum down, so that no conversion ever helps a contract.
        """
        asked = (amount, currency, minimum, rule)
        if asked not in self._limits:
            self._limits[asked] = self._limit(amount, currency, minimum=minimum, rule=rule)
        return self._limits[asked]

    def _limit(self, amount: Decimal, currency: str, *, minimum: bool, rule: RateDay) -> dict[str, int]:
        minor, day = to_minor(amount, currency), self.rate_day(rule)
        table = {currency: minor}
        for other in self.rates.currencies(day) if day else ():
            conversion = self.conversion(currency, other, rule)
            if other != currency and conversion:
                table[other] = convert_limit(minor, conversion, minimum=minimum)
        return table

    def conversion(self, currency: str, into: str, rule: RateDay = RateDay.ASSESSED) -> Conversion | None:
        """Return the official rate used between two currencies, or None when none is published."""
        day = self.rate_day(rule)
        return self.rates.convert(currency, into, day) if day else None

    def benefit_codes(self, benefit: str) -> frozenset[str]:
        """Return the benefit and all wider ones that include it (vocabulary of the law)."""
        return dict(self.wider_benefits).get(benefit, frozenset()) | {benefit}


@dataclass(frozen=True)
class Check(ABC):
    """One requirement kind with its parameters."""

    name: ClassVar[str]
    family: ClassVar[Family]

    @abstractmethod
    def condition(self, setting: Setting) -> Condition:
        """Return the condition over Facts that is True when the requirement is met."""

    @abstractmethod
    def asks(self) -> tuple[Ask, ...]:
        """Return what is asked, field by field, for people to read beside what was found."""

    @abstractmethod
    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        """Return the changes that meet the requirement; empty when nothing in a contract can."""

    @abstractmethod
    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        """Say whether every contract that meets this one meets the other; None when it cannot be said."""

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the parameters themselves, for the law loader."""
        return ()

    def reads(self) -> tuple[str, ...]:
        """Return the fields of Facts that the condition reads."""
        return fields_read(self.condition(Setting()))


def money_at_least(field: str, table: dict[str, int]) -> Compare:
    """Return: the amount in `field` reaches the limit of its own currency."""
    return Compare(Field(field), ">=", Param(Field(f"{field}_currency"), tuple(sorted(table.items()))))


def money_at_most(field: str, table: dict[str, int]) -> Compare:
    """Return: the amount in `field` is within the limit of its own currency."""
    return Compare(Field(field), "<=", Param(Field(f"{field}_currency"), tuple(sorted(table.items()))))


def money_change(field: str, facts: object, table: dict[str, int], currency: str, action: Action) -> Change:
    """Return the change that brings an amount to its limit, in the contract's own currency if it can be."""
    own = getattr(facts, f"{field}_currency", None)
    chosen = own if isinstance(own, str) and own in table else currency
    return Change(field, action, table[chosen], Lever.CONTRACT, chosen)


def limits_as_strict(one: dict[str, int], other: dict[str, int], *, minimum: bool) -> bool | None:
    """Say whether whoever meets the limits of `one` meets those of `other`, in whatever currency.

    None when a contract could meet `one` in a currency for which `other` has no limit.
    """
    if not set(one) <= set(other):
        return None
    return all(limit >= other[key] if minimum else limit <= other[key] for key, limit in one.items())


@dataclass(frozen=True)
class NumberAtLeast(Check):
    """A number of the contract reaches a minimum; stated absent is not enough."""

    field: ClassVar[str]
    lever: ClassVar[Lever] = Lever.CONTRACT
    minimum: int

    def condition(self, setting: Setting) -> Condition:
        return Compare(Field(self.field), ">=", Const(self.minimum))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self.field, Relation.AT_LEAST, self.minimum),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change(self.field, Action.RAISE, self.minimum, self.lever),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.minimum >= other.minimum


@dataclass(frozen=True)
class NumberAtMost(Check):
    """A number of the contract stays within a maximum.

    Stated absent means none, which is within, unless `absent_is_none` is False: no promise at all.
    """

    field: ClassVar[str]
    lever: ClassVar[Lever] = Lever.CONTRACT
    absent_is_none: ClassVar[bool] = True
    maximum: int

    def condition(self, setting: Setting) -> Condition:
        within = Compare(Field(self.field), "<=", Const(self.maximum))
        return Or((Not(Known(Field(self.field))), within)) if self.absent_is_none else within

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self.field, Relation.AT_MOST, self.maximum),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change(self.field, Action.LOWER, self.maximum, self.lever),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.maximum <= other.maximum


@dataclass(frozen=True)
class Flag(Check):
    """A flag of the contract is yes (or no, where `wanted` says so)."""

    field: ClassVar[str]
    wanted: ClassVar[bool] = True
    lever: ClassVar[Lever] = Lever.CONTRACT

    def condition(self, setting: Setting) -> Condition:
        return IsTrue(Field(self.field)) if self.wanted else Not(IsTrue(Field(self.field)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self.field, Relation.YES if self.wanted else Relation.NO),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change(self.field, Action.SET, self.wanted, self.lever),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return True


@dataclass(frozen=True)
class CodeOneOf(Check):
    """A code of the contract is one of those accepted; the first one listed is the remedy."""

    field: ClassVar[str]
    lever: ClassVar[Lever] = Lever.CONTRACT
    one_of: tuple[str, ...]

    def condition(self, setting: Setting) -> Condition:
        return InSet(Field(self.field), frozenset(self.one_of))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self.field, Relation.ONE_OF, self.one_of),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change(self.field, Action.SET, self.one_of[0], self.lever),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return set(self.one_of) <= set(other.one_of)

    def faults(self) -> tuple[str, ...]:
        return () if self.one_of else ("one_of is empty",)


@dataclass(frozen=True)
class SetIncludes(Check):
    """A set of the contract holds all of `all_of`, and at least one of `any_of` when that is given."""

    field: ClassVar[str]
    lever: ClassVar[Lever] = Lever.CONTRACT
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()

    def condition(self, setting: Setting) -> Condition:
        parts: list[Condition] = [Overlaps(Field(self.field), frozenset({code})) for code in self.all_of]
        if self.any_of:
            parts.append(Overlaps(Field(self.field), frozenset(self.any_of)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def asks(self) -> tuple[Ask, ...]:
        both = ((Relation.ALL_OF, self.all_of), (Relation.ANY_OF, self.any_of))
        return tuple(Ask(self.field, relation, codes) for relation, codes in both if codes)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        held = getattr(facts, self.field) or frozenset()
        missing = set(self.all_of) - held
        if self.any_of and not held & set(self.any_of):
            missing.add(self.any_of[0])
        return (Change(self.field, Action.ADD, frozenset(missing), self.lever),) if missing else ()

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        any_met = not other.any_of or bool(set(self.all_of) & set(other.any_of))
        any_met = any_met or (bool(self.any_of) and set(self.any_of) <= set(other.any_of))
        return set(self.all_of) >= set(other.all_of) and any_met

    def faults(self) -> tuple[str, ...]:
        return () if self.all_of or self.any_of else ("all_of and any_of are both empty",)


@dataclass(frozen=True)
class SetExcludes(Check):
    """A set of the contract holds none of the codes."""

    field: ClassVar[str]
    none_of: tuple[str, ...]

    def condition(self, setting: Setting) -> Condition:
        return Not(Overlaps(Field(self.field), frozenset(self.none_of)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self.field, Relation.NONE_OF, self.none_of),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change(self.field, Action.DROP, frozenset(self.none_of)),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return set(self.none_of) >= set(other.none_of)

    def faults(self) -> tuple[str, ...]:
        return () if self.none_of else ("none_of is empty",)


@dataclass(frozen=True)
class SetWithin(Check):
    """Every code of a set of the contract is one of those allowed."""

    field: ClassVar[str]
    allowed: tuple[str, ...]

    def condition(self, setting: Setting) -> Condition:
        return Within(Field(self.field), frozenset(self.allowed))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self.field, Relation.WITHIN, self.allowed),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        held = getattr(facts, self.field) or frozenset()
        return (Change(self.field, Action.DROP, held - set(self.allowed)),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return set(self.allowed) <= set(other.allowed)
