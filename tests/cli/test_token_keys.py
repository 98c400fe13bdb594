"""Commands that sign with keys in a token, from the key's making to what a verifier checks."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from desk import NOW, OPEN, Answer, run
from softhsm import PIN, TOKEN

from polisbridge.adapters.pkcs11 import MODULE
from polisbridge.adapters.trust_store import DiskClient, FolderTree
from polisbridge.core.status import ListName, StatusList
from polisbridge.formats.certificate import decode
from polisbridge.formats.cose import verified
from polisbridge.formats.statuslist import read_status_list
from polisbridge.services.trust.sync import sync

SAMPLES = Path(__file__).parents[2] / "samples"
ERROR = 4
LABELS = count(1)


class Token:
    """A token with the PIN in a private file."""

    def __init__(self, module: Path, folder: Path) -> None:
        self.module, self.pin = module, folder / "pin"
        self.pin.write_bytes(PIN + b"\n")
        self.pin.chmod(0o600)

    def run(self, *words: str | Path) -> Answer:
        found = run(*words, "--passphrase-file", self.pin, env={MODULE: str(self.module)})
        assert PIN.decode() not in found.out + found.err
        return found

    def done(self, *words: str | Path) -> Answer:
        found = self.run(*words)
        assert found.exit == 0, found.err
        return found

    def key(self) -> str:
        """Make a key with a label of its own, and return its address."""
        address = f"pkcs11:token={TOKEN};object=key-{next(LABELS)}"
        self.done("trust", "key", "make", address)
        return address

    def public(self, address: str) -> str:
        return self.done("trust", "key", "public", address).out


@pytest.fixture
def token(softhsm: Path, tmp_path: Path) -> Token:
    return Token(softhsm, tmp_path)


@pytest.fixture
def insurer(token: Token) -> str:
    return token.key()


def spki(pem: str) -> bytes:
    return load_pem_public_key(pem.encode()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_a_certificate_and_its_status_list_are_signed_in_the_token(token: Token, insurer: str, tmp_path: Path) -> None:
    contract, order = (SAMPLES / f"uzbek_home_contract.{kind}.yaml" for kind in ("contract", "order"))
    register = ("--register", tmp_path / "register", "--key", insurer)
    public = spki(token.public(insurer))

    token.done("certificate", "issue", contract, "--order", order, *register, "--out", tmp_path / "out")
    token.done("status", "publish", *register, "--state", "UZ", "--out", tmp_path / "list")

    opened = decode((tmp_path / "out" / "SAMPLE-UZ-0001-worker.txt").read_text().strip())
    assert verified(opened.envelope, public)
    assert isinstance(read_status_list((tmp_path / "list").read_bytes(), ListName("UZ", 1), [public]), StatusList)


def test_a_repository_whose_keys_are_all_in_one_token_is_signed_published_and_trusted(
    token: Token, tmp_path: Path
) -> None:
    keys = {role: token.key() for role in ("root", "targets", "snapshot", "timestamp")}
    for role, address in keys.items():
        (tmp_path / f"{role}.pub").write_text(token.public(address))
    publics = [word for role in keys for word in (f"--{role}-key", tmp_path / f"{role}.pub")]
    repo = tmp_path / "repo"

    token.done("trust", "init", repo, *publics, "--root-threshold", "1", "--targets-threshold", "1")
    for role in ("root", "targets"):
        token.done("trust", "sign", repo, "--role", role, "--key", keys[role], "--yes")
    online = ("--snapshot-key", keys["snapshot"], "--timestamp-key", keys["timestamp"])
    token.done("trust", "publish", repo, *online)

    anchor = (repo / "public" / "metadata" / "1.root.json").read_bytes()
    kit = tmp_path / "kit"
    assert sync(FolderTree(kit), DiskClient(kit), str(repo / "public"), NOW, anchor).view.states == {}


def test_the_public_key_of_a_file_is_that_beside_it(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    run("trust", "key", "make", tmp_path / "keys" / "a.pem", OPEN)

    assert (
        run("trust", "key", "public", tmp_path / "keys" / "a.pem", OPEN).out
        == (tmp_path / "keys" / "a.pem.pub").read_text()
    )


def without_module(token: Token, address: str) -> Answer:
    return run("trust", "key", "public", address, "--passphrase-file", token.pin, env={MODULE: ""})


def with_wrong_pin(token: Token, address: str) -> Answer:
    token.pin.write_text("9999\n")
    return token.run("trust", "key", "public", address)


def with_pin_in_the_address(token: Token, address: str) -> Answer:
    return token.run("trust", "key", "public", f"{address}?pin-value=7777")


def without_pin(token: Token, address: str) -> Answer:
    return run("trust", "key", "public", address, OPEN, env={MODULE: str(token.module)})


def of_another_label(token: Token, _: str) -> Answer:
    return token.run("trust", "key", "public", f"pkcs11:token={TOKEN};object=nobody")


def made_twice(token: Token, address: str) -> Answer:
    return token.run("trust", "key", "make", address)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (without_module, MODULE),
        (with_wrong_pin, "the token refuses the PIN"),
        (with_pin_in_the_address, "a PIN in a PKCS#11 address"),
        (without_pin, "a token opens with its PIN only"),
        (of_another_label, "no such key in the token"),
        (made_twice, "in the token"),
    ],
)
def test_a_key_that_cannot_be_opened_is_an_error(
    token: Token, insurer: str, way: Callable[[Token, str], Answer], said: str
) -> None:
    found = way(token, insurer)

    assert (found.exit, found.out) == (ERROR, "")
    assert said in found.err
    assert "7777" not in found.err
