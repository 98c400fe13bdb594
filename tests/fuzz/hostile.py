"""Hostile inputs: honest samples, and changes to them at every layer, drawn from a seeded random number generator.

A certificate is a text around bytes around zlib around COSE around CBOR around claims; whoever changes only the
outermost layer hardly ever gets past it. So a change is made at one layer and all layers outside it are honest.
"""

import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from PIL import Image

from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.certificate import Certificate, Holder, StatusReference
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.facts import ABSENT, BenefitLine
from polisbridge.core.status import ListName, StatusList, packed
from polisbridge.formats import base45
from polisbridge.formats.cbor import dumps, loads
from polisbridge.formats.certificate import PREFIX, Opened, decode, encode
from polisbridge.formats.qr import png, symbol_of
from polisbridge.formats.statuslist import TYPE, write_status_list

MOST_BYTES = 4_000  # what a certificate may have unpacked: nothing that comes out of it is longer
SIGNER = SoftwareSigner(derive_private_key(7, SECP256R1()))
LIST_NAME = ListName("UZ", 3)
Inside = random.Random

_DAY = date(2026, 11, 22)
_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TERM = Period(_DAY, _DAY + timedelta(days=364))
_WORKER = Insured(
    "w1", Role.WORKER, born=date(1990, 2, 28), citizenship=frozenset({"UZ"}), period=_TERM, facts={"works": True}
)
_CHILD = Insured("c1", Role.CHILD, born=date(2020, 2, 29), citizenship=frozenset({"UZ", "RU"}))
_LINES = (
    BenefitLine("emergency", frozenset({"inpatient"}), limit=1_000_000, limit_currency="RUB", limit_per="person"),
    BenefitLine("repatriation", count=1, count_per="contract", waiting_days=ABSENT, direct_settlement=True),
    BenefitLine(
        "dental", territory=frozenset({"RU-MOW"}), copay_percent=1050, deductible=99, deductible_currency="UZS"
    ),
)
_FACTS: dict[str, object] = {
    "sum_insured": 10_000_000,
    "sum_insured_currency": "RUB",
    "sum_insured_per": "person",
    "sum_unlimited": False,
    "insurer_state": "UZ",
    "territory": frozenset({"RU", "KZ"}),
    "concluded": 20_000,
    "clinics": ABSENT,
    "premium": 12_345,
    "premium_currency": "USD",
    "waiting_days": 0,
    "exclusions": frozenset(),
}
_CONTRACT = Contract("A-17", _TERM, (_WORKER,), facts=_FACTS)
_SMALL = Certificate(
    issuer_state="UZ",
    key_id=SIGNER.key_id,
    issued=_NOON,
    expires=_NOON + timedelta(days=400),
    status=StatusReference(3, 77_777),
    holder=Holder("KARIMOV<<ALISHER", "Алишер Каримов", "4567"),
    contract=_CONTRACT,
    person="w1",
    insurer_name="Sample Insurance",
    assistance_phone="+998 71 000 00 00",
)
_FAMILY = replace(_CONTRACT, insured=(_WORKER, _CHILD, replace(_CHILD, id="c2")), benefits=_LINES)
_WRITTEN = (
    encode(_SMALL, SIGNER),
    encode(replace(_SMALL, contract=_FAMILY, person="c1"), SIGNER),
    encode(replace(_SMALL, contract=Contract("1", Period(), (Insured("", Role.OTHER),)), person=""), SIGNER),
)
TEXTS = tuple(text for text, _ in _WRITTEN)
CERTIFICATES = tuple(certificate for _, certificate in _WRITTEN)
STATUS_LIST = write_status_list(
    StatusList(LIST_NAME, _NOON, _NOON + timedelta(days=1), timedelta(hours=1), packed({5: 1, 9: 2}), SIGNER.key_id),
    SIGNER,
)


def _picture(kind: str) -> bytes:
    """Return a picture of a certificate; a small one, so that many can be tried."""
    out = BytesIO()
    Image.open(BytesIO(png(symbol_of("PB1:0123456789"), 2))).convert("L").save(out, kind)
    return out.getvalue()


PICTURES = tuple(_picture(kind) for kind in ("PNG", "JPEG", "PDF"))


# From the inside to the outside ------------------------------------------------------------------


def as_text(body: bytes) -> str:
    """Return any bytes where the packed certificate belongs."""
    return PREFIX + base45.encode(body)


def zipped(content: bytes) -> str:
    """Return any bytes where the COSE message belongs."""
    return as_text(zlib.compress(content, 1))


def enveloped(payload: bytes) -> str:
    """Return any bytes where the claims belong. The signature is none: decoding does not look at it."""
    return zipped(dumps([dumps({1: -7, 4: SIGNER.key_id}), {}, payload, bytes(64)]))


def claimed(claims: Any) -> str:
    """Return any value where the claims belong."""
    return enveloped(dumps(claims))


def signed_list(payload: bytes) -> bytes:
    """Return any bytes where the claims of a status list belong, properly signed."""
    protected = dumps({1: -7, 4: SIGNER.key_id, 16: TYPE})
    return dumps([protected, {}, payload, SIGNER.sign(dumps(["Signature1", protected, b"", payload]))])


