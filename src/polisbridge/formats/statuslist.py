"""A status list as bytes: Token Status List in a CBOR web token (draft-ietf-oauth-status-list, sections 4.3 and 5.2).

    COSE_Sign1, untagged, protected {1: -7, 4: key id, 16: "application/statuslist+cwt"}
    payload {2: subject, 4: expires, 6: issued, 65533: {"lst": zlib of the entries, "bits": 2}, 65534: ttl}

Instants and ttl are whole seconds. Narrower than the draft: ES256 only, 2 bits, 2^20 entries, deterministic
CBOR, `exp` and `ttl` required, the key id protected, no aggregation_uri and no claims beyond these. What is
written here any reader of the draft can read.

Reading never raises for hostile bytes: the answer is a list or the fault, in time linear in `MAX_BYTES`.
"""

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from polisbridge.core.signing import Algorithm, Signer, key_id_of
from polisbridge.core.status import BITS, LIST_BYTES, ListName, StatusFault, StatusList, Unreadable
from polisbridge.formats.cbor import CborError, dumps, loads
from polisbridge.formats.cose import Envelope, to_be_signed, verified

MAX_BYTES = LIST_BYTES + 4096  # zlib adds 5 bytes per 16 kB at worst, the rest is under 400
TYPE = "application/statuslist+cwt"

_ES256 = -7
_ALGORITHM, _KEY_ID, _TYPE = 1, 4, 16
_SUBJECT, _EXPIRES, _ISSUED, _LIST, _TTL = 2, 4, 6, 65533, 65534
_CLAIMS = {_SUBJECT, _EXPIRES, _ISSUED, _LIST, _TTL}
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
_LONGEST_TTL = 366 * 86_400
_SIGNATURE_BYTES = 64


def write_status_list(status_list: StatusList, signer: Signer, *, smallest: bool = False) -> bytes:
    """Return the list signed. Its `key_id` is the signer's, whatever the value says.

    `smallest` takes about a second to make the same zlib format a tenth smaller (Zopfli), for what is carried
    to many. Raises ValueError when it is not 2^20 entries, or not of whole seconds in order.
    """
    issued, expires = (_seconds(at) for at in (status_list.issued, status_list.expires))
    ttl = int(status_list.ttl.total_seconds())
    if len(status_list.packed) != LIST_BYTES or not _in_order(issued, expires, ttl):
        raise ValueError("a list of another size, or times out of order")
    payload = {
        _SUBJECT: status_list.name.uri,
        _EXPIRES: expires,
        _ISSUED: issued,
        _LIST: {"bits": BITS, "lst": _compressed(status_list.packed, smallest=smallest)},
        _TTL: ttl,
    }
    return _sign(dumps(payload), signer)


def read_status_list(data: bytes, name: ListName, public_keys: Iterable[bytes]) -> StatusList | Unreadable:
    """Return the list of that name if one of the keys (DER SubjectPublicKeyInfo) signed it, else why not.

    The signature is checked before the list is unpacked. Says nothing of age: see `core.status.freshness`.
    """
    if len(data) > MAX_BYTES:
        return Unreadable(StatusFault.TOO_LARGE, f"{len(data)} bytes, at most {MAX_BYTES} are read")
    try:
        envelope = _opened(data)
        known = [key for key in public_keys if key_id_of(key) == envelope.key_id]
        if not known:
            return Unreadable(StatusFault.UNKNOWN_KEY, envelope.key_id.hex())
        if not any(verified(envelope, key) for key in known):
            return Unreadable(StatusFault.BAD_SIGNATURE, envelope.key_id.hex())
        claims = loads(envelope.payload, MAX_BYTES)
    except CborError as exc:
        return Unreadable(StatusFault.NOT_A_STATUS_LIST, str(exc))
    return _of_claims(claims, name, envelope.key_id)


