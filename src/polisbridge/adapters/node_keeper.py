"""Nodes on this machine (`services.nodes.Nodes`): made, served, migrated, backed up, restored, examined."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select, update

from polisbridge.adapters.database import backup, schema
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import SqlRegistries
from polisbridge.adapters.database.reseal import reseal
from polisbridge.adapters.database.sealing import KeyRing, add_key, has_keys, key_files, make_keys, read_keys
from polisbridge.adapters.database.tables import NODE
from polisbridge.adapters.demo_trust import DemoTrust
from polisbridge.adapters.demo_trust import Given as DemoGiven
from polisbridge.adapters.folder import read_folder, write_file
from polisbridge.adapters.issuing import NodeKeys, add_issuing_key, ask_for_key, asked_for
from polisbridge.adapters.node_doctor import examine
from polisbridge.adapters.node_folder import (
    KEY_CHECK,
    checked_keys,
    database,
    database_url,
    keys_of,
    kit_of,
    refuse_no_node,
    retention_of,
)
from polisbridge.adapters.people import people_of
from polisbridge.adapters.private_file import write_private
from polisbridge.adapters.publishing import Publisher
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.registry import RetentionRule
from polisbridge.core.statusbook import Note
from polisbridge.services.nodes import Backup, Checked, NewIssuingKey, NodePlace, Serving
from polisbridge.services.people.demo import open_demo
from polisbridge.services.people.ports import People
from polisbridge.services.ports import World
from polisbridge.services.registry.seed import issue_samples, seed_law, seed_samples

_RATES = "rates.yaml"


class MachineNodes:
    """The real thing. `law` is the folder of the law, if not the program's own."""

    def __init__(self, world: World, law: Path | None) -> None:
        self._world, self._law = world, law

    def init(self, place: NodePlace, state: str, samples: Path | None) -> None:
        """Make a node. Raises PolisbridgeError when there is one; what a crash left half done is finished."""
        with database(place) as engine:
            schema.migrate(engine)
            with told(), engine.connect() as connection:
                if connection.execute(select(NODE.c.id)).first() is not None:
                    detail = f"there is a node in {place.folder if not place.url else 'the database'}"
                    raise PolisbridgeError(ErrorCode.ALREADY_THERE, detail, hint="polisbridge node migrate")
            if not has_keys(keys_of(place)):
                make_keys(keys_of(place))
            ring = read_keys(keys_of(place))
            self._fill(engine, ring, state, samples)
        if samples is not None:
            (place.folder / "rates").mkdir(exist_ok=True)
            write_file(place.folder / "rates" / _RATES, (samples / _RATES).read_bytes())
            with database(place) as engine:
                open_demo(people_of(engine, ring), self._note("accounts to try out"))
                self._demo_trust(place, engine, ring)

    def _fill(self, engine: Engine, ring: KeyRing, state: str, samples: Path | None) -> None:
        """Fill an empty registry in one transaction."""
        book, note = self.law(), self._note("a new node")
        row = {"id": 1, "state": state or None, "made": note.at, "synthetic": samples is not None, "law": book.hash}
        with SqlRegistries(engine, ring).change() as registry:
            registry.connection.execute(insert(NODE).values(**row, key_check=ring.hashed(KEY_CHECK, KEY_CHECK)))
            seed_law(registry, book, note)
            if samples is not None:
                why = "a sample that came with the program; every person is made up"
                seed_samples(registry, read_folder(samples), book, Note(note.who, note.at, why))

    def _demo_trust(self, place: NodePlace, engine: Engine, ring: KeyRing) -> None:
        """Let states sign for a node to try out, and its insurers issue; once."""
        trust, now = DemoTrust(place.folder, kit_of(place)), self.now()
        if not trust.is_there:
            rates = (self._world.samples() / _RATES).read_bytes()
            given = DemoGiven(self.law(), self._world.law_files(self._law), rates)
            trust.make(engine, SqlRegistries(engine, ring), given, now)
            with SqlRegistries(engine, ring).change() as registry:
                files, note = read_folder(self._world.samples()), self._note("a certificate to try out")
                issue_samples(registry, files, self.law(), NodeKeys(place.folder, engine), note)
        keys = NodeKeys(place.folder, engine)
        Publisher(engine, keys, place.folder, kit_of(place), self.now).publish()

    def add_issuing_key(self, place: NodePlace, new: NewIssuingKey) -> str:
        """Set up a key that certificates or status lists are signed with; return its id."""
        refuse_no_node(place)
        with database(place) as engine:
            registries = SqlRegistries(engine, checked_keys(place, engine))
            return add_issuing_key(place.folder, engine, registries, new, self._note("an issuing key"))

    def publish(self, place: NodePlace) -> int:
        """Sign every status list that changed or has grown old; return how many."""
        refuse_no_node(place)
        with database(place) as engine:
            checked_keys(place, engine)
            keys = NodeKeys(place.folder, engine)
            return Publisher(engine, keys, place.folder, kit_of(place), self.now).publish()

    def serve(self, place: NodePlace, serving: Serving, law: Path | None) -> None:
        """Serve the site until the process is told to stop; requests under way are finished then."""
        from polisbridge.adapters.serving import serve  # a web server, only wanted here  # noqa: PLC0415

        refuse_no_node(place)
        with database_url(place) as url, database(NodePlace(place.folder, url)) as engine:
            checked_keys(place, engine)
            with asked_for(place.folder, engine, ask_for_key):
                engine.dispose()
                serve(place.folder, url, law, serving)

    def work(self, place: NodePlace, law: Path | None) -> None:
        """Do the node's jobs, one after the other, until the process is told to stop."""
        from polisbridge.adapters.serving import work  # reads the law, only wanted here  # noqa: PLC0415

        refuse_no_node(place)
        with database_url(place) as url:
            work(place.folder, url, law)

    def migrate(self, place: NodePlace) -> tuple[str | None, str]:
        """Bring tables and states to what this program and its law have; return the revision before and after."""
        refuse_no_node(place)
        with database(place) as engine:
            done = schema.migrate(engine)
            ring = checked_keys(place, engine)
            book = self.law()
            with SqlRegistries(engine, ring).change() as registry:
                seed_law(registry, book, self._note(f"law {book.hash[:12]}"))
                registry.connection.execute(update(NODE).values(law=book.hash))
                made_up = registry.connection.execute(select(NODE.c.synthetic)).scalar_one()
            if made_up:
                open_demo(people_of(engine, ring), self._note("accounts to try out"))
                self._demo_trust(place, engine, ring)
        return done

    def backup(self, place: NodePlace, into: Path, *, keys: bool) -> Backup:
        """Write a backup to a new folder, whole or not at all, as the database is at one moment."""
        refuse_no_node(place)
        with database(place) as engine:
            ring = checked_keys(place, engine)
            copied = key_files(keys_of(place)) if keys else []
            return _told(backup.write_backup(engine, into, self.now(), ring.names, copied))

    def restore(self, place: NodePlace, source: Path) -> Backup:
        """Fill an empty database from a backup, whole or not at all; its keys must be here, or with the backup."""
        manifest = backup.read_manifest(source)
        if manifest.with_keys and not has_keys(keys_of(place)):
            for file in key_files(source / "keys"):
                write_private(keys_of(place) / file.name, file.read_bytes())
        missing = set(manifest.keys.values()) - set(read_keys(keys_of(place)).names.values())
        if missing:
            detail = f"keys of the backup that are not here: {', '.join(sorted(missing))}"
            raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint=f"put the node's keys into {keys_of(place)}")
        with database(place) as engine:
            backup.restore(engine, source, manifest)
            checked_keys(place, engine)
        return _told(manifest)

    def doctor(self, place: NodePlace) -> tuple[Checked, ...]:
        """Look at everything that a node needs; never raises for what it finds."""
        return tuple(examine(place, self.law, self.now))

    def new_key(self, place: NodePlace, told: Callable[[int, int], None]) -> tuple[str, int]:
        """Make a new sealing key and seal everything anew with it; return its name and the number of fields."""
        refuse_no_node(place)
        with database(place) as engine:
            checked_keys(place, engine)
            name = add_key(keys_of(place))
            return name, reseal(engine, read_keys(keys_of(place)), told)

    @contextmanager
    def registry(self, place: NodePlace) -> Iterator[SqlRegistries]:
        """Open the node's registry."""
        refuse_no_node(place)
        with database(place) as engine:
            yield SqlRegistries(engine, checked_keys(place, engine))

    @contextmanager
    def people(self, place: NodePlace) -> Iterator[People]:
        """Open who uses the node."""
        refuse_no_node(place)
        with database(place) as engine:
            yield people_of(engine, checked_keys(place, engine))

    def retention(self, place: NodePlace) -> RetentionRule | None:
        """Return the node's rule of retention, None when its operator has not set one."""
        return retention_of(place)

    def law(self) -> LawBook:
        """Return the law in use."""
        return self._world.law(self._law)

    def now(self) -> datetime:
        """Return this instant, UTC."""
        return self._world.trust().now()

    def _note(self, why: str) -> Note:
        return Note(f"operator (uid {os.geteuid()})", self.now(), why)


def _told(manifest: backup.Manifest) -> Backup:
    return Backup(manifest.made, manifest.revision, sum(manifest.rows.values()), manifest.with_keys)
