"""What all tests share: one deterministic way of trying, the small test law, and a token in software."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builder import LAW_FOLDER
from hypothesis import HealthCheck, settings
from postgres import database, engine_of, migrated, running
from softhsm import module, token_in
from sqlalchemy import Engine

from polisbridge.adapters.folder import read_folder
from polisbridge.core.law import LawBook
from polisbridge.formats.lawfile import read_law

settings.register_profile(
    "same_every_time",
    derandomize=True,
    deadline=None,
    max_examples=100,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("same_every_time")


@pytest.fixture(scope="session")
def law_files() -> dict[str, bytes]:
    return read_folder(LAW_FOLDER)


@pytest.fixture(scope="session")
def book(law_files: dict[str, bytes]) -> LawBook:
    return read_law(law_files)


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The module of a token in software; tests that need one are skipped where there is none."""
    found = module()
    if found is None:
        pytest.skip("SoftHSM2 or the extra pkcs11 is not installed")
    with token_in(tmp_path_factory.mktemp("softhsm")):
        yield found


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a real PostgreSQL: one per test run."""
    with running() as url:
        yield url


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a database with a node's tables, copied for every module of tests."""
    with migrated(server) as name:
        yield name


@pytest.fixture(scope="module")
def database_url(server: str, template: str) -> Iterator[str]:
    with database(server, template) as url:
        yield url


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """A database with a node's tables, of this module alone."""
    with engine_of(database_url) as found:
        yield found
