"""The files that a state signs into the trust repository, read strictly, with all faults at once.

    XX/insurers.json     insurers admitted by the state, with their signing keys
    XX/status.json       where its status lists lie, and the keys that sign them
    XX/assistance.json   whom the insured can call
    XX/rates.yaml        official exchange rates (`formats.ratesfile`)
    XX/law.json.z        the state's law (`formats.lawarchive`)

What is checked here holds for a file by itself; comparing with what was published before is
`services.trust.admission`.
"""

import base64
import binascii
from datetime import date, timedelta
from typing import Annotated, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from msgspec import Meta, Struct

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.signing import key_id_of
from polisbridge.core.trust import Assistance, InsurerKey, StatusSource
from polisbridge.formats.codelists import languages
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document, Path, read_tree

MOST_LISTED = timedelta(days=731)  # two years on the list, a leap year among them
MOST_IN_USE = timedelta(days=184)  # six months of signing

Hex8 = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{16}$", examples=["0" * 16], description="first 8 bytes of SHA-256 of the SPKI")
]
Id = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$", examples=["x"], description="small letters, digits, . _ -")
]
State = Annotated[str, Meta(pattern=r"^[A-Z]{2}$", examples=["XX"])]
Phone = Annotated[
    str, Meta(pattern=r"^\+[0-9][0-9 ()-]{4,24}$", examples=["+70000000"], description="international, with +")
]
Text = Annotated[str, Meta(min_length=1, max_length=200)]


class KeyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One signing key of an insurer."""

    id: Hex8
    spki: str
    valid_from: date
    valid_to: date
    use_until: date
    status: Literal["active", "removed"] = "active"


class AdmittedFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One insurer that the state admits."""

    id: Id
    name: Text
    licence: Text
    lines: Annotated[list[Id], Meta(min_length=1)]
    keys: list[KeyFile]


class InsurersFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All insurers admitted by a state."""

    state: State
    insurers: list[AdmittedFile]


class StatusKeyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The key that signs a status list."""

    id: Hex8
    spki: str


class StatusListFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One status list: its number, a path in the tree or an address, and its key."""

    number: Annotated[int, Meta(ge=0, le=65535)]
    location: Annotated[
        str, Meta(pattern=r"^(https?://[^\s]{1,400}|[A-Za-z0-9._-]{1,60}(/[A-Za-z0-9._-]{1,60}){0,5})$", examples=["x"])
    ]
    key: StatusKeyFile


class StatusFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All status lists of a state."""

    state: State
    lists: list[StatusListFile]


class ContactFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One place of assistance."""

    name: Text
    phones: Annotated[list[Phone], Meta(min_length=1)]
    address: str = ""
    languages: list[str] = []


class AssistanceFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All assistance of a state."""

    state: State
    contacts: list[ContactFile]


def read_insurers(data: bytes, file: str, state: str) -> dict[bytes, InsurerKey]:
    """Return the keys of `XX/insurers.json` by key id. Raises InputFaults with every fault."""
    document = read_tree(data, file)
    return convert(document, InsurersFile, lambda raw: _insurers(_Checker(document, state), raw))


def read_status(data: bytes, file: str, state: str) -> dict[int, StatusSource]:
    """Return the status lists of `XX/status.json` by number. Raises InputFaults with every fault."""
    document = read_tree(data, file)
    return convert(document, StatusFile, lambda raw: _status(_Checker(document, state), raw))


def read_assistance(data: bytes, file: str, state: str) -> tuple[Assistance, ...]:
    """Return the contacts of `XX/assistance.json`. Raises InputFaults with every fault."""
    document = read_tree(data, file)
    return convert(document, AssistanceFile, lambda raw: _assistance(_Checker(document, state), raw))


def public_key_fault(spki: bytes) -> str:
    """Return what is wrong with a key that should be P-256 in strict DER; empty when it is right."""
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        return "not a public key"
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        return "a key of another kind"
    again = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "" if again == spki else "not the one DER form of the key"


