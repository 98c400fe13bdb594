"""Stay files: the occasions to decide."""

import pytest
from builder import DATA
from strategies import BOOK

from polisbridge.core.codes import Gate
from polisbridge.core.contract import Stay
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import read_tree


def stays(text: str) -> list[Stay]:
    return [stay for stay, _ in read_stays(read_tree(text.encode(), "stays.yaml"), BOOK.vocabulary)]


def test_the_test_stays_are_read() -> None:
    found = stays((DATA / "stays.yaml").read_text(encoding="utf-8"))

    assert [(stay.state, stay.gate) for stay in found] == [("NO", Gate.ENTRY), ("SE", Gate.VISA)]


def test_what_is_said_of_one_person_is_kept_apart() -> None:
    (stay,) = stays(
        "stays: [{state: NO, gate: entry, as_of: 2026-06-01, facts: {purpose: visit}, persons: {w: {purpose: work}}}]"
    )

    assert (stay.facts, stay.persons) == ({"purpose": "visit"}, {"w": {"purpose": "work"}})


@pytest.mark.parametrize(
    ("stay", "path", "code"),
    [
        ("{state: XX, gate: entry, as_of: 2026-06-01}", "stays[0].state", FaultCode.UNKNOWN_CODE),
        ("{state: NO, gate: door, as_of: 2026-06-01}", "stays[0].gate", FaultCode.WRONG_VALUE),
        ("{state: NO, gate: entry}", "stays[0]", FaultCode.MISSING_KEY),
        ("{state: NO, region: SE-AB, gate: entry, as_of: 2026-06-01}", "stays[0].region", FaultCode.UNKNOWN_CODE),
        (
            "{state: NO, gate: entry, as_of: 2026-06-01, from: 2026-06-02, to: 2026-06-01}",
            "stays[0].to",
            FaultCode.WRONG_ORDER,
        ),
        (
            "{state: NO, gate: visa, as_of: 2026-06-01, visa: {from: 2026-06-02, to: 2026-06-01}}",
            "stays[0].visa.to",
            FaultCode.WRONG_ORDER,
        ),
        (
            "{state: NO, gate: entry, as_of: 2026-06-01, facts: {purpose: golf}}",
            "stays[0].facts.purpose",
            FaultCode.UNKNOWN_CODE,
        ),
    ],
)
def test_a_wrong_stay_is_told(stay: str, path: str, code: FaultCode) -> None:
    with pytest.raises(InputFaults) as caught:
        stays(f"stays:\n  - {stay}\n")

    assert [(2, path, code)] == [(fault.line, fault.path, fault.code) for fault in caught.value.faults]
