"""Which insurers a state admits: drafts of admitting one, ending an admission, removing a key; approved by a second official.

What is approved goes to the registry in one transaction, and then to the state's list in the trust repository, signed as
far as keys are at the node. A state vouches for its own insurers.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)
from msgspec import Struct

from polisbridge.core.contract import Period
from polisbridge.core.drafting import Draft, DraftAct, DraftKind
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import Held, Insurer, Licence, RegisteredKey
from polisbridge.core.roles import AccessAction
from polisbridge.core.signing import key_id_of
from polisbridge.core.statusbook import Note
from polisbridge.formats.trustfile import (
    MOST_IN_USE,
    MOST_LISTED,
    AdmittedFile,
    InsurersFile,
    KeyFile,
    public_key_fault,
)
from polisbridge.services.drafting.drafts import Official, draft_seen, may, refuse_own
from polisbridge.services.drafting.ports import DraftBook, Drafting, NewDraft, Signed
from polisbridge.services.registry.organisations import keep, keep_key
from polisbridge.services.registry.ports import Registry
from polisbridge.services.trust.stage import INSURERS

LINES = ("health", "accident", "travel")
_DAY = timedelta(days=1)
_MOST_NAME = 200


class AdmissionFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What is done: to an insurer on record by its number, or a new one by its name; `key` is DER in base64."""

    do: Literal["admit", "end_admission", "remove_key"]
    first: date
    insurer: int = 0
    name: str = ""
    number: str = ""
    lines: list[str] = []
    last: date | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class AdmittedInsurer:
    """An insurer of the state on record with its licences and keys there."""

    thing: int
    name: Mapping[str, str]
    licences: tuple[Held[Licence], ...]
    keys: tuple[Held[RegisteredKey], ...]


def insurers_of(drafting: Drafting, one: Official) -> list[AdmittedInsurer]:
    """Return the insurers of the official's own state, by name."""
    may(drafting, one, AccessAction.ADMIT_INSURER)
    with drafting.drafts.read() as book:
        return sorted(_insurers(book.registry, one), key=lambda each: (each.name.get("en", ""), each.thing))


def _insurers(registry: Registry, one: Official) -> Iterator[AdmittedInsurer]:
    state, at = one.actor.state, one.now
    found = {each.thing: each for each in registry.known(Insurer, on=None, at=at, state=state)}
    licences = list(registry.known(Licence, on=None, at=at, state=state))
    keys = list(registry.known(RegisteredKey, on=None, at=at))
    for thing, held in found.items():
        yield AdmittedInsurer(
            thing,
            held.value.title,
            tuple(each for each in licences if each.value.insurer == thing),
            tuple(each for each in keys if each.value.insurer == thing),
        )


def public_key(data: bytes) -> str:
    """Return a public key file (PEM or DER) as DER in base64; empty when it is none that can be used (P-256)."""
    try:
        key = load_pem_public_key(data) if data.lstrip().startswith(b"-----") else load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return ""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "" if public_key_fault(der) else base64.b64encode(der).decode()


def open_admission(drafting: Drafting, one: Official, change: AdmissionFile) -> int:
    """Keep a draft and hand it over for approval at once; return its number.

    Raises InputFaults with every fault, or PolisbridgeError `already_there` while another draft of the insurer lives.
    """
    may(drafting, one, AccessAction.ADMIT_INSURER)
    with drafting.drafts.change() as book:
        title = _checked(book.registry, one, change)
        subject = f"insurer:{change.insurer or change.name.casefold()}"
        tree: dict[str, object] = msgspec.to_builtins(change)
        number = book.open(
            NewDraft(DraftKind.ADMISSION, one.actor.state, subject, title, tree), one.step(DraftAct.OPENED)
        )
        seen = book.find(number)
        if seen is not None:
            book.step(seen, one.step(DraftAct.PROPOSED))
        return number


def admission_of(tree: Mapping[str, object]) -> AdmissionFile:
    """Return what was kept with a draft."""
    return msgspec.convert(tree, AdmissionFile, strict=False)


def publish_admission(drafting: Drafting, one: Official, number: int, version: int) -> Signed | None:
    """Approve what another official drafted: into the registry, and into the state's list of the trust repository.

    Raises OwnDraft, or InputFaults when it no longer fits what is on record.
    """
    may(drafting, one, AccessAction.ADMIT_INSURER)
    with drafting.drafts.change() as book:
        book.hold_law()
        seen = draft_seen(drafting, one, book, number, version)
        refuse_own(one, seen)
        change = admission_of(seen.change)
        _checked(book.registry, one, change)
        thing = _record(book, one, seen, change)
        book.step(seen, one.step(DraftAct.PUBLISHED))
    return _list(drafting, one, seen, change, thing)


def _checked(registry: Registry, one: Official, change: AdmissionFile) -> Mapping[str, str]:
    """Return the insurer's name. Raises InputFaults with every fault of the change."""
    faults, state = list[Fault](), one.actor.state
    name: Mapping[str, str] = {"en": change.name, "ru": change.name}
    if change.insurer:
        held = list(registry.known(Insurer, on=None, at=one.now, thing=change.insurer))
        if not held or held[-1].value.state != state:
            raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such insurer of this state", hint="choose from the list")
        name = held[-1].value.title
    elif not 0 < len(change.name.strip()) <= _MOST_NAME:
        faults.append(_fault("name", FaultCode.MISSING_KEY, change.name[:_MOST_NAME], "the insurer's name"))
    if change.do == "admit":
        faults += _admit_faults(registry, one, change)
    elif change.do == "remove_key" and not _own_key(registry, one, change):
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such key of this insurer", hint="choose from the list")
    if change.first < one.now.date():
        faults.append(_fault("first", FaultCode.WRONG_VALUE, str(change.first), f"a day from {one.now.date()} on"))
    if faults:
        raise InputFaults(faults)
    return name


