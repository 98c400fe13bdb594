"""What keeps a state's draft from being signed: each fault by name, all at once."""

import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from trust_builder import (
    DAY,
    HOUR,
    NOW,
    World,
    assistance,
    insurers,
    key_entry,
    law_files,
    new_key,
    new_spki,
    ready,
    role_keys,
    status,
)

from polisbridge.core.errors import Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.signing import key_id_of
from polisbridge.formats.lawarchive import read_archive, write_archive
from polisbridge.services.trust.admission import admission_faults
from polisbridge.services.trust.insurer_keys import (
    add_insurer_key,
    longest,
    remove_insurer_key,
    rotate_insurer_key,
)
from polisbridge.services.trust.notice import first_day_allowed
from polisbridge.services.trust.repository import Repository
from polisbridge.services.trust.roles import add_state, change_keys, remove_state
from polisbridge.services.trust.stage import law_archive, stage_state

LIMIT = "no/aliens_act/sum_insured.yaml"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


def faults(world: World, new: dict[str, bytes], state: str = "NO") -> tuple[Fault, ...]:
    stage_state(world.files, state, new, NOW)
    return admission_faults(world.files, f"state-{state}", NOW)


def codes(found: tuple[Fault, ...]) -> list[FaultCode]:
    return [fault.code for fault in found]


def listed(world: World, *entries: dict[str, str]) -> bytes:
    """Return the state's list with these entries of a third insurer beside those published."""
    one, two = world.insurer_keys["NO"]
    return insurers("NO", {"first": [key_entry(one)], "second": [key_entry(two)], "third": list(entries)})


def changed_law(text: str, instead: str, name: str = LIMIT) -> dict[str, bytes]:
    files = law_files("NO")
    assert text.encode() in files[name]
    return {**files, name: files[name].replace(text.encode(), instead.encode())}


