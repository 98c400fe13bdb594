"""Verification from a real kit: what is accepted, refused and left undetermined, and that ignorance never decides."""

import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from trust_builder import DAY, HOUR, NOW
from verify_scene import INSURER, NOTE, ORDER, OTHER, STAY, Scene, new_scene

from polisbridge.core.codes import Verdict
from polisbridge.core.contract import Period, Stay
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import Signer
from polisbridge.core.status import Status
from polisbridge.core.verification import Answer, Reason
from polisbridge.formats import base45
from polisbridge.formats.cbor import dumps, loads
from polisbridge.formats.certificate import PREFIX, decode, encode
from polisbridge.formats.certificate_numbers import WORDS
from polisbridge.formats.cose import sign1
from polisbridge.services.certify import issue
from polisbridge.services.statuskit import ListSync, StatusKit
from polisbridge.services.trust.insurer_keys import remove_insurer_key
from polisbridge.services.verify import Kit, verify


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return new_scene(tmp_path)


def test_a_genuine_certificate_in_force_is_accepted_without_an_occasion(scene: Scene) -> None:
    found = scene.verify(scene.issue().text)

    assert (found.answer, found.reasons) == (Answer.ACCEPT, (Reason.IN_FORCE,))
    assert found.insurer is not None
    assert (found.insurer.insurer, found.status) == ("first", Status.VALID)


def test_a_certificate_whose_contract_is_recognised_is_accepted(scene: Scene) -> None:
    found = scene.verify(scene.issue().text, stay=STAY)

    assert (found.answer, found.reasons) == (Answer.ACCEPT, (Reason.RECOGNISED,))


def test_a_certificate_whose_contract_is_not_enough_is_refused_with_the_decision(scene: Scene) -> None:
    facts = {**scene.contract.facts, "sum_insured": 1}
    found = scene.verify(scene.issue(facts=facts).text, stay=STAY)

    assert (found.answer, found.reasons) == (Answer.REFUSE, (Reason.NOT_RECOGNISED,))
    assert found.assessment is not None
    assert found.assessment.decision.verdict is Verdict.NOT_RECOGNISED
    assert found.assessment.top_up is not None


def test_law_that_the_kit_does_not_hold_leaves_it_undetermined(scene: Scene) -> None:
    found = scene.verify(scene.issue().text, stay=replace(STAY, state="KZ", region=None))

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.NOT_DECIDED,))


def test_a_kit_without_any_law_leaves_the_occasion_undetermined(scene: Scene) -> None:
    view = scene.world.view()
    found = verify(scene.issue().text, Kit(view, StatusKit(scene.kit_files, view), None), STAY, NOW)

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.NOT_DECIDED,))


def test_cover_that_has_not_begun_is_refused_when_no_occasion_is_asked(scene: Scene) -> None:
    later = Period(date(2027, 1, 1), date(2027, 5, 31))

    assert scene.verify(scene.issue(period=later).text).reasons == (Reason.COVER_NOT_BEGUN,)


@pytest.mark.parametrize("change", ["revoke", "suspend"])
def test_what_the_issuer_ended_is_refused_after_the_next_sync(scene: Scene, change: str) -> None:
    one = scene.issue()
    later = NOW + HOUR
    getattr(scene.register, change)([one.key], replace(NOTE, at=later))
    assert scene.verify(one.text, later).answer is Answer.ACCEPT

    scene.publish(later)
    assert scene.sync(later) is ListSync.FETCHED

    found = scene.verify(one.text, later)
    assert found.answer is Answer.REFUSE
    assert found.reasons == (Reason.REVOKED if change == "revoke" else Reason.SUSPENDED,)


def test_a_suspension_ends(scene: Scene) -> None:
    one = scene.issue()
    scene.register.suspend([one.key], NOTE)
    scene.register.resume([one.key], NOTE)
    scene.publish(NOW + HOUR)
    scene.sync(NOW + HOUR)

    assert scene.verify(one.text, NOW + HOUR).answer is Answer.ACCEPT


def test_a_removed_key_refuses_and_the_other_insurers_keys_stay(scene: Scene) -> None:
    one = scene.issue()
    remove_insurer_key(scene.world.files, "NO", "first", INSURER.key_id.hex(), NOW)
    scene.world.sign("state-NO", scene.world.states["NO"][:2])
    scene.world.publish(NOW + HOUR)
    scene.sync(NOW + HOUR)

    found = scene.verify(one.text, NOW + HOUR)

    assert (found.answer, found.reasons) == (Answer.REFUSE, (Reason.KEY_REMOVED,))
    view = scene.world.view()
    assert [key.removed for key in view.states["NO"].keys.values() if key.insurer == "second"] == [False]


def test_a_key_that_nobody_admitted_is_undetermined(scene: Scene) -> None:
    text, _ = encode(replace(scene.issue().certificate, key_id=OTHER.key_id), OTHER)
    found = scene.verify(text)

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.UNKNOWN_KEY,))
    assert found.insurer is None


