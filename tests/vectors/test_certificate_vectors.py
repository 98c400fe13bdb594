"""The vectors of certificates: made again they are the same, and each decodes or fails as it says."""

import importlib
import json
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from polisbridge.core.certificate import StatusReference
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.formats import base45
from polisbridge.formats.certificate import PREFIX, CertificateError, CertificateFault, NewerFormat, decode
from polisbridge.formats.cose import verified

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "vectors" / "certificate"
VALID = sorted((FOLDER / "valid").glob("*.json"))
INVALID = sorted((FOLDER / "invalid").glob("*.json"))


def vector(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("certificate_vectors")


def test_vectors_made_again_are_the_same_byte_for_byte(tool: Any) -> None:
    made = {path: text.encode() for path, text in tool.files().items()}

    assert {path: path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()} == made


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_vector_decodes_to_what_it_says(path: Path, tool: Any) -> None:
    one = vector(path)

    assert tool.expected(decode(one["text"]).certificate) == one["expect"]
    assert len(one["text"]) == one["characters"]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_vector_holds_the_bytes_and_the_signature_that_it_says(path: Path) -> None:
    one, key = vector(path), vector(FOLDER / "key.json")
    envelope = decode(one["text"]).envelope

    assert zlib.decompress(base45.decode(one["text"].removeprefix(PREFIX))).hex() == one["cose"]
    assert envelope.payload.hex() == one["claims"]
    assert verified(envelope, bytes.fromhex(key["public_key"]))


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_vector_ends_in_the_fault_that_it_says(path: Path) -> None:
    one = vector(path)
    with pytest.raises(CertificateError) as refused:
        decode(one["text"])

    assert refused.value.fault.value == one["fault"]
    assert path.name.startswith(f"{one['fault']}.")
    assert one["wrong"].endswith(".")


@pytest.mark.parametrize(
    "path", [path for path in INVALID if path.name.startswith("newer_format.")], ids=lambda path: path.stem
)
def test_a_newer_vector_tells_who_signed_and_where_its_status_stands_and_nothing_of_the_contract(path: Path) -> None:
    with pytest.raises(NewerFormat) as refused:
        decode(vector(path)["text"])
    opened = refused.value.opened
    told = opened.certificate

    assert verified(opened.envelope, bytes.fromhex(vector(FOLDER / "key.json")["public_key"]))
    assert (told.issuer_state, told.key_id, told.status) == ("UZ", opened.envelope.key_id, StatusReference(3, 712345))
    assert (told.issued, told.expires) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    assert told.contract == Contract("", Period(), (Insured("worker", Role.OTHER),), all_told=False)


def test_every_fault_has_vectors_and_most_have_several_causes() -> None:
    count = Counter(vector(path)["fault"] for path in INVALID)

    assert set(count) == set(CertificateFault)
    assert {fault for fault, number in count.items() if number < 4} == {CertificateFault.TOO_LONG}
