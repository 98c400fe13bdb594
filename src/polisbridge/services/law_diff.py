"""What changes in the law between two days."""

from dataclasses import dataclass
from datetime import date, timedelta

from polisbridge.core.law import LawBook, Provision


@dataclass(frozen=True, slots=True)
class Change:
    """A provision that begins (`new`) or has ended, on its first day or the day after its last."""

    on: date
    new: bool
    provision: Provision


def law_diff(book: LawBook, before: date, after: date) -> tuple[Change, ...]:
    """Return what differs between the law of two days, in order of day and id.

    Provisions that begin and end within the span do not differ and are not listed.
    """
    changes = []
    for provision in book.provisions:
        then, now = provision.in_force.on(before), provision.in_force.on(after)
        if then != now:
            first, last = provision.in_force.first, provision.in_force.last
            on = first if now else last + timedelta(days=1) if last and last < after else first
            changes.append(Change(on or after, now, provision))
    return tuple(sorted(changes, key=lambda one: (one.on, one.provision.id)))
