"""A decision as one would say it to a person: yes, not yet and how many things are missing, no, or nobody knows."""

from datetime import date

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Verdict
from polisbridge.core.days import day_of
from polisbridge.core.remedy import Lever
from polisbridge.words import Words


def plain_words(found: Assessment, words: Words) -> str:
    """Return the answer in one or two short sentences."""
    decision = found.decision
    match decision.verdict:
        case Verdict.NOT_RECOGNISED:
            return _no(found, words)
        case Verdict.UNDETERMINED if not decision.law_known:
            return words("plain.no_law")
        case Verdict.UNDETERMINED:
            return words("plain.facts_missing" if decision.needs else "plain.law_unclear")
    return words(f"plain.{decision.verdict.value}")


def _no(found: Assessment, words: Words) -> str:
    """Return a no: how far it is from a yes, as far as a change of the contract reaches."""
    if found.top_up is None:
        return words("plain.not_recognised")
    if any(change.lever is Lever.ISSUER for change in found.top_up.changes):
        return words("plain.another_contract")
    if not found.top_up.complete:
        return words("plain.changes_not_enough")
    return words.plural("plain.not_yet", len(found.top_up.changes))


def by_when(found: Assessment, words: Words, today: date) -> str:
    """Return by when what is missing has to be there: the first day of the stay, and the days left until then."""
    first = found.facts.stay_first
    if not isinstance(first, int):
        return words("plain.by_when.before_asked")
    days = (day_of(first) - today).days
    if days <= 0:
        return words("plain.by_when.now")
    return f"{words('plain.by_when', day=words.day(first))} {words.plural('plain.days_left', days)}"


def covered_until(found: Assessment, words: Words) -> str:
    """Return the last day of the contract for this person; empty when it is not stated."""
    last = found.facts.last_day
    return words("plain.covered_until", day=words.day(last)) if isinstance(last, int) else ""
