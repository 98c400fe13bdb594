"""What officials of an authority do with drafts of law: write, propose, send back, take back, approve and publish.

Everything is checked when it is written and again when it is published, against the law as it stands then. Whoever wrote
a draft never publishes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from polisbridge.core.drafting import Draft, DraftAct, DraftKind, DraftStatus, DraftStep, Release
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.roles import AccessAction, AccessSubject, Actor
from polisbridge.formats.draftfile import ChangeFile
from polisbridge.formats.lawarchive import content_hash, read_archive, write_archive
from polisbridge.formats.lawfile import law_hash
from polisbridge.services.access import require
from polisbridge.services.drafting.lawfiles import DraftedLaw, change_of, drafted_law, subject_of
from polisbridge.services.drafting.ports import DraftBook, Drafting, NewDraft, Signed
from polisbridge.services.trust.stage import LAW, law_of

MOST_WHY = 500  # characters of a reason


@dataclass(frozen=True, slots=True)
class Official:
    """Who acts: the account with its actor, and when."""

    account: int
    actor: Actor
    now: datetime

    def step(self, act: DraftAct, why: str = "") -> DraftStep:
        """Return what this official does as a step."""
        return DraftStep(self.now, self.account, self.actor.name, act, why.strip()[:MOST_WHY])


class OwnDraft(PolisbridgeError):
    """Somebody wanted to publish what they wrote themselves."""

    def __init__(self, number: int) -> None:
        super().__init__(ErrorCode.BAD_INPUT, f"draft {number} is one's own", hint="another official approves it")


def may(drafting: Drafting, one: Official, action: AccessAction) -> None:
    """Raise AccessRefused unless the official may do this with the law or insurers of their own state."""
    require(drafting.matrix, one.actor, action, AccessSubject(one.actor.state))


def drafts_of(drafting: Drafting, one: Official, kind: DraftKind = DraftKind.LAW) -> Sequence[Draft]:
    """Return the drafts of the official's own state, the newest first."""
    may(drafting, one, _ACTION[kind])
    with drafting.drafts.read() as book:
        return book.of(one.actor.state, kind)


def draft_of(drafting: Drafting, one: Official, number: int) -> Draft:
    """Return a draft. Raises PolisbridgeError `not_found` when there is none, or it is another state's."""
    with drafting.drafts.read() as book:
        return _own(drafting, one, book.find(number), number)


def releases_of(drafting: Drafting, one: Official) -> Sequence[Release]:
    """Return what was published of the official's own state, the newest first."""
    may(drafting, one, AccessAction.DRAFT_LAW)
    with drafting.drafts.read() as book:
        return book.releases(one.actor.state)


class Standing(StrEnum):
    """How far a state's law in use came in the trust repository."""

    NO_REPOSITORY = "no_repository"
    NOT_THERE = "not_there"
    STAGED = "staged"
    PUBLIC = "public"


def law_standing(drafting: Drafting, one: Official) -> Standing:
    """Return how far the state's law in use came in the trust repository of the node."""
    state = one.actor.state
    with drafting.drafts.read() as book:
        files = in_use(drafting, book)
    wanted = content_hash(own_files(drafting.law_of(files), files, state))
    found = drafting.signer.current(state, LAW)
    if found is None:
        return Standing.NO_REPOSITORY
    if read_archive(found, LAW, state).hash != wanted:
        return Standing.NOT_THERE
    public = drafting.signer.public(state, LAW)
    is_public = public is not None and read_archive(public, LAW, state).hash == wanted
    return Standing.PUBLIC if is_public else Standing.STAGED


def checked(drafting: Drafting, one: Official, change: ChangeFile) -> DraftedLaw:
    """Return the law as a change would make it today. Raises InputFaults with every fault; nothing is kept."""
    may(drafting, one, AccessAction.DRAFT_LAW)
    with drafting.drafts.read() as book:
        return _made(drafting, book, one, change)


def open_draft(drafting: Drafting, one: Official, change: ChangeFile, tree: Mapping[str, object]) -> int:
    """Keep a new draft of a change; return its number.

    Raises InputFaults with every fault, or PolisbridgeError `already_there` while another draft of the same lives.
    """
    may(drafting, one, AccessAction.DRAFT_LAW)
    with drafting.drafts.change() as book:
        made = _made(drafting, book, one, change)
        new = NewDraft(DraftKind.LAW, one.actor.state, subject_of(change), _title(made, change), tree)
        return book.open(new, one.step(DraftAct.OPENED))


def change_draft(
    drafting: Drafting, one: Official, number: int, version: int, change: ChangeFile, tree: Mapping[str, object]
) -> None:
    """Keep a draft changed. Raises InputFaults, or PolisbridgeError `changed_meanwhile`."""
    with drafting.drafts.change() as book:
        seen = _seen(drafting, one, book.find(number), number, version)
        made = _made(drafting, book, one, change)
        book.step(seen, one.step(DraftAct.CHANGED), title=_title(made, change), change=tree)


