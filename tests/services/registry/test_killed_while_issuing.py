"""`kill -9` while certificates are issued and suspended, with a real process and a real database: nothing lost, nothing twice."""

import random
import subprocess
import sys
import time
from pathlib import Path
from secrets import randbelow

import pytest
from issuing_victim import POINTS, now
from registry_builder import RING, TREE_TERMS, group, note, registries, seller
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.insurer_lists import SqlInsurerLists
from polisbridge.adapters.database.journal import DatabaseJournal
from polisbridge.adapters.database.tables import CONTRACT, STATUS_ENTRY, STATUS_LIST, THING
from polisbridge.adapters.issuing import add_issuing_key
from polisbridge.adapters.keys import create_key
from polisbridge.adapters.node_issuing import issuing_of
from polisbridge.adapters.private_file import write_private
from polisbridge.core.contract import Period
from polisbridge.core.registry import Identity, RegisteredCertificate, RegisteredProduct
from polisbridge.core.status import ListName, Status, StatusList, status_at
from polisbridge.formats.certificate import decode
from polisbridge.formats.groupfile import COLUMNS
from polisbridge.formats.statuslist import read_status_list
from polisbridge.services.nodes import NewIssuingKey
from polisbridge.services.registry.certificates import text_of
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.organisations import keep
from polisbridge.services.status import StatusRegister

VICTIM = Path(__file__).parents[2] / "issuing_victim.py"
INSURER, PERSONS = "insurer of tests", 25
WHOLE = [f"{action}: {point}" for action, points in POINTS.items() for point in points if action != "upload"]
CONTRACTS = 40