_ENVELOPES = tuple(decode(text).envelope for text in TEXTS)
_BODIES = tuple(base45.decode(text.removeprefix(PREFIX)) for text in TEXTS)
_CONTENTS = tuple(zlib.decompress(body) for body in _BODIES)
CLAIMS: tuple[dict[Any, Any], ...] = tuple(loads(one.payload, MOST_BYTES) for one in _ENVELOPES)
_LIST_PARTS = loads(STATUS_LIST, 1 << 20)
LIST_CLAIMS: dict[Any, Any] = loads(_LIST_PARTS[2], 1 << 20)

# Changes to bytes --------------------------------------------------------------------------------

# Heads of CBOR items that say more than follows, have no end, or mean something that is not read.
HEADS = tuple(
    bytes.fromhex(head)
    for head in [
        "9bffffffffffffffff",
        "9a00100000",
        "98ff",
        "9f",
        "bf",
        "5f",
        "7f",
        "ff",
        "bbffffffffffffffff",
        "5bffffffffffffffff",
        "7b7fffffffffffffff",
        "c2",
        "c3",
        "c0",
        "c1",
        "d81c",
        "d81d",
        "d8",
        "d9d9f7",
        "d90100",
        "db00000000ffffffff",
        "f4",
        "f5",
        "f6",
        "f7",
        "f8ff",
        "f97e00",
        "fa7fc00000",
        "fb7ff0000000000000",
        "1bffffffffffffffff",
        "3bffffffffffffffff",
        "00",
        "1800",
        "190000",
        "a0",
        "80",
        "40",
        "60",
        "a20000",
        "00a20000",
        "61ff",
        "62c328",
    ]
)


def changed_bytes(data: bytes, draw: Inside) -> bytes:
    """Return the bytes with one to four changes of the kinds that parsers trip over."""
    found = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4))):
        at = draw.randrange(len(found) + 1)
        end = min(at + draw.choice((1, 1, 2, 8, 40)), len(found))
        match draw.randrange(8):
            case 0 | 1 if found:
                found[at - 1] ^= 1 << draw.randrange(8)
            case 2 if found:
                found[at - 1] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
            case 3:
                del found[at:end]
            case 4:
                found[at:at] = found[at:end] * draw.choice((1, 2, 30))
            case 5:
                found[at:at] = draw.choice(HEADS)
            case 6:
                head = draw.choice(HEADS)
                found[at : at + len(head)] = head
            case _:
                found[at:at] = draw.randbytes(draw.choice((1, 3, 9)))
    return bytes(found)


def changed_text(text: str, draw: Inside) -> str:
    """Return the text with characters changed, left out, doubled or brought in, or cut short."""
    at = draw.randrange(len(text))
    match draw.randrange(6):
        case 0:
            return text[:at]
        case 1:
            return text[:at] + text[at + draw.randrange(1, 4) :]
        case 2:
            return text[: at + draw.randrange(1, 400)] + text[at:]
        case 3:
            return (
                text[:at] + draw.choice(("é", "\0", "ß", " ", "::", "\ud800", "٣", "Ａ", "🂡", "pb1:")) + text[at + 1 :]
            )
        case 4:
            return text + draw.choice(TEXTS)[at:]
        case _:
            return text[:at] + chr(draw.randrange(32, 127)) + text[at + 1 :]


# Changes to values -------------------------------------------------------------------------------


def nested(depth: int) -> list[Any]:
    """Return lists within lists."""
    found: list[Any] = []
    for _ in range(depth - 1):
        found = [found]
    return found


_ODD: tuple[Any, ...] = (
    *(None, True, False, cbor2.undefined, "", "A", "EUR", "RUB", "worker", "\0", "€" * 99, "x" * 900, b"", bytes(8)),
    *(sign * ((1 << bits) + more) for bits in (0, 3, 5, 8, 15, 31, 32, 53, 62, 63, 64) for sign in (1, -1) for more in (-1, 0, 1)),
    *(3_652_058, 2_932_896, 2_932_897, -719_162, -719_163, 253_402_300_799, 253_402_300_800, -62_135_596_800),
    *(0.0, 1.5, float("nan"), float("inf"), [], [[]], [None] * 7, [0] * 300, {}, {0: 0}, {1: {}}, {"": 0}, {"1": 1}),
    *(nested(8), nested(12), [1, 2], [1, "EUR"], [-1, ""], ["EUR", 1], 1 << 90, -(1 << 90), list(range(13))),
    *(cbor2.CBORTag(18, []), cbor2.CBORTag(37, bytes(16)), cbor2.CBORTag(999, {}), cbor2.CBORSimpleValue(99)),
)  # fmt: skip

Slot = tuple[Any, Any]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


def _slots(value: Any, found: list[Slot]) -> list[Slot]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        found.append((value, key))
        _slots(part, found)
    return found