def move(drafting: Drafting, one: Official, number: int, version: int, act: DraftAct, why: str = "") -> None:
    """Propose a draft, send it back, or take it back. Raises PolisbridgeError `changed_meanwhile`."""
    if act not in (DraftAct.PROPOSED, DraftAct.RETURNED, DraftAct.WITHDRAWN):
        raise ValueError(act)
    with drafting.drafts.change() as book:
        seen = _seen(drafting, one, book.find(number), number, version)
        if act is DraftAct.PROPOSED and seen.kind is DraftKind.LAW:
            _made(drafting, book, one, change_of(seen.change))
        book.step(seen, one.step(act, why))


def previewed(drafting: Drafting, one: Official, seen: Draft) -> tuple[DraftedLaw, LawBook, Mapping[str, bytes]]:
    """Return the law as the draft would make it today, and the law in use with its files.

    Raises InputFaults when the draft no longer fits the law in use.
    """
    with drafting.drafts.read() as book:
        files = in_use(drafting, book)
    before = drafting.law_of(files)
    made = drafted_law(files, before, one.actor.state, change_of(seen.change), one.now, drafting.rates)
    return made, before, files


def publish_law(drafting: Drafting, one: Official, number: int, version: int) -> tuple[Release, Signed | None]:
    """Approve a draft that another official wrote: its files become the law in use, and go to the trust repository.

    Raises OwnDraft when the official wrote it, InputFaults when it no longer fits the law in use.
    """
    may(drafting, one, AccessAction.PUBLISH_LAW)
    with drafting.drafts.change() as book:
        book.hold_law()
        seen = _seen(drafting, one, book.find(number), number, version)
        refuse_own(one, seen)
        files = in_use(drafting, book)
        before = drafting.law_of(files)
        made = drafted_law(files, before, seen.state, change_of(seen.change), one.now, drafting.rates)
        step = one.step(DraftAct.PUBLISHED)
        book.step(seen, step)
        changed = {name: made.files[name] for name in made.changed}
        release = book.release(seen, step, changed, law_hash(files), law_hash(made.files))
    drafting.changed()
    return release, sign_law(drafting, seen.state, release.version, one.now)


def sign_law(drafting: Drafting, state: str, version: int, now: datetime) -> Signed | None:
    """Stage the state's law in use in the trust repository of the node, signed as far as keys are here."""
    return drafting.signer.put(state, {LAW: law_bundle(drafting, state, version)}, now)


def law_bundle(drafting: Drafting, state: str, version: int) -> bytes:
    """Return the archive of a state's law in use, its version at least this and above what the repository has."""
    with drafting.drafts.read() as book:
        files = in_use(drafting, book)
    own = own_files(drafting.law_of(files), files, state)
    return write_archive(own, max(version, _next_version(drafting, state, own)))


def own_files(book: LawBook, files: Mapping[str, bytes], state: str) -> dict[str, bytes]:
    """Return the law files of one state."""
    folders = {one.id.replace(".", "/"): one.state for one in book.jurisdictions.values()}
    return law_of(state, files, folders)


def in_use(drafting: Drafting, book: DraftBook) -> dict[str, bytes]:
    """Return the files of the law in use: those that came with the node, with those published here in their place."""
    return {**drafting.base(), **book.published_files()}


def refuse_own(one: Official, seen: Draft) -> None:
    """Raise OwnDraft when the official wrote or proposed the draft."""
    if one.account in seen.writers():
        raise OwnDraft(seen.id)


def _next_version(drafting: Drafting, state: str, own: Mapping[str, bytes]) -> int:
    data = drafting.signer.current(state, LAW)
    if data is None:
        return 1
    before = read_archive(data, LAW, state)
    return before.version + (before.hash != content_hash(own))


_ACTION = {DraftKind.LAW: AccessAction.DRAFT_LAW, DraftKind.ADMISSION: AccessAction.ADMIT_INSURER}


def _made(drafting: Drafting, book: DraftBook, one: Official, change: ChangeFile) -> DraftedLaw:
    files = in_use(drafting, book)
    return drafted_law(files, drafting.law_of(files), one.actor.state, change, one.now, drafting.rates)


def _title(made: DraftedLaw, change: ChangeFile) -> Mapping[str, str]:
    """Return what a draft is called: the title of what is new, else of what ends."""
    found = made.book.get(made.new or made.old)
    return change.title or (found.title if found is not None else {})


def draft_seen(drafting: Drafting, one: Official, book: DraftBook, number: int, version: int) -> Draft:
    """Return a draft within a transaction, of which this version was seen. Raises `changed_meanwhile` for another."""
    return _seen(drafting, one, book.find(number), number, version)


def _own(drafting: Drafting, one: Official, found: Draft | None, number: int) -> Draft:
    """Return a draft of the official's own state. Raises PolisbridgeError `not_found` for any other."""
    may(drafting, one, _ACTION[found.kind if found is not None else DraftKind.LAW])
    if found is None or found.state != one.actor.state:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no draft {number}", hint="look at the list of drafts")
    return found


def _seen(drafting: Drafting, one: Official, found: Draft | None, number: int, version: int) -> Draft:
    """Return a draft of which this version was seen. Raises PolisbridgeError `changed_meanwhile` for another."""
    seen = _own(drafting, one, found, number)
    if seen.version != version or seen.status not in (DraftStatus.OPEN, DraftStatus.PROPOSED):
        detail = f"draft {number} is version {seen.version}, {seen.status.value}"
        raise PolisbridgeError(ErrorCode.CHANGED_MEANWHILE, detail, hint="look at it again")
    return seen
