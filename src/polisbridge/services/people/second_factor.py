"""A second factor that its holder sets up: offered, confirmed by a code of it, and only then kept.

An offer is kept nowhere: it goes out sealed for its account and comes back with the code, to whichever process.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta

from polisbridge.core.accounts import Account
from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.roles import AccessMatrix
from polisbridge.services.people.accounts import keep_factor
from polisbridge.services.people.ports import People

LASTS = timedelta(minutes=30)  # from offer to confirmation


@dataclass(frozen=True, slots=True)
class FactorOffer:
    """A second factor to set up: its secret, its otpauth address, and `sealed`, what is sent back with a code."""

    secret: str
    address: str
    sealed: str


def wanted(matrix: AccessMatrix, account: Account) -> bool:
    """Say whether the account's role must have a second factor and the account has none yet."""
    must = matrix.roles[account.role].second_factor
    return must and not account.second_factor and not account.elsewhere


def offer(people: People, account: Account, now: datetime, sealed: str = "") -> FactorOffer:
    """Return a second factor to set up: the one that `sealed` is of while it is good, else a new one."""
    secret = _opened(people, account, sealed, now)
    if secret is None:
        secret = people.second_factors.new()
        plain = f"{int(now.timestamp())} {secret}".encode()
        sealed = urlsafe_b64encode(people.sealer.seal(plain, _use(account))).decode()
    return FactorOffer(secret, people.second_factors.address(secret, account.login), sealed)


def confirm(people: People, account: Account, sealed: str, code: str, now: datetime) -> tuple[str, ...] | None:
    """Keep the second factor offered, in place of any before; return its recovery codes, and end all sessions.

    None, and nothing is kept, when the code is not of it, or the offer is too old or not for this account.
    """
    secret = _opened(people, account, sealed, now)
    step = people.second_factors.step(secret, "".join(code.split()), now) if secret else None
    if secret is None or step is None:
        return None
    with people.accounts.change() as book:
        codes = keep_factor(people, book, account.id, secret)
        if not book.succeeded(account.id, step):
            return None
        book.end_all(account.id)
        return codes


def _opened(people: People, account: Account, sealed: str, now: datetime) -> str | None:
    try:
        plain = people.sealer.open(urlsafe_b64decode(sealed.encode()), _use(account)).decode()
    except (PolisbridgeError, NotBase64, ValueError):
        return None
    made, secret = plain.split(" ")
    return secret if int(made) <= now.timestamp() <= int(made) + LASTS.total_seconds() else None


def _use(account: Account) -> str:
    return f"Account.{account.id}.offer"
