"""Texts that are no certificates, each with one thing wrong, for `certificate_vectors`."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cbor2

from polisbridge.core.signing import Signer
from polisbridge.formats import base45
from polisbridge.formats.cbor import dumps
from polisbridge.formats.certificate import PREFIX, CertificateFault

_PART = -65537
_CLAIMS: dict[Any, Any] = {
    1: "UZ",
    4: 1806537600,
    6: 1767225600,
    _PART: {
        1: [3, 712345],
        2: ["RAHIMOV<<BAHODIR", "", "4567"],
        3: "P-1",
        4: [20544, 20908],
        5: ["worker", 0, 6776, ["UZ"]],
        6: "RUB",
        7: {17: 0, 35: ["RU"], 37: 500000},
        8: [{0: 1}],
    },
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One text, the fault it has to end in, and a sentence on what is wrong with it."""

    fault: CertificateFault
    name: str
    wrong: str
    text: str


def faults(signer: Signer) -> Iterator[Wrong]:
    """Yield the texts, in the order in which a reader comes to what is wrong."""
    made = _Maker(signer)
    for fault, found in (
        (CertificateFault.TOO_LONG, made.too_long()),
        (CertificateFault.WRONG_PREFIX, made.wrong_prefix()),
        (CertificateFault.NOT_BASE45, made.not_base45()),
        (CertificateFault.NOT_ZLIB, made.not_zlib()),
        (CertificateFault.NOT_COSE, made.not_cose()),
        (CertificateFault.NOT_CBOR, made.not_cbor()),
        (CertificateFault.NOT_A_CERTIFICATE, made.not_a_certificate()),
        (CertificateFault.NEWER_FORMAT, made.newer_format()),
    ):
        for name, wrong, text in found:
            yield Wrong(fault, name, wrong, text)


_Found = Iterator[tuple[str, str, str]]


