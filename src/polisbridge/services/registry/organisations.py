"""Authorities, insurers with licences and keys, employers, medical organisations, products: put on record, looked up."""

from datetime import date, datetime
from hashlib import sha256

from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Held, Licence, R, Record, RegisteredKey
from polisbridge.core.statusbook import Note
from polisbridge.services.registry.ports import NOBODY, Registry


def keep(registry: Registry, code: str, value: Record, valid: Period, note: Note, owner: int = NOBODY) -> int:
    """Record what holds of a thing on these days, new or changed; return its number.

    `code` names it among those of its kind and owner, for ever.
    """
    thing = registry.hold(type(value), code, owner)
    registry.put(thing, valid, value, note)
    return thing


def change(registry: Registry, seen: Held[R], value: R, valid: Period, note: Note) -> None:
    """Record what holds from now on of a thing that somebody saw as `seen` and changed.

    Raises PolisbridgeError (changed_meanwhile) when somebody else changed it since then.
    """
    registry.lock(seen.thing)
    latest = [one for one in registry.changes(type(value), seen.thing) if one.known_to is None]
    if seen.version not in [one.version for one in latest]:
        by = latest[-1].note.who if latest else "somebody"
        detail = f"{seen.code} was changed by {by}"
        raise PolisbridgeError(ErrorCode.CHANGED_MEANWHILE, detail, hint="look at it again, then change it")
    registry.put(seen.thing, valid, value, note)


def keep_key(registry: Registry, insurer: int, spki: bytes, valid: Period, note: Note) -> int:
    """Record an insurer's signing key with its days. Raises PolisbridgeError when it is another insurer's."""
    code = sha256(spki).hexdigest()
    thing = registry.hold(RegisteredKey, code)
    if any(one.value.insurer != insurer for one in registry.changes(RegisteredKey, thing)):
        raise PolisbridgeError(ErrorCode.ALREADY_THERE, f"key {code[:16]} of another insurer", hint="make a new key")
    registry.put(thing, valid, RegisteredKey(insurer, spki), note)
    return thing


def is_licensed(registry: Registry, insurer: int, state: str, line: str, *, on: date, at: datetime) -> bool:
    """Say whether the insurer had a licence for the line in the state on the day, as known at the instant."""
    held = registry.known(Licence, on=on, at=at, insurer=insurer, state=state)
    return any(line in one.value.lines for one in held)