class Node:
    """A node with one insurer, and the processes that work at it."""

    def __init__(self, engine: Engine, url: str, folder: Path) -> None:
        self.engine, self.url, self.folder = engine, url, folder
        secret = folder / "secret" / "passphrase"
        write_private(secret, b"nine words nobody would guess here")
        with registries(engine).change() as registry:
            self.insurer = seller(registry, INSURER)
        for name, insurer, state in (("insurer", INSURER, ""), ("lists", "", "UZ")):
            path = folder / "secret" / f"{name}.pem"
            key = create_key(path, secret.read_bytes())
            add_issuing_key(
                folder, engine, registries(engine), NewIssuingKey(str(path), insurer, state, secret), note()
            )
            self.list_key = key.public_key
        self._contracts = 0

    def contract(self) -> int:
        self._contracts += 1
        terms = group(f"KILLED-{self._contracts}", PERSONS)
        who = {one.id: Identity("KARIMOV ALISHER", born=one.born) for one in terms.insured}
        with registries(self.engine).change() as registry:
            return register(registry, NewContract(terms, self.insurer, identities=who), note())

    def work(self, action: str, contract: int, point: str = "", kill_after: float | None = None) -> bool:
        """Let a process work; say whether it came to its end. It is killed at the point, or after so many seconds."""
        command = [
            sys.executable,
            str(VICTIM),
            self.url,
            str(self.folder),
            action,
            str(contract),
            *([point] if point else []),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
            assert process.stdout
            assert process.stdout.readline() == "begun\n"
            if kill_after is not None:
                time.sleep(kill_after)
                process.kill()
            return process.stdout.readline() == "done\n"

    def certificates(self, contract: int) -> dict[str, tuple[int, int, str]]:
        """Return the certificates on record by their key: list, place and text."""
        with registries(self.engine).read() as registry:
            held = list(registry.known(RegisteredCertificate, on=None, at=now(), contract=contract))
            found = {one.value.key: (one.value.list, one.value.index, text_of(registry, one) or "") for one in held}
        assert len(found) == len(held)
        return found

    def places(self) -> dict[str, tuple[int, int]]:
        """Return the places that the journal gave to certificates of the contract, by key."""
        column = STATUS_ENTRY.c
        query = select(column.key, column.list, column.index).where(column.key.like(f"KILLED-{self._contracts}/%"))
        with self.engine.connect() as connection:
            return {key: (number, index) for key, number, index in connection.execute(query)}

    def check(self, contract: int) -> list[Status]:
        """Return the status of every certificate of the contract; nothing may contradict anything else."""
        certificates, places = self.certificates(contract), self.places()
        book = StatusRegister(DatabaseJournal(self.engine, INSURER), "UZ", randbelow)
        assert {key: one[:2] for key, one in certificates.items()} == places
        for number, index, text in certificates.values():
            status = decode(text).certificate.status
            assert (status.number, status.index) == (number, index)
        statuses = [book.entry(key).status for key in sorted(certificates)]
        column = STATUS_ENTRY.c
        with self.engine.connect() as connection:
            kept = select(column.status).where(column.key.in_(sorted(certificates))).order_by(column.key.collate("C"))
            assert [Status(one) for one in connection.execute(kept).scalars()] == statuses
        return statuses

    def published(self, contract: int) -> list[Status | None]:
        """Return what the list as it was last published says of the certificates."""
        with self.engine.connect() as connection:
            data = connection.execute(select(STATUS_LIST.c.data).where(STATUS_LIST.c.register == INSURER)).scalar_one()
        found = read_status_list(bytes(data), ListName("UZ", 1), [self.list_key])
        assert isinstance(found, StatusList)
        return [status_at(found, index).status for _, (_, index, _) in sorted(self.certificates(contract).items())]


@pytest.fixture(scope="module")
def node(engine: Engine, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Node:
    return Node(engine, database_url, tmp_path_factory.mktemp("node"))


def issued_and_published(node: Node) -> int:
    contract = node.contract()
    assert node.work("issue", contract)
    assert node.published(contract) == [Status.VALID] * PERSONS
    return contract


@pytest.mark.parametrize("where", WHOLE)
def test_killed_at_a_named_point_and_done_again_it_has_happened_once(node: Node, where: str) -> None:
    action, _, point = where.partition(": ")
    contract = node.contract() if action == "issue" else issued_and_published(node)

    assert not node.work(action, contract, point)
    after_kill = node.check(contract)
    assert len(after_kill) in (0, PERSONS)
    assert len(set(after_kill)) <= 1
    assert node.work(action, contract)

    expected = [Status.VALID if action == "issue" else Status.SUSPENDED] * PERSONS
    assert node.check(contract) == expected
    assert node.published(contract) == expected


@pytest.mark.parametrize("action", ["issue", "suspend"])
def test_killed_at_any_moment_and_done_again_it_has_happened_once(node: Node, action: str) -> None:
    chance, ended = random.Random(action), list[bool]()  # noqa: S311 - moments, not secrets
    for _ in range(4):
        contract = node.contract() if action == "issue" else issued_and_published(node)
        ended.append(node.work(action, contract, kill_after=chance.uniform(0, 0.25)))
        after_kill = node.check(contract)
        assert len(after_kill) in (0, PERSONS)
        assert len(set(after_kill)) <= 1
        assert node.work(action, contract)
        expected = [Status.VALID if action == "issue" else Status.SUSPENDED] * PERSONS
        assert (node.check(contract), node.published(contract)) == (expected, expected)
    assert not all(ended)


def sent(node: Node, name: str) -> int:
    """Keep a file of many contracts for the insurer, as the desk does; return its number."""
    row = "family,2026-12-01,2027-11-30,worker,KARIMOV ALISHER,,1990-05-17,UZ,,"
    data = "\n".join([",".join(COLUMNS), *(f"{name}-{one},{row}" for one in range(CONTRACTS))]).encode()
    return SqlInsurerLists(node.engine, RING).add_upload(node.insurer, 1, f"{name}.csv", data, now())


def on_record(node: Node, name: str) -> int:
    with node.engine.connect() as connection:
        mine = (THING.c.kind == CONTRACT.name) & THING.c.code.like(f"{name}-%")
        return int(connection.execute(select(func.count()).select_from(THING).where(mine)).scalar_one())


@pytest.mark.parametrize("point", [*POINTS["upload"], ""])
def test_killed_while_a_file_is_put_on_record_and_done_again_each_contract_is_there_once(
    node: Node, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with registries(node.engine).change() as registry:
        value = RegisteredProduct(node.insurer, {"en": "family"}, TREE_TERMS)
        product = keep(registry, "family", value, Period(), note(), node.insurer)
    monkeypatch.setenv("VICTIM", f"{node.insurer} {product}")
    name = f"U-{abs(hash(point)) % 1000}"
    upload = sent(node, name)

    assert not node.work("upload", upload, point, kill_after=None if point else 0.12) or not point
    assert on_record(node, name) in (0, CONTRACTS)
    assert node.work("upload", upload)
    assert node.work("upload", upload)
    assert on_record(node, name) == CONTRACTS


def test_several_who_issue_for_one_contract_at_once_issue_one_certificate_each(node: Node) -> None:
    contract = node.contract()
    command = [sys.executable, str(VICTIM), node.url, str(node.folder), "issue", str(contract)]
    several = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]  # noqa: S603 - our own program

    assert [one.communicate()[0].splitlines()[-1] for one in several] == ["done"] * 3
    assert node.check(contract) == [Status.VALID] * PERSONS


def test_a_list_that_nobody_changed_is_not_signed_again(node: Node) -> None:
    issued_and_published(node)
    publisher = issuing_of(node.folder, node.folder / "kit", node.engine, RING, now).publisher

    assert publisher.publish() == 0
