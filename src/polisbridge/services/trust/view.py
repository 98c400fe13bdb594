"""A verified set of metadata and files into the TrustView that a verifier reads.

A state whose files are signed but cannot be read is left out with the reason, and hurts no other state.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from tuf.api.metadata import Targets, Timestamp

from polisbridge.core.errors import InputFaults
from polisbridge.core.trust import InsurerKey, StateTrust, TrustReason, TrustView
from polisbridge.formats.lawarchive import SHARED, read_archive
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.formats.trustfile import read_assistance, read_insurers, read_status
from polisbridge.services.trust.ports import Fetched
from polisbridge.services.trust.repository import parse, signed_at, state_of
from polisbridge.services.trust.stage import ASSISTANCE, INSURERS, LAW, RATES, STATUS


def view_of(fetched: Fetched, synced: datetime, removed: Mapping[str, AbstractSet[str]]) -> TrustView:
    """Return the view of a verified set. `removed` holds key ids in hex by state that never verify again."""
    states: dict[str, StateTrust] = {}
    faults = dict(fetched.faults)
    for role, data in fetched.metadata.items():
        if state := state_of(role):
            try:
                states[state] = _state(state, parse(data, Targets).signed, fetched.targets, removed.get(state, set()))
            except InputFaults:
                faults[state] = TrustReason.STATE_FILE_FAULTY
    timestamp = parse(fetched.metadata[Timestamp.type], Timestamp).signed
    signed = signed_at(timestamp) or synced
    moments = [signed, *(one.signed for one in states.values() if one.signed)]
    shared = fetched.targets.get(f"{SHARED}/{LAW}")
    return TrustView(
        states=states,
        synced=synced,
        signed=signed,
        expires=timestamp.expires,
        newest_signed=max(moments),
        common=read_archive(shared, f"{SHARED}/{LAW}", SHARED) if shared else None,
        faults=faults,
    )


def _state(state: str, role: Targets, files: Mapping[str, bytes], removed: AbstractSet[str]) -> StateTrust:
    def has(name: str) -> bytes | None:
        return files.get(f"{state}/{name}")

    insurers, status, contacts, rates, law = map(has, (INSURERS, STATUS, ASSISTANCE, RATES, LAW))
    keys = read_insurers(insurers, INSURERS, state) if insurers else {}
    return StateTrust(
        state=state,
        version=role.version,
        expires=role.expires,
        signed=signed_at(role),
        keys={key_id: _remembered(key, removed) for key_id, key in keys.items()},
        status=read_status(status, STATUS, state) if status else {},
        rates=read_rates(read_tree(rates, RATES)) if rates else (),
        assistance=read_assistance(contacts, ASSISTANCE, state) if contacts else (),
        law=read_archive(law, LAW, state) if law else None,
    )


def _remembered(key: InsurerKey, removed: AbstractSet[str]) -> InsurerKey:
    return replace(key, removed=True) if key.key_id.hex() in removed else key
