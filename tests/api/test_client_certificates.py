"""A certificate that a proxy passes on (RFC 9440): good ones act, others are refused; its key can be closed and ends."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from api_node import ApiOfTests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from people_builder import NOON, at, people
from sqlalchemy import Engine
from tls_builder import Authority

from polisbridge.adapters.client_certificates import from_proxy
from polisbridge.core.accounts import ClientKey
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.roles import ActorRole
from polisbridge.formats.tlscert import read_certificate
from polisbridge.services.people.machines import actor_of_certificate, new_key
from polisbridge.services.people.ports import People


class Scene:
    """An API behind a proxy, and the certificate of a machine."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.people: People = people(engine)
        self.api = ApiOfTests(engine, folder)
        pem = Authority(folder).issue("machine")[0].read_bytes()
        self.der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        self.fingerprint, self.ends = read_certificate(pem)
        key = ClientKey(0, "machine", ActorRole.INSURER_CLERK, "UZ", self.api.first, NOON, NOON + timedelta(days=9))
        new_key(self.people, key, self.fingerprint)
        known = {"actor_of_certificate": lambda shown: actor_of_certificate(self.people, shown, NOON)}
        for name, one in known.items():
            object.__setattr__(self.api.exchange, name, one)
        self.api.app = from_proxy(self.api.app)  # type: ignore[assignment]

    def asked(self, *values: str) -> int:
        headers = [(b"Client-Cert", one.encode()) for one in values]
        return self.api.program().client.get("/v1/contracts", headers=headers).status_code


@pytest.fixture(scope="module")
def scene(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(engine, tmp_path_factory.mktemp("certificates"))


def passed(der: bytes) -> str:
    return f":{b64encode(der).decode()}:"


def test_a_certificate_passed_on_by_the_proxy_acts(scene: Scene) -> None:
    assert scene.asked(passed(scene.der)) == 200
    assert scene.asked() == 401


@pytest.mark.parametrize("value", ["", ":", "::", "x", ":%%:", ":AAAA:", "AAAA", "é"])
def test_what_is_no_certificate_of_ours_is_refused(scene: Scene, value: str) -> None:
    assert scene.asked(value) == 401


def test_two_headers_are_refused_whatever_they_hold(scene: Scene) -> None:
    assert scene.asked(passed(scene.der), passed(scene.der)) == 401


def test_one_certificate_is_one_machine_s_and_ends_with_its_key(scene: Scene) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        new_key(scene.people, ClientKey(0, "other", ActorRole.AUDITOR, "UZ", None, NOON, at(99)), scene.fingerprint)
    assert caught.value.code is ErrorCode.ALREADY_THERE
    assert actor_of_certificate(scene.people, scene.fingerprint, NOON + timedelta(days=9)) is None
    assert scene.fingerprint == sha256(scene.der).digest()
    with scene.people.accounts.change() as book:
        book.close_key("machine")

    assert scene.asked(passed(scene.der)) == 401


@pytest.mark.parametrize("data", [b"", b"-----BEGIN CERTIFICATE-----\n", b"\x00\xff", b"-----BEGIN PRIVATE KEY-----"])
def test_a_file_that_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        read_certificate(data)

    assert caught.value.code is ErrorCode.NOT_READABLE
