"""Files become portfolios: what is right is what was written, what is wrong is set aside with all its faults."""

import csv
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import desk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import BOOK, stated_facts

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch import sheets
from polisbridge.batch.importing import import_files
from polisbridge.batch.layout import Reader
from polisbridge.batch.portfolio import open_portfolio
from polisbridge.batch.sheets import tree_of
from polisbridge.core.contract import facts_of
from polisbridge.core.days import whole_months, whole_years
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.facts import Facts, field_types
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.factsfile import write_facts
from polisbridge.formats.factsrow import PERIODS, read_row
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.portfolio_make import Imported, ImportOrder

SAMPLES = Path(__file__).parents[2] / "samples"
SHIPPED = read_law(read_folder(shipped_law()))
T = TypeVar("T")


def quiet(done: int, total: int) -> None:
    assert done <= total


def imported(file: Path, into: Path, *, as_written: bool = True, **order: Any) -> Imported:
    return import_files(ImportOrder((file,), as_written=as_written, **order), BOOK.vocabulary, into, quiet)


def facts_in(folder: Path) -> list[Facts]:
    portfolio = open_portfolio(folder)
    reader = Reader(portfolio.sets, portfolio.benefits)
    return [reader.facts(row) for row in portfolio.scan().collect().iter_rows(named=True)] if portfolio.parts else []


def rejects_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "rejects.ndjson").read_text(encoding="utf-8").splitlines()]


def in_order(record: T) -> T:
    """Return the record with no period that ends before it begins, nor those of its persons."""
    values: dict[str, Any] = {}
    for first, last in PERIODS:
        one, other = getattr(record, first, None), getattr(record, last, None)
        if isinstance(one, int) and isinstance(other, int) and other < one:
            values |= {first: other, last: one}
    if getattr(record, "persons", None) is not None:
        values["persons"] = tuple(in_order(person) for person in record.persons)  # type: ignore[attr-defined]
    return replace(record, **values)  # type: ignore[type-var]


RECORDS = st.lists(stated_facts().map(in_order), min_size=1, max_size=4)


def as_ndjson(records: Iterable[Facts]) -> str:
    return "".join(json.dumps(write_facts(one)) + "\n" for one in records)


def cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if all(isinstance(one, str) for one in value) and value:
        return ";".join(value)
    return json.dumps(value)


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    names = sorted({name for row in rows for name in row})
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names or ["person"])
    for row in rows:
        writer.writerow([cell(row[name]) if name in row else "" for name in names] if names else ["nobody"])
    return text.getvalue()


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_facts_in_ndjson_are_read_as_they_were(records: list[Facts]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.ndjson")
        file.write_text(as_ndjson(records), encoding="utf-8")

        found = imported(file, Path(folder, "held"))

        assert (found.read, found.written, found.rejected) == (len(records), len(records), 0)
        assert facts_in(Path(folder, "held")) == records


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_facts_in_csv_are_read_as_they_were(records: list[Facts]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.csv")
        file.write_text(as_csv([write_facts(one) for one in records]), encoding="utf-8")

        found = imported(file, Path(folder, "held"))

        assert (found.read, found.written, found.rejected) == (len(records), len(records), 0)
        assert facts_in(Path(folder, "held")) == records


TEXTS: dict[str, Sequence[str]] = {
    "as_of": ("2026-03-17", "absent", "1799-12-31", "2026-3-17", "2026-02-30", "20260317", "today", "0001-01-01"),
    "birth_day": ("2026-03-17", "2026-03-18", "absent", "2000-01-01"),
    "first_day": ("2026-01-01", "2026-01-03", "absent"),
    "last_day": ("2026-01-02", "2025-12-31", "absent", "9999-12-31"),
    "age": ("0", "36", "-1", "2147483647", "2147483648", "1e3", "1_000", "٣", "3.0", "absent"),
    "copay_percent": ("0", "10.5", "100", "100.00", "100.01", "10.555", "-5", "absent", "99.99", "."),
    "sum_insured": (
        "100 EUR", "0.5 EUR", "10000.50 EUR", "1 JPY", "1.5 JPY", "1.234 KWD", "5 ?", "5.00 XXX", "5 eur", "-1 EUR", "absent", "5EUR",
        "999999999999999.99 EUR", "1e9 EUR", "5", "5.001 EUR",
    ),
    "sum_insured_currency": ("EUR", "JPY", "absent", "euro"),
    "works": ("true", "false", "absent", "yes", "TRUE"),
    "role": ("worker", "absent", "boss"),
    "gate": ("hiring", "absent", "window"),
    "citizenship": ("KZ", "KZ;NO", "absent", "KZ;", "QQ", '["KZ"]', '["KZ", 5]', "[", "kz"),
    "benefits": ('[{"benefit": "inpatient"}]', "[]", "absent", "[{]", '[{"benefit": "magic"}]', '[{"limit": "-5 EUR"}]', '[{"benefit": null}]'),
    "persons": (
        '[{"role": "worker", "age": 3}]', "[]", '[{"age": "-3"}]', '[{"first_day": "2026-02-02", "last_day": "2026-02-01"}]', "[1]", '[{"x": 1}]',
        '[{"citizenship": ["KZ"]}, {"citizenship": []}]', '[{"citizenship": "KZ"}]', '[{"citizenship": "[\\"KZ\\"]"}]', '[{"age": ["3"]}]', '[{"citizenship": ["KZ", null]}]', '[{"role": "worker", "role": "child"}]', '[{"age": null}]',
    ),
    "insurer": ("acme", "absent", "a,b"),
}  # fmt: skip
PAIRS = (("first_day", "last_day"), ("birth_day", "as_of"), ("sum_insured", "sum_insured_currency"))


def judged_alone(row: Mapping[str, str]) -> Facts | None:
    try:
        return read_row(Document("rows.csv", tree_of(row, {}), {}), BOOK.vocabulary)
    except InputFaults:
        return None


def agree(rows: Sequence[Mapping[str, str]]) -> None:
    expected = [judged_alone(row) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.csv")
        file.write_text(as_csv([{"contract": "c", **row} for row in rows]), encoding="utf-8")

        found = imported(file, Path(folder, "held"))

        assert facts_in(Path(folder, "held")) == [facts for facts in expected if facts is not None]
        assert [one["row"] for one in rejects_in(Path(folder, "held"))] == [
            number for number, facts in enumerate(expected) if facts is None
        ]
        assert found.read == found.written + found.rejected == len(rows)


def test_columns_accept_and_reject_every_cell_as_a_row_alone_does() -> None:
    agree([{name: text} for name, texts in TEXTS.items() for text in texts])
    agree([dict(zip(pair, texts, strict=True)) for pair in PAIRS for texts in product(*(TEXTS[name] for name in pair))])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_columns_accept_and_reject_what_a_row_alone_does(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(TEXTS)), min_size=1, max_size=4, unique=True))
    row = st.fixed_dictionaries({}, optional={name: st.sampled_from(TEXTS[name]) for name in names})
    agree(data.draw(st.lists(row, min_size=1, max_size=6)))


def written(folder: Path, text: str | bytes, name: str = "rows.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_row_is_set_aside_with_every_fault_by_line_and_column(tmp_path: Path) -> None:
    text = (
        "state,as_of,first_day,last_day,age,territory,sum_insured\n"
        "NO,2026-03-17,2026-01-01,2026-12-31,30,NO;SE,100 EUR\n"
        "NOO,17.03.2026,2026-01-02,2026-01-01,-3,NO;XX,-5 EUR\n"
        "NO,2026-03-17,2026-01-01,2026-12-31,30,NO,100 EUR\n"
    )

    found = imported(written(tmp_path, text), tmp_path / "held")

    assert (found.read, found.written, found.rejected) == (3, 2, 1)
    (reject,) = rejects_in(tmp_path / "held")
    assert (reject["row"], reject["line"]) == (1, 3)
    assert {(one["column"], one["code"], one["found"]) for one in reject["faults"]} == {
        ("state", "unknown_code", "NOO"),
        ("as_of", "wrong_value", "17.03.2026"),
        ("last_day", "wrong_order", "2026-01-01"),
        ("age", "wrong_value", "-3"),
        ("territory", "unknown_code", "XX"),
        ("sum_insured", "wrong_value", "-5 EUR"),
    }
    assert all(one["expected"] for one in reject["faults"])


def test_rows_keep_their_numbers_of_the_file(tmp_path: Path) -> None:
    imported(written(tmp_path, "age\n1\nold\n\n3\n"), tmp_path / "held")

    portfolio = open_portfolio(tmp_path / "held")
    assert portfolio.scan().collect()["row"].to_list() == [0, 2]


def test_all_unknown_and_double_columns_are_told_with_names_alike_and_nothing_is_written(tmp_path: Path) -> None:
    file = written(tmp_path, "state,citisenship,shoe_size,age,age,sum insured\nNO,KZ,3,1,1,5 EUR\n")

    with pytest.raises(InputFaults) as raised:
        imported(file, tmp_path / "held")

    told = {(fault.path, fault.code.value) for fault in raised.value.faults}
    assert told == {
        ("citisenship", "unknown_key"),
        ("shoe_size", "unknown_key"),
        ("age", "twice"),
        ("sum insured", "unknown_key"),
    }
    expected = {fault.path: fault.expected for fault in raised.value.faults}
    assert "citizenship" in expected["citisenship"]
    assert "sum_insured" in expected["sum insured"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    imported(written(tmp_path, b"\xef\xbb\xbfage\r\n7\r\n"), tmp_path / "held")

    assert [facts.age for facts in facts_in(tmp_path / "held")] == [7]


@pytest.mark.parametrize(
    ("octets", "line"),
    [("contract\nx\nДоговор\n".encode("cp1251"), 3), ("age\n7\n".encode("utf-16"), 1)],
)
def test_other_encodings_are_refused_by_line(tmp_path: Path, octets: bytes, line: int) -> None:
    with pytest.raises(InputFaults) as raised:
        imported(written(tmp_path, octets), tmp_path / "held")

    (fault,) = raised.value.faults
    assert (fault.line, fault.found) == (line, "not UTF-8")
    assert not (tmp_path / "held").exists()


def test_misshapen_rows_are_set_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    text = f'contract,age\na,1\nb\nc,2,3\n"{"x" * 1_000_001}",4\n"d\ne",5\n"f"g,6\nh,7\n'

    found = imported(written(tmp_path, text), tmp_path / "held")

    assert [facts.age for facts in facts_in(tmp_path / "held")] == [1, 5, 7]
    assert [(one["row"], one["line"], one["faults"][0]["code"]) for one in rejects_in(tmp_path / "held")] == [
        (1, 3, "syntax"),
        (2, 4, "syntax"),
        (3, 5, "too_large"),
        (5, 8, "syntax"),
    ]
    assert found.read == found.written + found.rejected == 7


def test_lines_of_ndjson_that_are_no_objects_are_set_aside(tmp_path: Path) -> None:
    lines = [
        '{"age": 1, "works": true, "sum_insured": "5.50 EUR", "deductible": null}',
        "{",
        "[1]",
        '{"age": 1, "age": 2}',
        '{"citisenship": ["KZ"]}',
        '{"citizenship": "KZ"}',
        '{"age": [1]}',
        '{"contract": "\\ud800"}',
        '{"age": NaN}',
        "[" * 100_000,
        '{"contract": 5, "age": "2"}',
        f'{{"contract": "{"x" * 1_000_001}"}}',
        '{"persons": [{"age": "x"}], "benefits": [5], "age": "x"}',
        '{"age": 9}',
    ]

    found = imported(written(tmp_path, "\n".join(lines), "rows.ndjson"), tmp_path / "held")

    assert [(facts.age, facts.works) for facts in facts_in(tmp_path / "held")] == [(1, True), (2, None), (9, None)]
    rejects = {one["row"]: one["faults"] for one in rejects_in(tmp_path / "held")}
    assert {row: faults[0]["code"] for row, faults in rejects.items()} == {
        1: "syntax", 2: "wrong_value", 3: "duplicate_key", 4: "unknown_key", 5: "wrong_value", 6: "wrong_value", 7: "syntax",
        8: "wrong_value", 9: "too_deep", 11: "too_large", 12: "wrong_value",
    }  # fmt: skip
    assert "citizenship" in rejects[4][0]["expected"]
    assert [fault["column"] for fault in rejects[12]] == ["age", "benefits[0]", "persons[0].age"]
    assert found.read == found.written + found.rejected == len(lines)


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_batches_of_any_size_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    text = "age,role\n1,worker\nx,child\n3,\n4,boss\n5,spouse\n6\n7,parent\n"
    imported(written(tmp_path, text), tmp_path / "whole")
    monkeypatch.setattr(sheets, "BATCH", batch)

    imported(written(tmp_path, text), tmp_path / "held")

    assert facts_in(tmp_path / "held") == facts_in(tmp_path / "whole")
    assert rejects_in(tmp_path / "held") == rejects_in(tmp_path / "whole")
    assert [facts.age for facts in facts_in(tmp_path / "held")] == [1, 3, 5, 7]


def test_a_csv_file_names_benefit_tables_of_another_file(tmp_path: Path) -> None:
    tables = read_tree(b"basic: [{benefit: inpatient, limit: 5 EUR}]\nnothing: []\n", "benefits.yaml")
    file = written(tmp_path, "benefits\nbasic\nnothing\nlavish\n\n")

    imported(file, tmp_path / "held", benefits=tables)

    first, second = facts_in(tmp_path / "held")
    assert first.benefits is not None
    assert (first.benefits[0].benefit, first.benefits[0].limit) == ("inpatient", 500)
    assert second.benefits == ()
    assert [one["faults"][0]["found"] for one in rejects_in(tmp_path / "held")] == ["lavish"]


def test_faults_of_named_benefit_tables_are_told_at_once(tmp_path: Path) -> None:
    tables = read_tree(b"basic: [{benefit: magic}]\nother: [{limit: -5 EUR}]\n", "benefits.yaml")

    with pytest.raises(InputFaults) as raised:
        imported(written(tmp_path, "benefits\nbasic\n"), tmp_path / "held", benefits=tables)

    assert [fault.line for fault in raised.value.faults] == [1, 2]


def test_what_follows_from_other_columns_is_added_and_what_is_written_is_kept(tmp_path: Path) -> None:
    text = (
        "gate,as_of,birth_day,age,stay_first,stay_last,first_day,last_day\n"
        "hiring,2026-03-17,1990-03-18,,2026-04-01,2026-06-30,2026-03-31,2027-03-30\n"
        "entry,2026-03-17,1990-03-18,20,absent,2026-06-30,absent,2027-03-30\n"
    )

    imported(written(tmp_path, text), tmp_path / "held", as_written=False)

    first, second = facts_in(tmp_path / "held")
    numbers = [first.birth_day, first.as_of, first.stay_first, first.stay_last, first.first_day, first.last_day]
    born, as_of, begins, ends, covered, until = [number for number in numbers if isinstance(number, int)]
    assert first.age == whole_years(born, as_of) == 35
    assert (first.stay_days, first.stay_months) == (ends - begins + 1, whole_months(begins, ends))
    assert (first.term_days, first.term_months) == (until - covered + 1, whole_months(covered, until))
    assert (first.employment_first, first.employment_last, first.visa_first) == (begins, ends, None)
    assert (second.age, second.stay_days, second.term_days, second.employment_last) == (20, None, None, None)


def test_contract_files_with_their_stays_become_rows(tmp_path: Path) -> None:
    files = tuple(sorted(SAMPLES.glob("*.contract.yaml")))
    expected = []
    for path in files:
        contract = read_contract(read_tree(path.read_bytes(), path.name), SHIPPED.vocabulary)
        beside = path.with_name(path.name.replace(".contract.", ".stays."))
        for stay, _ in read_stays(read_tree(beside.read_bytes(), beside.name), SHIPPED.vocabulary):
            expected += [facts_of(contract, person, stay)[0] for person in contract.insured]

    found = import_files(ImportOrder(files), SHIPPED.vocabulary, tmp_path / "held", quiet)

    assert facts_in(tmp_path / "held") == expected
    assert (found.read, found.written, found.rejected) == (len(expected), len(expected), 0)


def test_a_contract_file_that_is_wrong_is_set_aside_with_the_faults_of_both_files(tmp_path: Path) -> None:
    name = "uzbek_home_contract"
    right = tmp_path / f"{name}.contract.yaml"
    right.write_bytes((SAMPLES / right.name).read_bytes())
    (tmp_path / f"{name}.stays.yaml").write_bytes((SAMPLES / f"{name}.stays.yaml").read_bytes())
    wrong = tmp_path / "wrong.contract.yaml"
    wrong.write_text(right.read_text(encoding="utf-8").replace("kind: voluntary", "kind: guessed"), encoding="utf-8")

    found = import_files(ImportOrder((right, wrong)), SHIPPED.vocabulary, tmp_path / "held", quiet)

    assert (found.read, found.written, found.rejected) == (13, 12, 1)
    (reject,) = rejects_in(tmp_path / "held")
    assert reject["file"] == str(wrong)
    assert [(Path(one["file"]).name, one["code"]) for one in reject["faults"]] == [
        ("wrong.contract.yaml", "unknown_code"),
        ("wrong.stays.yaml", "missing_key"),
    ]


def test_tables_and_contracts_are_not_mixed(tmp_path: Path) -> None:
    order = ImportOrder((tmp_path / "a.csv", tmp_path / "b.contract.yaml"))

    with pytest.raises(PolisbridgeError) as raised:
        import_files(order, BOOK.vocabulary, tmp_path / "held", quiet)

    assert raised.value.code is ErrorCode.BAD_INPUT


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolisbridgeError) as raised:
        imported(tmp_path / "rows.csv", tmp_path / "held")

    assert raised.value.code is ErrorCode.NOT_FOUND


def test_the_command_tells_the_totals_and_where_the_rest_is(tmp_path: Path) -> None:
    file = written(tmp_path, "age;role\n1;worker\nx;child\n")

    answer = desk.run("portfolio", "import", file, "--separator", ";", "--into", tmp_path / "held")

    assert answer.exit == 0
    assert "2 read: 1 written, 1 set aside" in answer.out
    assert "rejects.ndjson" in answer.out
    manifest = json.loads((tmp_path / "held" / "portfolio.json").read_text())
    assert (manifest["read"], manifest["rows"], manifest["rejected"], manifest["synthetic"]) == (2, 1, 1, False)


def test_an_unknown_column_ends_the_command_with_its_name(tmp_path: Path) -> None:
    answer = desk.run("portfolio", "import", written(tmp_path, "agge\n1\n"), "--into", tmp_path / "held")

    assert answer.exit == 4
    assert "agge" in answer.err
    assert "age?" in answer.err


_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from polisbridge.app import main
sys.argv = ["polisbridge", "--lang", "en", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("command", ["generate", "import"])
def test_a_disk_that_fills_up_is_told_and_nothing_is_kept(tmp_path: Path, command: str) -> None:
    file = written(
        tmp_path, "contract,age\n" + "".join(f"c{number * 7919 % 100_003},{number % 90}\n" for number in range(20_000))
    )
    given_ = ["--rows", "20000", "--as-of", "2026-03-17"] if command == "generate" else [str(file)]

    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _LIMITED, "portfolio", command, *given_, "--into", str(tmp_path / "held")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 4, ended.stderr
    assert "Cannot be written" in ended.stderr
    assert "File too large" in ended.stderr
    assert "nothing was kept" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_columns_of_the_layout_are_the_fields_of_facts() -> None:
    assert set(sheets.KNOWN) == {"contract", "person", "product", *field_types(Facts)}
