"""Insurers admitted by two officials: on record, and in the state's list of a real trust repository, signed and public."""

import base64
from datetime import date, timedelta
from pathlib import Path

import pytest
from authority_scene import AuthorityScene
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurve, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from drafting_builder import FIRST, NOON, OF_BELARUS, SECOND, change, official
from sqlalchemy import Engine

from polisbridge.adapters.demo_trust import DemoTrust, Given
from polisbridge.adapters.folder import shipped_samples
from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.drafting import DraftAct
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import Licence, RegisteredKey
from polisbridge.core.roles import ActorRole
from polisbridge.core.signing import key_id_of
from polisbridge.formats.trustfile import read_insurers
from polisbridge.services.access import AccessRefused
from polisbridge.services.drafting import drafts
from polisbridge.services.drafting.admissions import (
    AdmissionFile,
    insurers_of,
    open_admission,
    public_key,
    publish_admission,
)
from polisbridge.services.trust.stage import INSURERS, LAW
from polisbridge.services.trust.sync import load_view

TODAY = NOON.date()


def pem(curve: EllipticCurve | None = None) -> bytes:
    key = generate_private_key(curve or SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("node")


@pytest.fixture(scope="module")
def scene(engine: Engine, folder: Path) -> AuthorityScene:
    """A node of Russia with a trust repository, whose keys lie at the node."""
    found = AuthorityScene(engine, folder)
    given = Given(found.node.book, found.node.law_files(), (shipped_samples() / "rates.yaml").read_bytes())
    DemoTrust(folder, folder / "kit").make(engine, found.node.registries, given, NOON - timedelta(hours=1))
    return found


def admitted(scene: AuthorityScene, **other: object) -> int:
    said = {"do": "admit", "first": TODAY, "name": "New Insurer", "number": "SL 4711", "lines": ["health"], **other}
    return open_admission(scene.desk.drafting, FIRST, AdmissionFile(**said))  # type: ignore[arg-type]


def faults(scene: AuthorityScene, **other: object) -> list[tuple[str, FaultCode]]:
    with pytest.raises(InputFaults) as caught:
        admitted(scene, **other)
    return [(one.path, one.code) for one in caught.value.faults]


def test_an_insurer_is_admitted_by_a_second_official_and_stands_on_record_and_in_the_signed_list(
    scene: AuthorityScene,
) -> None:
    drafting, key = scene.desk.drafting, public_key(pem())
    number = admitted(scene, key=key)
    with pytest.raises(drafts.OwnDraft):
        publish_admission(drafting, FIRST, number, 2)

    signed = publish_admission(drafting, SECOND, number, 2)

    assert signed is not None
    assert (signed.role, signed.signed, signed.public, signed.faults) == ("state-RU", True, True, ())
    (found,) = [one for one in insurers_of(drafting, FIRST) if one.name["en"] == "New Insurer"]
    assert [(one.value.number, one.valid.first) for one in found.licences] == [("SL 4711", TODAY)]
    assert "by official 1" in found.licences[0].note.why
    data = drafting.signer.public("RU", INSURERS)
    assert data is not None
    listed = read_insurers(data, INSURERS, "RU")[key_id_of(base64.b64decode(key))]
    assert (listed.name, listed.licence, listed.valid_from) == ("New Insurer", "SL 4711", TODAY)


def test_one_key_is_removed_and_the_admission_ended(scene: AuthorityScene) -> None:
    drafting, key = scene.desk.drafting, public_key(pem())
    publish_admission(drafting, SECOND, admitted(scene, name="Second Insurer", number="SL 1", key=key), 2)
    (found,) = [one for one in insurers_of(drafting, FIRST) if one.name["en"] == "Second Insurer"]

    removal = AdmissionFile(do="remove_key", first=TODAY, insurer=found.thing, key=key)
    publish_admission(drafting, SECOND, open_admission(drafting, FIRST, removal), 2)
    data = drafting.signer.public("RU", INSURERS) or b""
    assert read_insurers(data, INSURERS, "RU")[key_id_of(base64.b64decode(key))].removed
    with scene.node.registries.read() as registry:
        assert list(registry.known(RegisteredKey, on=TODAY, at=NOON, insurer=found.thing)) == []

    end = AdmissionFile(do="end_admission", first=date(2027, 1, 1), insurer=found.thing)
    publish_admission(drafting, SECOND, open_admission(drafting, FIRST, end), 2)
    with scene.node.registries.read() as registry:
        held = [len(list(registry.known(Licence, on=day, at=NOON, insurer=found.thing))) for day in (TODAY, end.first)]
    assert held == [1, 0]


def test_all_that_is_wrong_is_told_at_once(scene: AuthorityScene) -> None:
    wrong = {"name": " ", "number": "", "lines": ["everything"], "last": date(2026, 1, 1), "first": date(2026, 2, 1)}

    assert faults(scene, **wrong) == [
        ("first", FaultCode.WRONG_VALUE),
        ("last", FaultCode.WRONG_ORDER),
        ("lines", FaultCode.MISSING_KEY),
        ("name", FaultCode.MISSING_KEY),
        ("number", FaultCode.MISSING_KEY),
    ]


def test_the_key_of_another_insurer_is_refused(scene: AuthorityScene) -> None:
    key = public_key(pem())
    publish_admission(scene.desk.drafting, SECOND, admitted(scene, name="Third", number="3", key=key), 2)

    assert faults(scene, name="Fourth", number="4", key=key) == [("key", FaultCode.TWICE)]


def test_only_p_256_keys_are_taken() -> None:
    assert public_key(pem())
    assert [public_key(pem(SECP384R1())), public_key(b"-----BEGIN"), public_key(b"\x00\x01")] == ["", "", ""]


def test_a_second_draft_for_the_same_insurer_waits_for_the_first(scene: AuthorityScene) -> None:
    number = admitted(scene, name="Fifth", number="5")
    with pytest.raises(PolisbridgeError, match=ErrorCode.ALREADY_THERE.value):
        admitted(scene, name="fifth", number="6")
    drafts.move(scene.desk.drafting, FIRST, number, 2, DraftAct.WITHDRAWN)
    assert admitted(scene, name="Fifth", number="6")


def test_insurers_of_other_states_cannot_be_admitted_nor_seen(scene: AuthorityScene) -> None:
    own = {one.thing for one in insurers_of(scene.desk.drafting, FIRST)}
    assert own.isdisjoint({one.thing for one in insurers_of(scene.desk.drafting, OF_BELARUS)})
    end = AdmissionFile(do="end_admission", first=TODAY, insurer=min(own))
    with pytest.raises(PolisbridgeError, match=ErrorCode.NOT_FOUND.value):
        open_admission(scene.desk.drafting, OF_BELARUS, end)
    with pytest.raises(AccessRefused):
        insurers_of(scene.desk.drafting, official(9, role=ActorRole.INSURER_CLERK))


def test_published_law_goes_to_the_trust_repository_and_to_whoever_synchronises(
    scene: AuthorityScene, folder: Path
) -> None:
    drafting = scene.desk.drafting
    assert drafts.law_standing(drafting, FIRST) is drafts.Standing.PUBLIC
    number = drafts.open_draft(drafting, FIRST, *change())
    drafts.move(drafting, FIRST, number, 1, DraftAct.PROPOSED)

    release, signed = drafts.publish_law(drafting, SECOND, number, 2)

    assert signed is not None
    assert (signed.signed, signed.public, signed.faults) == (True, True, ())
    assert drafts.law_standing(drafting, FIRST) is drafts.Standing.PUBLIC
    DemoTrust(folder, folder / "kit").take(NOON)
    law = load_view(FolderTree(folder / "kit")).states["RU"].law
    assert law is not None
    assert (law.version, set(release.files) <= set(law.files)) == (2, True)
    assert drafting.signer.public("RU", LAW) is not None
