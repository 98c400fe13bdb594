"""What the database says in the words of this program: codes of errors, never SQL, never a person's data."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout  # isort: skip

from polisbridge.core.errors import ErrorCode, PolisbridgeError

_REFUSED = {"23505", "23P01"}  # unique and exclusion constraints
_RACED = {"40001", "40P01", "55P03"}  # serialisation, deadlock, a lock that is not free
_FULL = {"53100": "its disk is full", "53300": "too many connections", "25006": "it can only be read"}
_AWAY = "08", "57", "53"  # classes: connection, operator's intervention, resources


@contextmanager
def told() -> Iterator[None]:
    """Raise what the database refuses or fails at as PolisbridgeError; mistakes in our SQL pass as they are."""
    try:
        yield
    except PoolTimeout as exc:
        raise PolisbridgeError(ErrorCode.NO_DATABASE, "all connections are busy", hint="try again soon") from exc
    except DBAPIError as exc:
        raise _error(exc) from exc


def _error(exc: DBAPIError) -> Exception:
    state = getattr(exc.orig, "sqlstate", None) or ""
    if state in _REFUSED:
        rule = getattr(getattr(exc.orig, "diag", None), "constraint_name", None) or "a rule of the database"
        return PolisbridgeError(ErrorCode.ALREADY_THERE, rule, hint="look up what is there, and change that")
    if state in _RACED:
        return PolisbridgeError(ErrorCode.CHANGED_MEANWHILE, "two changes at once", hint="look again, and try again")
    if exc.connection_invalidated or not state or state.startswith(_AWAY) or state in _FULL:
        detail = _FULL.get(state, "the database does not answer")
        return PolisbridgeError(ErrorCode.NO_DATABASE, detail, hint="try again; `polisbridge node doctor` tells more")
    return exc
