"""Accounts to try a node out with, one for each role: only at a node whose data are made up, for their password is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from polisbridge.core.accounts import Account, NewAccount
from polisbridge.core.registry import IdentityDocument
from polisbridge.core.roles import ActorRole
from polisbridge.core.statusbook import Note
from polisbridge.services.people.accounts import open_account, use_of_secret
from polisbridge.services.people.acting import ORGANISATIONS
from polisbridge.services.people.ports import AccountBook, People
from polisbridge.services.people.sessions import sign_in
from polisbridge.services.registry import persons
from polisbridge.services.registry.ports import Registry
from polisbridge.services.registry.seed import EMPLOYER

PASSWORD = "try it out 2026"  # noqa: S105 - of made-up accounts, shown to everybody
HOME, HOST = "UZ", "RU"  # of the sample family, and where it works
_WORKER = IdentityDocument(HOME, "FA1234567")  # samples/uzbek_home_contract.order.yaml


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try out: whose it is, of which state, and the name on record of the organisation it acts for."""

    login: str
    role: ActorRole
    state: str
    of: str = ""


ACCOUNTS = (
    DemoAccount("demo.worker", ActorRole.WORKER, HOME),
    DemoAccount("demo.helper", ActorRole.HELPER, HOME),
    DemoAccount("demo.insurer", ActorRole.INSURER_CLERK, HOME, f"{HOME}/Insurer in Uzbekistan (sample)"),
    DemoAccount("demo.employer", ActorRole.EMPLOYER, HOST, EMPLOYER),
    DemoAccount("demo.officer", ActorRole.VERIFIER, HOST),
    DemoAccount("demo.hospital", ActorRole.HOSPITAL_DESK, HOST, f"{HOST}/clinic (sample)"),
    DemoAccount("demo.authority", ActorRole.AUTHORITY, HOST),
    DemoAccount("demo.authority.2", ActorRole.AUTHORITY, HOST),  # who approves what the first one drafts
    DemoAccount("demo.authority.uz", ActorRole.AUTHORITY, HOME),
    DemoAccount("demo.committee", ActorRole.EXECUTIVE_COMMITTEE, ""),
    DemoAccount("demo.operator", ActorRole.NODE_OPERATOR, HOME),
    DemoAccount("demo.auditor", ActorRole.AUDITOR, HOME),
)
LOGINS = frozenset(one.login for one in ACCOUNTS)


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """An account to try out as it can be signed in to now. `code` is empty where none is needed."""

    account: Account
    code: str


def open_demo(people: People, note: Note) -> int:
    """Open the accounts that are not there yet; return how many. The sample worker names the helper."""
    things = _things(people)
    with people.accounts.change() as book:
        there = {one.login for one in book.accounts()}
    wanted = [one for one in ACCOUNTS if one.login not in there and one.login in things]
    for one in wanted:
        open_account(people, NewAccount(one.login, one.role, one.state, things[one.login]), PASSWORD)
    with people.accounts.change() as book:
        worker, helper = (book.find(login) for login in ("demo.worker", "demo.helper"))
        if wanted and worker and helper and worker.thing is not None:
            book.name_helper(worker.thing, helper.id, note.at)
    return len(wanted)


def demo_sign_ins(people: People, now: datetime) -> tuple[DemoSignIn, ...]:
    """Return the accounts to try out that are open, in the order of `ACCOUNTS`, each with its code of this moment."""
    with people.accounts.change() as book:
        found = (book.find(one.login) for one in ACCOUNTS)
        return tuple(DemoSignIn(one, _code(people, book, one, now)) for one in found if one and not one.closed)


def sign_in_demo(people: People, login: str, now: datetime, before: str = "") -> str | None:
    """Sign in to an account to try out, by its password and code as anybody would; None when that does not do.

    `before` is as with `sessions.sign_in`. A code counts once: for the next sign-in one waits up to half a minute.
    """
    if login not in LOGINS:
        return None
    with people.accounts.change() as book:
        account = book.find(login)
        code = _code(people, book, account, now) if account else ""
    return sign_in(people, login, PASSWORD, code, now, before)


def _code(people: People, book: AccountBook, account: Account, now: datetime) -> str:
    sealed, last = book.second_factor(account.id)
    if not sealed:
        return ""
    return people.second_factors.code(people.sealer.open(sealed, use_of_secret(account.id)).decode(), now, last)


def _things(people: People) -> dict[str, int | None]:
    """Return for whom the accounts act; without those whose person or organisation is not on record."""
    with people.registries.read() as registry:
        return dict(_found(registry))


def _found(registry: Registry) -> Iterator[tuple[str, int | None]]:
    for one in ACCOUNTS:
        if one.role is ActorRole.WORKER:
            thing = persons.find(registry, _WORKER)
        elif one.of:
            thing = registry.find(ORGANISATIONS[one.role], one.of)
        else:
            yield one.login, None
            continue
        if thing is not None:
            yield one.login, thing