class Forger:
    """Signs with one key and names another."""

    algorithm, key_id, public_key = OTHER.algorithm, INSURER.key_id, OTHER.public_key

    def sign(self, data: bytes) -> bytes:
        return OTHER.sign(data)


def test_a_forged_signature_is_refused_and_nobody_is_named_as_signer(scene: Scene) -> None:
    text, _ = encode(scene.issue().certificate, Forger())
    found = scene.verify(text)

    assert (found.answer, found.reasons, found.insurer) == (Answer.REFUSE, (Reason.SIGNATURE_WRONG,), None)


def test_a_text_that_is_no_certificate_is_refused_with_the_reason(scene: Scene) -> None:
    found = scene.verify(f"{PREFIX}NOT ONE")

    assert (found.answer, found.reasons, found.detail) == (
        Answer.REFUSE,
        (Reason.NOT_A_CERTIFICATE,),
        "not_base45",
    )


def newer(text: str, signer: Signer = INSURER) -> str:
    """Return the certificate as a newer writer would make it: with an exclusion that nobody here has heard of."""
    claims = loads(decode(text).envelope.payload, 4_000)
    claims[-65537][7][45] = 1 << len(WORDS["exclusions"])
    return PREFIX + base45.encode(zlib.compress(sign1(dumps(claims), signer)))


@pytest.mark.parametrize("stay", [None, STAY], ids=["in force", "for the occasion"])
def test_a_newer_certificate_is_undetermined_once_its_signature_is_checked(scene: Scene, stay: Stay | None) -> None:
    one = scene.issue()
    assert scene.verify(one.text, stay=stay).answer is Answer.ACCEPT
    found = scene.verify(newer(one.text), stay=stay)

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.NEWER_FORMAT,))
    assert (found.certificate, found.assessment, found.status) == (None, None, Status.VALID)
    assert found.insurer is not None
    assert found.insurer.insurer == "first"


def test_a_newer_certificate_that_is_forged_is_refused(scene: Scene) -> None:
    found = scene.verify(newer(scene.issue().text, Forger()))

    assert (found.answer, found.insurer) == (Answer.REFUSE, None)
    assert found.reasons == (Reason.SIGNATURE_WRONG, Reason.NEWER_FORMAT)


def test_a_newer_certificate_is_refused_for_what_needs_none_of_its_contract(scene: Scene) -> None:
    one = scene.issue(period=Period(date(2026, 6, 1), date(2026, 11, 22)))
    text, later = newer(one.text), NOW + HOUR
    ended = scene.verify(text, datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC))
    assert ended.answer is Answer.REFUSE
    assert {Reason.EXPIRED, Reason.NEWER_FORMAT} <= set(ended.reasons)
    scene.register.revoke([one.key], replace(NOTE, at=later))
    scene.publish(later)
    scene.sync(later)
    found = scene.verify(text, later)

    assert (found.answer, found.reasons) == (Answer.REFUSE, (Reason.REVOKED, Reason.NEWER_FORMAT))


def test_a_newer_certificate_by_a_key_that_nobody_admitted_is_undetermined(scene: Scene) -> None:
    found = scene.verify(newer(scene.issue().text, OTHER))

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.UNKNOWN_KEY, Reason.NEWER_FORMAT))


def test_without_any_kit_it_is_undetermined(scene: Scene) -> None:
    found = verify(scene.issue().text, Kit(None, None, None), STAY, NOW)

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.NO_TRUST_DATA,))


def test_data_older_than_a_day_is_told_and_still_counts(scene: Scene) -> None:
    found = scene.verify(scene.issue().text, NOW + DAY + HOUR)

    assert found.answer is Answer.ACCEPT
    assert set(found.reasons) == {Reason.TRUST_OLD, Reason.STATUS_OLD, Reason.IN_FORCE}
    assert found.trust_age == found.status_age == DAY + HOUR


@pytest.mark.parametrize("revoked", [False, True])
def test_stale_trust_data_decides_nothing_not_even_revoked(scene: Scene, *, revoked: bool) -> None:
    one = scene.issue()
    if revoked:
        scene.register.revoke([one.key], NOTE)
    scene.publish(NOW + HOUR)
    scene.sync(NOW + HOUR)

    found = scene.verify(one.text, NOW + timedelta(days=15))

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.TRUST_STALE,))
    assert found.status is None
    assert found.trust_age is not None


@pytest.mark.parametrize("revoked", [False, True])
def test_a_stale_status_list_decides_nothing_not_even_revoked(scene: Scene, *, revoked: bool) -> None:
    one = scene.issue()
    if revoked:
        scene.register.revoke([one.key], NOTE)
    scene.publish(NOW + HOUR)
    scene.sync(NOW + HOUR)
    late = NOW + timedelta(days=9)
    scene.world.publish(late)
    scene.world.sync(late)

    found = scene.verify(one.text, late)

    assert (found.answer, found.reasons, found.status) == (Answer.UNDETERMINED, (Reason.STATUS_STALE,), None)


