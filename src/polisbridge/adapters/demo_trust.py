"""A trust repository for a node to try out: every state of the law signs its law, rates and insurers, with keys made here.

In earnest states sign on machines of their own (docs/operating-trust.md). Here all keys lie in the node's folder, so that
what the desk issues is accepted by the same node, and refused once it was suspended or revoked.
"""

import base64
import json
import secrets
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from polisbridge.adapters import keys, trust_keys
from polisbridge.adapters.issuing import FOLDER, KeptKey, NodeKeys, give_list
from polisbridge.adapters.kit_lock import held_alone
from polisbridge.adapters.private_file import write_private
from polisbridge.adapters.publishing import PUBLIC, location
from polisbridge.adapters.trust_store import DiskClient, FolderTree
from polisbridge.core.contract import Period
from polisbridge.core.law import LawBook
from polisbridge.core.registry import Held, Insurer
from polisbridge.core.signing import Signer
from polisbridge.core.statusbook import Note
from polisbridge.formats.lawarchive import SHARED
from polisbridge.formats.tree import read_tree
from polisbridge.formats.trustfile import MOST_IN_USE, MOST_LISTED
from polisbridge.services.registry.organisations import keep_key
from polisbridge.services.registry.ports import Registries
from polisbridge.services.trust.publish import Published, publish
from polisbridge.services.trust.repository import TOP_ROLES, Repository, signed_at, state_role
from polisbridge.services.trust.roles import RoleKeys, add_state, new_repository
from polisbridge.services.trust.sign import sign_draft
from polisbridge.services.trust.stage import LAW, law_archive, law_of, stage_shared, stage_state
from polisbridge.services.trust.sync import sync

_WORKING, _KEYS = "trust", "trust-keys"
_DAY = timedelta(days=1)
_WHY = "a key made for trying out"


@dataclass(frozen=True, slots=True)
class Given:
    """What the states sign: the law with its files, and rates as a file."""

    book: LawBook
    law: Mapping[str, bytes]
    rates: bytes


@dataclass(frozen=True, slots=True)
class _Insurer:
    held: Held[Insurer]
    signer: Signer
    number: int


