"""A node from the command line: made, examined, backed up and restored, its keys changed, its persons exported and erased."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from desk import NOW, WorldAt, done, run
from postgres import database, engine_of
from sqlalchemy import create_engine, text

from polisbridge.adapters.database.schema import newest
from polisbridge.adapters.database.sealing import read_keys
from polisbridge.adapters.database.server import parsed_url
from polisbridge.adapters.folder import shipped_samples
from polisbridge.adapters.node import RealNode
from polisbridge.adapters.node_folder import checked_keys, kit_of, rates_of
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import RegisteredCertificate
from polisbridge.formats.certificate import PREFIX
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import Document
from polisbridge.services.nodes import NodePlace
from polisbridge.services.registry.certificates import text_of

SAMPLES = sorted(shipped_samples().glob("*.contract.yaml"))
PERSON = ("--state", "UZ", "--document", "fa 123 4567")


class Databases:
    """New databases on the server of the tests, dropped at the end."""

    def __init__(self, server: str, stack: ExitStack) -> None:
        self._server, self._stack = server, stack

    def new(self) -> str:
        return self._stack.enter_context(database(self._server))


@pytest.fixture(scope="module")
def databases(server: str) -> Iterator[Databases]:
    with ExitStack() as stack:
        yield Databases(server, stack)


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> NodePlace:
    """A node with the samples, which no test changes."""
    return made(NodePlace(tmp_path_factory.mktemp("demo") / "node", databases.new()), "--demo")


def made(place: NodePlace, *more: str) -> NodePlace:
    done("node", "init", *where(place), *more)
    return place


def where(place: NodePlace) -> tuple[str, ...]:
    return "--data", str(place.folder), "--database", place.url


def checked(place: NodePlace) -> list[str]:
    """Return what the doctor finds wrong, but for the clock: that of the tests stands still."""
    found = run("node", "doctor", *where(place))
    bad = [line for line in found.out.splitlines() if line.startswith("BAD")]
    assert found.exit == (1 if bad else 0)
    return [line for line in bad if "clock" not in line]


def test_a_clock_that_differs_from_the_databases_is_told(demo: NodePlace) -> None:
    found = run("node", "doctor", *where(demo), at=NOW - timedelta(days=10_000))

    assert [line for line in found.out.splitlines() if line.startswith("BAD") and "clock" in line]


def test_a_new_node_is_healthy_and_holds_the_samples(demo: NodePlace) -> None:
    assert checked(demo) == []
    ring = read_keys(demo.folder / "keys")
    with engine_of(demo.url) as engine:
        node = RealNode(engine, ring, WorldAt(NOW), rates_of(demo), kit_of(demo))

        products = node.products()
        assert len(products) == len(SAMPLES)
        assert (node.demo, node.healthy(), node.kit().trust is not None) == (True, True, True)
        with node.registries.read() as registry:
            texts = [text_of(registry, one) for one in registry.known(RegisteredCertificate, on=NOW.date(), at=NOW)]
        assert len(texts) == 3  # the worker, the spouse and the child of the one sample with an order
        assert all(text and text.startswith(PREFIX) for text in texts)
        away = create_engine(parsed_url("postgresql://nobody@/none?host=/nowhere"))
        assert not RealNode(away, ring, WorldAt(NOW), rates_of(demo), kit_of(demo)).healthy()
        assert node.laws.rates.tables
        for one in products:
            whole = {
                **node.product_terms(one.id),
                "number": "-",
                "period": {},
                "insured": [{"id": "a", "role": "worker"}],
            }
            assert (
                read_contract(Document("product", whole, {}), node.book.vocabulary).facts["home_state"]
                == one.home_state
            )
        with pytest.raises(PolisbridgeError) as caught:
            node.product_terms(0)
        assert caught.value.code is ErrorCode.NOT_FOUND


def test_a_node_is_made_once(demo: NodePlace) -> None:
    again = run("node", "init", *where(demo))

    assert again.exit == 4
    assert "there is a node" in again.err


def test_a_node_without_samples_holds_the_states_of_the_law_only(databases: Databases, tmp_path: Path) -> None:
    place = made(NodePlace(tmp_path / "node", databases.new()), "--state", "UZ")

    with engine_of(place.url) as engine, engine.connect() as connection:
        states = set(connection.execute(text("SELECT state FROM authority")).scalars())
        assert {"AM", "BY", "KG", "KZ", "RU", "TJ", "UZ"} <= states
        assert connection.execute(text("SELECT count(*) FROM contract")).scalar_one() == 0
        assert connection.execute(text("SELECT state, synthetic FROM node")).one() == ("UZ", False)


def test_migrating_a_node_that_is_up_to_date_says_so_and_changes_nothing(demo: NodePlace) -> None:
    before = everything(demo)

    assert "up to date" in done("node", "migrate", *where(demo)).out
    assert everything(demo) == before


def test_what_a_crash_left_of_a_new_node_is_finished_by_making_it_again(databases: Databases, tmp_path: Path) -> None:
    place = made(NodePlace(tmp_path / "node", databases.new()))
    with engine_of(place.url) as engine, engine.begin() as connection:
        connection.execute(text("DELETE FROM node"))
    (place.folder / "keys" / "seal-1.key").unlink()

    made(place, "--demo")
    assert checked(place) == []


def test_the_doctor_names_what_is_wrong_and_what_to_do(demo: NodePlace, databases: Databases, tmp_path: Path) -> None:
    stranger = NodePlace(tmp_path / "stranger", demo.url)
    made(NodePlace(stranger.folder, databases.new()))
    assert [line for line in checked(stranger) if "keys are not those of the node" in line]

    shutil.copytree(demo.folder, tmp_path / "open")
    (tmp_path / "open" / "keys" / "hash.key").chmod(0o644)
    found = run("node", "doctor", *where(NodePlace(tmp_path / "open", demo.url)))
    assert "chmod 600" in found.out

    away = NodePlace(demo.folder, "postgresql://nobody@/none?host=/nowhere")
    assert any("database: " in line for line in checked(away))

    assert any("revision of the tables" in line for line in checked(NodePlace(demo.folder, databases.new())))


def test_a_backup_restores_to_the_same_node(demo: NodePlace, databases: Databases, tmp_path: Path) -> None:
    done("node", "backup", tmp_path / "backup", *where(demo))
    copy = NodePlace(tmp_path / "copy", databases.new())
    shutil.copytree(demo.folder / "keys", copy.folder / "keys")
    told = done("node", "restore", tmp_path / "backup", *where(copy))

    assert "Restored the backup" in told.out
    assert checked(copy) == []
    assert everything(copy) == everything(demo)
    exported = json.loads(done("person", "export", *PERSON, "--why", "test", *where(copy)).out)
    assert exported["identity"][0]["said"]["original_name"] == "Rustamov Bahrom"


def everything(place: NodePlace) -> dict[str, list[str]]:
    with engine_of(place.url) as engine, engine.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        return {
            name: sorted(map(str, connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars()))  # noqa: S608
            for name in names
            if name != "access"
        }


def test_no_personal_data_and_no_key_lies_open_in_a_backup(demo: NodePlace, tmp_path: Path) -> None:
    done("node", "backup", tmp_path / "backup", *where(demo))

    written = b"".join(file.read_bytes() for file in (tmp_path / "backup").rglob("*") if file.is_file())
    keys = [file.read_bytes() for file in (demo.folder / "keys").iterdir()]
    assert [secret for secret in [b"Rustamov", b"FA1234567", *keys] if secret in written] == []
    assert sorted(file.name for file in (tmp_path / "backup").iterdir()) == ["database.dump", "manifest.json"]


def test_a_backup_with_its_keys_needs_nothing_else(demo: NodePlace, databases: Databases, tmp_path: Path) -> None:
    told = done("node", "backup", tmp_path / "backup", "--with-keys", *where(demo))
    copy = NodePlace(tmp_path / "copy", databases.new())
    done("node", "restore", tmp_path / "backup", *where(copy))

    assert "as safe as the keys" in told.out
    assert checked(copy) == []


def test_a_backup_is_not_restored_without_its_keys_nor_over_anything(
    demo: NodePlace, databases: Databases, tmp_path: Path
) -> None:
    done("node", "backup", tmp_path / "backup", *where(demo))
    other = made(NodePlace(tmp_path / "other", databases.new()))
    before = everything(other)

    without = run("node", "restore", tmp_path / "backup", *where(other))
    assert (without.exit, "keys of the backup that are not here" in without.err) == (4, True)
    over = run("node", "restore", tmp_path / "backup", *where(NodePlace(demo.folder, other.url)))
    assert (over.exit, "not empty" in over.err) == (4, True)
    assert everything(other) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda dump, _: dump.write_bytes(dump.read_bytes()[:-1]), "was changed or cut short"),
        (lambda dump, _: dump.unlink(), "was changed or cut short"),
        (lambda _, manifest: manifest.write_text("{}"), "is it a backup?"),
        (
            lambda _, manifest: manifest.write_text(manifest.read_text().replace(f'"{newest()}"', '"9999"')),
            "newer version",
        ),
    ],
)
def test_a_damaged_or_newer_backup_is_refused_and_leaves_nothing(
    demo: NodePlace, databases: Databases, tmp_path: Path, change: object, said: str
) -> None:
    done("node", "backup", tmp_path / "backup", *where(demo))
    assert callable(change)
    change(tmp_path / "backup" / "database.dump", tmp_path / "backup" / "manifest.json")
    empty = databases.new()

    found = run("node", "restore", tmp_path / "backup", *where(NodePlace(demo.folder, empty)))

    assert (found.exit, said in found.err) == (4, True)
    with engine_of(empty) as engine, engine.connect() as connection:
        tables = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        assert tables.scalar_one() == 0


def test_a_backup_that_fails_leaves_nothing(demo: NodePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polisbridge.adapters.database.backup._program", lambda _: "/bin/false")

    found = run("node", "backup", tmp_path / "backup", *where(demo))

    assert found.exit == 4
    assert list(tmp_path.iterdir()) == []


def test_a_backup_never_takes_the_place_of_another(demo: NodePlace, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()

    assert "already on record" in run("node", "backup", tmp_path / "backup", *where(demo)).err


def test_after_a_new_key_the_old_one_is_not_needed(databases: Databases, tmp_path: Path) -> None:
    place = made(NodePlace(tmp_path / "node", databases.new()), "--demo")
    told = done("node", "new-key", *where(place))
    (place.folder / "keys" / "seal-1.key").unlink()

    assert "New key seal-2.key" in told.out
    exported = json.loads(done("person", "export", *PERSON, "--why", "test", *where(place)).out)
    assert exported["identity"][0]["said"]["name"] == "RUSTAMOV BAHROM"
    assert exported["insured_by"][0]["said"]["name"]
    assert checked(place) == []


def test_who_was_erased_is_not_found_again(databases: Databases, tmp_path: Path) -> None:
    place = made(NodePlace(tmp_path / "node", databases.new()), "--demo")
    told = done("person", "erase", *PERSON, "--why", "asked for", *where(place))
    again = run("person", "export", *PERSON, "--why", "test", *where(place))

    assert "Erased" in told.out
    assert (again.exit, "nobody with that document" in again.err) == (4, True)


def test_the_document_is_asked_for_and_not_shown(demo: NodePlace) -> None:
    found = run("person", "export", "--state", "UZ", "--why", "test", *where(demo), typed="FA1234567\n")

    assert json.loads(found.out)["identity"][0]["said"]["document"] == {"state": "UZ", "number": "FA1234567"}
    assert "FA1234567" not in found.err


def test_persons_are_erased_by_the_rule_of_the_node_only(databases: Databases, tmp_path: Path) -> None:
    place = made(NodePlace(tmp_path / "node", databases.new()), "--demo")
    assert "no rule of retention" in run("person", "due", *where(place)).err

    (place.folder / "retention.yaml").write_text("days_after_cover: 30\nbasis: the act of the test\n")
    first = done("person", "due", "--erase", *where(place))
    second = done("person", "due", *where(place))

    assert "(the act of the test): 0." not in first.out
    assert "(the act of the test): 0." in second.out


def test_a_folder_without_a_node_is_told_so(tmp_path: Path) -> None:
    found = run("node", "backup", tmp_path / "backup", "--data", tmp_path / "nothing")

    assert (found.exit, "polisbridge node init" in found.err) == (4, True)


def test_keys_of_another_node_are_refused(demo: NodePlace, databases: Databases, tmp_path: Path) -> None:
    other = made(NodePlace(tmp_path / "other", databases.new()))
    mixed = NodePlace(other.folder, demo.url)
    with engine_of(demo.url) as engine, pytest.raises(PolisbridgeError, match="not those of the node"):
        checked_keys(mixed, engine)
