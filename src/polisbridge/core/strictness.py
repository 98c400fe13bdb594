"""How strict requirements are beside each other: the weakest that all imply, and the strictest of all.

The kinds compare their own parameters (`Check.as_strict_as`); where they see no order, the conditions
themselves are asked whether one implies the other.
"""

from collections.abc import Iterable
from dataclasses import replace

from polisbridge.core.checks import Check, Setting
from polisbridge.core.checks.base import SetExcludes, SetIncludes
from polisbridge.core.checks.covers_benefits import CoversBenefits
from polisbridge.core.condition import Condition
from polisbridge.core.exclusive import Demand, exclusive
from polisbridge.core.money import Rates


def implies(one: Condition, other: Condition) -> bool:
    """Say whether it is proven that whoever meets `one` meets `other`, every fact being known."""
    return exclusive([Demand(one), Demand(other, holds=False, or_unknown=True)])


def at_least_as_strict(one: Check, other: Check, setting: Setting) -> bool | None:
    """Say whether every contract that meets `one` meets `other`, of the same kind; None where it cannot be said.

    Two amounts are compared by the official rate between their own currencies, whatever other rates are missing.
    """
    if type(one) is not type(other):
        return False
    found = one.as_strict_as(other, setting)
    if found is None:
        setting = _between(one, other, setting)
        found = one.as_strict_as(other, setting)
    if found is not True and implies(one.condition(setting), other.condition(setting)):
        return True
    return found


def _between(one: Check, other: Check, setting: Setting) -> Setting:
    """Return the setting with the one official rate between the currencies of two amounts, where there is one."""
    currencies = [getattr(check, "currency", None) for check in (one, other)]
    if None in currencies or currencies[0] == currencies[1]:
        return setting
    conversion = setting.conversion(str(currencies[0]), str(currencies[1]))
    return replace(setting, rates=Rates((conversion.table,))) if conversion else setting


def parts_of(check: Check) -> tuple[Check, ...]:
    """Return what a requirement is the conjunction of, each part a requirement of the same kind; itself if of one.

    >>> [part.benefits for part in parts_of(CoversBenefits(("ambulance", "death")))]
    [('ambulance',), ('death',)]
    """
    found: list[Check] = [check]
    match check:
        case CoversBenefits(benefits=benefits) if len(benefits) > 1:
            found = [replace(check, benefits=(one,)) for one in benefits]
        case SetIncludes(all_of=all_of, any_of=any_of) if len(all_of) + bool(any_of) > 1:
            found = [replace(check, all_of=(one,), any_of=()) for one in all_of]
            found += [replace(check, all_of=())] if any_of else []
        case SetExcludes(none_of=none_of) if len(none_of) > 1:
            found = [replace(check, none_of=(one,)) for one in none_of]
    return tuple(found)


def strictest(checks: Iterable[Check], setting: Setting) -> tuple[Check, ...]:
    """Return those that no other one implies, each meaning once; several where they cannot be compared."""
    kept: list[Check] = []
    for check in dict.fromkeys(checks):
        if not any(at_least_as_strict(one, check, setting) for one in kept):
            kept = [one for one in kept if not at_least_as_strict(check, one, setting)]
            kept.append(check)
    return tuple(kept)


def asked_by_all(groups: Iterable[Iterable[Check]], setting: Setting) -> tuple[Check, ...]:
    """Return the strictest requirements of one kind that every group implies; empty when there are none.

    Every group is a state's requirements of that kind. The answer is made of what some group itself asks.
    """
    split = [tuple(part for check in group for part in parts_of(check)) for group in groups]
    every = [part for group in split for part in group]
    common = [part for part in every if all(_implied(part, group, setting) for group in split)]
    return strictest(common, setting)


def _implied(part: Check, group: Iterable[Check], setting: Setting) -> bool:
    return any(at_least_as_strict(one, part, setting) is True for one in group)
