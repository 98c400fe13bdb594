"""Drafts of what an authority wants to change, as values: who wrote them, how far they came, and what was published.

A draft goes from open to proposed to published; another official than those who wrote it publishes it. Whoever wrote it
may take it back, the other may send it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from polisbridge.core.law import Text


class DraftKind(StrEnum):
    """What a draft changes: the law, or which insurers a state admits."""

    LAW = "law"
    ADMISSION = "admission"


class DraftStatus(StrEnum):
    """How far a draft came."""

    OPEN = "open"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class DraftAct(StrEnum):
    """What somebody did with a draft."""

    OPENED = "opened"
    CHANGED = "changed"
    PROPOSED = "proposed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"


LIVE = frozenset({DraftStatus.OPEN, DraftStatus.PROPOSED})  # still to be decided
WROTE = frozenset({DraftAct.OPENED, DraftAct.CHANGED, DraftAct.PROPOSED})  # who did one of these may not publish

_NEXT: Mapping[DraftAct, tuple[frozenset[DraftStatus], DraftStatus]] = {
    DraftAct.CHANGED: (frozenset({DraftStatus.OPEN}), DraftStatus.OPEN),
    DraftAct.PROPOSED: (frozenset({DraftStatus.OPEN}), DraftStatus.PROPOSED),
    DraftAct.RETURNED: (frozenset({DraftStatus.PROPOSED}), DraftStatus.OPEN),
    DraftAct.WITHDRAWN: (LIVE, DraftStatus.WITHDRAWN),
    DraftAct.PUBLISHED: (frozenset({DraftStatus.PROPOSED}), DraftStatus.PUBLISHED),
}


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One thing that was done with a draft: when, by which account, and why."""

    at: datetime
    account: int
    who: str
    act: DraftAct
    why: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is not law yet. `subject` is what it changes, such as the id of a provision.

    `change` is what the form said, as plain data; `version` rises with every step, so that nobody decides on a draft
    that changed meanwhile.
    """

    id: int
    kind: DraftKind
    state: str
    subject: str
    title: Text
    change: Mapping[str, object]
    status: DraftStatus
    version: int
    steps: tuple[DraftStep, ...] = ()

    def writers(self) -> frozenset[int]:
        """Return the accounts that wrote the draft or proposed it."""
        return frozenset(one.account for one in self.steps if one.act in WROTE)

    def after(self, act: DraftAct) -> DraftStatus | None:
        """Return the status after an act, None when it cannot be done as the draft stands.

        >>> from polisbridge.core.drafting import Draft
        >>> one = Draft(1, DraftKind.LAW, "RU", "ru.x", {}, {}, DraftStatus.OPEN, 1)
        >>> one.after(DraftAct.PUBLISHED), one.after(DraftAct.PROPOSED)
        (None, <DraftStatus.PROPOSED: 'proposed'>)
        """
        before, then = _NEXT.get(act, (frozenset(), DraftStatus.OPEN))
        return then if self.status in before else None


@dataclass(frozen=True, slots=True)
class Release:
    """Law that was published at a node: `version` rises by one for its state.

    `files` are the law files that it brought, whole, by name; `before` and `after` the hashes of the law in use.
    """

    id: int
    state: str
    version: int
    draft: int
    at: datetime
    who: str
    before: str
    after: str
    files: Mapping[str, bytes] = field(default_factory=dict)
