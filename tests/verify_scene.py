"""A verifier's kit with one insurer of ours in it, real keys, and the insurer's register, for tests."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from builder import DATA
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from trust_builder import NOW, World, insurers, key_entry, ready, status

from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.adapters.status_journal import FileJournal
from polisbridge.adapters.trust_store import FolderTree, fetched
from polisbridge.core.certificate import Holder, IssueOrder
from polisbridge.core.codes import Gate
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.money import Rates
from polisbridge.core.status import ListName
from polisbridge.core.statusbook import Note
from polisbridge.core.verification import Verification
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.statuslist import MAX_BYTES
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.certify import Issued, issue
from polisbridge.services.status import StatusRegister
from polisbridge.services.statuskit import ListSync, StatusKit
from polisbridge.services.verify import Kit, verify

INSURER, OTHER, LISTS = (SoftwareSigner(derive_private_key(number, SECP256R1())) for number in (7, 8, 9))
LIST = ListName("NO", 1)
ORDER = IssueOrder("NO", "Insurer", "+47 22 00 00 00", {"worker": Holder("WORKER ANNA", "", "4567")})
NOTE = Note("clerk", NOW, "issued")
PERIOD = Period(date(2026, 6, 1), date(2027, 5, 31))
STAY = Stay("NO", Gate.ENTRY, NOW.date(), "NO-11", Period(date(2026, 12, 1), date(2027, 2, 28)))


@dataclass
class Scene:
    """Two states' repository with one insurer of ours, its register, and a kit."""

    world: World
    register: StatusRegister
    contract: Contract

    @property
    def kit_files(self) -> FolderTree:
        return FolderTree(self.world.folder / "kit")

    def issue(self, **changes: object) -> Issued:
        contract = replace(self.contract, **changes)  # type: ignore[arg-type]
        return issue(contract, ["worker"], ORDER, self.register, INSURER, NOTE)[0]

    def publish(self, now: datetime = NOW, signer: SoftwareSigner = LISTS) -> bytes:
        data = self.register.publish(1, now, signer, smallest=False)
        path = self.world.public / "status/NO/1"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return data

    def sync(self, now: datetime = NOW) -> ListSync:
        view = self.world.sync(now).view
        lists = StatusKit(self.kit_files, view)
        return lists.sync(lambda where: fetched(str(self.world.public), where, MAX_BYTES), now)[LIST]

    def verify(self, text: str, now: datetime = NOW, stay: Stay | None = None) -> Verification:
        view = self.world.view()
        book = read_law(view.law_files("NO"))
        return verify(text, Kit(view, StatusKit(self.kit_files, view), AppliedLaws(book, Rates())), stay, now)


def new_scene(folder: Path) -> Scene:
    """Return a scene whose trust data and status list were just fetched."""
    world = ready(folder)
    first, second = world.insurer_keys["NO"]
    listed = {"first": [key_entry(first), key_entry(INSURER.public_key)], "second": [key_entry(second)]}
    world.fill("NO", insurers__json=insurers("NO", listed), status__json=status("NO", LISTS.public_key))
    report = world.publish()
    assert (report.faults, report.waiting) == ([], {})
    register = StatusRegister(FileJournal(folder / "register", new=True), "NO", lambda below: below // 2)
    register.open_list(1, NOTE)
    book = read_law(world_law(world))
    contract = read_contract(read_tree((DATA / "contract.yaml").read_bytes(), "contract.yaml"), book.vocabulary)
    found = Scene(world, register, replace(contract, period=PERIOD))
    found.publish()
    found.sync()
    return found


def world_law(world: World) -> dict[str, bytes]:
    return world.sync().view.law_files()