class DemoTrust:
    """The repository in a node's folder, with all its keys; `kit` is the node's own copy."""

    def __init__(self, folder: Path, kit: Path) -> None:
        self._folder, self._kit = folder, kit
        self._files = FolderTree(folder / _WORKING)
        self._keys = folder / _KEYS

    @property
    def is_there(self) -> bool:
        """Whether it was made."""
        return (self._keys / f"{Timestamp.type}.pem").is_file()

    def make(self, engine: Engine, registries: Registries, given: Given, now: datetime) -> Published:
        """Make keys, repository and kit; what was begun before and not finished is made anew."""
        for name in (_WORKING, _KEYS, FOLDER):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        shutil.rmtree(self._kit, ignore_errors=True)
        node_keys = NodeKeys(self._folder, engine)
        states = given.book.states()
        insurers = self._insurers(engine, registries, node_keys, now)
        lists = {state: self._made(node_keys, f"status-{state}", state=state) for state in insurers}
        self._begin(states, now)
        repository = Repository(self._files)
        folders = {one.id.replace(".", "/"): one.state for one in given.book.jurisdictions.values()}
        stage_shared(self._files, law_archive(repository, SHARED, law_of(SHARED, given.law, folders)), now)
        self._sign(Targets.type)
        for state in states:
            files = _files_of(state, insurers.get(state, ()), lists.get(state), given.rates, now)
            law = law_archive(repository, state, law_of(state, given.law, folders))
            stage_state(self._files, state, {LAW: law, **files}, now)
            self._sign(state_role(state))
        done = self._publish(now)
        self.take(now)
        return done

    def renew(self, now: datetime) -> None:
        """Sign anew that the repository is current, once a day, and take it into the kit."""
        if not self.is_there:
            return
        published = Repository(self._files).published(Timestamp.type, Timestamp)
        last = signed_at(published.signed) if published else None
        if last is None or now - last >= _DAY:
            with held_alone(self._folder / _WORKING, lambda: None):
                self._publish(now)
        self.take(now)

    def take(self, now: datetime) -> None:
        """Take what is published into the node's kit."""
        public = self._folder / PUBLIC
        anchor = (public / "metadata" / "1.root.json").read_bytes()
        with held_alone(self._kit, lambda: None):
            sync(FolderTree(self._kit), DiskClient(self._kit), str(public), now, anchor)

    def _begin(self, states: Iterable[str], now: datetime) -> None:
        roles = {role: RoleKeys((trust_keys.make_key(self._key(role), None),), 1) for role in TOP_ROLES}
        new_repository(self._files, roles, now)
        self._sign(Root.type)
        for state in states:
            key = trust_keys.make_key(self._key(state_role(state)), None)
            add_state(self._files, state, RoleKeys((key,), 1), now)

    def _key(self, role: str) -> Path:
        return self._keys / f"{role}.pem"

    def _sign(self, role: str) -> None:
        with trust_keys.opened_for_tuf(self._key(role), None) as signer:
            sign_draft(Repository(self._files), role, signer)

    def _publish(self, now: datetime) -> Published:
        with (
            trust_keys.opened_for_tuf(self._key(Timestamp.type), None) as timestamp,
            trust_keys.opened_for_tuf(self._key(Snapshot.type), None) as snapshot,
        ):
            return publish(self._files, now, timestamp, snapshot)

    def _insurers(
        self, engine: Engine, registries: Registries, node_keys: NodeKeys, now: datetime
    ) -> dict[str, list[_Insurer]]:
        """Give every insurer on record a key and a status list; return them by state."""
        found = defaultdict[str, list[_Insurer]](list)
        days = Period(now.date(), now.date() + MOST_IN_USE - _DAY)
        with registries.change() as registry:
            held = sorted(registry.known(Insurer, on=now.date(), at=now), key=lambda one: one.code)
            for one in held:
                signer = self._made(node_keys, f"insurer-{one.thing}", insurer=one.code)
                keep_key(registry, one.thing, signer.public_key, days, Note("node", now, _WHY))
                number = give_list(engine, one.value.state, one.code)
                found[one.value.state].append(_Insurer(one, signer, number))
        return dict(found)

    def _made(self, node_keys: NodeKeys, name: str, **whose: str) -> Signer:
        """Make an encrypted key file, with a passphrase beside it, and set it up."""
        folder = self._folder / FOLDER
        path, passphrase = folder / f"{name}.pem", folder / "passphrase"
        if not passphrase.exists():
            write_private(passphrase, secrets.token_urlsafe(24).encode())
        signer = keys.create_key(path, passphrase.read_bytes())
        node_keys.add(KeptKey(signer.key_id.hex(), path.name, passphrase_file=passphrase.name, **whose))
        return signer


def _files_of(
    state: str, insurers: Iterable[_Insurer], lists: Signer | None, rates: bytes, now: datetime
) -> dict[str, bytes]:
    """Return what a state signs beside its law: its insurers with their keys, where status lists lie, its rates."""
    found: dict[str, Any] = {}
    admitted = [_admitted(one, now) for one in insurers]
    if admitted and lists is not None:
        numbers = [one.number for one in insurers]
        found["insurers.json"] = {"state": state, "insurers": admitted}
        found["status.json"] = {
            "state": state,
            "lists": [{"number": one, "location": location(state, one), "key": _public(lists)} for one in numbers],
        }
    tables: Any = read_tree(rates, "rates.yaml").tree
    own = [one for one in tables["tables"] if one["state"] == state]
    if own:
        found["rates.yaml"] = {"tables": own}
    return {name: json.dumps(value, ensure_ascii=False).encode() for name, value in found.items()}


def _admitted(one: _Insurer, now: datetime) -> dict[str, Any]:
    first = now.date()
    days = {
        "valid_from": first.isoformat(),
        "use_until": (first + MOST_IN_USE - _DAY).isoformat(),
        "valid_to": (first + MOST_LISTED - _DAY).isoformat(),
    }
    name = one.held.value.title.get("en") or one.held.code
    key = {**_public(one.signer), **days}
    return {"id": f"insurer-{one.held.thing}", "name": name, "licence": "SAMPLE", "lines": ["health"], "keys": [key]}


def _public(signer: Signer) -> dict[str, str]:
    return {"id": signer.key_id.hex(), "spki": base64.b64encode(signer.public_key).decode()}
