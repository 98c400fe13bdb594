"""What becomes of issued certificates, by the commands of the guide, and what the published list then says."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from desk import NOW, OPEN, Answer, done, run

from polisbridge.adapters.status_journal import FileJournal
from polisbridge.core.certificate import StatusReference
from polisbridge.core.status import ListName, Status, StatusList, status_at
from polisbridge.formats.certificate import decode
from polisbridge.formats.statuslist import read_status_list
from polisbridge.services.status import StatusRegister

SAMPLES = Path(__file__).parents[2] / "samples"
OLD, NEW = "SAMPLE-UZ-0001/worker", "SAMPLE-UZ-0001-E1/worker"
ERROR = 4
CHANGES = {
    "revoke": (OLD,),
    "suspend": (OLD,),
    "resume": (OLD,),
    "cancel": (OLD, "--from", "2026-12-31"),
    "endorse": (OLD, NEW),
}


class Office:
    """An insurer's folder: its key, its register, and what it issued."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key, self.register = folder, folder / "keys" / "insurer.pem", folder / "register.jsonl"
        (folder / "keys").mkdir(mode=0o700)
        done("trust", "key", "make", self.key, OPEN)

    @property
    def at(self) -> tuple[str | Path, ...]:
        return ("--register", self.register, "--state", "UZ")

    def issue(self, number: str) -> None:
        contract = (SAMPLES / "uzbek_home_contract.contract.yaml").read_text().replace("SAMPLE-UZ-0001", number)
        (self.folder / "contract.yaml").write_text(contract)
        order = ("--order", SAMPLES / "uzbek_home_contract.order.yaml", "--key", self.key, "--register", self.register)
        done("certificate", "issue", self.folder / "contract.yaml", *order, "--out", self.folder / "out", OPEN)

    def change(self, verb: str, *words: str, lang: str = "en") -> Answer:
        return run("certificate", verb, *words, *self.at, "--why", "as agreed", "--who", "clerk 4", lang=lang)

    def place(self, key: str) -> StatusReference:
        """Return the place that the certificate itself names."""
        text = (self.folder / "out" / f"{key.replace('/', '-')}.txt").read_text().strip()
        return decode(text).certificate.status

    def published(self, reference: StatusReference, at: datetime) -> Status | None:
        """Publish the list and return what it says of a place."""
        done("status", "publish", *self.at, "--key", self.key, "--out", self.folder / "list", OPEN, at=at)
        public = load_pem_public_key(self.key.with_name("insurer.pem.pub").read_bytes())
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        found = read_status_list((self.folder / "list").read_bytes(), ListName("UZ", reference.number), [spki])
        assert isinstance(found, StatusList)
        return status_at(found, reference.index).status


@pytest.fixture
def office(tmp_path: Path) -> Office:
    found = Office(tmp_path)
    found.issue("SAMPLE-UZ-0001")
    return found


def test_an_endorsed_certificate_ends_and_the_new_one_counts(office: Office) -> None:
    assert office.change("endorse", OLD, NEW).exit == 0
    office.issue("SAMPLE-UZ-0001-E1")

    assert office.published(office.place(OLD), NOW) is Status.REVOKED
    assert office.published(office.place(NEW), NOW) is Status.VALID


def test_a_certificate_issued_before_its_endorsement_keeps_its_place(office: Office) -> None:
    office.issue("SAMPLE-UZ-0001-E1")
    place = office.place(NEW)
    office.change("endorse", OLD, NEW)

    assert place == StatusRegister(FileJournal(office.register, new=False), "UZ", lambda _: 0).entry(NEW).reference
    assert office.published(place, NOW) is Status.VALID


def test_an_endorsement_from_a_day_on_leaves_the_old_one_valid_until_then(office: Office) -> None:
    office.change("endorse", OLD, NEW, "--from", "2026-11-25")

    assert office.published(office.place(OLD), NOW + timedelta(days=2)) is Status.VALID
    assert office.published(office.place(OLD), NOW + timedelta(days=3)) is Status.REVOKED


def test_a_revoked_certificate_takes_nobodys_place(office: Office) -> None:
    office.issue("SAMPLE-UZ-0001-E1")
    office.change("revoke", NEW)

    found = office.change("endorse", OLD, NEW)

    assert (found.exit, NEW in found.err) == (ERROR, True)
    assert office.published(office.place(OLD), NOW) is Status.VALID


@pytest.mark.parametrize(
    ("verb", "lang", "expected"),
    [
        ("revoke", "en", f"{OLD}: revoked"),
        ("suspend", "ru", f"{OLD}: приостановлен"),
        ("cancel", "en", f"{OLD}: cancelled from Dec 31, 2026"),
        ("endorse", "en", f"{OLD}: replaced by {NEW}"),
        ("endorse", "ru", f"{OLD}: заменён на {NEW}"),
    ],
)
def test_a_change_is_told_in_words(office: Office, verb: str, lang: str, expected: str) -> None:
    assert office.change(verb, *CHANGES[verb], lang=lang).out.splitlines()[0] == expected


def test_the_history_tells_days_and_who_took_the_place(office: Office) -> None:
    office.change("cancel", *CHANGES["cancel"])
    office.change("endorse", OLD, NEW, "--from", "2026-12-01")

    told = run("status", "show", OLD, *office.at).out

    assert "cancelled from Dec 31, 2026" in told
    assert f"replaced by {NEW} from Dec 1, 2026" in told


def test_what_stands_against_a_change_is_told(office: Office) -> None:
    found = office.change("endorse", OLD, OLD)

    assert (found.exit, found.err.splitlines()[0]) == (ERROR, f"error: Not done: {OLD} cannot replace itself")


@pytest.mark.parametrize("verb", CHANGES)
def test_a_change_of_a_register_that_is_not_there_is_an_error_and_makes_none(tmp_path: Path, verb: str) -> None:
    register = ("--register", tmp_path / "registr.jsonl", "--state", "UZ")

    found = run("certificate", verb, *CHANGES[verb], *register, "--why", "as agreed")

    assert (found.exit, "registr.jsonl" in found.err) == (ERROR, True)
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_a_register_that_is_not_there_is_neither_shown_nor_published(office: Office) -> None:
    register = ("--register", office.folder / "registr.jsonl", "--state", "UZ")

    shown = run("status", "show", OLD, *register)
    published = run("status", "publish", *register, "--key", office.key, "--out", office.folder / "list", OPEN)

    assert (shown.exit, published.exit) == (ERROR, ERROR)
    assert not (office.folder / "registr.jsonl").exists()