class _Checker:
    """Collects the faults of one document."""

    def __init__(self, document: Document, state: str) -> None:
        self.document, self.state = document, state
        self.faults: list[Fault] = []

    def say(self, code: FaultCode, path: Path, found: object, expected: str) -> None:
        self.faults.append(self.document.fault(code, path, found, expected))

    def state_is(self, found: str) -> None:
        if found != self.state:
            self.say(FaultCode.WRONG_PLACE, ("state",), found, f"{self.state}, as the role and the path say")

    def once(self, seen: set[object], value: object, path: Path, what: str) -> None:
        if value in seen:
            self.say(FaultCode.TWICE, path, value, f"{what} once")
        seen.add(value)

    def key(self, path: Path, key_id: str, spki: str) -> bytes:
        """Return the DER bytes of a key, its form and its id checked."""
        try:
            der = base64.b64decode(spki, validate=True)
        except (binascii.Error, ValueError):
            self.say(FaultCode.WRONG_VALUE, (*path, "spki"), "not base64", "DER SubjectPublicKeyInfo in base64")
            return b""
        if fault := public_key_fault(der):
            self.say(FaultCode.WRONG_VALUE, (*path, "spki"), fault, "a P-256 key, DER SubjectPublicKeyInfo")
        elif key_id_of(der).hex() != key_id:
            self.say(FaultCode.WRONG_VALUE, (*path, "id"), key_id, f"{key_id_of(der).hex()}, as the key says")
        return der

    def window(self, path: Path, key: KeyFile) -> None:
        """Check the days of a key: in order, listed at most two years, signing at most six months."""
        if not key.valid_from <= key.use_until <= key.valid_to:
            self.say(FaultCode.WRONG_ORDER, path, key.use_until, "valid_from, use_until, valid_to in this order")
        if key.valid_to - key.valid_from > MOST_LISTED:
            self.say(FaultCode.WRONG_VALUE, (*path, "valid_to"), key.valid_to, "at most two years after valid_from")
        if key.use_until - key.valid_from > MOST_IN_USE:
            self.say(FaultCode.WRONG_VALUE, (*path, "use_until"), key.use_until, "at most six months after valid_from")

    def finish(self) -> None:
        """Raise InputFaults when there were any."""
        if self.faults:
            raise InputFaults(self.faults)


def _insurers(check: _Checker, raw: InsurersFile) -> dict[bytes, InsurerKey]:
    check.state_is(raw.state)
    keys: dict[bytes, InsurerKey] = {}
    insurers: set[object] = set()
    ids: set[object] = set()
    for index, one in enumerate(raw.insurers):
        check.once(insurers, one.id, ("insurers", index, "id"), "each insurer")
        for at, key in enumerate(one.keys):
            path = ("insurers", index, "keys", at)
            check.once(ids, key.id, (*path, "id"), "each key")
            spki = check.key(path, key.id, key.spki)
            check.window(path, key)
            keys[bytes.fromhex(key.id)] = _insurer_key(raw.state, one, key, spki)
    check.finish()
    return keys


def _insurer_key(state: str, one: AdmittedFile, key: KeyFile, spki: bytes) -> InsurerKey:
    return InsurerKey(
        state=state,
        insurer=one.id,
        name=one.name,
        licence=one.licence,
        lines=tuple(one.lines),
        key_id=bytes.fromhex(key.id),
        spki=spki,
        valid_from=key.valid_from,
        valid_to=key.valid_to,
        use_until=key.use_until,
        removed=key.status == "removed",
    )


def _status(check: _Checker, raw: StatusFile) -> dict[int, StatusSource]:
    check.state_is(raw.state)
    sources: dict[int, StatusSource] = {}
    numbers: set[object] = set()
    for index, one in enumerate(raw.lists):
        path = ("lists", index)
        check.once(numbers, one.number, (*path, "number"), "each number")
        if ".." in one.location.split("/"):
            check.say(FaultCode.WRONG_VALUE, (*path, "location"), one.location, "a path inside the tree")
        spki = check.key((*path, "key"), one.key.id, one.key.spki)
        sources[one.number] = StatusSource(raw.state, one.number, one.location, bytes.fromhex(one.key.id), spki)
    check.finish()
    return sources


def _assistance(check: _Checker, raw: AssistanceFile) -> tuple[Assistance, ...]:
    check.state_is(raw.state)
    for index, one in enumerate(raw.contacts):
        for at, language in enumerate(one.languages):
            if language not in languages():
                check.say(
                    FaultCode.UNKNOWN_CODE, ("contacts", index, "languages", at), language, "a language by ISO 639-1"
                )
    check.finish()
    return tuple(
        Assistance(raw.state, one.name, tuple(one.phones), one.address, tuple(one.languages)) for one in raw.contacts
    )