class _Maker:
    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._payload = dumps(_CLAIMS)
        self._message = self._signed(self._payload)
        self._packed = zlib.compress(self._message, 9)
        self._body = base45.encode(self._packed)

    def too_long(self) -> _Found:
        yield "characters", "The text has 4001 characters.", PREFIX + "0" * 3997

    def wrong_prefix(self) -> _Found:
        yield "empty", "The text is empty.", ""
        yield "missing", "The prefix is missing.", self._body
        yield "health", "The prefix is that of another kind of certificate.", "HC1:" + self._body
        yield "small_letters", "The prefix is written in small letters.", "pb1:" + self._body

    def not_base45(self) -> _Found:
        yield "character", "The last character is outside the alphabet.", PREFIX + self._body[:-1] + "a"
        even = base45.encode(self._packed[: len(self._packed) // 2 * 2])
        yield "length", "One character stands alone at the end.", PREFIX + even + "0"
        yield "three_too_large", "Three characters stand for more than 65535.", PREFIX + "GGX" + self._body
        yield "two_too_large", "The last two characters stand for more than 255.", PREFIX + even + "::"

    def not_zlib(self) -> _Found:
        yield "empty", "Nothing follows the prefix.", PREFIX
        bomb = zlib.compress(bytes(1_000_000), 9)
        yield "bomb", "The stream unpacks to a million bytes.", PREFIX + base45.encode(bomb)
        changed = self._packed[:-1] + bytes((self._packed[-1] ^ 1,))
        yield "checksum", "The checksum at the end is wrong.", PREFIX + base45.encode(changed)
        yield "cut", "The last byte is missing.", PREFIX + base45.encode(self._packed[:-1])
        yield "more", "A byte follows the stream.", PREFIX + base45.encode(self._packed + b"\0")
        packed = gzip.compress(self._message, 9, mtime=0)
        yield "gzip", "The stream is gzip.", PREFIX + base45.encode(packed)

    def not_cose(self) -> _Found:
        protected, _, payload, signature = cbor2.loads(self._message)
        parts = [protected, {}, payload, signature]
        yield "bytes_after", "A byte follows the message.", _text(self._message + b"\0")
        yield "tag", "The message has the tag 18.", _text(cbor2.dumps(cbor2.CBORTag(18, parts), canonical=True))
        yield "three_parts", "The signature is missing.", _text(dumps(parts[:3]))
        yield "long_form", "A length is written in more bytes than it needs.", _text(b"\x98\x04" + self._message[1:])
        unprotected = [protected, {4: self._signer.key_id}, payload, signature]
        yield "unprotected", "The key id also stands in the unprotected header.", _text(dumps(unprotected))
        yield "short_signature", "The signature has 63 bytes.", _text(dumps([*parts[:3], signature[:63]]))
        key_id = self._signer.key_id
        yield "algorithm", "The algorithm is ES384.", self._with_header({1: -35, 4: key_id})
        yield "no_algorithm", "The header names no algorithm.", self._with_header({4: key_id})
        yield "more_header", "The header has a content type.", self._with_header({1: -7, 3: 0, 4: key_id})
        backwards = b"\xa2\x04" + dumps(key_id) + b"\x01\x26"
        yield "header_order", "The keys of the header are in the wrong order.", self._of(self._payload, backwards)

    def not_cbor(self) -> _Found:
        good = self._payload
        yield "cut", "The last byte of the claims is missing.", self._of(good[:-1])
        yield "bytes_after", "A byte follows the claims.", self._of(good + b"\0")
        yield "deep", "Lists stand in lists, a thousand deep.", self._of(b"\x81" * 1000 + b"\0")
        yield "twice", "The issuer stands twice in the map.", self._of(b"\xa5\x01\x62UZ" + good[1:])
        yield "indefinite", "The map of claims has no length of its own.", self._of(b"\xbf" + good[1:] + b"\xff")
        instant = good.index(dumps(_CLAIMS[4]))
        yield "tag", "The time of expiry has the tag 1.", self._of(good[:instant] + b"\xc1" + good[instant:])
        yield "float", "The time of expiry is a float.", self._of(dumps(_CLAIMS | {4: 1806537600.5}))
        yield "large_number", "The time of expiry has more than 64 bits.", self._of(dumps(_CLAIMS | {4: 2**64}))
        yield "long_form", "A number is written in more bytes than it needs.", self._of(b"\xa4\x18\x01" + good[2:])
        order = dict(reversed(_CLAIMS.items()))
        yield "order", "The keys of the claims are in the wrong order.", self._of(cbor2.dumps(order))
        yield "not_utf8", "A text is not UTF-8.", self._of(good.replace(b"UZ", b"U\xff", 1))

    def not_a_certificate(self) -> _Found:
        yield "list", "The claims are a list.", self._of(dumps(list(_CLAIMS.values())))
        rest = {key: value for key, value in _CLAIMS.items() if key != 1}
        yield "no_issuer", "The issuing state is missing.", self._of(dumps(rest))
        yield "other_claim", "There is a claim 5 (not before).", self._of(dumps(_CLAIMS | {5: 1767225600}))
        yield "text_for_time", "The time of issue is a text.", self._of(dumps(_CLAIMS | {6: "2026-01-01"}))
        rest = {key: value for key, value in _CLAIMS[_PART].items() if key != 2}  # noqa: PLR2004 - number of the part
        yield "no_holder", "The holder is missing.", self._of(dumps(_CLAIMS | {_PART: rest}))
        yield "text_for_list", "The holder is a text of three letters, not a list of three texts.", self._with(2, "ABC")
        yield "role", "The role has the number -1.", self._with(5, ["worker", -1])
        yield "field", "A fact has the number 0, which no field has.", self._with(7, {0: 0})
        yield "part", "A part has the number 0, which no part has.", self._with(0, 0)
        yield "text_for_field", "A fact goes by its name, not by a number.", self._with(7, {"purpose": 0})
        yield "word", "A word has a negative number.", self._with(7, {17: -1})
        yield "no_number", "A word has a number in a list whose words have none.", self._with(7, {19: 0})
        yield "empty_word", "A word is an empty text.", self._with(7, {19: ""})
        yield "set", "A set without words is the number 0, not an empty list.", self._with(7, {45: 0})
        yield "flag", "A flag is a number.", self._with(7, {4: 1})
        yield "day", "A day is beyond the year 9999.", self._with(4, [20544, 3_000_000])
        yield "place", "The holder is the fourth of two persons.", self._with(9, [4, ["spouse", 1]])
        yield "omission", "What was left out has a negative number.", self._with(12, [-1])
        wrong = {1: [3], 7: {73: 0}}
        yield (
            "newer_too",
            "The place of the status lacks its index, and a fact has a newer number.",
            self._with_all(wrong),
        )

    def newer_format(self) -> _Found:
        yield "part", "There is a part 13.", self._with(13, {0: [True]})
        yield "field", "A fact has the number 73, one more than the last field.", self._with(7, {17: 0, 73: 0})
        yield "line_field", "A benefit line has a field 16.", self._with(8, [{0: 1}, {0: 1, 16: 0}])
        yield "word", "A kind of contract has the number 8, one more than the last.", self._with(7, {17: 8})
        yield "word_in_list", "A list of words has a number of none.", self._with(7, {62: [3, "seal"]})
        yield "set", "A set has the bit 23, one more than the last word.", self._with(7, {45: 1 << 23})
        yield "role", "The holder has the role 6, one more than the last.", self._with(5, ["worker", 6])
        person = ["child", 2, None, None, None, None, {3: 7}]
        yield "other_person", "A word about another person has a number of none.", self._with(9, [1, person])
        yield "omission", "What was left out has the number 3, one more than the last.", self._with(12, [3])

    def _with(self, part: int, value: object) -> str:
        return self._with_all({part: value})

    def _with_all(self, parts: dict[int, Any]) -> str:
        return self._of(dumps(_CLAIMS | {_PART: _CLAIMS[_PART] | parts}))

    def _with_header(self, header: dict[int, Any]) -> str:
        return self._of(self._payload, dumps(header))

    def _of(self, payload: bytes, protected: bytes | None = None) -> str:
        return _text(self._signed(payload, protected))

    def _signed(self, payload: bytes, protected: bytes | None = None) -> bytes:
        header = dumps({1: -7, 4: self._signer.key_id}) if protected is None else protected
        signature = self._signer.sign(dumps(["Signature1", header, b"", payload]))
        return dumps([header, {}, payload, signature])


def _text(message: bytes) -> str:
    return PREFIX + base45.encode(zlib.compress(message, 9))
