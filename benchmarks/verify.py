"""How fast certificate texts are verified and decided offline, beside the bare P-256 verification.

Every insured person of every sample contract gets a certificate. Three works take turns for several passes:
the signature alone (`cryptography`, key loaded, message and signature at hand); text to verified content (decode,
find the key by state and key id, verify); and text to Decision (the same, then the law of the sample's first stay).
The law of an occasion is applied when it first comes up and kept, as a checkpoint keeps it. Then every step is timed alone. Certificates come again in every round, so what decoding keeps (benefit
lines, sets of words, days) is always at hand; one step tells what decoding takes when nothing is kept.
"""

import argparse
import gc
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.certificate import Certificate, Holder, StatusReference
from polisbridge.core.contract import Contract, Stay
from polisbridge.core.decide import Decision
from polisbridge.core.money import Rates
from polisbridge.core.signing import Algorithm, key_id_of
from polisbridge.formats import base45, cbor, certificate_facts, cose
from polisbridge.formats import certificate as certificate_format
from polisbridge.formats.certificate import PREFIX, Opened, decode, encode
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with

SAMPLES = Path(__file__).parents[1] / "samples"
BOOK = read_law(read_folder(shipped_law()))
ISSUED = datetime(2026, 1, 5, 8, tzinfo=UTC)
ES256 = ECDSA(SHA256())
MOST_BYTES = 4_000
VERIFIED_AIM, DECIDED_AIM = 0.75, 0.6