def test_a_clock_behind_what_was_signed_decides_nothing(scene: Scene) -> None:
    one = scene.issue()

    for behind in (HOUR, 60 * DAY):
        found = scene.verify(one.text, NOW - behind)
        assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.CLOCK_BEHIND,))


def test_a_status_list_that_was_never_fetched_leaves_it_undetermined(scene: Scene) -> None:
    one = scene.issue()
    scene.kit_files.delete("status/NO-1.cwt")

    found = scene.verify(one.text, stay=STAY)

    assert (found.answer, found.reasons, found.assessment) == (
        Answer.UNDETERMINED,
        (Reason.STATUS_NOT_FETCHED,),
        None,
    )


def test_a_damaged_status_list_leaves_it_undetermined(scene: Scene) -> None:
    one = scene.issue()
    scene.kit_files.write("status/NO-1.cwt", b"\x00")

    assert scene.verify(one.text).reasons == (Reason.STATUS_UNREADABLE,)


def test_an_old_list_put_back_into_the_kit_is_known_for_what_it_is(scene: Scene) -> None:
    one = scene.issue()
    old = scene.kit_files.read("status/NO-1.cwt")
    assert old is not None
    scene.register.revoke([one.key], NOTE)
    scene.publish(NOW + HOUR)
    scene.sync(NOW + HOUR)
    scene.kit_files.write("status/NO-1.cwt", old)

    found = scene.verify(one.text, NOW + HOUR)

    assert (found.answer, found.reasons) == (Answer.UNDETERMINED, (Reason.STATUS_STALE,))


def test_a_sync_refuses_an_older_list(scene: Scene) -> None:
    path = scene.world.public / "status/NO/1"
    old = path.read_bytes()
    scene.publish(NOW + HOUR)
    assert scene.sync(NOW + HOUR) is ListSync.FETCHED
    path.write_bytes(old)

    assert scene.sync(NOW + HOUR) is ListSync.OLDER


def test_a_sync_keeps_the_list_it_has_when_the_new_one_cannot_be_read_or_had(scene: Scene) -> None:
    one = scene.issue()
    path = scene.world.public / "status/NO/1"
    path.write_bytes(b"damaged")
    assert scene.sync() is ListSync.UNREADABLE
    scene.publish(NOW + HOUR, signer=OTHER)
    assert scene.sync(NOW + HOUR) is ListSync.UNREADABLE
    path.unlink()
    assert scene.sync(NOW + HOUR) is ListSync.NOT_FETCHED

    assert scene.verify(one.text).answer is Answer.ACCEPT


def test_a_list_from_the_future_is_not_taken_and_does_not_move_the_clock(scene: Scene) -> None:
    one = scene.issue()
    scene.publish(NOW + DAY)

    assert scene.sync() is ListSync.FROM_THE_FUTURE
    assert scene.verify(one.text).answer is Answer.ACCEPT


def test_an_expired_certificate_is_refused(scene: Scene) -> None:
    short = Period(date(2026, 6, 1), date(2026, 11, 22))
    one = scene.issue(period=short)

    assert scene.verify(one.text, NOW + DAY - HOUR).answer is Answer.ACCEPT
    assert Reason.EXPIRED in scene.verify(one.text, datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)).reasons


def test_a_licence_that_the_admitting_state_cannot_vouch_for_is_unknown(scene: Scene) -> None:
    claims = {"insurer_licensed_in": frozenset({"NO", "SE"}), "insurer_state": "SE"}
    one = scene.issue(facts={**scene.contract.facts, **claims})

    found = scene.verify(one.text, stay=STAY)

    assert found.assessment is not None
    assert (found.assessment.facts.insurer_licensed_in, found.assessment.facts.insurer_state) == (None, None)


def test_a_certificate_is_not_issued_for_what_stands_against_it_all_told_at_once(scene: Scene) -> None:
    ended = replace(scene.contract, period=Period(date(2026, 6, 1), date(2026, 7, 1)))

    with pytest.raises(PolisbridgeError) as caught:
        issue(ended, ["worker", "child", "stranger"], ORDER, scene.register, INSURER, NOTE)

    assert caught.value.code is ErrorCode.BAD_INPUT
    assert "worker ended on 2026-07-01" in caught.value.detail
    assert "does not name child" in caught.value.detail
    assert "stranger is not insured" in caught.value.detail


def test_a_certificate_issued_again_keeps_its_place_but_not_once_it_is_revoked(scene: Scene) -> None:
    one, again = scene.issue(), scene.issue()
    assert one.certificate.status == again.certificate.status

    scene.register.revoke([one.key], NOTE)
    with pytest.raises(PolisbridgeError) as caught:
        scene.issue()

    assert caught.value.code is ErrorCode.STATUS_FINAL
