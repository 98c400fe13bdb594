"""The life of a certificate, told with the commands that people would use.

An insurer in Uzbekistan issues for a worker, a spouse and a child; an office in Russia, with no network, reads the QR
pictures and decides; one certificate is cancelled and refused after the next sync.
"""

import base64
import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from polisbridge.app import RealWorld
from polisbridge.core.signing import key_id_of

SAMPLES = Path(__file__).parents[1] / "samples"
PROGRAM = Path(sys.executable).with_name("polisbridge")
OPEN = "--key-that-anybody-with-the-file-can-use"  # a demonstration has nothing to protect
STATES = ("UZ", "RU")


class Story:
    """Runs commands in one folder, prints them, and counts those that do not end as told."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.language, self.surprises = folder, language, 0

    def tell(self, text: str) -> None:
        """Say what comes next."""
        print(f"\n--- {text}", flush=True)

    def run(self, *words: str, ends: int = 0, quiet: bool = False) -> None:
        """Run a command; exit 0 is yes, 1 no, 3 undetermined."""
        if not quiet:
            print(f"\n$ polisbridge {' '.join(words)}", flush=True)
        command = [str(PROGRAM), "--lang", self.language, *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=quiet, check=False)  # noqa: S603 - our own program
        if done.returncode != ends:
            self.surprises += 1
            print(f"ended with {done.returncode}, not {ends}: {' '.join(words)}", file=sys.stderr)


def main(language: str = "en") -> int:
    """Tell the story; exit 1 when a command does not end as it should."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder), language)
        _begin(story)
        _issue(story)
        _verify(story)
        _cancel(story)
    return 1 if story.surprises else 0


def _begin(story: Story) -> None:
    story.tell("Two states share a trust repository; each signs its own part with two of its three keys")
    for name in ("insurer", "status", *(f"{state}-{number}" for state in STATES for number in (1, 2, 3))):
        story.run("trust", "key", "make", f"{name}.pem", OPEN, quiet=True)
    (story.folder / "keys").mkdir(mode=0o700)
    story.run("trust", "init", "repo", "--make", "keys", OPEN)
    for state in STATES:
        keys = [word for number in (1, 2, 3) for word in ("--key", f"{state}-{number}.pem.pub")]
        story.run("trust", "role", "add", "repo", state, *keys, "--threshold", "2")
    story.run("trust", "stage", "repo", "common")
    _sign(story, "targets", "keys/targets-1.pem", "keys/targets-2.pem")
    _files_of_uzbekistan(story.folder)
    story.run("trust", "stage", "repo", "UZ", "--files", "UZ", "--law")
    story.run("trust", "stage", "repo", "RU", "--law")
    for state in STATES:
        _sign(story, f"state-{state}", f"{state}-1.pem", f"{state}-2.pem")
    roles = ("--snapshot-key", "keys/snapshot-1.pem", "--timestamp-key", "keys/timestamp-1.pem")
    story.run("trust", "publish", "repo", *roles, OPEN)


def _sign(story: Story, role: str, *keys: str) -> None:
    for key in keys:
        story.run("trust", "sign", "repo", "--role", role, "--key", key, "--yes", OPEN, quiet=True)


def _files_of_uzbekistan(folder: Path) -> None:
    """Write what the state signs: the insurer with its key, and where its status list lies."""
    today = _today()
    days = {
        "valid_from": today.isoformat(),
        "use_until": (today + timedelta(days=180)).isoformat(),
        "valid_to": (today + timedelta(days=700)).isoformat(),
    }
    insurer = {"id": "sample", "name": "Insurer in Uzbekistan (sample)", "licence": "sample", "lines": ["health"]}
    files: dict[str, dict[str, object]] = {
        "insurers": {"insurers": [{**insurer, "keys": [{**_public(folder / "insurer.pem.pub"), **days}]}]},
        "status": {"lists": [{"number": 1, "location": "status/UZ-1", "key": _public(folder / "status.pem.pub")}]},
    }
    (folder / "UZ").mkdir()
    for name, content in files.items():
        (folder / "UZ" / f"{name}.json").write_text(json.dumps({"state": "UZ", **content}), encoding="utf-8")


def _today() -> date:
    return RealWorld().trust().now().date()


def _public(path: Path) -> dict[str, str]:
    key = load_pem_public_key(path.read_bytes()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {"id": key_id_of(key).hex(), "spki": base64.b64encode(key).decode()}


_REGISTER = ("--register", "register.jsonl", "--state", "UZ")


def _publish_status(story: Story) -> None:
    story.run("status", "publish", *_REGISTER, "--key", "status.pem", "--out", "repo/public/status/UZ-1", OPEN)


def _issue(story: Story) -> None:
    story.tell("The insurer in Uzbekistan issues for a worker, a spouse and a child")
    contract = str(SAMPLES / "uzbek_home_contract.contract.yaml")
    order = ("--order", str(SAMPLES / "uzbek_home_contract.order.yaml"))
    register = ("--register", "register.jsonl")
    story.run(
        "certificate", "issue", contract, *order, "--key", "insurer.pem", *register, "--out", "certificates", OPEN
    )
    _publish_status(story)


def _picture(person: str) -> str:
    return f"certificates/SAMPLE-UZ-0001-{person}.png"


_JOB = ("--kit", "kit", "--state", "RU", "--from", "2026-12-01", "--to", "2027-03-31", "--as-of", "2026-12-01")


def _verify(story: Story) -> None:
    story.tell("An office in Russia synchronises its kit once; from then on it needs no network")
    story.run("trust", "sync", "kit", "repo/public", "--root", "repo/public/metadata/1.root.json")
    story.tell("It reads the QR pictures")
    story.run("certificate", "verify", _picture("worker"), *_JOB, "--gate", "hiring")
    story.run("certificate", "verify", _picture("worker"), *_JOB, "--gate", "work_permit", "--region", "RU-MOW", ends=1)
    for person in ("spouse", "child"):
        story.run("certificate", "verify", _picture(person), *_JOB, "--gate", "residence", ends=3)


def _cancel(story: Story) -> None:
    story.tell("The child's certificate is cancelled, and refused after the next sync")
    story.run("certificate", "verify", _picture("child"), "--kit", "kit")
    today = _today().isoformat()
    story.run("certificate", "cancel", "SAMPLE-UZ-0001/child", *_REGISTER, "--from", today, "--why", "left the family")
    _publish_status(story)
    story.run("trust", "sync", "kit", "repo/public", quiet=True)
    story.run("certificate", "verify", _picture("child"), "--kit", "kit", ends=1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
