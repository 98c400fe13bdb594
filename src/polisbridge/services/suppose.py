"""Scenarios: a treaty that is not in force, supposed to be. Never law, and every answer says so."""

from dataclasses import replace

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook


def suppose_treaties(book: LawBook, treaties: tuple[str, ...]) -> tuple[LawBook, tuple[str, ...]]:
    """Return the book with the treaties in force among all states they list, and their full ids.

    Raises PolisbridgeError for a treaty that the book does not hold.
    """
    jurisdictions, supposed = dict(book.jurisdictions), []
    for name in treaties:
        full = name if name in jurisdictions else f"treaties.{name}"
        found = jurisdictions.get(full)
        if found is None or found.treaty is None:
            known = ", ".join(sorted(one for one, held in jurisdictions.items() if held.treaty))
            raise PolisbridgeError(ErrorCode.UNKNOWN_TREATY, name, hint=f"the law holds {known}")
        jurisdictions[full] = replace(found, treaty=replace(found.treaty, status="in_force"))
        supposed.append(full)
    return replace(book, jurisdictions=jurisdictions), tuple(sorted(supposed))
