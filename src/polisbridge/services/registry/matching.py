"""Names compared across scripts where the registry is used: one told at a desk with one on record, and two on record.

Graded by `core.names`, with every reason; nothing here makes two records one.
"""

from datetime import date

from polisbridge.core.names.match import Match, Person, match
from polisbridge.core.registry import Identity


def told_name(name: str, born: date, on_record: Identity, certificate: str = "") -> Match:
    """Return how surely a name told at a desk is that of the person on record.

    `certificate` is the number that named this very person, and counts like a document's; a contract's number does not.
    """
    told = Person(name, born=born, document=certificate)
    held = Person(on_record.name, on_record.original_name, born, document=certificate)
    return match(told, held)


def two_records(one: Identity, other: Identity) -> Match:
    """Return how surely two records mean one person."""
    return match(_person(one), _person(other))


def _person(known: Identity) -> Person:
    document = known.document
    number, state = (document.number, document.state) if document else ("", "")
    return Person(known.name, known.original_name, known.born, number, state)