def bad_keys() -> Iterator[tuple[str, dict[str, str]]]:
    other_curve = generate_private_key(SECP384R1()).public_key()
    yield "another curve", key_entry(other_curve.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    yield "not a key", key_entry(b"nonsense")
    yield "not base64", key_entry(new_spki(), spki="***")
    yield "another id", key_entry(new_spki(), id="0" * 16)
    yield "more than two years", key_entry(new_spki(), valid_to="2028-11-15")
    yield "more than six months of use", key_entry(new_spki(), use_until="2027-05-05")
    yield "use before it begins", key_entry(new_spki(), use_until="2026-10-01")
    yield "listed shorter than used", key_entry(new_spki(), valid_to="2026-12-01")
    yield "neither active nor removed", key_entry(new_spki(), status="paused")


@pytest.mark.parametrize(("what", "entry"), list(bad_keys()), ids=[what for what, _ in bad_keys()])
def test_a_bad_key_is_refused(world: World, what: str, entry: dict[str, str]) -> None:
    assert faults(world, {"insurers.json": listed(world, entry)}) != (), what


def test_a_good_key_is_admitted(world: World) -> None:
    assert faults(world, {"insurers.json": listed(world, key_entry(new_spki()))}) == ()


def test_all_faults_are_told_at_once(world: World) -> None:
    found = faults(
        world,
        {
            "insurers.json": insurers("SE", {"x": [key_entry(new_spki(), id="1" * 16), key_entry(b"nonsense")]}),
            "status.json": status("SE", new_spki()),
            "assistance.json": assistance("NO").replace(b"+47 22 00 00 00", b"22 00 00 00"),
            "rates.yaml": b"tables: [{source: x, state: NO, base: NOC, rates: []}]",
        },
    )

    assert {fault.file.split("/")[1] for fault in found} == {
        "insurers.json",
        "status.json",
        "assistance.json",
        "rates.yaml",
    }
    assert codes(found).count(FaultCode.WRONG_PLACE) == 2


def test_the_same_key_twice_is_refused(world: World) -> None:
    key = key_entry(new_spki())

    assert codes(faults(world, {"insurers.json": listed(world, key, key)})) == [FaultCode.TWICE]


def test_a_key_that_another_state_lists_is_refused(world: World) -> None:
    entry = key_entry(world.insurer_keys["SE"][0])

    assert codes(faults(world, {"insurers.json": listed(world, entry)})) == [FaultCode.TWICE]


def test_a_key_may_not_vanish_before_its_day(world: World) -> None:
    short = insurers("NO", {"first": [key_entry(world.insurer_keys["NO"][0])]})

    assert codes(faults(world, {"insurers.json": short})) == [FaultCode.MISSING_KEY]


def test_a_removed_key_may_not_return(world: World) -> None:
    one, two = world.insurer_keys["NO"]
    gone = insurers("NO", {"first": [key_entry(one, status="removed")], "second": [key_entry(two)]})
    world.put("NO", {"insurers.json": gone})
    assert world.publish(NOW).faults == []

    found = faults(world, {"insurers.json": insurers("NO", {"first": [key_entry(one)], "second": [key_entry(two)]})})

    assert codes(found) == [FaultCode.KEY_RETURNS]


@pytest.mark.parametrize(
    "change", [{"valid_to": "2028-10-10"}, {"use_until": "2027-05-03"}, {"valid_from": "2026-11-02"}], ids=str
)
def test_no_day_of_a_key_moves_out(world: World, change: dict[str, str]) -> None:
    one, two = world.insurer_keys["NO"]
    moved = insurers("NO", {"first": [key_entry(one) | change], "second": [key_entry(two)]})

    assert codes(faults(world, {"insurers.json": moved})) == [FaultCode.WRONG_VALUE]


def test_a_key_may_not_change_hands(world: World) -> None:
    one, two = world.insurer_keys["NO"]
    moved = insurers("NO", {"first": [], "second": [key_entry(one), key_entry(two)]})

    assert codes(faults(world, {"insurers.json": moved})) == [FaultCode.WRONG_VALUE]


def test_rates_of_another_state_are_refused(world: World) -> None:
    rates = b'tables: [{source: Bank, state: SE, base: SEK, rates: [{day: 2026-06-01, currency: EUR, price: "11"}]}]'

    assert codes(faults(world, {"rates.yaml": rates})) == [FaultCode.WRONG_PLACE]


def test_a_file_that_has_no_place_is_not_staged(world: World) -> None:
    with pytest.raises(PolisbridgeError, match="no place for notes"):
        stage_state(world.files, "NO", {"notes.txt": b""}, NOW)


def test_changed_law_needs_a_higher_version(world: World) -> None:
    files = changed_law("https://", "http://")

    assert codes(faults(world, {"law.json.z": write_archive(files, 1)})) == [FaultCode.NOT_HIGHER]
    assert faults(world, {"law.json.z": write_archive(files, 2)}) == ()


def test_the_version_rises_by_itself_when_the_law_changes(world: World) -> None:
    same = law_archive(Repository(world.files), "NO", law_files("NO"))
    changed = law_archive(Repository(world.files), "NO", changed_law("https://", "http://"))

    assert [read_archive(data, "law", "NO").version for data in (same, changed)] == [1, 2]


def test_law_whose_cases_fail_is_refused(world: World) -> None:
    files = changed_law('"10000.00"', '"8000.00"')

    found = faults(world, {"law.json.z": write_archive(files, 2)})

    assert FaultCode.CASE_FAILS in codes(found)


def test_law_of_another_state_is_refused(world: World) -> None:
    files = {**law_files("NO"), **law_files("SE")}

    assert FaultCode.WRONG_PLACE in codes(faults(world, {"law.json.z": write_archive(files, 2)}))


def too_soon(world: World, files: dict[str, bytes]) -> list[str]:
    found = faults(world, {"law.json.z": write_archive(files, 2)})
    return [fault.found for fault in found if fault.code is FaultCode.TOO_SOON]


def test_a_stricter_requirement_that_bites_now_is_refused(world: World) -> None:
    assert too_soon(world, changed_law('"10000.00"', '"12000.00"')) != []


def test_a_milder_requirement_may_bite_now(world: World) -> None:
    assert too_soon(world, changed_law('"10000.00"', '"8000.00"')) == []


def successor(first: date, amount: str) -> dict[str, bytes]:
    """Return the law with the sum amended: the old provision gets its last day, a new one begins."""
    files = law_files("NO")
    last = first - timedelta(days=1)
    begin = b"in_force: {from: 2020-01-01}"
    assert begin in files[LIMIT]
    files[LIMIT.replace("sum_insured", "sum_insured_2")] = (
        files[LIMIT]
        .replace(b"no.aliens_act.sum_insured", b"no.aliens_act.sum_insured_2")
        .replace(begin, f"in_force: {{from: {first}}}".encode())
        .replace(b'"10000.00"', f'"{amount}"'.encode())
    )
    files[LIMIT] = files[LIMIT].replace(begin, f"in_force: {{from: 2020-01-01, to: {last}}}".encode())
    return files


@pytest.mark.parametrize(
    ("first", "amount", "refused"),
    [
        (date(2026, 11, 24), "12000.00", True),
        (date(2026, 11, 25), "12000.00", False),
        (date(2026, 11, 23), "8000.00", False),
    ],
)
def test_notice_is_48_hours_before_the_day_begins_in_the_farthest_east(
    world: World,
    first: date,
    amount: str,
    refused: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert refused is bool(too_soon(world, successor(first, amount)))


def test_the_first_day_allowed_begins_48_hours_ahead_everywhere() -> None:
    assert first_day_allowed(NOW) == date(2026, 11, 25)
    assert first_day_allowed(NOW + HOUR) == date(2026, 11, 26)


def test_a_route_may_not_end_at_once(world: World) -> None:
    name = "no/aliens_act/foreign_contract.yaml"
    files = law_files("NO")
    text = files[name].decode()
    begin = next(line for line in text.splitlines() if line.startswith("in_force"))
    files[name] = text.replace(begin, "in_force: {from: 2020-01-01, to: 2026-11-23}").encode()

    assert too_soon(world, files) != []


def test_the_first_law_of_a_state_needs_no_notice(tmp_path: Path) -> None:
    assert ready(tmp_path).repository.published_version("state-NO") == 1


def test_a_draft_with_faults_is_not_published_and_holds_up_nobody(world: World) -> None:
    one = world.insurer_keys["NO"][0]
    world.put("NO", {"insurers.json": insurers("NO", {"first": [key_entry(one)]})})
    world.put("SE", {"assistance.json": assistance("SE").replace(b"Oslo", b"Stockholm")})

    report = world.publish(NOW + HOUR)

    assert (report.roles, codes(tuple(report.faults))) == (["state-SE"], [FaultCode.MISSING_KEY])
    assert world.sync(NOW + HOUR).view.assistance("SE")[0].address == "Stockholm"


def test_a_draft_with_too_few_signatures_waits(world: World) -> None:
    world.put("NO", {"assistance.json": assistance("NO")}, signers=1)

    report = world.publish(NOW + HOUR)

    assert (report.waiting["state-NO"].have, report.waiting["state-NO"].need) == (1, 2)


def test_an_insurers_key_is_added_and_signs_for_six_months(world: World) -> None:
    spki = new_spki()
    add_insurer_key(world.files, "NO", "first", spki, longest(NOW.date()), NOW)
    world.sign("state-NO", world.states["NO"][:2])
    assert world.publish(NOW).faults == []

    key = world.sync().view.insurer_key("NO", key_id_of(spki))

    assert key is not None
    assert key.may_have_signed(NOW + 184 * DAY)
    assert not key.may_have_signed(NOW + 185 * DAY)
    assert key.accepted(NOW + 731 * DAY)
    assert not key.accepted(NOW + 732 * DAY)


def test_removing_one_key_leaves_every_other_as_it_was(world: World) -> None:
    before = world.sync().view.states["NO"].keys
    gone = key_id_of(world.insurer_keys["NO"][0])
    remove_insurer_key(world.files, "NO", "first", gone.hex(), NOW)
    world.sign("state-NO", world.states["NO"][:2])
    assert world.publish(NOW + HOUR).faults == []

    after = world.sync(NOW + HOUR).view.states["NO"].keys

    assert after[gone].removed
    assert {key: one for key, one in after.items() if key != gone} == {
        key: one for key, one in before.items() if key != gone
    }


def test_a_rotated_key_stops_signing_and_stays_accepted(world: World) -> None:
    old, new = world.insurer_keys["NO"][0], new_spki()
    rotate_insurer_key(world.files, "NO", "first", new, longest(date(2026, 12, 1)), NOW)
    world.sign("state-NO", world.states["NO"][:2])
    assert world.publish(NOW).faults == []

    view = world.sync().view
    one, two = view.insurer_key("NO", key_id_of(old)), view.insurer_key("NO", key_id_of(new))

    assert one is not None
    assert two is not None
    assert (one.use_until, one.valid_to) == (date(2026, 11, 30), date(2028, 10, 1))
    assert two.valid_from == date(2026, 12, 1)


def test_a_states_lost_key_is_replaced_and_what_is_public_is_signed_again(world: World) -> None:
    world.sync()
    lost, fresh = world.states["NO"][0], new_key()
    change_keys(world.files, "state-NO", [fresh.public_key], [lost.public_key.keyid], NOW)
    world.sign("targets", world.targets[:2])
    waits = world.publish(NOW + HOUR)
    assert "targets" not in waits.roles
    world.sign("state-NO", [world.states["NO"][1], fresh])

    assert world.publish(NOW + HOUR).roles == ["targets", "state-NO"]
    assert world.sync(NOW + HOUR).view.states.keys() == {"NO", "SE"}


def test_a_key_that_may_not_sign_is_refused(world: World) -> None:
    stage_state(world.files, "NO", {}, NOW)

    with pytest.raises(PolisbridgeError, match="may not sign state-NO"):
        world.sign("state-NO", [world.states["SE"][0]])


def test_a_role_never_has_fewer_keys_than_must_sign(world: World) -> None:
    ids = [one.public_key.keyid for one in world.states["NO"]]

    with pytest.raises(PolisbridgeError, match="2 must sign"):
        change_keys(world.files, "state-NO", [], ids[:2], NOW)


def test_a_state_is_admitted_once(world: World) -> None:
    with pytest.raises(PolisbridgeError, match="is there already"):
        add_state(world.files, "NO", role_keys([new_key(), new_key()], 2), NOW)


def test_a_state_that_left_is_known_no_longer(world: World) -> None:
    world.sync()
    remove_state(world.files, "NO", NOW)
    world.sign("targets", world.targets[:2])
    assert world.publish(NOW + HOUR).faults == []

    assert world.sync(NOW + HOUR).view.states.keys() == {"SE"}


def test_roles_that_end_soon_are_named(world: World) -> None:
    assert world.publish(NOW + 149 * DAY).ending == {}
    assert world.publish(NOW + 151 * DAY).ending.keys() == {"state-NO", "state-SE"}


@pytest.mark.parametrize("data", [b"", b"\x78\x9c", b"{}", write_archive({}, 1)[:-2], write_archive({}, 1) + b"x"])
def test_bytes_that_are_no_archive_are_refused(data: bytes) -> None:
    with pytest.raises(InputFaults):
        read_archive(data, "NO/law.json.z", "NO")


def test_an_archive_that_swells_beyond_bounds_is_refused() -> None:
    with pytest.raises(InputFaults):
        read_archive(zlib.compress(b" " * 50_000_000, 9), "NO/law.json.z", "NO")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vocabulary.yaml", "purposes: {}"),
        ("treaties/nordic/agreement/more.yaml", "id: x"),
        ("se/visa_rules/duty.yaml", "id: x"),
        ("no_other/jurisdiction.yaml", "{id: no_other, state: SE}"),
        ("no_other/jurisdiction.yaml", "{id: no_other, treaty: {status: in_force, parties: {}}}"),
        ("no_other/jurisdiction.yaml", "{id: no_other, state: NO, region: SE-AB}"),
    ],
)
def test_a_state_cannot_bring_law_for_another(name: str, text: str) -> None:
    files = {**law_files("NO"), name: text.encode()}

    with pytest.raises(InputFaults) as caught:
        read_archive(write_archive(files, 2), "NO/law.json.z", "NO")
    assert [fault.code for fault in caught.value.faults] == [FaultCode.WRONG_PLACE]
