"""The folder of a node: `keys/` (its owner alone), `database/` (unless DATABASE_URL names a server), `rates/`, `kit/`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from polisbridge.adapters.database import schema
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.sealing import KeyRing, read_keys
from polisbridge.adapters.database.server import connect, embedded
from polisbridge.adapters.database.tables import NODE
from polisbridge.adapters.folder import read_file
from polisbridge.adapters.private_file import read_private
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.money import Rates
from polisbridge.core.registry import RetentionRule
from polisbridge.formats.oidcfile import read_oidc
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.retentionfile import read_retention
from polisbridge.formats.tree import MAX_BYTES, read_tree
from polisbridge.services.nodes import NodePlace

if TYPE_CHECKING:
    from polisbridge.adapters.oidc import OpenIdProvider

_LONGEST_SECRET = 10_000  # bytes
KEY_CHECK = "node"  # what is hashed to know the node's own keys again


def keys_of(place: NodePlace) -> Path:
    """Return the folder of the node's keys."""
    return place.folder / "keys"


def kit_of(place: NodePlace) -> Path:
    """Return the folder of the node's verifier's kit."""
    return place.folder / "kit"


@contextmanager
def database_url(place: NodePlace) -> Iterator[str]:
    """Give the URL of the node's database, its own server started where it has one."""
    if place.url:
        yield place.url
        return
    with embedded(place.folder / "database") as url:
        yield url


@contextmanager
def database(place: NodePlace) -> Iterator[Engine]:
    """Give the node's database, whatever is in it."""
    with database_url(place) as url:
        engine = connect(url)
        try:
            yield engine
        finally:
            engine.dispose()


def refuse_no_node(place: NodePlace) -> None:
    """Raise PolisbridgeError when there is no node in the folder."""
    if not keys_of(place).is_dir():
        detail = f"no node in {place.folder}"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint=f"polisbridge node init --data {place.folder}")


def checked_keys(place: NodePlace, engine: Engine) -> KeyRing:
    """Return the node's keys, once database and keys were found to be of one node and of this program's tables.

    Raises PolisbridgeError otherwise.
    """
    ring = read_keys(keys_of(place))
    revision = schema.revision_of(engine)
    schema.refuse_newer(revision)
    if revision != schema.newest():
        detail = f"tables of revision {revision}, this program needs {schema.newest()}"
        raise PolisbridgeError(ErrorCode.NO_DATABASE, detail, hint="polisbridge node migrate")
    with told(), engine.connect() as connection:
        found = connection.execute(select(NODE.c.key_check)).scalar_one_or_none()
    if found is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "the database holds no node", hint="polisbridge node init")
    if bytes(found) != ring.hashed(KEY_CHECK, KEY_CHECK):
        detail = "the keys are not those of the node in the database"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, detail, hint=f"put its keys into {keys_of(place)}")
    return ring


def rates_of(place: NodePlace) -> Rates:
    """Return the official rates in the node's folder. Raises InputFaults for a file that is wrong."""
    files = sorted((place.folder / "rates").glob("*.yaml"))
    tables = [table for file in files for table in read_rates(read_tree(read_file(file, MAX_BYTES), str(file)))]
    return Rates(tuple(tables))


def provider_of(place: NodePlace) -> "OpenIdProvider | None":
    """Return where people may sign in elsewhere, None when the operator has set nothing.

    Raises InputFaults when it is wrong, PolisbridgeError when its secret lies open or is not there.
    """
    file = place.folder / "oidc.yaml"
    if not file.exists():
        return None
    from polisbridge.adapters.oidc import OpenIdProvider  # its client is only wanted here  # noqa: PLC0415

    terms = read_oidc(read_tree(read_file(file, MAX_BYTES), str(file)))
    return OpenIdProvider(terms, read_private(place.folder / terms.secret_file, _LONGEST_SECRET).decode().strip())


def retention_of(place: NodePlace) -> RetentionRule | None:
    """Return the node's rule of retention, None when there is none. Raises InputFaults when it is wrong."""
    file = place.folder / "retention.yaml"
    return read_retention(read_tree(read_file(file, MAX_BYTES), str(file))) if file.exists() else None
