"""Pictures read in a process of their own read as they do here (`tests/fuzz` has one that would never end)."""

from polisbridge.adapters.pictures import read_codes_within_limits
from polisbridge.formats.pictures import ReadFault
from polisbridge.formats.qr import png, symbol_of

TEXT = "PB1:ABC"


def test_a_picture_reads_as_without_limits() -> None:
    assert read_codes_within_limits(png(symbol_of(TEXT))).texts == (TEXT,)


def test_bytes_that_are_no_picture_end_in_their_fault() -> None:
    assert read_codes_within_limits(b"nothing").fault is ReadFault.UNKNOWN_FORMAT
