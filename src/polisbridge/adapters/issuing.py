"""Keys that the node's insurers issue with, and states' status lists are signed with (`services.registry.issuing`).

`issuing/keys.json` in the node's folder says which key is whose and where it lies; only its owner may read it. The keys
themselves are encrypted files or stay in a token. What opens them comes from a file of one's own, from the folder of
credentials that the service manager names (CREDENTIALS_DIRECTORY), or is asked for when the node is served.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Engine, func, insert, select

from polisbridge.adapters import keys, passphrase, trust_keys
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import INSURER, INSURER_KEY, STATUS_LIST, THING
from polisbridge.adapters.private_file import read_private, write_private
from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Insurer
from polisbridge.core.signing import Signer, TokenKey, key_id_of
from polisbridge.core.statusbook import Note
from polisbridge.formats.keyuri import is_key_uri, read_key_uri
from polisbridge.formats.trustfile import MOST_IN_USE
from polisbridge.services.nodes import NewIssuingKey
from polisbridge.services.registry.issuing import IssuingPlace
from polisbridge.services.registry.organisations import keep_key
from polisbridge.services.registry.ports import Registries

FOLDER, _FILE = "issuing", "keys.json"
ASKED = "POLISBRIDGE_ASKED"  # a folder in memory with what was typed when the node was served
_CREDENTIALS = "CREDENTIALS_DIRECTORY"  # as systemd names it
_MOST = 1_000_000
_DAY = timedelta(days=1)


class KeptKey(msgspec.Struct, frozen=True):
    """Whose key it is (the name of an insurer on record, or the state whose lists it signs), and where it lies.

    Paths that are not absolute begin in the folder of the keys, so that a node can be moved.
    """

    key_id: str
    place: str
    insurer: str = ""
    state: str = ""
    passphrase_file: str = ""


class NodeKeys:
    """The issuing keys of a node's folder. Opened keys of files stay in the memory of this process."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder, self._engine = folder / FOLDER, engine
        self._open: dict[str, Signer] = {}

    def kept(self) -> list[KeptKey]:
        """Return the keys that are set up; none when the file is not there."""
        path = self._folder / _FILE
        return msgspec.json.decode(read_private(path, _MOST), type=list[KeptKey]) if path.exists() else []

    def add(self, key: KeptKey) -> None:
        """Set a key up. Raises PolisbridgeError when it is there already."""
        known = self.kept()
        if any(one.key_id == key.key_id for one in known):
            raise PolisbridgeError(ErrorCode.ALREADY_THERE, f"key {key.key_id}", hint="it is set up already")
        path = self._folder / _FILE
        beside = path.with_name(f"{_FILE}.{secrets.token_hex(8)}.part")
        write_private(beside, msgspec.json.format(msgspec.json.encode([*known, key]), indent=2))
        beside.replace(path)

    def can_issue(self, insurer: str) -> bool:
        """Say whether a key of the insurer is set up."""
        return any(one.insurer == insurer for one in self.kept())

    @contextmanager
    def place(self, insurer: str, day: date) -> Iterator[IssuingPlace]:
        """Open the key of an insurer that is in use on the day, the newest one."""
        in_use = _in_use(self._engine, insurer, day)
        found = [one for one in self.kept() if one.insurer == insurer and one.key_id in in_use]
        if not found:
            hint = "the operator adds one: `polisbridge node issuing-key add`"
            raise PolisbridgeError(ErrorCode.NO_ISSUING_KEY, f"no key of {insurer} in use on {day}", hint=hint)
        newest = max(found, key=lambda one: in_use[one.key_id])
        with self.opened(newest) as signer:
            yield IssuingPlace(list_of(self._engine, insurer), signer, secrets.randbelow)

    def list_signer(self, state: str) -> AbstractContextManager[Signer]:
        """Open the key that signs the status lists of a state, the one set up last."""
        found = [one for one in self.kept() if one.state == state]
        if not found:
            hint = "the operator adds one: `polisbridge node issuing-key add --status-of`"
            raise PolisbridgeError(ErrorCode.NO_ISSUING_KEY, f"no key for the status lists of {state}", hint=hint)
        return self.opened(found[-1])

    def opened(self, key: KeptKey) -> AbstractContextManager[Signer]:
        """Open a key. Raises PolisbridgeError when what opens it is not at hand, or is wrong."""
        if key.key_id in self._open:
            return nullcontext(self._open[key.key_id])
        place = place_of(key.place, self._folder)
        secret = secret_of(key, self._folder)
        if isinstance(place, TokenKey):
            return trust_keys.opened(place, secret)
        signer = _checked(key, keys.open_key(place, secret))
        self._open[key.key_id] = signer
        return nullcontext(signer)


def place_of(written: str, folder: Path = Path()) -> Path | TokenKey:
    """Return where a key lies: in a file, or in the token that a PKCS#11 address names."""
    return read_key_uri(written) if is_key_uri(written) else folder / written