# What is odd in files of text.
_ODD_WORDS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e300, float("nan"), 1 << 70, "", "NO", "no", "~", "x" * 300, "\0", "\ud800", "€"),
    *("2026-13-01", "0000-01-01", "0001-01-01", "9999-12-31", "2026-02-29", "..", "a/../b", "+1", "1e9", "0x10", "1_0"),
    *("AAAA", "A===", "MAA=", "0" * 16, "65536", "-1", "9" * 400, "removed", "<<", "*a", "&a", "!!int", "...", "---"),
    *([], [[]], ["en"] * 300, {}, {"": ""}, {"state": "NO"}, nested(30), nested(45)),
)


def changed_words(value: Any, draw: Inside) -> Any:
    """Return the tree of a file of text changed, as `changed_value` does for claims."""
    return changed_value(value, draw, _ODD_WORDS)


def changed_value(value: Any, draw: Inside, odd: tuple[Any, ...] = _ODD) -> Any:
    """Return the value with one to three of its parts replaced, left out, moved or brought in."""
    found = [_copied(value)]
    for _ in range(draw.choice((1, 1, 2, 3))):
        slots = _slots(found, [])
        if not slots:
            break
        holder, key = draw.choice(slots)
        match draw.randrange(8):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, _copied(holder[key]))
            case 1:
                holder[draw.choice((key, draw.randrange(-1, 80), "x", 1 << 64, True))] = holder.pop(key)
            case 2:
                other, at = draw.choice(slots)
                holder[key] = _copied(other[at]) if at in other or isinstance(other, list) else None
            case 3 if type(holder[key]) is int:
                holder[key] += draw.choice((-100, -1, 1, 100))
            case 4 if isinstance(holder[key], dict):
                holder[key][draw.randrange(80)] = draw.choice(odd)
            case _:
                holder[key] = _copied(draw.choice(odd))
    return found[0] if found else None


def _encoded(value: Any, draw: Inside) -> bytes:
    """Return the value as CBOR, now and then not in the deterministic form."""
    return cbor2.dumps(value, canonical=draw.randrange(8) > 0)


# One hostile input -------------------------------------------------------------------------------


def _parts(draw: Inside) -> str:
    content = list(loads(draw.choice(_CONTENTS), MOST_BYTES))
    if draw.randrange(2):
        content[0] = _encoded(changed_value(loads(content[0], MOST_BYTES), draw), draw)
        return zipped(dumps(content))
    return zipped(_encoded(changed_value(content, draw), draw))


_LAYERS: tuple[Callable[[Inside], str], ...] = (
    lambda draw: changed_text(draw.choice(TEXTS), draw),
    lambda draw: as_text(changed_bytes(draw.choice(_BODIES), draw)),
    lambda draw: zipped(changed_bytes(draw.choice(_CONTENTS), draw)),
    lambda draw: enveloped(changed_bytes(draw.choice(_ENVELOPES).payload, draw)),
    _parts,
    lambda draw: enveloped(_encoded(changed_value(draw.choice(CLAIMS), draw), draw)),
    lambda draw: claimed({**(one := draw.choice(CLAIMS)), -65537: changed_value(one[-65537], draw)}),
    lambda draw: claimed({**(one := draw.choice(CLAIMS)), -65537: changed_value(one[-65537], draw)}),
)


def hostile_text(draw: Inside) -> str:
    """Return a text that was a certificate before one of its layers was changed."""
    return draw.choice(_LAYERS)(draw)


def hostile_list(draw: Inside) -> bytes:
    """Return bytes that were a status list; where only its claims were changed, they are properly signed."""
    match draw.randrange(5):
        case 0:
            return changed_bytes(STATUS_LIST, draw)
        case 1:
            return _encoded(changed_value(_LIST_PARTS, draw), draw)
        case 2:
            return signed_list(changed_bytes(_LIST_PARTS[2], draw))
        case 3:
            claims = LIST_CLAIMS | {65533: {"bits": 2, "lst": changed_bytes(LIST_CLAIMS[65533]["lst"], draw)}}
            return signed_list(dumps(claims))
        case _:
            return signed_list(_encoded(changed_value(LIST_CLAIMS, draw), draw))


def hostile_picture(draw: Inside) -> bytes:
    """Return bytes that were a picture or a PDF file."""
    return changed_bytes(draw.choice(PICTURES), draw)


def size_fault(opened: Opened) -> str:
    """Return what in a certificate is larger than the bytes that it came from can hold; empty when nothing is."""
    certificate, envelope = opened.certificate, opened.envelope
    if max(len(envelope.payload), len(envelope.key_id)) > MOST_BYTES or len(envelope.signature) != 64:
        return "an envelope"
    contract = certificate.contract
    if len(contract.insured) + len(contract.benefits or ()) > MOST_BYTES or not contract.insured:
        return "persons or benefit lines"
    values = [*contract.facts.values(), *(value for one in contract.insured for value in one.facts.values())]
    values += [getattr(line, name) for line in contract.benefits or () for name in BenefitLine.__slots__]
    values += [contract.number, certificate.insurer_name, certificate.assistance_phone, certificate.issuer_state]
    for value in values:
        if isinstance(value, int) and value.bit_length() > 64 + 10:  # an amount with three decimals
            return "a number"
        if isinstance(value, str | frozenset) and len(value) > MOST_BYTES:
            return "a text or a set"
    return ""
