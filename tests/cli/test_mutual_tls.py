"""A node that speaks TLS itself: machines act by the certificate that they show, browsers need none, strangers get nowhere."""

import shutil
import ssl
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import httpx
import pytest
from test_node_serve import free_port, program
from tls_builder import Authority

pytestmark = pytest.mark.enable_socket
INSURER = "UZ/Insurer in Uzbekistan (sample)"
ROLE = ("--role", "insurer_clerk", "--state", "UZ", "--of", INSURER)


@dataclass
class Node:
    """A node that is served, and the certificates around it."""

    address: str
    ours: Authority
    clients: Authority
    bearer: str

    def get(self, path: str, shown: tuple[Path, Path] | None = None, **headers: str) -> httpx.Response:
        context = ssl.create_default_context(cafile=str(self.ours.file))
        if shown:
            context.load_cert_chain(*map(str, shown))
        return httpx.get(self.address + path, verify=context, headers=headers, timeout=30)


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    folder = Path(tempfile.mkdtemp(prefix="pb-"))
    ours, clients = Authority(folder, "ours"), Authority(folder, "clients")
    cert, key = ours.issue("server")
    clients.issue("claims")
    place, port = ["--data", str(folder / "node")], free_port()

    def ran(*words: str) -> str:
        done = subprocess.run(program("node", *words, *place), check=True, capture_output=True, text=True)  # noqa: S603
        return done.stdout

    ran("init", "--demo", "--state", "UZ")
    ran("key", "add", "claims", *ROLE, "--certificate", str(folder / "claims.pem"))
    bearer = ran("key", "add", "by-key", *ROLE).split()[-1]
    tls = ["--tls-cert", str(cert), "--tls-key", str(key), "--client-ca", str(clients.file)]
    serve = program("node", "serve", *place, "--port", str(port), *tls)
    with subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as served:  # noqa: S603
        found = Node(f"https://127.0.0.1:{port}", ours, clients, bearer)
        try:
            while served.poll() is None:
                try:
                    if found.get("/ready").status_code == 200:
                        break
                except httpx.TransportError:
                    sleep(0.1)
            yield found
        finally:
            served.terminate()
            served.wait()
            shutil.rmtree(folder, ignore_errors=True)


def shown(node: Node, name: str) -> tuple[Path, Path]:
    return node.clients.folder / f"{name}.pem", node.clients.folder / f"{name}.key"


def test_a_machine_acts_by_the_certificate_that_it_shows(node: Node) -> None:
    found = node.get("/v1/contracts", shown(node, "claims"))

    assert found.status_code == 200
    assert "SAMPLE-UZ-0001" in found.text


def test_without_a_certificate_one_is_a_visitor_and_a_key_still_does(node: Node) -> None:
    assert node.get("/v1/contracts").status_code == 401
    assert node.get("/v1/law?most=1").status_code == 200
    assert node.get("/check").status_code == 200
    assert node.get("/v1/contracts", Authorization=f"Bearer {node.bearer}").status_code == 200


def test_a_certificate_of_the_ca_that_is_no_key_s_is_refused(node: Node) -> None:
    assert node.get("/v1/law?most=1", node.clients.issue("unknown")).status_code == 401


def test_a_certificate_of_another_ca_does_not_come_through_the_handshake(node: Node) -> None:
    stranger = Authority(node.clients.folder, "strangers").issue("claims-too")
    with pytest.raises((httpx.TransportError, ssl.SSLError)):
        node.get("/v1/contracts", stranger)


def test_a_header_proves_nothing_where_no_proxy_was_told_of(node: Node) -> None:
    der = ssl.PEM_cert_to_DER_cert(shown(node, "claims")[0].read_text())
    found = node.get("/v1/contracts", None, **{"Client-Cert": f":{b64encode(der).decode()}:"})

    assert found.status_code == 401


def test_behind_tls_the_cookie_travels_over_nothing_else(node: Node) -> None:
    cookies = node.get("/sign-in").headers["set-cookie"].lower()

    assert "secure" in cookies


@pytest.mark.parametrize("half", [("--tls-cert", "ours.pem"), ("--client-ca", "ours.pem")])
def test_half_of_tls_is_refused(node: Node, half: tuple[str, str]) -> None:
    words = ["serve", "--data", "/nowhere", half[0], str(node.ours.folder / half[1])]
    done = subprocess.run(program("node", *words), check=False, capture_output=True, text=True)  # noqa: S603

    assert done.returncode == 4
    assert "by half" in done.stderr