def secret_of(key: KeptKey, folder: Path) -> bytes:
    """Return the passphrase or PIN of a key: of its own file, of the service manager, or what was typed."""
    if key.passphrase_file:
        return passphrase.from_file(folder / key.passphrase_file)
    for name in (_CREDENTIALS, ASKED):
        credentials = os.environ.get(name)
        if credentials and (path := Path(credentials) / credential_of(key)).is_file():
            return passphrase.from_file(path)
    hint = f"a credential named {credential_of(key)}, or a file named with --passphrase-file"
    raise PolisbridgeError(ErrorCode.WRONG_PASSPHRASE, f"nothing opens the key {key.key_id}", hint=hint)


def credential_of(key: KeptKey) -> str:
    """Return the name under which the service manager gives out what opens the key."""
    return f"polisbridge-{key.key_id}"


@contextmanager
def asked_for(folder: Path, engine: Engine, ask: Callable[[str], bytes]) -> Iterator[None]:
    """Ask for what opens the keys that nothing else opens, and hold it for the processes of this node in memory only."""
    found: dict[str, bytes] = {}
    kept = NodeKeys(folder, engine)
    for one in kept.kept():
        try:
            secret_of(one, folder / FOLDER)
        except PolisbridgeError as exc:
            if exc.code is not ErrorCode.WRONG_PASSPHRASE:
                raise
            found[credential_of(one)] = ask(one.place)
    if not found:
        yield
        return
    memory = Path("/dev/shm") if Path("/dev/shm").is_dir() else folder  # noqa: S108 - a folder of its own, 0700
    own = memory / f"polisbridge-{secrets.token_hex(8)}"
    try:
        for name, secret in found.items():
            write_private(own / name, secret)
        os.environ[ASKED] = str(own)
        yield
    finally:
        os.environ.pop(ASKED, None)
        for path in own.glob("*") if own.is_dir() else ():
            path.unlink()
        if own.is_dir():
            own.rmdir()


def ask_for_key(place: str) -> bytes:
    """Return what a person types to open a key, unseen."""
    return passphrase.prompted(f"{place}: passphrase or PIN")


def add_issuing_key(folder: Path, engine: Engine, registries: Registries, new: NewIssuingKey, note: Note) -> str:
    """Set up a key of an insurer or of a state's status lists; return its id.

    The key is opened once, so that one that cannot be used is refused now and not when somebody waits for a certificate.
    """
    place = place_of(new.place)
    secret = passphrase.from_file(new.passphrase_file) if new.passphrase_file else ask_for_key(new.place)
    with trust_keys.opened(place, secret) as signer:
        public = signer.public_key
    if new.insurer:
        with registries.change() as registry:
            thing = registry.find(Insurer, new.insurer)
            held = list(registry.known(Insurer, on=note.at.date(), at=note.at, thing=thing)) if thing else []
            if thing is None or not held:
                detail = f"no insurer {new.insurer} on record"
                raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint="look at the name")
            first = new.first or note.at.date()
            keep_key(registry, thing, public, Period(first, new.last or first + MOST_IN_USE - _DAY), note)
        give_list(engine, held[-1].value.state, new.insurer)
    key_id = key_id_of(public).hex()
    kept = str(new.passphrase_file.absolute()) if new.passphrase_file else ""
    where = new.place if isinstance(place, TokenKey) else str(place.absolute())
    NodeKeys(folder, engine).add(KeptKey(key_id, where, new.insurer, new.state, kept))
    return key_id


def list_of(engine: Engine, insurer: str) -> int:
    """Return the number of the insurer's status list. Raises PolisbridgeError when it was given none."""
    with told(), engine.connect() as connection:
        query = select(STATUS_LIST.c.number).where(STATUS_LIST.c.register == insurer)
        found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise PolisbridgeError(ErrorCode.NO_ISSUING_KEY, f"no status list of {insurer}", hint="node issuing-key add")
    return int(found)


def give_list(engine: Engine, state: str, insurer: str) -> int:
    """Give an insurer of a state a status list of its own, the next one that is free; again it keeps the one it has."""
    with told(), engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"lists of {state}"))))
        column = STATUS_LIST.c
        found = connection.execute(select(column.number).where(column.register == insurer)).scalar_one_or_none()
        if found is not None:
            return int(found)
        last = connection.execute(select(func.max(column.number)).where(column.state == state)).scalar_one()
        number = int(last or 0) + 1
        connection.execute(insert(STATUS_LIST).values(state=state, number=number, register=insurer))
        return number


def _in_use(engine: Engine, insurer: str, day: date) -> dict[str, date]:
    """Return the keys of an insurer that are in use on the day, by key id, each with its first day."""
    thing = THING.alias()
    query = (
        select(INSURER_KEY.c.spki, func.lower(INSURER_KEY.c.valid))
        .join(thing, thing.c.id == INSURER_KEY.c.insurer)
        .where(
            thing.c.kind == INSURER.name,
            thing.c.code == insurer,
            INSURER_KEY.c.valid.op("@>")(day),
            func.upper_inf(INSURER_KEY.c.recorded),
        )
    )
    with told(), engine.connect() as connection:
        return {key_id_of(bytes(spki)).hex(): first or date.min for spki, first in connection.execute(query)}


def _checked(key: KeptKey, signer: Signer) -> Signer:
    if signer.key_id.hex() != key.key_id:
        detail = f"the key at {key.place} is another one than was set up"
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, detail, hint="put the right file there")
    return signer
