"""Signing in with password and second factor; sessions that begin with a new token each time, and end.

What is wrong is never told apart: an unknown login costs the same hashing and gets the same answer as a wrong password,
a wrong code, and an account that is closed or waits.
"""

from datetime import datetime, timedelta

from polisbridge.core.accounts import LONGEST, Account, normal_login, normal_password
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.services.people.accounts import recovery_hash, use_of_secret
from polisbridge.services.people.ports import AccountBook, Kept, People

LASTS = timedelta(hours=8)
_DIGITS = 6


def sign_in(people: People, login: str, password: str, code: str, now: datetime, before: str = "") -> str | None:
    """Return the token of a new session, None when login, password and code do not fit together.

    `before` is the token that the browser had until now; that session ends, so that nobody can plant one.
    """
    with people.accounts.change() as book:
        kept = book.attempt(normal_login(login) or "", now)
    if not _is_password(people, kept.password_hash if kept else people.passwords.nobodys, password) or kept is None:
        return None
    with people.accounts.change() as book:
        if not _second_factor_fits(people, book, kept, code, now):
            return None
        return begin(people, book, kept.account.id, now, before)


def begin(people: People, book: AccountBook, account: int, now: datetime, before: str = "") -> str:
    """Begin a session in place of the one before, if there was one; return its token."""
    token = people.token()
    if before:
        book.end(_hash(people, before))
    book.begin(account, _hash(people, token), now, now + LASTS)
    return token


def check_password(people: People, account: Account, password: str, now: datetime) -> bool:
    """Say whether it is the account's password, asked before it is changed; wrong ones count as when signing in."""
    with people.accounts.change() as book:
        kept = book.attempt(account.login, now)
    if kept is None or not _is_password(people, kept.password_hash, password):
        return False
    with people.accounts.change() as book:
        return book.succeeded(account.id, None)


def account_of(people: People, token: str, now: datetime) -> tuple[Account, Actor] | None:
    """Return whose session it is and as whom they act, None when it is no session or has ended."""
    if not token:
        return None
    with people.accounts.change() as book:
        account = book.session(_hash(people, token), now)
        return (account, _actor(book, account)) if account else None


def sign_out(people: People, token: str, now: datetime, *, everywhere: bool = False) -> None:
    """End a session, or all sessions of its account."""
    with people.accounts.change() as book:
        account = book.session(_hash(people, token), now) if everywhere else None
        if account is not None:
            book.end_all(account.id)
        book.end(_hash(people, token))


def _is_password(people: People, kept: str, password: str) -> bool:
    """Say whether a password fits; one that is too long costs no more than another and never does."""
    fits = people.passwords.fits(kept, normal_password(password[: LONGEST + 1]))
    return fits and len(password) <= LONGEST


def _second_factor_fits(people: People, book: AccountBook, kept: Kept, code: str, now: datetime) -> bool:
    """Say whether the second factor fits, and note that it was used; an account without one needs none."""
    account, plain = kept.account.id, "".join(code.split())
    if not kept.secret:
        return book.succeeded(account, None)
    if len(plain) == _DIGITS:
        secret = people.sealer.open(kept.secret, use_of_secret(account)).decode()
        step = people.second_factors.step(secret, plain, now)
        return step is not None and book.succeeded(account, step)
    return book.use_recovery(account, recovery_hash(people, account, plain)) and book.succeeded(account, None)


def _actor(book: AccountBook, account: Account) -> Actor:
    is_worker = account.role is ActorRole.WORKER
    return Actor(
        role=account.role,
        name=account.login,
        account=account.id,
        state=account.state,
        organisation=None if is_worker else account.thing,
        person=account.thing if is_worker else None,
        helps=book.helped(account.id) if account.role is ActorRole.HELPER else frozenset(),
    )


def _hash(people: People, token: str) -> bytes:
    return people.sealer.hashed(token, "session")
