"""Any other PostgreSQL: reached by TCP with a password; a wrong one is told without it; the tests run on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from registry_builder import contract, note, passports, registries, seller
from sqlalchemy import text
from tcp_server import TcpServer, tcp_server

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Enrolment
from polisbridge.services.registry.contracts import NewContract, register

TESTS = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[TcpServer]:
    with tcp_server() as found:
        yield found


def test_a_registry_lives_on_a_server_reached_by_tcp_with_a_password(server: TcpServer) -> None:
    engine = connect(server.url)
    migrate(engine)
    terms = contract("TCP-1")
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(terms, seller(registry), identities=passports(terms)), note())
    with registries(engine).read() as registry:
        held = list(registry.known(Enrolment, on=None, at=note(1).at, contract=thing))
    with engine.connect() as connection:
        address = connection.execute(text("SELECT host(inet_server_addr())")).scalar_one()
    engine.dispose()

    assert len(held) == 3
    assert address == "127.0.0.1"


def test_a_wrong_password_is_told_without_any_password(server: TcpServer) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        connect(server.url.replace(server.password, "not-the-password"))

    assert caught.value.code is ErrorCode.NO_DATABASE
    assert "password authentication failed" in str(caught.value.detail)
    assert [one for one in ("not-the-password", server.password) if one in repr(caught.value.detail)] == []


def test_the_tests_run_on_the_server_that_database_url_names(server: TcpServer) -> None:
    chosen = ["tests/adapters/database/test_history.py", "tests/services/people/test_persons.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen]
    env = {**os.environ, "DATABASE_URL": server.url}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env, cwd=TESTS.parent)  # noqa: S603

    assert done.returncode == 0, done.stdout
    assert " skipped" not in done.stdout
