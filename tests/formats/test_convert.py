"""A tree into a typed value: every fault once, of parts and of the rest, and an end to a file of nothing but faults."""

import json

import pytest

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.formats.convert import MOST_FAULTS, _Repairs
from polisbridge.formats.trustfile import read_insurers

KEYS = ["id", "name", "licence", "lines", "keys"]


def refused(*insurers: object, state: str = "UZ") -> InputFaults:
    with pytest.raises(InputFaults) as caught:
        read_insurers(json.dumps({"state": state, "insurers": insurers}).encode(), "UZ/insurers.json", "UZ")
    return caught.value


def at(fault: Fault) -> tuple[str, FaultCode, str]:
    return fault.path, fault.code, fault.expected


def test_every_missing_key_is_told_once() -> None:
    found = refused({})

    assert sorted(map(at, found.faults)) == sorted(
        ("insurers[0]", FaultCode.MISSING_KEY, f"the key {key}") for key in KEYS
    )


def test_a_file_of_many_faults_tells_all_of_them() -> None:
    found = refused(*[{}] * 150)

    assert len(found.faults) == 150 * len(KEYS)
    assert found.complete


def test_the_search_for_faults_ends_when_there_are_too_many() -> None:
    found = refused(*[{}] * 1_000)

    assert len(found.faults) == MOST_FAULTS
    assert not found.complete


def test_a_fault_of_form_does_not_hide_a_fault_of_the_rest() -> None:
    found = refused({}, state="KZ")

    assert ("state", FaultCode.WRONG_PLACE) in [(fault.path, fault.code) for fault in found.faults]


@pytest.mark.parametrize(
    ("repaired", "path", "expected"),
    [
        (("insurers", 1), "insurers[1]", True),
        (("insurers", 1), "insurers[1].keys[0].id", True),
        (("insurers", 1), "insurers[12]", False),
        (("insurers", 1), "insurers", False),
        (("state",), "states.UZ", False),
        ((), "insurers[0].id", True),
    ],
)
def test_a_repaired_part_covers_itself_and_what_is_in_it(
    repaired: tuple[str | int, ...], path: str, *, expected: bool
) -> None:
    repairs = _Repairs({"insurers": ["a", "b"], "state": "UZ"})
    repairs.put(repaired, {"type": "string"}, {})

    assert repairs.covers(path) is expected
