"""Tables of insured persons: read as offices write them, refused in full when they are none."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis.strategies import binary, lists, text

from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.formats.groupfile import (
    COLUMNS,
    MOST_ROWS,
    RowFault,
    RowProblem,
    TableRow,
    faulty,
    read_table,
    write_template,
    written_day,
)
from polisbridge.formats.grouptree import read_items

HEAD = ",".join(COLUMNS)
ROW = "A-1,family,2026-12-01,2027-11-30,worker,KARIMOV ALISHER,,1990-05-17,UZ,UZ,FA1"


def test_a_row_is_known_by_its_line_and_its_columns_may_stand_in_any_order() -> None:
    columns = list(reversed(COLUMNS))
    cells = dict(zip(COLUMNS, ROW.split(","), strict=True))
    data = "\n".join([",".join(columns), "", ",".join(cells[one] for one in columns)])
    (row,) = read_table(data.encode())

    assert (row.line, row["contract"], row["document"], row["original_name"]) == (3, "A-1", "FA1", "")


def test_a_cell_may_hold_the_delimiter_and_a_line_break_when_it_is_quoted() -> None:
    data = f'{HEAD}\nA-1,family,2026-12-01,2027-11-30,worker,"KARIMOV, ALISHER","Каримов\nАлишер",1990-05-17,UZ,UZ,FA1'
    (row,) = read_table(data.encode())

    assert (row["name"], row["original_name"]) == ("KARIMOV, ALISHER", "Каримов\nАлишер")


def test_windows_1251_is_read_where_it_is_no_utf_8() -> None:
    (row,) = read_table(f"{HEAD}\n{ROW.replace(',,', ',Каримов,')}".encode("cp1251"))

    assert row["original_name"] == "Каримов"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", HEAD.encode(), b"contract,product\n1,2", f"{HEAD},extra\n{ROW},1".encode(), b"\x98\xff\x98"]
)
def test_what_is_no_such_table_is_refused(data: bytes) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        read_table(data)
    assert caught.value.code is ErrorCode.BAD_INPUT


def test_more_rows_than_one_file_may_hold_are_refused() -> None:
    with pytest.raises(PolisbridgeError) as caught:
        read_table("\n".join([HEAD, *[ROW] * (MOST_ROWS + 1)]).encode())
    assert caught.value.code is ErrorCode.TOO_LARGE


@given(binary(max_size=200))
def test_any_bytes_end_in_rows_or_in_a_refusal(data: bytes) -> None:
    for read in (read_table, read_items):
        with suppress(PolisbridgeError):
            assert read(data) != []


@given(lists(text(max_size=20), min_size=11, max_size=11))
def test_any_text_in_cells_is_read_as_it_was_written(cells: list[str]) -> None:
    quoted = ",".join('"{}"'.format(one.replace('"', '""')) for one in cells)
    if not any(one.strip() for one in cells) or any("\0" in one for one in cells):
        return
    (row,) = read_table(f"{HEAD}\n{quoted}".encode("utf-8", errors="replace"))
    read = [row.values[name] for name in COLUMNS]

    assert read == [one.encode("utf-8", errors="replace").decode() for one in cells]


def test_the_template_is_read_again() -> None:
    rows = read_table(write_template(["a", "b", "c", "d"], date(2026, 12, 1), date(2027, 11, 30), "UZ"))

    assert [row["product"] for row in rows] == ["a", "a", "b", "b", "c", "c"]


@pytest.mark.parametrize("written", ["31.02.2026", "2026-13-01", "1.1.26", "31/12/2026", "", "2026-12-31T00:00"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert written_day(written) is None


def test_faults_stand_with_their_row_and_column() -> None:
    rows = [TableRow(2, {"contract": "A"}), TableRow(3, {"contract": "B"})]
    fault = RowFault(3, "born", RowProblem.NO_DAY, "yesterday")

    assert faulty(rows, [fault]) == [(rows[1], {"born": [fault]})]


def test_every_fault_of_contracts_written_as_a_tree_is_told() -> None:
    data = b"""
- {contract: A-1, product: family, from: 2026-12-01, to: 2027-11-30, persons: []}
- {contract: A-2, product: family, price: 12, persons: [{role: worker, nickname: Ali, born: [1, [2]]}]}
- no contract
"""
    with pytest.raises(InputFaults) as caught:
        read_items(data)

    assert [one.path for one in caught.value.faults] == [
        "persons",
        "persons.0.born",
        "persons.0.nickname",
        "price",
        "(whole entry)",
    ]
