"""Organisations on record: licences on a day, keys that belong to one insurer, and changes that nobody overwrites unseen."""

from datetime import date

import pytest
from registry_builder import later, note, registries, seller
from sqlalchemy import Engine

from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Employer, Held, Insurer, Licence, RegisteredKey
from polisbridge.services.registry.organisations import change, is_licensed, keep, keep_key
from polisbridge.services.registry.ports import Registry

ALWAYS = Period()


def only(registry: Registry, thing: int) -> Held[Insurer]:
    (found,) = registry.known(Insurer, on=date(2026, 6, 1), at=later(900), thing=thing)
    return found


def test_a_licence_counts_on_its_days_for_its_lines_and_as_far_as_was_known(engine: Engine) -> None:
    with registries(engine).change() as registry:
        insurer = seller(registry)
        licence = Licence(insurer, "UZ", "No. 7", ("voluntary_health",))
        thing = keep(registry, "UZ/7", licence, Period(date(2026, 1, 1), date(2026, 12, 31)), note(0), insurer)
        registry.end(Licence, thing, Period(date(2026, 7, 1)), note(60, "withdrawn"))

        def licensed(day: date, seconds: float, line: str = "voluntary_health") -> bool:
            return is_licensed(registry, insurer, "UZ", line, on=day, at=later(seconds))

        assert licensed(date(2026, 6, 30), 60)
        assert not licensed(date(2026, 7, 1), 60)
        assert licensed(date(2026, 7, 1), 59)
        assert not licensed(date(2025, 12, 31), 60)
        assert not licensed(date(2026, 6, 30), 60, "accident")


def test_a_key_belongs_to_one_insurer_for_ever(engine: Engine) -> None:
    with registries(engine).change() as registry:
        one, other = seller(registry, "one"), seller(registry, "other")
        key = keep_key(registry, one, b"a public key", Period(date(2026, 1, 1)), note(0))
        registry.end(RegisteredKey, key, ALWAYS, note(60, "lost"))

        with pytest.raises(PolisbridgeError) as caught:
            keep_key(registry, other, b"a public key", ALWAYS, note(61))
        assert caught.value.code is ErrorCode.ALREADY_THERE


def test_a_change_by_somebody_who_saw_an_older_state_is_refused(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing = seller(registry, "changing")
        seen = only(registry, thing)
        change(registry, seen, Insurer("UZ", {"en": "changing"}, "+998 1"), ALWAYS, note(60, "a new number"))

        with pytest.raises(PolisbridgeError, match="changed by clerk 4") as caught:
            change(registry, seen, Insurer("UZ", {"en": "changing"}, "+998 2"), ALWAYS, note(61))
        assert caught.value.code is ErrorCode.CHANGED_MEANWHILE
        assert only(registry, thing).value.phone == "+998 1"


def test_things_of_one_name_and_another_kind_are_others(engine: Engine) -> None:
    with registries(engine).change() as registry:
        insurer = seller(registry, "Nur")
        employer = keep(registry, "Nur", Employer("UZ", {"en": "Nur"}), ALWAYS, note())

        assert insurer != employer
        assert (registry.find(Insurer, "Nur"), registry.find(Employer, "Nur")) == (insurer, employer)
