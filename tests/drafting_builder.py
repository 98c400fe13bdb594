"""Drafts of law on a real database: two officials of Russia, one of Belarus, and a change of the minimum sum to try."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from registry_builder import RING
from sqlalchemy import Engine

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.drafts import SqlDrafts
from polisbridge.adapters.drafting_trust import NodeTrust
from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.adapters.law_cache import cached_law
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.services.drafting.drafts import Official
from polisbridge.services.drafting.lawfiles import change_of
from polisbridge.services.drafting.ports import Drafting

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SUM = "ru.directive_3793_u.sum_insured"
TWICE = {"amount": "200000", "currency": "RUB", "per": "person", "rate_day": "assessed"}
QUESTION = "ru.directive_3793_u.sum_since_2021"


@cache
def law() -> tuple[Mapping[str, bytes], LawBook]:
    files = read_folder(shipped_law())
    return files, cached_law(files)


def doubled(first: str = "2027-01-01", asked: Mapping[str, Any] | None = None, **other: Any) -> dict[str, Any]:
    """Return the change that doubles the minimum sum of a Russian patent."""
    return {
        "do": "change",
        "first": first,
        "provision": SUM,
        "with": TWICE if asked is None else asked,
        "title": {"en": "The sum insured is at least RUB 200,000", "ru": "Страховая сумма не менее 200 000 рублей"},
        "citation": {
            "act": {"en": "Directive No. 7000-U of 2026-11-20", "ru": "Указание № 7000-У от 20.11.2026"},
            "url": "https://cbr.example/7000",
            "evidence": "primary",
            "checked": "2026-11-22",
        },
        **other,
    }


def change(**other: Any) -> tuple[Any, dict[str, Any]]:
    """Return the change as values, and as it is kept."""
    tree = doubled(**other)
    return change_of(tree), tree


def official(account: int, state: str = "RU", role: ActorRole = ActorRole.AUTHORITY, now: datetime = NOON) -> Official:
    return Official(account, Actor(role, f"official {account}", account, state), now)


FIRST, SECOND, OF_BELARUS = official(1), official(2), official(3, "BY")


def drafting(engine: Engine, folder: Path) -> Drafting:
    return Drafting(
        drafts=SqlDrafts(engine, RING),
        base=lambda: law()[0],
        law_of=cached_law,
        rates=Rates(),
        matrix=shipped_access(),
        signer=NodeTrust(folder),
    )
