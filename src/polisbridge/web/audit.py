"""The auditor's page: who looked at persons, who changed what, who tried numbers. Not what the data say."""

from collections.abc import Sequence

from litestar import get
from litestar.response import Template

from polisbridge.core.roles import AccessAction, AccessSubject, ActorRole
from polisbridge.services.auditing import AuditKind, Change, Look, Try
from polisbridge.services.people.ports import People
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for, people_of
from polisbridge.web.view import page
from polisbridge.words import Words

PATH = "/audit"
MOST = 100
_LONGEST = 100  # characters of a name that is looked for


@get("/", sync_to_thread=True, opt={"action": AccessAction.AUDIT})
def record(request: PageRequest) -> Template:
    """Show one of the records of the node, newest first, in pieces; all of them, or what one account did."""
    people, words, asked = people_of(request), words_for(request), request.query_params
    actor_for(request, AccessAction.AUDIT, AccessSubject(people.state))
    show = asked.get("show", "")
    kind = AuditKind(show) if show in set(AuditKind) else AuditKind.LOOKS
    of = asked.get("of", "")
    of = of if of in people.audits.kinds() else "contract"
    who, before = asked.get("who", "").strip()[:_LONGEST].replace("\0", ""), _number(asked.get("before", ""))
    found = _found(people, kind, of, before, who)
    return page(
        request,
        "audit.html",
        keep=False,
        show=kind.value,
        kinds=[one.value for one in AuditKind],
        of=of,
        things=[(one, words(f"web.audit.thing.{one}")) for one in people.audits.kinds()],
        who=who,
        rows=[_row(one, people, words) for one in found[:MOST]],
        more=found[MOST - 1].number if len(found) > MOST else 0,
    )


def _found(people: People, kind: AuditKind, of: str, before: int, who: str) -> Sequence[Look | Change | Try]:
    match kind:
        case AuditKind.LOOKS:
            return people.audits.looks(before, MOST + 1, who)
        case AuditKind.CHANGES:
            return people.audits.changes(of, before, MOST + 1, who)
        case AuditKind.TRIES:
            return people.audits.tries(before, MOST + 1, who)


def _row(one: Look | Change | Try, people: People, words: Words) -> tuple[str, ...]:
    """Return when, who and what of an entry, in words."""
    match one:
        case Look():
            access, person = one.access, words("web.people.person", number=one.person)
            who = f"{access.who} ({_role(people, access.role, words)})"
            return (
                words.moment(access.at),
                who,
                f"{person}: {_coded(access.what, words)}",
                _coded(access.purpose, words),
            )
        case Change():
            thing = f"{words(f'web.audit.thing.{one.kind}')} {one.thing}"
            return (words.moment(one.at), one.who, thing, one.why)
        case Try():
            found = words("web.audit.found" if one.found else "web.audit.nobody")
            return (words.moment(one.at), f"{one.who} ({_role(people, one.role, words)})", found, "")


def _coded(said: str, words: Words) -> str:
    key = f"access_log.{said}"
    return words(key) if words.has(key) else said


def _role(people: People, role: str, words: Words) -> str:
    return words.text(people.matrix.roles[ActorRole(role)].title) if role in set(ActorRole) else role


def _number(written: str) -> int:
    """Return the number before which a piece begins; 0 for the newest, and for anything that is no number."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < len(str(2**63)) else 0
