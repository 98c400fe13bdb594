"""A registry on a real database with keys of its own, a seller, and contracts of made-up persons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from polisbridge.adapters.database.registry import SqlRegistries
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.registry import Identity, IdentityDocument, Insurer
from polisbridge.core.statusbook import Note
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.registryfile import product_terms
from polisbridge.formats.tree import read_tree
from polisbridge.services.registry.organisations import keep
from polisbridge.services.registry.ports import Registry

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = date(2026, 6, 1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
RING = KeyRing({"seal-1.key": bytes(range(32))}, bytes(32))
BOOK = read_law(read_folder(shipped_law()))
VOCABULARY = BOOK.vocabulary

CONTRACT = b"""
number: T-1
kind: voluntary
home_state: UZ
period: {from: 2026-01-01, to: 2026-12-31}
insured:
  - {id: worker, role: worker, name: B. R., born: 1990-05-05, citizenship: [UZ], facts: {worker_class: employee}}
  - {id: spouse, role: spouse, name: D. R., born: 1992-03-01, citizenship: [UZ], period: {from: 2026-03-01}}
  - {id: child, role: child, name: M. R., born: 2020-08-08, citizenship: [UZ]}
insurer: {state: UZ, licensed_in: [UZ]}
territory: [RU, KZ]
sum_insured: {amount: "30000.00", currency: EUR, per: person}
premium: {amount: "120.50", currency: EUR, paid: true}
waiting_days: none
benefits:
  - {benefit: emergency_care, limit: {amount: "10000", currency: EUR, per: event}}
exclusions: [dental]
"""

TREE_TERMS = product_terms(read_tree(CONTRACT, "contract").tree)


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def note(seconds: float = 0, why: str = "registered") -> Note:
    return Note("clerk 4", later(seconds), why)


def registries(engine: Engine) -> SqlRegistries:
    return SqlRegistries(engine, RING)


def seller(registry: Registry, code: str = "insurer of tests") -> int:
    return keep(registry, code, Insurer("UZ", {"en": code}), Period(), note())


def contract(number: str) -> Contract:
    return replace(read_contract(read_tree(CONTRACT, "contract"), VOCABULARY), number=number)


def group(number: str, persons: int) -> Contract:
    """Return a contract of so many workers."""
    insured = tuple(
        Insured(f"w{one}", Role.WORKER, f"W. {one}", date(1980, 1, 1) + timedelta(days=one), frozenset({"UZ"}))
        for one in range(persons)
    )
    return replace(contract(number), insured=insured)


def passports(contract: Contract, series: str = "AA") -> Mapping[str, Identity]:
    """Return identities with documents for all persons of a contract; the same series is the same documents."""
    return {
        one.id: Identity(f"PERSON {number}", born=one.born, document=IdentityDocument("UZ", f"{series}{number:07d}"))
        for number, one in enumerate(contract.insured)
    }
