"""Status lists as a node publishes them: after changes, when they grow old, when a day comes; and nothing lost when it cannot."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from insurer_desk import INSURER
from issuing_scene import IssuingScene
from registry_builder import START, VOCABULARY, contract, note, registries, seller
from sqlalchemy import Engine

from polisbridge.adapters.demo_trust import DemoTrust
from polisbridge.core.registry import Identity, RegisteredCertificate
from polisbridge.core.statusbook import Note
from polisbridge.core.verification import Reason
from polisbridge.services.registry.certificates import text_of
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.issuing import StatusChange, change_status, issue_for

DAY = timedelta(days=1)


class Node(IssuingScene):
    """A node with one insurer; its clock stands until the test moves it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.at = START
        with registries(engine).change() as registry:
            self.insurer = seller(registry, INSURER)
        super().__init__(engine, folder, self.clock)
        self._contracts = 0

    def clock(self) -> datetime:
        return self.at

    def issued(self) -> tuple[int, str]:
        """Issue a certificate; return its number and text."""
        self._contracts += 1
        terms = contract(f"P-{self._contracts}")
        who = {one.id: Identity("KARIMOV ALISHER", born=one.born) for one in terms.insured}
        said = Note("clerk", self.at, "asked")
        with registries(self.engine).change() as registry:
            thing = register(registry, NewContract(terms, self.insurer, identities=who), note())
            keys = self.node.issuing.keys
            (number,) = issue_for(registry, keys, thing, said, VOCABULARY, persons=["worker"]).new
            (held,) = registry.known(RegisteredCertificate, on=None, at=self.at, thing=number)
            return number, text_of(registry, held) or ""

    def change(self, number: int, change: StatusChange, first: datetime | None = None) -> None:
        with registries(self.engine).change() as registry:
            held = list(registry.known(RegisteredCertificate, on=None, at=self.at, thing=number))
            day = first.date() if first else None
            below = self.node.issuing.below
            change_status(registry, self.insurer, held, change, Note("clerk", self.at, "asked"), first=day, below=below)

    def reasons(self, text: str) -> tuple[Reason, ...]:
        return tuple(one for one in self.verified(text).reasons if one is not Reason.COVER_NOT_BEGUN)


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Node:
    return Node(engine, tmp_path_factory.mktemp("node"))


def test_a_change_shows_when_it_was_published_and_not_before(node: Node) -> None:
    number, text = node.issued()
    node.at += timedelta(seconds=2)
    node.change(number, StatusChange.SUSPEND)
    before = node.reasons(text)
    assert node.node.publisher.publish() == 1

    assert (before, node.reasons(text)) == ((Reason.IN_FORCE,), (Reason.SUSPENDED,))


def test_a_list_is_signed_anew_when_it_is_half_an_hour_old_and_not_sooner(node: Node) -> None:
    node.node.publisher.publish()
    node.at += timedelta(minutes=29)
    sooner = node.node.publisher.publish()
    node.at += timedelta(minutes=1)

    assert (sooner, node.node.publisher.publish(), node.node.publisher.publish()) == (0, 1, 0)


def test_a_cancellation_counts_from_its_day(node: Node) -> None:
    number, text = node.issued()
    node.change(number, StatusChange.REVOKE, node.at + 2 * DAY)
    node.node.publisher.publish()
    seen = [node.reasons(text)]
    for _ in range(2):
        node.at += DAY
        node.node.publisher.publish()
        DemoTrust(node.folder, node.kit).renew(node.at)
        seen.append(node.reasons(text))

    assert seen == [(Reason.IN_FORCE,), (Reason.IN_FORCE,), (Reason.REVOKED,)]


def test_a_node_to_try_out_renews_what_its_states_sign(node: Node) -> None:
    _, text = node.issued()
    node.at += 9 * DAY
    node.node.publisher.publish()
    old = node.reasons(text)
    DemoTrust(node.folder, node.kit).renew(node.at)

    assert Reason.TRUST_OLD in old
    assert node.reasons(text) == (Reason.IN_FORCE,)


def test_what_could_not_be_published_is_kept_and_published_later(node: Node) -> None:
    number, text = node.issued()
    node.at += timedelta(minutes=31)
    keys = node.folder / "issuing" / "keys.json"
    hidden = keys.rename(keys.with_name("hidden"))
    node.change(number, StatusChange.SUSPEND)
    could = node.node.publisher.try_to_publish()
    hidden.rename(keys)

    assert not could
    assert node.node.publisher.try_to_publish()
    assert node.reasons(text) == (Reason.SUSPENDED,)


def test_the_file_that_anybody_may_fetch_is_the_list_that_the_database_holds(node: Node) -> None:
    node.node.publisher.publish()
    public: Callable[[str], bytes | None] = node.node.issuing.public
    data = public("status/UZ-1")

    assert data == (node.folder / "trust" / "public" / "status" / "UZ-1").read_bytes()
    assert (public("metadata/1.root.json") or b"")[:1] == b"{"


@pytest.mark.parametrize(
    "name",
    ["../issuing/keys.json", "status/../../issuing/keys.json", "status/UZ-99", "status/", "/etc/passwd", "a\0b", ""],
)
def test_nothing_else_can_be_fetched(node: Node, name: str) -> None:
    assert node.node.issuing.public(name) is None
