"""Whom a drafted change touches: every insured person of a portfolio decided by the law in use and by the drafted one.

The portfolio is of made-up persons, or of the contracts on record, whose reading is recorded for every person. Figures of
real persons that are small are withheld (`services.statistics`).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from polisbridge.core.drafting import Draft
from polisbridge.core.law import LawBook
from polisbridge.core.registry import Access
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.drafting.drafts import Official, previewed
from polisbridge.services.drafting.lawfiles import DraftedLaw
from polisbridge.services.drafting.ports import Drafting
from polisbridge.services.impact import Impact, Impacts, ScenarioTold, Supposed
from polisbridge.services.portfolio_make import PortfolioMakers, SyntheticOrder
from polisbridge.services.registry.portfolio import InsuredPersons, Occasions, portfolio_rows, scope_of

MADE_UP = 20_000  # rows of made-up persons
_SEED = 1
_STAY_DAYS = 90  # for which contracts on record are decided


@dataclass(frozen=True, slots=True)
class Effects:
    """What it takes to reckon an effect: an engine, what makes portfolios, the persons on record, an empty folder."""

    makers: Callable[[], PortfolioMakers]
    impacts: Callable[[], Impacts]
    insured: InsuredPersons
    folder: Callable[[], AbstractContextManager[Path]]


@dataclass(frozen=True, slots=True)
class Effect:
    """The impact of a draft, with the laws before and after it."""

    impact: Impact
    before: LawBook
    after: LawBook


def effect_on_made_up(drafting: Drafting, effects: Effects, one: Official, seen: Draft) -> Effect:
    """Return what a draft does to made-up persons on the day from which it bites."""
    made, before, _ = previewed(drafting, one, seen)
    day = _first(seen)
    with effects.folder() as folder:
        order = SyntheticOrder(MADE_UP, _SEED, day, day)
        effects.makers().generate(order, before.vocabulary, folder / "portfolio", _silent)
        return _effect(drafting, effects, seen, made, before, folder)


def effect_on_record(drafting: Drafting, effects: Effects, one: Official, seen: Draft) -> Effect:
    """Return what a draft does to the persons on record of the official's own state, on the day from which it bites.

    That their data were read is recorded for each of them first. Raises AccessRefused.
    """
    scope = scope_of(drafting.matrix, one.actor)
    made, before, _ = previewed(drafting, one, seen)
    touched = made.book.get(made.new or made.old)
    gates = tuple(sorted(touched.gates)) if touched is not None else ()
    asked = Occasions((seen.state,), gates, _first(seen), _STAY_DAYS)
    access = Access(one.now, one.actor.name, one.actor.role.value, "portfolio", "draft_effect")
    with effects.folder() as folder:
        rows = portfolio_rows(effects.insured, scope, asked, access, before.vocabulary)
        effects.makers().write(rows, folder / "portfolio", "registry", synthetic=False)
        return _effect(drafting, effects, seen, made, before, folder)


def _effect(
    drafting: Drafting, effects: Effects, seen: Draft, made: DraftedLaw, before: LawBook, folder: Path
) -> Effect:
    rates = drafting.rates
    begins, ends = (made.new,) if made.new else (), (made.old,) if made.old else ()
    told = ScenarioTold(f"draft-{seen.id}", seen.title, made.book.hash, begins, ends, (), ())
    replaces = {made.new: made.old} if made.new and made.old else {}
    after = Supposed(AppliedLaws(made.book, rates), told, replaces)
    found = effects.impacts().impact(
        folder / "portfolio", AppliedLaws(before, rates), after, folder / "impact", _silent
    )
    return Effect(found, before, made.book)


def _first(seen: Draft) -> date:
    return date.fromisoformat(str(seen.change["first"]))


def _silent(done: int, total: int) -> None:
    """Say nothing of how far it is."""
