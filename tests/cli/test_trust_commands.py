"""A key ceremony, signing, publishing and a sync by the commands that the guide names, with real key files."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builder import LAW_FOLDER
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from trust_builder import assistance, insurers, key_entry, new_spki, status
from typer.testing import CliRunner

from polisbridge.adapters.folder import read_file, read_folder
from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.adapters.trust_world import MachineTrust
from polisbridge.cli.main import cli
from polisbridge.core.law import LawBook
from polisbridge.core.status import LIST_BYTES, ListName, StatusList
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.statuslist import write_status_list

SECRET = "five plain words for tests"  # noqa: S105 - of keys that are made for one test
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISTS = SoftwareSigner(derive_private_key(9, SECP256R1()))
EMPTY_LIST = StatusList(
    ListName("NO", 1), NOW, NOW + timedelta(hours=24), timedelta(hours=1), bytes(LIST_BYTES), LISTS.key_id
)
WITHOUT_LIST = 3  # undetermined: the state's status list could not be had


class Machine(MachineTrust):
    """This machine at one instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class TrustedWorld:
    """The test law, files of this machine and a fixed instant."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def law(self, folder: Path | None) -> LawBook:
        return read_law(self.law_files(folder))

    def law_files(self, folder: Path | None) -> Mapping[str, bytes]:
        return read_folder(folder or LAW_FOLDER)

    def read(self, path: Path, limit: int) -> bytes:
        return read_file(path, limit)

    def today(self) -> date:
        return self.at.date()

    def trust(self) -> Machine:
        return Machine(self.at)


class Answer(NamedTuple):
    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: str | Path, at: datetime = NOW) -> Answer:
    given = ["--lang", "en", "trust", *map(str, arguments)]
    result = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(cli, given, obj=TrustedWorld(at))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert SECRET not in result.stdout + result.stderr
    return Answer(result.exit_code, result.stdout, result.stderr)


class Ceremony(NamedTuple):
    """Folders of one repository, its keys, and the passphrase file."""

    repo: Path
    keys: Path
    secret: Path
    kit: Path

    def do(self, *arguments: str | Path, at: datetime = NOW) -> Answer:
        """Run a command that opens keys; it must succeed."""
        found = run(*arguments, "--passphrase-file", self.secret, at=at)
        assert found.exit == 0, found.err
        return found

    def sign(self, role: str, *keys: str) -> None:
        for key in keys:
            self.do("sign", self.repo, "--role", role, "--key", self.keys / key, "--yes")

    def publish(self, at: datetime = NOW) -> Answer:
        online = ("--timestamp-key", self.keys / "timestamp-1.pem", "--snapshot-key", self.keys / "snapshot-1.pem")
        return self.do("publish", self.repo, *online, "--json", at=at)


def begun(folder: Path) -> Ceremony:
    secret = folder / "passphrase"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    made = Ceremony(folder / "repo", folder / "keys", secret, folder / "kit")
    made.do("init", made.repo, "--make", made.keys, "--root-keys", "3", "--root-threshold", "2")
    for number in "123":
        made.do("key", "make", made.keys / f"no-{number}.pem")
    publics = [part for number in "123" for part in ("--key", made.keys / f"no-{number}.pem.pub")]
    assert run("role", "add", made.repo, "NO", *publics).exit == 0
    assert run("stage", made.repo, "common").exit == 0
    made.sign("targets", "targets-1.pem", "targets-2.pem")
    return made


@pytest.fixture(scope="module")
def ceremony(tmp_path_factory: pytest.TempPathFactory) -> Ceremony:
    """Return a repository in which Norway has published."""
    folder = tmp_path_factory.mktemp("trust")
    made, source = begun(folder), folder / "norway"
    source.mkdir()
    (source / "insurers.json").write_bytes(insurers("NO", {"first": [key_entry(new_spki())]}))
    (source / "status.json").write_bytes(status("NO", LISTS.public_key))
    (source / "assistance.json").write_bytes(assistance("NO"))
    assert run("stage", made.repo, "NO", "--files", source, "--law").exit == 0
    made.sign("state-NO", "no-1.pem", "no-2.pem")
    assert made.publish().json["roles"] == ["root", "targets", "state-NO"]
    anchor = ("--root", made.repo / "public/metadata/1.root.json")
    assert run("sync", made.kit, made.repo / "public", *anchor).exit == WITHOUT_LIST
    path = made.repo / "public/status/NO/1"
    path.parent.mkdir(parents=True)
    path.write_bytes(write_status_list(EMPTY_LIST, LISTS))
    assert run("sync", made.kit, made.repo / "public").exit == 0
    return made


def test_a_kit_shows_what_was_signed(ceremony: Ceremony) -> None:
    found = run("show", ceremony.kit, "--json")

    assert found.exit == 0
    assert found.json["freshness"] == "fresh"
    assert found.json["states"]["NO"]["keys"][0]["insurer"] == "first"
    assert found.json["states"]["NO"]["law"]["version"] == 1


def test_an_old_kit_ends_undetermined(ceremony: Ceremony) -> None:
    found = run("show", ceremony.kit, "--json", at=datetime(2026, 12, 20, tzinfo=UTC))

    assert (found.exit, found.json["freshness"]) == (3, "stale")


def test_a_kit_is_shown_in_words(ceremony: Ceremony) -> None:
    assert run("show", ceremony.kit).exit == 0


def test_private_keys_are_encrypted_and_readable_by_their_owner_only(ceremony: Ceremony) -> None:
    files = list(ceremony.keys.glob("*.pem"))

    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert all(b"ENCRYPTED" in path.read_bytes() for path in files)


def test_a_wrong_passphrase_ends_in_an_error_that_does_not_tell_it(ceremony: Ceremony, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("a wrong passphrase indeed")
    wrong.chmod(0o600)
    draft = tmp_path / "root.json"
    draft.write_bytes((ceremony.repo / "public/metadata/1.root.json").read_bytes())

    found = run("sign", draft, "--key", ceremony.keys / "root-1.pem", "--yes", "--passphrase-file", wrong)

    assert found.exit == 4
    assert "wrong passphrase indeed" not in found.out + found.err


def test_a_key_file_that_others_can_read_is_refused(ceremony: Ceremony, tmp_path: Path) -> None:
    key = tmp_path / "open.pem"
    key.write_bytes((ceremony.keys / "root-1.pem").read_bytes())
    key.chmod(0o644)
    draft = tmp_path / "root.json"
    draft.write_bytes((ceremony.repo / "public/metadata/1.root.json").read_bytes())

    found = run("sign", draft, "--key", key, "--yes", "--passphrase-file", ceremony.secret)

    assert found.exit == 4


def test_no_command_takes_a_passphrase_as_an_argument() -> None:
    assert run("sign", "x", "--key", "y", "--passphrase", SECRET[:4]).exit == 2


def test_copies_signed_on_two_machines_are_put_together(ceremony: Ceremony, tmp_path: Path) -> None:
    assert run("stage", ceremony.repo, "NO").exit == 0
    draft = ceremony.repo / "staged/metadata/state-NO.json"
    copies = [tmp_path / "one.json", tmp_path / "two.json"]
    for number, copy in enumerate(copies, 1):
        copy.write_bytes(draft.read_bytes())
        ceremony.do("sign", copy, "--key", ceremony.keys / f"no-{number}.pem", "--yes")

    assert run("collect", draft, *copies).exit == 0

    rows = {row["role"]: row for row in run("role", "show", ceremony.repo, "--json").json["roles"]}
    assert rows["state-NO"]["draft"] == {"have": 2, "need": 2}
    draft.unlink()


def test_a_person_who_says_no_does_not_sign(ceremony: Ceremony, tmp_path: Path) -> None:
    draft = tmp_path / "root.json"
    draft.write_bytes((ceremony.repo / "public/metadata/1.root.json").read_bytes())
    before = draft.read_bytes()

    found = run("sign", draft, "--key", ceremony.keys / "root-1.pem", "--passphrase-file", ceremony.secret)

    assert found.exit == 1
    assert draft.read_bytes() == before


def test_faults_of_a_state_are_told_and_end_in_an_error(ceremony: Ceremony, tmp_path: Path) -> None:
    (tmp_path / "insurers.json").write_bytes(insurers("SE", {}))

    found = run("stage", ceremony.repo, "NO", "--files", tmp_path)

    assert found.exit == 4
    assert "NO/insurers.json" in found.err
    (ceremony.repo / "staged/metadata/state-NO.json").unlink()


def test_a_sync_with_a_clock_set_back_is_an_error(ceremony: Ceremony) -> None:
    found = run("sync", ceremony.kit, ceremony.repo / "public", at=datetime(2026, 11, 20, tzinfo=UTC))

    assert found.exit == 4


def test_roles_are_shown_in_words(ceremony: Ceremony) -> None:
    assert "state-NO" in run("role", "show", ceremony.repo, "--json").out


def test_insurers_keys_are_added_removed_and_rotated(ceremony: Ceremony) -> None:
    ceremony.do("key", "make", ceremony.keys / "insurer.pem")
    public = ceremony.keys / "insurer.pem.pub"
    assert run("key", "add", ceremony.repo, "NO/first", public).exit == 0
    ceremony.sign("state-NO", "no-2.pem", "no-3.pem")
    assert ceremony.publish().json["roles"] == ["state-NO"]
    keys = run("sync", ceremony.kit, ceremony.repo / "public", "--json").json["states"]["NO"]["keys"]
    assert run("key", "remove", ceremony.repo, "NO/first", keys[1]["id"]).exit == 0
    ceremony.sign("state-NO", "no-1.pem", "no-3.pem")
    ceremony.publish()

    found = run("sync", ceremony.kit, ceremony.repo / "public", "--json").json

    assert found["newly_removed"] == {"NO": [keys[1]["id"]]}
    assert [key["removed"] for key in found["states"]["NO"]["keys"]] == [False, True]


def test_a_roles_key_is_rotated_by_its_beginning(ceremony: Ceremony) -> None:
    ceremony.do("key", "make", ceremony.keys / "no-4.pem")
    rows = {row["role"]: row for row in run("role", "show", ceremony.repo, "--json").json["roles"]}
    old = rows["state-NO"]["key_ids"][0]

    found = run("key", "rotate", ceremony.repo, "state-NO", ceremony.keys / "no-4.pem.pub", "--out", old[:12])

    assert found.exit == 0
    rows = {row["role"]: row for row in run("role", "show", ceremony.repo, "--json").json["roles"]}
    assert old not in rows["state-NO"]["key_ids"]
    for role in ("targets", "state-NO"):
        (ceremony.repo / f"staged/metadata/{role}.json").unlink(missing_ok=True)
