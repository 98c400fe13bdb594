"""Scenarios: a treaty that is not in force, supposed to be among chosen states. Never law, and said so."""

from collections.abc import Iterable
from dataclasses import replace

from polisbridge.core.codes import Evidence
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import InForce, LawBook, Party, Treaty


def supposed_treaty(treaty: Treaty, states: Iterable[str]) -> Treaty:
    """Return the treaty as if in force on every day: among the states, or those it lists when none are given."""
    parties = tuple(Party(state, InForce(), Evidence.SECONDARY) for state in sorted(set(states)))
    return replace(treaty, status="in_force", parties=parties or treaty.parties)


def suppose_treaties(book: LawBook, wanted: tuple[str, ...]) -> tuple[LawBook, tuple[str, ...]]:
    """Return the book with treaties supposed in force, and what was supposed, in a fixed form.

    Each is written `treaty` or `treaty:RU,UZ`. Raises PolisbridgeError for a treaty that the book does not
    hold, and for one that would bind nobody.
    """
    jurisdictions, supposed = dict(book.jurisdictions), []
    for one in wanted:
        name, _, listed = one.partition(":")
        states = sorted({state.strip() for state in listed.split(",") if state.strip()})
        full = name if name in jurisdictions else f"treaties.{name}"
        found = jurisdictions.get(full)
        if found is None or found.treaty is None:
            known = ", ".join(sorted(key for key, held in jurisdictions.items() if held.treaty))
            raise PolisbridgeError(ErrorCode.UNKNOWN_TREATY, name, hint=f"the law holds {known}")
        treaty = supposed_treaty(found.treaty, states)
        if len(treaty.parties) < 2:  # noqa: PLR2004 - a treaty binds two states at least
            raise PolisbridgeError(ErrorCode.UNKNOWN_TREATY, one, hint=f"name its parties, such as {name}:RU,UZ")
        jurisdictions[full] = replace(found, treaty=treaty)
        supposed.append(f"{full}:{','.join(states)}" if states else full)
    return replace(book, jurisdictions=jurisdictions), tuple(sorted(supposed))
