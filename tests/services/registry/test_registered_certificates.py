"""Certificates on record, with the status register in the database: each place once, and good or not on any day."""

from dataclasses import replace
from datetime import date, timedelta
from secrets import randbelow
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from registry_builder import START, contract, later, note, registries, seller
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from polisbridge.adapters.database import tables
from polisbridge.adapters.database.journal import DatabaseJournal
from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.certificate import Holder, IssueOrder
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import RegisteredCertificate
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Note
from polisbridge.services.certify import issue
from polisbridge.services.registry.certificates import keep_issued, status_known, text_of
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.status import StatusRegister

SIGNER = SoftwareSigner(derive_private_key(7, SECP256R1()))
TODAY = START.date()
DAY = timedelta(days=1)


def opened(engine: Engine, name: str) -> StatusRegister:
    return StatusRegister(DatabaseJournal(engine, name), "UZ", randbelow)


def day_after(days: int) -> date:
    return TODAY + days * DAY


def on_day(days: int, why: str = "asked") -> Note:
    return Note("clerk 4", START + days * DAY, why)


def test_a_certificate_is_kept_and_issued_again_it_is_the_same_thing(engine: Engine) -> None:
    given = replace(contract("C-1"), insured=contract("C-1").insured[:1])
    order = IssueOrder("UZ", "Insurer", "+998 71 200 00 00", {"worker": Holder("KARIMOV ALISHER")})
    statuses = opened(engine, "UZ/C")
    statuses.open_list(1, note())
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(given, seller(registry)), note())
        first = issue(given, ["worker"], order, statuses, SIGNER, note(1))
        (place,) = keep_issued(registry, thing, given, first, note(1))
        again = issue(given, ["worker"], order, statuses, SIGNER, note(60))
        assert keep_issued(registry, thing, given, again, note(60)) == [place]

        (held,) = registry.known(RegisteredCertificate, on=TODAY, at=later(60), thing=place)
        (before,) = registry.known(RegisteredCertificate, on=TODAY, at=later(59), thing=place)
        assert text_of(registry, held) == again[0].text
        assert text_of(registry, before) == first[0].text
        assert (held.value.list, held.value.index) == (before.value.list, before.value.index)
        assert statuses.entry(held.value.key).reference.index == held.value.index


def test_what_one_process_added_another_reads(engine: Engine) -> None:
    one, other = opened(engine, "UZ/1"), opened(engine, "UZ/1")
    one.open_list(1, note())
    place = one.allocate(["P1"], note())["P1"]
    other.revoke(["P1"], note(60))

    assert one.entry("P1").status is Status.REVOKED
    assert other.allocate(["P1"], note(61)) == {"P1": place}
    assert [happened.note.why for happened in opened(engine, "UZ/1").history("P1")] == ["registered"] * 2


def test_many_who_allocate_at_once_never_get_one_place(engine: Engine) -> None:
    opened(engine, "UZ/2").open_list(1, note())

    def allocate(who: int) -> None:
        own = opened(engine, "UZ/2")
        for number in range(10):
            own.allocate([f"{who}/{number}"], note())

    writers = [Thread(target=allocate, args=(who,)) for who in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    with engine.connect() as connection:
        mine = select(tables.STATUS_ENTRY.c.index).where(tables.STATUS_ENTRY.c.register == "UZ/2")
        places = list(connection.execute(mine).scalars())
    assert len(places) == len(set(places)) == 40


def test_the_database_itself_refuses_a_place_given_out_twice(engine: Engine) -> None:
    own = opened(engine, "UZ/3")
    own.open_list(1, note())
    place = own.allocate(["P1"], note())["P1"]

    row = {"register": "UZ/3", "list": 1, "index": place.index, "key": "P2"}
    with engine.begin() as connection, pytest.raises(IntegrityError, match="status_entry_pkey"):
        connection.execute(insert(tables.STATUS_ENTRY).values(**row))


def test_a_refused_change_leaves_the_journal_as_it_was(engine: Engine) -> None:
    own = opened(engine, "UZ/4")
    own.open_list(1, note())
    own.allocate(["P1"], note())
    own.revoke(["P1"], note())

    with pytest.raises(PolisbridgeError) as caught:
        own.suspend(["P1"], note())
    assert caught.value.code is ErrorCode.STATUS_FINAL
    assert len(opened(engine, "UZ/4").history("P1")) == 2


def test_lost_lines_are_noticed(engine: Engine) -> None:
    own = opened(engine, "UZ/5")
    own.open_list(1, note())
    own.allocate(["P1"], note())
    with engine.begin() as connection:
        mine = tables.STATUS_LINE.c
        last = select(mine.offset).where(mine.register == "UZ/5").order_by(mine.offset.desc()).limit(1)
        connection.execute(
            tables.STATUS_LINE.delete().where(mine.register == "UZ/5", mine.offset == last.scalar_subquery())
        )

    with pytest.raises(PolisbridgeError) as caught:
        own.entry("P1")
    assert caught.value.code is ErrorCode.REGISTER_DAMAGED


def test_the_status_on_a_day_as_known_at_an_instant(engine: Engine) -> None:
    own = opened(engine, "UZ/6")
    own.open_list(1, on_day(0))
    own.allocate(["P1"], on_day(0))
    own.suspend(["P1"], on_day(2))
    own.resume(["P1"], on_day(4))
    own.cancel(["P1"], day_after(8), on_day(5))
    own.cancel(["P1"], day_after(9), on_day(6))
    history = own.history("P1")

    def status(on: int, known: int) -> Status | None:
        return status_known(history, "P1", on=day_after(on), at=START + known * DAY)

    asked = [(-1, 9), (1, 9), (3, 9), (3, 1), (4, 9), (8, 5), (8, 6), (9, 6), (9, 4)]
    valid, suspended, revoked = Status.VALID, Status.SUSPENDED, Status.REVOKED
    expected = [None, valid, suspended, valid, valid, revoked, valid, revoked, valid]
    assert [status(on, known) for on, known in asked] == expected


def test_who_takes_the_place_of_another_is_not_revoked_with_it(engine: Engine) -> None:
    own = opened(engine, "UZ/7")
    own.open_list(1, on_day(0))
    own.allocate(["P1"], on_day(0))
    own.endorse("P1", "P2", on_day(1))

    found = {key: status_known(own.history(key), key, on=day_after(1), at=on_day(1).at) for key in ("P1", "P2")}
    assert found == {"P1": Status.REVOKED, "P2": Status.VALID}
