"""Certificates as text: CBOR web token, COSE_Sign1, zlib, Base45, prefix. Specified in docs/spec/certificate.md.

`encode` leaves parts out, in a fixed order and never silently, when a text would not fit. `decode` takes any
text and ends in a certificate or in `CertificateFault`, in bounded time and memory; it does not verify. Of a
certificate by a newer writer it tells what its signature is about, and not what the contract says.
"""

import zlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from polisbridge.core.certificate import Certificate, Holder, Omission, StatusReference
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.days import day_number, day_of
from polisbridge.core.signing import Signer
from polisbridge.formats import base45
from polisbridge.formats.cbor import CborError, dumps, loads
from polisbridge.formats.certificate_facts import currency_of, read_facts, read_lines, write_facts, write_lines
from polisbridge.formats.certificate_newer import PARTS, without_newer
from polisbridge.formats.cose import CoseError, Envelope, open1, sign1

T = TypeVar("T", str, int, list[Any])
E = TypeVar("E", bound=StrEnum)

PREFIX = "PB1:"
AIM = 520  # characters; QR version 17 with error correction Q
MOST = 900  # characters; more does not fit a QR code of 40 mm that a phone reads
_MAX_TEXT = 4_000
_MAX_BYTES = 4_000
_ISSUER, _EXPIRES, _ISSUED, _PAYLOAD = 1, 4, 6, -65537
_CLAIMS = {_ISSUER, _EXPIRES, _ISSUED, _PAYLOAD}
_PERSON_PARTS = 7
_KEPT: tuple[tuple[int, object], ...] = (
    (3, ""),
    (8, []),
)  # empty parts that say something: there is always a number, and a table may have no lines
_OTHER_FORM = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, OSError)
_OMISSIONS, _ROLES = tuple(Omission), tuple(Role)
_LARGE_GROUP = 200  # persons: with at least three bytes each they are longer than `AIM`, however well they compress


class CertificateFault(StrEnum):
    """Why a text is no certificate."""

    WRONG_PREFIX = "wrong_prefix"
    TOO_LONG = "too_long"
    NOT_BASE45 = "not_base45"
    NOT_ZLIB = "not_zlib"
    NOT_COSE = "not_cose"
    NOT_CBOR = "not_cbor"
    NOT_A_CERTIFICATE = "not_a_certificate"
    NEWER_FORMAT = "newer_format"


