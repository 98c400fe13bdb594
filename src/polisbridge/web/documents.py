"""What a visitor brings: a contract file, or certificates as text, picture or PDF; read, never kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from polisbridge.core.contract import Contract
from polisbridge.core.errors import Fault, InputFaults
from polisbridge.formats.certificate import PREFIX, CertificateError, decode
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import read_tree
from polisbridge.services.node import Node
from polisbridge.words import Words

MOST_CERTIFICATES = 20  # of one file
_MOST_CARRIED = 200_000  # characters of a contract that a page carries on to the next question
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_PDF_WITHIN = 1024
_FAULTS_SHOWN = 12


class Unreadable(Exception):
    """A file that cannot be read, with the reasons in words."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Brought:
    """A contract, with those of its insured persons that are asked about."""

    contract: Contract
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and the same as text, so that the next question need not bring it again."""

    brought: tuple[Brought, ...]
    text: str
    certificates: bool


def read_document(data: bytes, name: str, node: Node, words: Words) -> Document:
    """Return the contracts of a file. Raises Unreadable with every reason."""
    if is_certificate(data):
        return _certificates(certificate_texts(data, node, words), words)
    try:
        contract = read_contract(read_tree(data, name), node.book.vocabulary)
    except InputFaults as exc:
        raise Unreadable(list(_told(exc, words))) from exc
    text = data.decode("utf-8-sig")
    brought = Brought(contract, tuple(person.id for person in contract.insured))
    return Document((brought,), text if len(text) <= _MOST_CARRIED else "", certificates=False)


def is_certificate(data: bytes) -> bool:
    """Say whether the bytes are a certificate's text, or a picture or PDF that may hold one."""
    return data.lstrip().startswith(PREFIX.encode()) or data.startswith(_PICTURES) or b"%PDF-" in data[:_PDF_WITHIN]


def certificate_texts(data: bytes, node: Node, words: Words) -> tuple[str, ...]:
    """Return the certificate texts of a text, picture or PDF file. Raises Unreadable."""
    if data.lstrip().startswith(PREFIX.encode()):
        texts = tuple(_lines_joined(data.decode("ascii", errors="replace")))
    else:
        reading = node.read_codes(data)
        if reading.fault is not None:
            raise Unreadable([words(f"web.read.{reading.fault.value}")])
        texts = reading.texts
    if len(texts) > MOST_CERTIFICATES:
        raise Unreadable([words("web.read.too_many", most=MOST_CERTIFICATES)])
    return texts


def _lines_joined(text: str) -> Iterable[str]:
    """Yield each certificate of a text; one that was broken into lines on its way is joined. Spaces are part of it."""
    found = list[str]()
    for line in text.lstrip().splitlines():
        if line.startswith(PREFIX) or not found:
            found.append(line)
        else:
            found[-1] += line
    yield from found


def _certificates(texts: Iterable[str], words: Words) -> Document:
    found = []
    for text in texts:
        try:
            certificate = decode(text).certificate
        except CertificateError as exc:
            known = words.has(f"web.read.{exc.fault.value}")
            raise Unreadable([words(f"web.read.{exc.fault.value}" if known else "web.read.no_certificate")]) from exc
        found.append(Brought(certificate.contract, (certificate.person,)))
    return Document(tuple(found), "\n".join(texts), certificates=True)


def _told(faults: InputFaults, words: Words) -> Iterable[str]:
    """Yield the faults of a contract file in words, the first dozen of them."""
    yield from (fault_in_words(one, words) for one in faults.faults[:_FAULTS_SHOWN])
    if len(faults.faults) > _FAULTS_SHOWN:
        yield words("fault.more", number=len(faults.faults) - _FAULTS_SHOWN)


def fault_in_words(fault: Fault, words: Words) -> str:
    """Return a fault of a file in words: line, place, what was found and what was expected."""
    what = words(f"fault.{fault.code.value}")
    return words(
        "web.fault.in_file", line=fault.line, path=fault.path, what=what, found=fault.found, expected=fault.expected
    )