def _of_claims(claims: Any, name: ListName, key_id: bytes) -> StatusList | Unreadable:
    """Return the list that the claims hold, or the first fault of subject, times, bits and size."""
    if not (isinstance(claims, dict) and set(claims) == _CLAIMS and all(type(key) is int for key in claims)):
        return Unreadable(StatusFault.NOT_A_STATUS_LIST, "other claims")
    if claims[_SUBJECT] != name.uri:
        return Unreadable(StatusFault.OTHER_LIST, name.uri)
    issued, expires, ttl = claims[_ISSUED], claims[_EXPIRES], claims[_TTL]
    if not _in_order(issued, expires, ttl):
        return Unreadable(StatusFault.WRONG_TIMES, "not whole seconds, or out of order")
    entries = _entries(claims[_LIST])
    if isinstance(entries, Unreadable):
        return entries
    return StatusList(name, _instant(issued), _instant(expires), timedelta(seconds=ttl), entries, key_id)


def _entries(claim: Any) -> bytes | Unreadable:
    """Return the packed entries: exactly `LIST_BYTES` of them, unpacked no further than one byte beyond."""
    if not (isinstance(claim, dict) and set(claim) == {"bits", "lst"} and isinstance(claim["lst"], bytes)):
        return Unreadable(StatusFault.NOT_A_STATUS_LIST, "status_list is not {bits, lst}")
    if type(claim["bits"]) is not int or claim["bits"] != BITS:
        return Unreadable(StatusFault.WRONG_BITS, f"bits are {BITS}")
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(claim["lst"], LIST_BYTES + 1)
    except zlib.error:
        return Unreadable(StatusFault.NOT_A_STATUS_LIST, "lst is not zlib")
    if len(found) != LIST_BYTES:
        return Unreadable(StatusFault.WRONG_SIZE, f"lst is not {LIST_BYTES} bytes unpacked")
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        return Unreadable(StatusFault.NOT_A_STATUS_LIST, "lst has no end, or bytes after it")
    return found


def _compressed(entries: bytes, *, smallest: bool) -> bytes:
    if not smallest:
        return zlib.compress(entries, 9)
    # imported here, for it is only wanted where lists are published
    from zopfli.zlib import compress  # type: ignore[import-untyped]  # noqa: PLC0415

    return bytes(compress(entries, numiterations=1))


def _in_order(issued: Any, expires: Any, ttl: Any) -> bool:
    if any(type(one) is not int for one in (issued, expires, ttl)):
        return False
    return bool(0 <= issued < expires <= _LAST_SECOND and 0 < ttl <= _LONGEST_TTL)


def _seconds(at: datetime) -> int:
    if at.tzinfo is None or at.microsecond:
        raise ValueError("an instant has a zone and whole seconds")
    return int(at.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _sign(payload: bytes, signer: Signer) -> bytes:
    protected = dumps({_ALGORITHM: _ES256, _KEY_ID: signer.key_id, _TYPE: TYPE})
    return dumps([protected, {}, payload, signer.sign(to_be_signed(protected, payload))])


def _opened(data: bytes) -> Envelope:
    """Return the envelope. Raises CborError when it is not one of a status list.

    The type in the protected header keeps a signed certificate from passing for a status list and back.
    """
    match loads(data, MAX_BYTES):
        case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as signature]:
            header = loads(protected, 128)
        case _:
            raise CborError("not a COSE_Sign1")
    if unprotected or len(signature) != _SIGNATURE_BYTES or not isinstance(header, dict):
        raise CborError("an unprotected header, or a signature of another length")
    key_id = header.get(_KEY_ID)
    wanted = {_ALGORITHM: _ES256, _KEY_ID: key_id, _TYPE: TYPE}
    if header != wanted or not isinstance(key_id, bytes) or any(type(key) is not int for key in header):
        raise CborError("an algorithm that is not enabled, another type, or another header")
    return Envelope(Algorithm.ES256, key_id, payload, to_be_signed(protected, payload), signature)
