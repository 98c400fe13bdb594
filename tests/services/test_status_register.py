"""The issuer's register: what changes do, that asking twice does no harm, and that failures leave nothing half done."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.certificate import StatusReference
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.status import ListName, Status, StatusList, status_at
from polisbridge.core.statusbook import Action, Note, StatusBook
from polisbridge.formats.statuslist import read_status_list
from polisbridge.services.status import StatusRegister

SIGNER = SoftwareSigner(derive_private_key(7, SECP256R1()))
TASHKENT = timezone(timedelta(hours=5))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=TASHKENT)
NOTE = Note("clerk 4", NOW, "the policyholder asked")
DAY = timedelta(days=1)


class MemoryJournal:
    """A journal in memory that can be made to fail."""

    def __init__(self) -> None:
        self.data, self.full = b"", False

    @contextmanager
    def hold(self) -> Iterator["MemoryJournal"]:
        yield self

    def read(self, offset: int) -> bytes:
        return self.data[offset:]

    def append(self, lines: bytes) -> None:
        if self.full:
            raise PolisbridgeError(ErrorCode.NOT_READABLE, "no space left")
        self.data += lines


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def register(journal: MemoryJournal) -> StatusRegister:
    found = opened(journal)
    found.open_list(1, NOTE)
    found.allocate(["P1", "P2", "P3"], NOTE)
    return found


def opened(journal: MemoryJournal, seed: int = 1) -> StatusRegister:
    return StatusRegister(journal, "UZ", Random(seed).randrange)  # noqa: S311 - the same every time


def published(register: StatusRegister, now: datetime = NOW) -> StatusList:
    found = read_status_list(register.publish(1, now, SIGNER, smallest=False), ListName("UZ", 1), [SIGNER.public_key])
    assert isinstance(found, StatusList)
    return found


def status(register: StatusRegister, key: str, now: datetime = NOW) -> Status | None:
    reference = register.entry(key).reference
    return status_at(published(register, now), reference.index).status


def refused(code: ErrorCode) -> "pytest.RaisesExc[PolisbridgeError]":
    return pytest.RaisesExc(PolisbridgeError, check=lambda exc: exc.code is code)


def test_certificates_get_different_places_in_the_list_opened_last(register: StatusRegister) -> None:
    register.open_list(2, NOTE)
    references = register.allocate(["P1", "P2", "P3", "P4"], NOTE)

    assert [references[key].number for key in ("P1", "P2", "P3", "P4")] == [1, 1, 1, 2]
    assert len(set(references.values())) == 4


def test_a_certificate_that_has_a_place_keeps_it(register: StatusRegister, journal: MemoryJournal) -> None:
    before, data = register.entry("P1").reference, journal.data

    assert {"P1": before} == register.allocate(["P1", "P1"], NOTE)
    assert data == journal.data


def test_what_one_program_does_another_sees(register: StatusRegister, journal: MemoryJournal) -> None:
    other = opened(journal, seed=1)  # the same random numbers, so the same index if it did not look
    other.allocate(["Q1"], NOTE)
    other.revoke(["P1"], NOTE)

    places = {register.entry(key).reference.index for key in ("P1", "P2", "P3", "Q1")}

    assert len(places) == 4
    assert register.entry("P1").status is Status.REVOKED


@pytest.mark.parametrize(
    ("change", "expected"),
    [("revoke", Status.REVOKED), ("suspend", Status.SUSPENDED), ("resume", Status.VALID)],
)
def test_a_change_is_published_for_its_certificate_only(
    register: StatusRegister, change: str, expected: Status
) -> None:
    getattr(register, change)(["P2"], NOTE)

    assert status(register, "P2") is expected
    assert status(register, "P1", NOW + DAY) is Status.VALID


@pytest.mark.parametrize("change", ["revoke", "suspend", "resume"])
def test_asking_twice_writes_once(register: StatusRegister, journal: MemoryJournal, change: str) -> None:
    getattr(register, change)(["P2"], NOTE)
    data = journal.data
    getattr(register, change)(["P2"], NOTE)

    assert data == journal.data


def test_a_suspension_ends_when_resumed(register: StatusRegister) -> None:
    register.suspend(["P1"], NOTE)
    register.resume(["P1"], NOTE)

    assert status(register, "P1") is Status.VALID


def test_revoked_is_final(register: StatusRegister) -> None:
    register.revoke(["P1"], NOTE)

    for change in (register.suspend, register.resume):
        with refused(ErrorCode.STATUS_FINAL):
            change(["P1"], NOTE)
    with refused(ErrorCode.STATUS_FINAL):
        register.cancel(["P1"], date(2027, 1, 1), NOTE)
    assert status(register, "P1") is Status.REVOKED


def test_a_cancellation_takes_effect_on_its_day_and_not_before(register: StatusRegister) -> None:
    register.cancel(["P1"], date(2026, 12, 1), NOTE)
    midnight = datetime(2026, 12, 1, 0, 0, tzinfo=TASHKENT)

    assert status(register, "P1", midnight - timedelta(minutes=5)) is Status.VALID
    assert status(register, "P1", midnight) is Status.REVOKED


def test_a_cancellation_that_took_effect_does_not_end_with_the_zone_of_the_next_publisher(
    register: StatusRegister,
) -> None:
    register.cancel(["P1"], date(2026, 12, 1), NOTE)
    midnight = datetime(2026, 12, 1, 0, 0, tzinfo=TASHKENT)

    assert status(register, "P1", midnight) is Status.REVOKED
    assert status(register, "P1", midnight.astimezone(UTC) + timedelta(hours=1)) is Status.REVOKED
    with refused(ErrorCode.STATUS_FINAL):
        register.cancel(["P1"], date(2027, 1, 1), NOTE)


def test_a_cancellation_can_be_moved_until_its_day(register: StatusRegister) -> None:
    register.cancel(["P1"], date(2026, 12, 1), NOTE)
    register.cancel(["P1"], date(2027, 1, 1), NOTE)

    assert status(register, "P1", NOW + 10 * DAY) is Status.VALID
    assert register.entry("P1").status_on(date(2027, 1, 1)) is Status.REVOKED


def test_a_suspended_certificate_is_still_cancelled(register: StatusRegister) -> None:
    register.suspend(["P1"], NOTE)
    register.cancel(["P1"], date(2026, 11, 22), NOTE)

    assert status(register, "P1") is Status.REVOKED


def test_an_endorsement_revokes_the_old_certificate_and_gives_the_new_one_a_place(register: StatusRegister) -> None:
    reference = register.endorse("P1", "P1-2", NOTE)

    assert register.endorse("P1", "P1-2", NOTE) == reference
    assert register.entry("P1").replaced_by == "P1-2"
    assert status(register, "P1") is Status.REVOKED
    assert status(register, "P1-2", NOW + DAY) is Status.VALID


def test_an_endorsement_from_a_later_day_leaves_the_old_certificate_until_then(register: StatusRegister) -> None:
    register.endorse("P1", "P1-2", NOTE, date(2026, 12, 1))

    assert status(register, "P1") is Status.VALID
    assert status(register, "P1", datetime(2026, 12, 1, tzinfo=TASHKENT)) is Status.REVOKED


def test_a_certificate_does_not_replace_itself(register: StatusRegister) -> None:
    with refused(ErrorCode.BAD_INPUT):
        register.endorse("P1", "P1", NOTE)


def test_one_unknown_certificate_stops_the_whole_change(register: StatusRegister, journal: MemoryJournal) -> None:
    data = journal.data
    with refused(ErrorCode.NOT_FOUND):
        register.revoke(["P1", "P9"], NOTE)

    assert data == journal.data
    assert register.entry("P1").status is Status.VALID


def test_a_line_that_cannot_be_written_did_not_happen(register: StatusRegister, journal: MemoryJournal) -> None:
    journal.full = True
    with refused(ErrorCode.NOT_READABLE):
        register.revoke(["P1"], NOTE)
    journal.full = False

    assert register.entry("P1").status is Status.VALID
    assert status(register, "P1") is Status.VALID


def test_the_history_tells_who_did_what_when_and_why(register: StatusRegister) -> None:
    later = Note("clerk 5", NOW + DAY, "premium not paid")
    register.suspend(["P1", "P2"], later)
    register.endorse("P1", "P1-2", NOTE)

    assert [(one.note, one.step.action) for one in register.history("P1")] == [
        (NOTE, Action.ALLOCATED),
        (later, Action.SUSPENDED),
        (NOTE, Action.REPLACED),
    ]
    assert [one.step.action for one in register.history("P1-2")] == [Action.REPLACED, Action.ALLOCATED]


def test_the_instant_of_issue_always_rises(register: StatusRegister) -> None:
    first, second = published(register), published(register)

    assert second.issued == first.issued + timedelta(seconds=1)


def test_the_instant_of_issue_rises_for_a_program_started_anew(
    register: StatusRegister, journal: MemoryJournal
) -> None:
    first = published(register)

    assert published(opened(journal)).issued > first.issued


def test_a_clock_that_went_back_publishes_nothing(register: StatusRegister, journal: MemoryJournal) -> None:
    published(register)
    data = journal.data
    with refused(ErrorCode.CLOCK_BEHIND):
        register.publish(1, NOW - timedelta(minutes=2), SIGNER)

    assert data == journal.data


def test_a_list_made_as_small_as_can_be_says_the_same(register: StatusRegister, journal: MemoryJournal) -> None:
    register.revoke(["P1"], NOTE)
    data = journal.data
    quick = published(register)
    journal.data = data
    small = read_status_list(opened(journal).publish(1, NOW, SIGNER), ListName("UZ", 1), [SIGNER.public_key])

    assert quick == small


def test_a_key_whose_signatures_fail_publishes_nothing(register: StatusRegister, journal: MemoryJournal) -> None:
    class Broken(SoftwareSigner):
        def sign(self, data: bytes) -> bytes:
            return super().sign(data)[::-1]

    data = journal.data
    with refused(ErrorCode.NOT_READABLE):
        register.publish(1, NOW, Broken(derive_private_key(7, SECP256R1())))
    assert data == journal.data


def test_a_list_that_was_never_opened_is_not_published(register: StatusRegister) -> None:
    with refused(ErrorCode.NOT_FOUND):
        register.publish(2, NOW, SIGNER)


def test_without_a_list_there_is_no_place(journal: MemoryJournal) -> None:
    with refused(ErrorCode.STATUS_LIST_FULL):
        opened(journal).allocate(["P1"], NOTE)


def test_a_full_list_asks_for_the_next() -> None:
    book = StatusBook(size=2)
    step = book.open_list(1)
    assert step is not None
    book.apply(step)
    for key in ("P1", "P2"):
        step = book.allocate(key, Random(1).randrange)  # noqa: S311 - the same every time
        assert step is not None
        book.apply(step)

    with refused(ErrorCode.STATUS_LIST_FULL):
        book.allocate("P3", Random(1).randrange)  # noqa: S311 - the same every time


def test_the_register_of_another_state_is_not_taken(register: StatusRegister, journal: MemoryJournal) -> None:
    register.entry("P1")
    with refused(ErrorCode.BAD_INPUT):
        StatusRegister(journal, "TJ", Random(1).randrange).open_list(1, NOTE)  # noqa: S311


@pytest.mark.parametrize(
    "steps",
    [
        None,
        {"action": "burnt"},
        {"action": "revoked", "key": "P9"},
        {"action": "cancelled", "key": "P1"},
        {"action": "allocated", "key": "P1", "number": 1, "index": 0},
    ],
)
def test_a_damaged_line_is_named_and_nothing_is_guessed(
    register: StatusRegister, journal: MemoryJournal, steps: object
) -> None:
    register.entry("P1")
    number = journal.data.count(b"\n") + 1
    line = {"at": NOW.isoformat(), "who": "a", "why": "b", "steps": [steps]}
    journal.data += json.dumps(line).encode() + b"\n"

    for _ in range(2):
        with pytest.raises(PolisbridgeError, match=f"register_damaged: line {number} "):
            register.entry("P1")


@pytest.mark.parametrize(
    "note", [Note("", NOW, "why"), Note("who", NOW, ""), Note("who", NOW.replace(tzinfo=None), "why")]
)
def test_a_change_without_who_when_or_why_is_refused(register: StatusRegister, note: Note) -> None:
    with refused(ErrorCode.BAD_INPUT):
        register.revoke(["P1"], note)
    assert register.entry("P1").status is Status.VALID


_CHANGES = st.tuples(
    st.sampled_from(["allocate", "revoke", "suspend", "resume", "cancel", "endorse", "publish"]),
    st.sampled_from("ABC"),
    st.integers(0, 4),
)


@settings(max_examples=60)
@given(st.lists(_CHANGES, max_size=15))
def test_whatever_happens_revoked_stays_revoked_and_a_new_program_agrees(changes: list[tuple[str, str, int]]) -> None:
    journal = MemoryJournal()
    register = opened(journal)
    register.open_list(1, NOTE)
    gone: set[str] = set()
    places: dict[str, StatusReference] = {}
    for step, (change, key, days) in enumerate(changes):
        now = NOW + step * timedelta(hours=9)
        try:
            happen(register, change, key, days, Note("clerk 4", now, "a reason"))
        except PolisbridgeError as exc:
            assert exc.code in (ErrorCode.NOT_FOUND, ErrorCode.STATUS_FINAL)  # noqa: PT017 - either is right
        again = opened(journal)
        for known in [one for one in ("A", "B", "C", "AN", "BN", "CN") if register.history(one)]:
            entry = register.entry(known)
            assert entry == again.entry(known)
            assert places.setdefault(known, entry.reference) == entry.reference
            assert known not in gone or entry.status is Status.REVOKED
            if entry.status is Status.REVOKED:
                gone.add(known)


def happen(register: StatusRegister, change: str, key: str, days: int, note: Note) -> None:
    match change:
        case "cancel":
            register.cancel([key], note.at.date() + days * DAY, note)
        case "endorse":
            register.endorse(key, f"{key}N", note, note.at.date() + days * DAY if days else None)
        case "publish":
            register.publish(1, note.at, SIGNER, smallest=False)
        case _:
            getattr(register, change)([key], note)
