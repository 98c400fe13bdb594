"""Drafts on a real database: written, proposed, published by somebody else, in use at every process at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from drafting_builder import FIRST, NOON, OF_BELARUS, SECOND, SUM, change, drafting, law, official
from sqlalchemy import Engine, create_engine, text

from polisbridge.adapters.law_in_use import LawInUse
from polisbridge.app import RealWorld
from polisbridge.core.drafting import DraftAct, DraftStatus
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.money import Rates
from polisbridge.core.roles import ActorRole
from polisbridge.formats.lawarchive import read_archive
from polisbridge.services.access import AccessRefused
from polisbridge.services.drafting import drafts
from polisbridge.services.drafting.ports import Drafting

NEW = f"{SUM}_from_2027_01_01"


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Iterator[Drafting]:
    yield drafting(engine, tmp_path)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE draft, draft_step, law_release, law_release_file RESTART IDENTITY"))


def opened(desk: Drafting, **other: str) -> int:
    return drafts.open_draft(desk, FIRST, *change(**other))


def proposed(desk: Drafting) -> int:
    number = opened(desk)
    drafts.move(desk, FIRST, number, 1, DraftAct.PROPOSED)
    return number


def refused(code: ErrorCode) -> "pytest.RaisesExc[PolisbridgeError]":
    return pytest.raises(PolisbridgeError, match=code.value)


def test_a_draft_keeps_who_wrote_it_and_every_step(desk: Drafting) -> None:
    number = proposed(desk)
    drafts.move(desk, SECOND, number, 2, DraftAct.RETURNED, "the act has another number")

    found = drafts.draft_of(desk, FIRST, number)
    assert (found.status, found.version, found.subject) == (DraftStatus.OPEN, 3, SUM)
    assert [(one.act.value, one.who, one.why) for one in found.steps] == [
        ("opened", "official 1", ""),
        ("proposed", "official 1", ""),
        ("returned", "official 2", "the act has another number"),
    ]


def test_what_is_wrong_is_not_kept(desk: Drafting) -> None:
    with pytest.raises(InputFaults):
        opened(desk, first="2016-01-01")

    assert drafts.drafts_of(desk, FIRST) == []


def test_two_drafts_of_one_provision_are_refused_until_the_first_is_taken_back(desk: Drafting) -> None:
    number = opened(desk)
    with refused(ErrorCode.ALREADY_THERE):
        drafts.open_draft(desk, SECOND, *change(first="2027-02-01"))

    drafts.move(desk, FIRST, number, 1, DraftAct.WITHDRAWN)
    assert drafts.open_draft(desk, SECOND, *change(first="2027-02-01")) > number


def test_nobody_decides_on_a_draft_that_changed_meanwhile(desk: Drafting) -> None:
    number = opened(desk)
    drafts.change_draft(desk, FIRST, number, 1, *change(first="2027-02-01"))

    with refused(ErrorCode.CHANGED_MEANWHILE):
        drafts.change_draft(desk, SECOND, number, 1, *change(first="2027-03-01"))
    with refused(ErrorCode.CHANGED_MEANWHILE):
        drafts.move(desk, FIRST, number, 1, DraftAct.PROPOSED)


def test_whoever_wrote_or_proposed_a_draft_does_not_publish_it(desk: Drafting) -> None:
    number = opened(desk)
    drafts.move(desk, SECOND, number, 1, DraftAct.PROPOSED)

    for one in (FIRST, SECOND):
        with pytest.raises(drafts.OwnDraft):
            drafts.publish_law(desk, one, number, 2)
    release, _ = drafts.publish_law(desk, official(4), number, 2)
    assert release.version == 1


def test_what_was_not_proposed_is_not_published(desk: Drafting) -> None:
    number = opened(desk)

    with refused(ErrorCode.CHANGED_MEANWHILE):
        drafts.publish_law(desk, SECOND, number, 1)


def test_another_state_neither_sees_nor_publishes_a_draft(desk: Drafting) -> None:
    number = proposed(desk)

    assert drafts.drafts_of(desk, OF_BELARUS) == []
    with refused(ErrorCode.NOT_FOUND):
        drafts.draft_of(desk, OF_BELARUS, number)
    with refused(ErrorCode.NOT_FOUND):
        drafts.publish_law(desk, OF_BELARUS, number, 2)


@pytest.mark.parametrize("role", [one for one in ActorRole if one is not ActorRole.AUTHORITY])
def test_nobody_but_an_authority_drafts(desk: Drafting, role: ActorRole) -> None:
    with pytest.raises(AccessRefused):
        drafts.open_draft(desk, official(9, role=role), *change())


def test_published_law_is_in_use_at_every_process_within_a_second_and_has_another_hash(
    desk: Drafting, engine: Engine
) -> None:
    seconds = [0.0]
    one = LawInUse(engine, RealWorld(), Rates(), None, clock=lambda: seconds[0])
    assert one.book.hash == law()[1].hash

    release, _ = drafts.publish_law(desk, SECOND, proposed(desk), 2)

    assert one.book.get(NEW) is None
    seconds[0] = 1.0
    assert one.book.get(NEW) is not None
    assert (release.before, release.after) == (law()[1].hash, one.book.hash)


def test_while_the_database_is_away_the_law_last_known_is_used(engine: Engine) -> None:
    seconds = [0.0]
    one = LawInUse(engine, RealWorld(), Rates(), None, clock=lambda: seconds[0])
    known = one.book.hash
    one._engine = _away()
    seconds[0] = 5.0

    assert one.book.hash == known
    never = LawInUse(_away(), RealWorld(), Rates(), None)
    with refused(ErrorCode.NO_DATABASE):
        assert never.book


def test_versions_rise_and_a_second_change_builds_on_the_first(desk: Drafting) -> None:
    drafts.publish_law(desk, SECOND, proposed(desk), 2)
    later, tree = change(first="2028-01-01", provision=NEW)
    number = drafts.open_draft(desk, FIRST, later, tree)
    drafts.move(desk, FIRST, number, 1, DraftAct.PROPOSED)

    release, _ = drafts.publish_law(desk, SECOND, number, 2)

    assert release.version == 2
    files = read_archive(drafts.law_bundle(desk, "RU", 2), "law", "RU").files
    book = desk.law_of({**law()[0], **files})
    days = [book.get(f"{SUM}_from_{year}_01_01") for year in (2027, 2028)]
    assert [one.in_force.first for one in days if one] == [date(2027, 1, 1), date(2028, 1, 1)]


def test_a_draft_that_grew_too_old_is_refused_when_it_is_published(desk: Drafting) -> None:
    number = proposed(desk)
    late = official(2, now=NOON + timedelta(days=39))  # 2026-12-31, a day before it would bite

    with pytest.raises(InputFaults):
        drafts.publish_law(desk, late, number, 2)
    assert drafts.draft_of(desk, FIRST, number).status is DraftStatus.PROPOSED


def _away() -> Engine:
    return create_engine("postgresql+psycopg://nobody@/nothing?host=/nonexistent")
