"""Accounts opened, given a new password or second factor, and closed."""

from dataclasses import dataclass

from polisbridge.core.accounts import Account, NewAccount, PasswordFault, normal_login, normal_password, password_faults
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.people.ports import AccountBook, People

RECOVERY_CODES = 10
_GROUP, _GROUPS = 4, 4  # letters of a recovery code: 16 of 32, 80 bits


class BadPassword(PolisbridgeError):
    """A new password that may not be taken, with everything that is wrong with it."""

    def __init__(self, faults: list[PasswordFault]) -> None:
        super().__init__(ErrorCode.BAD_INPUT, ", ".join(faults), hint="12 to 200 characters, no common word")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """A new second factor, to be shown once: the secret, its otpauth address, and the recovery codes."""

    secret: str
    address: str
    recovery: tuple[str, ...]


def open_account(
    people: People, new: NewAccount, password: str, *, factor: bool = True
) -> tuple[int, TotpSecret | None]:
    """Open an account; return its number, and its second factor where its role must have one.

    Without `factor` the holder sets it up after signing in for the first time, and can do nothing else before. Raises PolisbridgeError for a login that cannot be one or is taken, and BadPassword.
    """
    login = normal_login(new.login)
    if login is None:
        hint = "3 to 64 of a-z, 0-9, . _ @ -"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "this cannot be a login", hint=hint)
    hashed = _hashed(people, password, login)
    with people.accounts.change() as book:
        number = book.add(NewAccount(login, new.role, new.state, new.thing), hashed)
        must = factor and people.matrix.roles[new.role].second_factor
        return number, _new_factor(people, book, number, login) if must else None


def reset(people: People, login: str, password: str, *, factor: bool = True) -> TotpSecret | None:
    """Give an account a new password and, where its role must have one, a new second factor; end its sessions.

    Without `factor` the old one is taken away, and the holder sets up the new one.
    """
    with people.accounts.change() as book:
        account = _found(book, login)
        book.set_password(account.id, _hashed(people, password, account.login))
        book.end_all(account.id)
        if factor and people.matrix.roles[account.role].second_factor:
            return _new_factor(people, book, account.id, account.login)
        book.set_second_factor(account.id, None, [])
        return None


def close(people: People, login: str) -> None:
    """Close an account for ever, and end its sessions. Raises PolisbridgeError when there is none of that login."""
    with people.accounts.change() as book:
        account = _found(book, login)
        book.close(account.id)
        book.end_all(account.id)


def set_password(people: People, account: Account, password: str) -> None:
    """Give an account a new password, and end all its sessions. Raises BadPassword."""
    hashed = _hashed(people, password, account.login)
    with people.accounts.change() as book:
        book.set_password(account.id, hashed)
        book.end_all(account.id)


def recovery_hash(people: People, account: int, code: str) -> bytes:
    """Return what a recovery code is known by: spaces, dashes and case make no difference."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return people.sealer.hashed(f"{account}\0{plain}", "recovery")


def use_of_secret(account: int) -> str:
    """Return what the second factor of an account is sealed for."""
    return f"Account.{account}"


def _found(book: AccountBook, login: str) -> Account:
    account = book.find(normal_login(login) or "")
    if account is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no account of that login", hint="polisbridge node account list")
    return account


def _hashed(people: People, password: str, login: str) -> str:
    faults = password_faults(password, login)
    if faults:
        raise BadPassword(faults)
    return people.passwords.hash(normal_password(password))


def keep_factor(people: People, book: AccountBook, account: int, secret: str) -> tuple[str, ...]:
    """Keep a second factor sealed, with new recovery codes as hashes; return the codes."""
    codes = tuple(_recovery_code(people) for _ in range(RECOVERY_CODES))
    sealed = people.sealer.seal(secret.encode(), use_of_secret(account))
    book.set_second_factor(account, sealed, [recovery_hash(people, account, code) for code in codes])
    return codes


def _new_factor(people: People, book: AccountBook, account: int, login: str) -> TotpSecret:
    secret = people.second_factors.new()
    codes = keep_factor(people, book, account, secret)
    return TotpSecret(secret, people.second_factors.address(secret, login), codes)


def _recovery_code(people: People) -> str:
    letters = people.second_factors.new()[: _GROUP * _GROUPS]
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