class CertificateError(ValueError):
    """A text that is no certificate that can be read, with the reason as a code."""

    def __init__(self, fault: CertificateFault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Opened:
    """A certificate taken apart, and the envelope that its signature is about. Not yet verified."""

    certificate: Certificate
    envelope: Envelope


class NewerFormat(CertificateError):
    """A certificate with numbers that were given after this reader was made.

    `opened` serves for what stands outside the contract: who signed, when, and the place of the status. Its
    contract is empty, for what a newer number says may change what the rest means.
    """

    def __init__(self, opened: Opened) -> None:
        super().__init__(CertificateFault.NEWER_FORMAT)
        self.opened = opened


def encode(certificate: Certificate, signer: Signer) -> tuple[str, Certificate]:
    """Return the certificate as text, and the certificate as it was written, with what was left out.

    Nothing is left out while the text has at most `AIM` characters. Raises CertificateError when even the
    smallest form is longer than `MOST`.
    """
    best = certificate
    for count in range(_fewest_omissions(certificate), len(_OMISSIONS) + 1):
        best = _without(certificate, _OMISSIONS[:count])
        text = _text(best, signer)
        if len(text) <= AIM:
            return text, best
    if len(text) > MOST:
        raise CertificateError(CertificateFault.TOO_LONG, f"{len(text)} characters, at most {MOST}")
    return text, best


def _fewest_omissions(certificate: Certificate) -> int:
    """Return how many parts are left out at the least: a large group never fits, so nobody tries to write it."""
    large = len(certificate.contract.insured) > _LARGE_GROUP
    return _OMISSIONS.index(Omission.OTHER_PERSONS) + 1 if large else 0


def _text(certificate: Certificate, signer: Signer) -> str:
    return PREFIX + base45.encode(zlib.compress(sign1(_claims(certificate), signer), 9))


def _without(certificate: Certificate, omitted: tuple[Omission, ...]) -> Certificate:
    """Return the certificate without the parts; of the family only what the holder's own facts need stays."""
    holder, contract, name = certificate.holder, certificate.contract, certificate.insurer_name
    told = tuple(one for one in omitted if _has(certificate, one))
    if Omission.ORIGINAL_NAME in told:
        holder = replace(holder, original_name="")
    if Omission.INSURER_NAME in told:
        name = ""
    if Omission.OTHER_PERSONS in told:
        own = contract.person(certificate.person)
        workers = [one for one in contract.insured if one.role is Role.WORKER]
        family = _of_worker(workers[0]) if len(workers) == 1 and own is not workers[0] else {}
        contract = replace(contract, insured=(replace(own, facts={**family, **own.facts}),), all_told=False)
    return replace(certificate, holder=holder, contract=contract, insurer_name=name, omitted=told)


def _has(certificate: Certificate, part: Omission) -> bool:
    match part:
        case Omission.ORIGINAL_NAME:
            return bool(certificate.holder.original_name)
        case Omission.OTHER_PERSONS:
            return len(certificate.contract.insured) > 1
        case Omission.INSURER_NAME:
            return bool(certificate.insurer_name)


def _of_worker(worker: Insured) -> dict[str, object]:
    found = {
        "family_worker_citizenship": worker.citizenship,
        "family_worker_works": worker.facts.get("works", True),
        "family_worker_class": worker.facts.get("worker_class"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _claims(certificate: Certificate) -> bytes:
    contract = certificate.contract
    own = contract.person(certificate.person)
    currency = currency_of(contract.facts, "sum_insured")
    payload = {
        1: [certificate.status.number, certificate.status.index],
        2: [certificate.holder.name, certificate.holder.original_name, certificate.holder.document_tail],
        3: contract.number,
        4: [_day(contract.period.first), _day(contract.period.last)],
        5: _person(own, currency),
        6: currency,
        7: write_facts(contract.facts, currency),
        8: None if contract.benefits is None else write_lines(contract.benefits, currency),
        9: _others(contract, own, currency),
        10: certificate.insurer_name,
        11: certificate.assistance_phone,
        12: [_OMISSIONS.index(one) for one in certificate.omitted],
    }
    told = {key: value for key, value in payload.items() if value not in (None, "", [], {}) or (key, value) in _KEPT}
    instants = {_EXPIRES: int(certificate.expires.timestamp()), _ISSUED: int(certificate.issued.timestamp())}
    return dumps({_ISSUER: certificate.issuer_state, **instants, _PAYLOAD: told})


def _person(person: Insured, currency: str) -> list[Any]:
    period = [_day(person.period.first), _day(person.period.last)]
    born = _day(person.born)
    citizenship = None if person.citizenship is None else sorted(person.citizenship)
    facts = write_facts(person.facts, currency)
    written = [person.id, _ROLES.index(person.role), born, citizenship, *period, facts]
    while written and written[-1] in (None, {}):
        written.pop()
    return written


def _others(contract: Contract, own: Insured, currency: str) -> list[Any]:
    """Return the holder's place among the insured, then what a family rule may read of each other person."""
    if not contract.all_told:
        return [0]
    told = [_person(_as_family(one), currency) for one in contract.insured if one is not own]
    return [contract.insured.index(own) + 1, *told] if told else []


def _as_family(person: Insured) -> Insured:
    facts = {name: person.facts[name] for name in ("works", "worker_class") if name in person.facts}
    return replace(person, name="", facts=facts)


def _day(day: date | None) -> int | None:
    return None if day is None else day_number(day)


def decode(text: str) -> Opened:
    """Return the certificate that a text holds, unverified.

    Raises NewerFormat when a newer writer made it, CertificateError for anything else.
    """
    if len(text) > _MAX_TEXT:
        raise CertificateError(CertificateFault.TOO_LONG)
    if not text.startswith(PREFIX):
        raise CertificateError(CertificateFault.WRONG_PREFIX)
    envelope = _envelope(text.removeprefix(PREFIX))
    try:
        claims = loads(envelope.payload, _MAX_BYTES)
    except CborError as exc:
        raise CertificateError(CertificateFault.NOT_CBOR, str(exc)) from exc
    try:
        return Opened(_certificate(claims, envelope.key_id), envelope)
    except _OTHER_FORM as exc:
        raise _refusal(claims, envelope, exc) from exc


def _refusal(claims: Any, envelope: Envelope, cause: Exception) -> CertificateError:
    """Return why claims are refused: they are a newer writer's when they are good without the newer numbers."""
    try:
        parts = without_newer(claims[_PAYLOAD])
        if parts != claims[_PAYLOAD]:
            return NewerFormat(
                Opened(_without_contract(_certificate({**claims, _PAYLOAD: parts}, envelope.key_id)), envelope)
            )
    except _OTHER_FORM:
        pass
    return CertificateError(CertificateFault.NOT_A_CERTIFICATE, type(cause).__name__)


def _without_contract(certificate: Certificate) -> Certificate:
    nobody = Insured(certificate.person, Role.OTHER)
    return replace(certificate, contract=Contract("", Period(), (nobody,), all_told=False), omitted=())


def _envelope(body: str) -> Envelope:
    try:
        packed = base45.decode(body)
    except base45.Base45Error as exc:
        raise CertificateError(CertificateFault.NOT_BASE45, str(exc)) from exc
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, _MAX_BYTES)
    except zlib.error as exc:
        raise CertificateError(CertificateFault.NOT_ZLIB) from exc
    if not unpacker.eof or unpacker.unused_data:
        raise CertificateError(CertificateFault.NOT_ZLIB, "more than fits, or cut short")
    try:
        return open1(data, _MAX_BYTES)
    except CoseError as exc:
        raise CertificateError(CertificateFault.NOT_COSE, str(exc)) from exc


def _certificate(claims: dict[Any, Any], key_id: bytes) -> Certificate:
    """Return the certificate of claims; any claim of another form ends in one of the errors `_OTHER_FORM`."""
    payload = claims[_PAYLOAD]
    if claims.keys() != _CLAIMS or not payload.keys() <= PARTS:
        raise ValueError("other claims")
    currency = _of(str, payload.get(6, ""))
    own = _read_person(payload[5], currency)
    place, *others = _of(list, payload.get(9, [1]))
    if _of(int, place) not in range(len(others) + 2) or (place == 0 and others):
        raise ValueError("no place among the insured")
    insured = [_read_person(one, currency) for one in others]
    insured.insert(max(place - 1, 0), own)
    first, last = _of(list, payload.get(4, [None, None]))
    contract = Contract(
        number=_of(str, payload[3]),
        period=_period(first, last),
        insured=tuple(insured),
        benefits=read_lines(_of(list, payload[8]), currency) if 8 in payload else None,  # noqa: PLR2004 - number of the part
        facts=read_facts(payload.get(7, {}), currency),
        all_told=place != 0,
    )
    name, original, tail = [_of(str, one) for one in _of(list, payload[2])]
    number, index = [_of(int, one) for one in _of(list, payload[1])]
    return Certificate(
        issuer_state=_of(str, claims[_ISSUER]),
        key_id=key_id,
        issued=datetime.fromtimestamp(_of(int, claims[_ISSUED]), UTC),
        expires=datetime.fromtimestamp(_of(int, claims[_EXPIRES]), UTC),
        status=StatusReference(number, index),
        holder=Holder(name, original, tail),
        contract=contract,
        person=own.id,
        insurer_name=_of(str, payload.get(10, "")),
        assistance_phone=_of(str, payload.get(11, "")),
        omitted=tuple([_numbered(_OMISSIONS, one) for one in _of(list, payload[12])]) if 12 in payload else (),  # noqa: PLR2004
    )


def _read_person(written: list[Any], currency: str) -> Insured:
    parts = _of(list, written) + [None] * (_PERSON_PARTS - len(written))
    name, role, born, citizenship, first, last, facts = parts
    return Insured(
        id=_of(str, name),
        role=_numbered(_ROLES, role),
        born=_date(born),
        citizenship=None if citizenship is None else frozenset([_of(str, one) for one in _of(list, citizenship)]),
        period=_period(first, last),
        facts={} if facts is None else read_facts(facts, currency),
    )


@lru_cache(maxsize=4096, typed=True)  # typed: `True` is no day, though it equals 1
def _date(number: Any) -> date | None:
    return None if number is None else day_of(_of(int, number))


@lru_cache(maxsize=4096, typed=True)
def _period(first: Any, last: Any) -> Period:
    return Period(_date(first), _date(last))


def _numbered(values: tuple[E, ...], number: Any) -> E:
    index = _of(int, number)
    if index < 0:
        raise IndexError("a negative number")
    return values[index]


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(f"a {type(value).__name__} where a {kind.__name__} belongs")
    return value