def _admit_faults(registry: Registry, one: Official, change: AdmissionFile) -> Iterator[Fault]:
    if not change.number.strip() or len(change.number) > _MOST_NAME:
        yield _fault("number", FaultCode.MISSING_KEY, change.number[:_MOST_NAME], "the number of the licence")
    if not change.lines or not set(change.lines) <= set(LINES):
        yield _fault("lines", FaultCode.MISSING_KEY, ", ".join(change.lines), "what it may insure")
    if change.last is not None and change.last < change.first:
        yield _fault("last", FaultCode.WRONG_ORDER, str(change.last), f"a day not before {change.first}")
    spki = _der(change.key)
    owners = (
        {each.value.insurer for each in registry.known(RegisteredKey, on=None, at=one.now, spki=spki)}
        if spki
        else set()
    )
    if owners - {change.insurer}:
        yield _fault("key", FaultCode.TWICE, key_id_of(spki).hex(), "a key that no other insurer has")


def _own_key(registry: Registry, one: Official, change: AdmissionFile) -> bool:
    held = registry.known(RegisteredKey, on=None, at=one.now, insurer=change.insurer)
    return bool(change.key) and any(each.value.spki == _der(change.key) for each in held)


def _record(book: DraftBook, one: Official, seen: Draft, change: AdmissionFile) -> int:
    """Put the change on record; return the insurer's number."""
    registry, state = book.registry, one.actor.state
    note = Note(one.actor.name, one.now, f"draft {seen.id}, by {seen.steps[0].who}")
    thing = change.insurer
    match change.do:
        case "admit":
            thing = thing or keep(registry, f"{state}/{change.name}", Insurer(state, dict(seen.title)), Period(), note)
            licence = Licence(thing, state, change.number, tuple(change.lines))
            keep(registry, f"{state}/{change.number}", licence, Period(change.first, change.last), note, thing)
            if change.key:
                keep_key(
                    registry, thing, _der(change.key), Period(change.first, change.first + MOST_IN_USE - _DAY), note
                )
        case "end_admission":
            for held in list(registry.known(Licence, on=None, at=one.now, insurer=thing, state=state)):
                registry.end(Licence, held.thing, Period(change.first), note)
            for key in list(registry.known(RegisteredKey, on=None, at=one.now, insurer=thing)):
                registry.end(RegisteredKey, key.thing, Period(change.first), note)
        case "remove_key":
            for key in list(registry.known(RegisteredKey, on=None, at=one.now, insurer=thing)):
                if key.value.spki == _der(change.key):
                    registry.end(RegisteredKey, key.thing, Period(change.first), note)
    return thing


def _list(drafting: Drafting, one: Official, seen: Draft, change: AdmissionFile, thing: int) -> Signed | None:
    """Bring the state's list in the trust repository in line; None where the node has no repository."""
    state = one.actor.state
    data = drafting.signer.current(state, INSURERS)
    raw = msgspec.json.decode(data, type=InsurersFile) if data is not None else InsurersFile(state, [])
    name = f"insurer-{thing}"
    held = next((each for each in raw.insurers if each.id == name), None)
    changed = _admitted(held, name, seen, change)
    if changed is None:
        return None
    insurers = [changed if each.id == name else each for each in raw.insurers]
    insurers += [changed] if held is None else []
    encoded = msgspec.json.format(msgspec.json.encode(InsurersFile(state, insurers)), indent=2) + b"\n"
    return drafting.signer.put(state, {INSURERS: encoded}, one.now)


def _admitted(held: AdmittedFile | None, name: str, seen: Draft, change: AdmissionFile) -> AdmittedFile | None:
    """Return the insurer's entry after the change; None when there is nothing to list."""
    keys = list(held.keys) if held is not None else []
    match change.do:
        case "admit":
            keys += [_listed(change)] if change.key else []
            said = seen.title.get("en") or name
            return AdmittedFile(name, said, change.number, list(change.lines), keys) if keys or held else None
        case "end_admission":
            ended = [_retired(each, change.first - _DAY) for each in keys]
            return msgspec.structs.replace(held, keys=ended) if held is not None else None
        case "remove_key":
            wanted = key_id_of(_der(change.key)).hex()
            kept = [msgspec.structs.replace(each, status="removed") if each.id == wanted else each for each in keys]
            return msgspec.structs.replace(held, keys=kept) if held is not None else None


def _listed(change: AdmissionFile) -> KeyFile:
    """Return a key for the list: six months of signing, two years of being accepted, or as long as the admission."""
    use_until = change.first + MOST_IN_USE - _DAY
    if change.last is not None:
        use_until = min(use_until, change.last)
    return KeyFile(
        key_id_of(_der(change.key)).hex(), change.key, change.first, change.first + MOST_LISTED - _DAY, use_until
    )


def _retired(key: KeyFile, last: date) -> KeyFile:
    """Return a key that signs no longer than to the day; what it signed is accepted as long as before."""
    return msgspec.structs.replace(key, use_until=max(key.valid_from, min(key.use_until, last)))


def _der(key: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fault(path: str, code: FaultCode, found: str, wanted: str) -> Fault:
    return Fault("draft", 1, path, code, found, wanted)
