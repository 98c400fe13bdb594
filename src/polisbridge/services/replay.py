"""Replay: a saved decision is made again from its own facts, rates and day, and compared byte for byte."""

from dataclasses import dataclass, replace
from typing import Any

from polisbridge.core.law import LawBook
from polisbridge.formats.decisionfile import Saved, to_text, write_decision
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_facts
from polisbridge.services.suppose import suppose_treaties


@dataclass(frozen=True, slots=True)
class Replay:
    """What replaying one decision gave: whether the text is identical, and whether the law is another."""

    identical: bool
    law_changed: bool
    saved_hash: str
    before: str
    after: str


def replay_decision(book: LawBook, saved: Saved, written: dict[str, Any]) -> Replay:
    """Return how the decision reads now; `written` is the saved one as plain JSON values."""
    supposing, supposed = suppose_treaties(book, saved.supposed)
    found = assess_facts(
        AppliedLaws(supposing, saved.rates), saved.facts, saved.gate, saved.as_of, saved.person, saved.assumed
    )
    found = replace(found, supposed=supposed)
    again = write_decision(book.hash, found)
    return Replay(
        identical=to_text(again) == to_text(written),
        law_changed=book.hash != saved.law_hash,
        saved_hash=saved.law_hash,
        before=str(written.get("verdict")),
        after=found.decision.verdict.value,
    )
