"""Accounts as values: who signs in, how long wrong attempts make an account wait, which passwords and logins are good."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from polisbridge.core.roles import ActorRole

FREE_ATTEMPTS = 5  # wrong ones before an account waits
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
SHORTEST, LONGEST = 12, 200  # characters of a password; a longer one would only keep the machine busy
_FEWEST_LETTERS = 5  # different characters of a password
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")
_COMMON = (
    *("password", "passw0rd", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "letmein", "welcome", "administrator"),
    *("iloveyou", "football", "baseball", "superman", "princess", "sunshine", "dragon", "monkey", "trustno1"),
    *("changeme", "secret", "default", "polisbridge", "insurance", "1q2w3e4r5t", "1qaz2wsx", "abcdefghijkl"),
    *("пароль", "йцукен", "йцукенгшщзхъ", "фывапролджэ", "привет", "любовь", "наташа", "администратор", "страховка"),
)


class PasswordFault(StrEnum):
    """What is wrong with a new password."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    LIKE_LOGIN = "like_login"


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `thing` is the person (of a worker) or the organisation that it acts for, by number.

    `elsewhere` says that a provider of OpenID Connect vouches for it: it has no password and no second factor here.
    """

    id: int
    login: str
    role: ActorRole
    state: str
    thing: int | None
    second_factor: bool
    closed: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to open."""

    login: str
    role: ActorRole
    state: str = ""
    thing: int | None = None


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A machine's key: what it is called, in which role it acts for which organisation, and until when."""

    id: int
    name: str
    role: ActorRole
    state: str
    thing: int | None
    created: datetime
    ends: datetime
    closed: bool = False


def normal_login(written: str) -> str | None:
    """Return a login as it is kept: lower case, letters and digits of ASCII; None when it cannot be one.

    >>> normal_login(" Clerk.4@UZ "), normal_login("x' OR 1=1 --")
    ('clerk.4@uz', None)
    """
    login = written.strip().lower()
    return login if _LOGIN.fullmatch(login) else None


def normal_password(written: str) -> str:
    """Return a password as it is hashed: the same, however a keyboard composed its letters (NFKC)."""
    return unicodedata.normalize("NFKC", written)


def password_faults(written: str, login: str) -> list[PasswordFault]:
    """Return everything that is wrong with a new password; nothing when it may be taken."""
    password = normal_password(written)
    faults = []
    if len(password) < SHORTEST:
        faults.append(PasswordFault.TOO_SHORT)
    if len(password) > LONGEST:
        return [PasswordFault.TOO_LONG]
    if _is_common(password.lower()):
        faults.append(PasswordFault.COMMON)
    if login and login in password.lower():
        faults.append(PasswordFault.LIKE_LOGIN)
    return faults


def _is_common(password: str) -> bool:
    """Say whether a password is a common word, repeated or with figures around it, or nearly one character only."""
    words = password.strip("0123456789!@#$%^&*().,?_- ")
    repeated = any(words == (word * (len(words) // len(word) + 1))[: len(words)] for word in _COMMON)
    return not words or repeated or len(set(password)) < _FEWEST_LETTERS


def wait_after(failures: int) -> timedelta | None:
    """Return how long an account waits after so many wrong attempts in a row; None when it does not.

    >>> [str(wait_after(number)) for number in (4, 5, 6, 30)]
    ['None', '0:00:30', '0:01:00', '0:15:00']
    """
    if failures < FREE_ATTEMPTS:
        return None
    doublings = min(failures - FREE_ATTEMPTS, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
