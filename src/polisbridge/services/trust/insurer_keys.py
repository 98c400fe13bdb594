"""Insurers' keys coming and going in a state's list. One key's end touches no other key; it makes a draft."""

import base64
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
from tuf.api.metadata import Targets

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import key_id_of
from polisbridge.formats.trustfile import MOST_IN_USE, MOST_LISTED, AdmittedFile, InsurersFile, KeyFile, read_insurers
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.repository import Repository, state_role
from polisbridge.services.trust.stage import INSURERS, stage_state


@dataclass(frozen=True, slots=True)
class Days:
    """First day of a key, last day of signing with it, last day on which what it signed is accepted."""

    valid_from: date
    use_until: date
    valid_to: date


def longest(first: date) -> Days:
    """Return the longest days that a key may have: six months of signing, two years on the list."""
    return Days(first, first + MOST_IN_USE, first + MOST_LISTED)


def add_insurer_key(files: FileTree, state: str, insurer: str, spki: bytes, days: Days, now: datetime) -> None:
    """Draft the state's list with one more key of an insurer that it admits already."""
    new = KeyFile(
        key_id_of(spki).hex(), base64.b64encode(spki).decode(), days.valid_from, days.valid_to, days.use_until
    )
    raw = _current(files, state)
    found = _insurer(raw, insurer)
    _save(files, raw, msgspec.structs.replace(found, keys=[*found.keys, new]), now)


def remove_insurer_key(files: FileTree, state: str, insurer: str, key_id: str, now: datetime) -> None:
    """Draft the state's list with a key marked removed. It stays listed, so that no old list brings it back."""
    raw = _current(files, state)
    found = _insurer(raw, insurer)
    if key_id not in {key.id for key in found.keys}:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"{insurer} has no key {key_id}", hint="`trust show` lists keys")
    keys = [msgspec.structs.replace(key, status="removed") if key.id == key_id else key for key in found.keys]
    _save(files, raw, msgspec.structs.replace(found, keys=keys), now)


def rotate_insurer_key(files: FileTree, state: str, insurer: str, spki: bytes, days: Days, now: datetime) -> None:
    """Draft a new key; those in use sign until the day before it begins and are accepted as long as before."""
    last = days.valid_from - timedelta(days=1)
    raw = _current(files, state)
    found = _insurer(raw, insurer)
    keys = [_retired(key, last) for key in found.keys]
    _save(files, raw, msgspec.structs.replace(found, keys=keys), now)
    add_insurer_key(files, state, insurer, spki, days, now)


def _retired(key: KeyFile, last: date) -> KeyFile:
    ends = key.status == "active" and key.use_until > last
    return msgspec.structs.replace(key, use_until=max(last, key.valid_from)) if ends else key


def _current(files: FileTree, state: str) -> InsurersFile:
    path = f"{state}/{INSURERS}"
    info = Repository(files).current(state_role(state), Targets).signed.targets.get(path)
    data = Repository(files).target(info) if info else None
    if data is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no {path}", hint="`trust stage` puts the first one there")
    read_insurers(data, path, state)
    return msgspec.json.decode(data, type=InsurersFile)


def _insurer(raw: InsurersFile, insurer: str) -> AdmittedFile:
    for one in raw.insurers:
        if one.id == insurer:
            return one
    known = ", ".join(one.id for one in raw.insurers)
    raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no insurer {insurer}", hint=f"the list has {known}")


def _save(files: FileTree, raw: InsurersFile, changed: AdmittedFile, now: datetime) -> None:
    insurers = [changed if one.id == changed.id else one for one in raw.insurers]
    data = msgspec.json.format(msgspec.json.encode(InsurersFile(raw.state, insurers)), indent=2)
    stage_state(files, raw.state, {INSURERS: data + b"\n"}, now)