class Key:
    """A key in memory that signs."""

    algorithm = Algorithm.ES256

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public = key.public_key()
        self.public_key = self.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.key_id = key_id_of(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """Return r and s."""
        r, s = decode_dss_signature(self._key.sign(data, ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass(frozen=True)
class Case:
    """One certificate as text, its occasion, and what each step alone needs."""

    text: str
    stay: Stay
    opened: Opened
    packed: bytes
    data: bytes
    der_signature: bytes


def document(name: str) -> Document:
    """Return a sample file."""
    return read_tree((SAMPLES / name).read_bytes(), name)


def cases(key: Key) -> list[Case]:
    """Return a case for every insured person of every sample."""
    found = []
    for path in sorted(SAMPLES.glob("*.contract.yaml")):
        contract = read_contract(document(path.name), BOOK.vocabulary)
        stays = document(path.name.replace(".contract.", ".stays."))
        stay = next(iter(read_stays(stays, BOOK.vocabulary)))[0]
        found += [case(key, contract, one.id, index, stay) for index, one in enumerate(contract.insured)]
    return found


def case(key: Key, contract: Contract, person: str, index: int, stay: Stay) -> Case:
    """Return the case of one insured person."""
    state = str(contract.facts["home_state"])
    holder = Holder("SAMPLE<<PERSON<OF<THE", "Образец Человека", "4711")
    certificate = Certificate(
        state, key.key_id, ISSUED, ISSUED + timedelta(365), StatusReference(1, 1_000 + index), holder, contract, person,
        "Insurer of the sample", "+7 727 000 00 00",
    )  # fmt: skip
    text, _ = encode(certificate, key)
    opened, packed = decode(text), base45.decode(text.removeprefix(PREFIX))
    signature = opened.envelope.signature
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return Case(text, stay, opened, packed, zlib.decompress(packed), encode_dss_signature(r, s))


@dataclass(frozen=True)
class Verifier:
    """A verifier's own data: keys by state and key id, and official rates."""

    keys: dict[tuple[str, bytes], bytes]
    laws: AppliedLaws

    def verified(self, text: str) -> Opened:
        """Return what the text says; stop when the signature is wrong."""
        opened = decode(text)
        certificate = opened.certificate
        if not cose.verified(opened.envelope, self.keys[certificate.issuer_state, certificate.key_id]):
            raise SystemExit("a signature that does not verify")
        return opened

    def assessed(self, opened: Opened, stay: Stay) -> Decision:
        """Return the decision for the holder on the occasion, with findings."""
        certificate = opened.certificate
        return assess_with(self.laws, certificate.contract, stay, [certificate.person])[0].decision

    def decided(self, text: str, stay: Stay) -> Decision:
        """Return the decision for the holder of the text."""
        return self.assessed(self.verified(text), stay)


Work = Callable[[Case], object]


def timed(works: dict[str, Work], all_cases: Sequence[Case], passes: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds per certificate of every pass, the works taking turns."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(passes):
        for name, work in works.items():
            gc.collect()
            begin = perf_counter()
            for _ in range(rounds):
                for one in all_cases:
                    work(one)
            found[name].append((perf_counter() - begin) / (rounds * len(all_cases)))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passes", type=int, default=9, help="timed passes")
    parser.add_argument("--rounds", type=int, default=20, help="times that a pass goes over all certificates")
    asked = parser.parse_args()
    key = Key(generate_private_key(SECP256R1()))
    all_cases = cases(key)
    keys = {(one.opened.certificate.issuer_state, key.key_id): key.public_key for one in all_cases}
    verifier = Verifier(keys, AppliedLaws(BOOK, Rates(read_rates(document("rates.yaml")))))

    def bare(one: Case) -> None:
        key.public.verify(one.der_signature, one.opened.envelope.to_be_signed, ES256)

    works: dict[str, Work] = {
        "bare P-256 verification": bare,
        "text to verified content": lambda one: verifier.verified(one.text),
        "text to Decision": lambda one: verifier.decided(one.text, one.stay),
    }
    lengths = [len(one.text) for one in all_cases]
    print(f"{len(all_cases)} certificates, {mean(lengths):.0f} characters on average, {max(lengths)} at most")
    rates = {
        name: [1 / one for one in spent] for name, spent in timed(works, all_cases, asked.passes, asked.rounds).items()
    }
    base = median(rates["bare P-256 verification"])
    aims = {"text to verified content": VERIFIED_AIM, "text to Decision": DECIDED_AIM}
    print(f"{'':<28} {'per second':>11} {'min..max':>18} {'to bare':>8} {'aim':>6}")
    for name, found in rates.items():
        span = f"{min(found):,.0f}..{max(found):,.0f}"
        print(f"{name:<28} {median(found):>11,.0f} {span:>18} {median(found) / base:>8.3f} {aims.get(name, ''):>6}")
    print("\neach step alone, microseconds per certificate:")
    for name, spent in timed(steps(verifier, bare), all_cases, asked.passes, asked.rounds).items():
        print(f"{median(spent) * 1e6:>8.1f}  {name}")


KEPT = (
    *(certificate_facts._plain_line, certificate_facts._set_of),  # noqa: SLF001 - to empty them
    *(certificate_format._date, certificate_format._period),  # noqa: SLF001
    *(cbor._as_sorted, cose._header, base45._firsts),  # noqa: SLF001
)


def decoded_anew(text: str) -> Opened:
    """Return what the text holds, with nothing kept from texts before."""
    for one in KEPT:
        one.cache_clear()
    return decode(text)


def steps(verifier: Verifier, bare: Work) -> dict[str, Work]:
    """Return each step on its own; building is what decode does besides the steps before it."""

    def key_of(one: Case) -> bytes:
        certificate = one.opened.certificate
        return verifier.keys[certificate.issuer_state, certificate.key_id]

    return {
        "Base45": lambda one: base45.decode(one.text[len(PREFIX) :]),
        "zlib": lambda one: zlib.decompressobj().decompress(one.packed, MOST_BYTES),
        "envelope (COSE, its CBOR)": lambda one: cose.open1(one.data, MOST_BYTES),
        "CBOR of the payload": lambda one: cbor.loads(one.opened.envelope.payload, MOST_BYTES),
        "decode, all the above and building the certificate": lambda one: decode(one.text),
        "decode, nothing kept from before": lambda one: decoded_anew(one.text),
        "signature and its conversion": lambda one: cose.verified(one.opened.envelope, key_of(one)),
        "bare P-256 verification": bare,
        "decision": lambda one: verifier.assessed(one.opened, one.stay),
    }


if __name__ == "__main__":
    main()
