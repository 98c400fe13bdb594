"""A portfolio is decided row by row as the core decides; what cannot be decided is set aside; totals add up."""

import json
import resource
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch import assess as engine
from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.columns import VERDICT_CODES, CompiledLaw
from polisbridge.batch.layout import row_of, rows_frame
from polisbridge.batch.portfolio import PortfolioWriter, open_portfolio
from polisbridge.core.codes import Verdict
from polisbridge.core.contract import facts_of
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.facts import Facts
from polisbridge.core.money import Rates
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_contract

SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = read_law(read_folder(shipped_law()))


def document(name: str) -> Document:
    return read_tree((SAMPLES / name).read_bytes(), name)


RATES = Rates(read_rates(document("rates.yaml")))


def samples() -> list[tuple[Facts, Verdict]]:
    found = []
    for path in sorted(SAMPLES.glob("*.contract.yaml")):
        contract = read_contract(document(path.name), BOOK.vocabulary)
        for stay, _ in read_stays(document(path.name.replace(".contract.", ".stays.")), BOOK.vocabulary):
            for one in assess_contract(BOOK, contract, stay, RATES):
                facts, _ = facts_of(contract, contract.person(one.person), stay)
                found.append((facts, one.decision.verdict))
    return found


def portfolio(folder: Path, facts: list[Facts], *, parts: int = 1, **changes: object) -> Path:
    writer = PortfolioWriter(folder)
    rows = [{"row": number, **row_of(one, writer.lists)} for number, one in enumerate(facts)]
    for row, column, value in changes.get("rows", ()):  # type: ignore[attr-defined]
        rows[row][column] = value
    size = -(-len(rows) // parts)
    for first in range(0, len(rows), size):
        writer.write(rows_frame(rows[first : first + size]))
    writer.finish(synthetic=False)
    return folder


def quiet(done: int, total: int) -> None:
    assert done <= total


def answers(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(sorted((folder / "rows").glob("*.parquet")))


def test_every_sample_is_decided_as_the_contract_is(tmp_path: Path) -> None:
    known = samples()
    held = open_portfolio(portfolio(tmp_path / "held", [facts for facts, _ in known], parts=3))

    found = assess_portfolio(held, AppliedLaws(BOOK, RATES), tmp_path / "result", quiet)

    verdicts = {code: verdict for verdict, code in VERDICT_CODES.items()}
    assert [verdicts[code] for code in answers(tmp_path / "result").sort("row")["verdict"]] == [
        verdict for _, verdict in known
    ]
    assert found.verdicts == Counter(verdict for _, verdict in known)
    assert (found.rows, found.decided, found.rejected) == (len(known), len(known), 0)
    manifest = json.loads((tmp_path / "result" / "result.json").read_text())
    assert manifest["law"] == BOOK.hash
    assert sum(manifest["verdicts"].values()) == manifest["decided"] == len(known)


def test_batches_of_any_size_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [facts for facts, _ in samples()]
    held = open_portfolio(portfolio(tmp_path / "held", facts))
    assess_portfolio(held, AppliedLaws(BOOK, RATES), tmp_path / "one", quiet)
    monkeypatch.setattr(engine, "BATCH", 7)

    assess_portfolio(held, AppliedLaws(BOOK, RATES), tmp_path / "many", quiet)

    one, many = answers(tmp_path / "one").sort("row"), answers(tmp_path / "many").sort("row")
    assert one.select(sorted(one.columns)).equals(many.select(sorted(one.columns)))


def test_a_row_that_cannot_be_decided_is_set_aside_with_all_its_faults(tmp_path: Path) -> None:
    facts = [facts for facts, _ in samples()]
    wrong = [(3, "state", "QQ"), (3, "gate", None), (3, "territory", 4_000_000), (5, "sum_insured", -4)]
    held = open_portfolio(portfolio(tmp_path / "held", facts, rows=wrong))

    found = assess_portfolio(held, AppliedLaws(BOOK, RATES), tmp_path / "result", quiet)

    told = [json.loads(line) for line in (tmp_path / "result" / "rejects.ndjson").read_text().splitlines()]
    assert [(one["row"], [fault["column"] for fault in one["faults"]]) for one in told] == [
        (3, ["state", "gate", "territory"]),
        (5, ["sum_insured"]),
    ]
    assert (found.decided, found.rejected) == (len(facts) - 2, 2)


def test_a_difference_to_the_core_stops_the_run_and_names_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = open_portfolio(portfolio(tmp_path / "held", [facts for facts, _ in samples()]))
    monkeypatch.setattr(engine, "CHECKED_EVERY", 10)
    right = CompiledLaw.answers
    wrong = pl.lit(1, dtype=pl.UInt8).alias("verdict")
    monkeypatch.setattr(CompiledLaw, "answers", lambda *asked: right(*asked).with_columns(wrong))

    with pytest.raises(PolisbridgeError, match=r"row \d+: columns say recognised, the core") as raised:
        assess_portfolio(held, AppliedLaws(BOOK, RATES), tmp_path / "result", quiet)

    assert raised.value.code is ErrorCode.ENGINES_DISAGREE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["held"]


def test_a_result_is_never_written_over_another(tmp_path: Path) -> None:
    held = open_portfolio(portfolio(tmp_path / "held", [facts for facts, _ in samples()]))
    (tmp_path / "result").mkdir()

    with pytest.raises(PolisbridgeError, match="exists"):
        assess_portfolio(held, AppliedLaws(BOOK, RATES), tmp_path / "result", quiet)


def test_damaged_files_unknown_columns_and_wrong_types_are_told_at_once(tmp_path: Path) -> None:
    folder = portfolio(tmp_path / "held", [facts for facts, _ in samples()], parts=2)
    first, second = sorted((folder / "rows").glob("*.parquet"))
    first.write_bytes(first.read_bytes()[:-100])
    pl.read_parquet(second).with_columns(pl.lit(1).alias("shoe_size"), pl.col("age").cast(pl.String)).write_parquet(
        second
    )

    with pytest.raises(InputFaults) as raised:
        open_portfolio(folder)

    assert {(Path(one.file).name, one.path) for one in raised.value.faults} == {
        (first.name, ""),
        (second.name, "shoe_size"),
        (second.name, "age"),
    }


def test_rows_that_went_missing_are_noticed(tmp_path: Path) -> None:
    folder = portfolio(tmp_path / "held", [facts for facts, _ in samples()], parts=2)
    min((folder / "rows").glob("*.parquet")).unlink()

    with pytest.raises(InputFaults) as raised:
        open_portfolio(folder)

    assert raised.value.faults[0].path == "rows"


def test_a_folder_that_holds_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolisbridgeError, match="no portfolio"):
        open_portfolio(tmp_path)


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path) -> None:
    held = open_portfolio(portfolio(tmp_path / "held", [facts for facts, _ in samples()]))
    laws = AppliedLaws(BOOK, RATES)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))  # no file may grow beyond: as good as a full disk
    try:
        with pytest.raises(PolisbridgeError, match="result") as raised:
            assess_portfolio(held, laws, tmp_path / "result", quiet)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert raised.value.hint.startswith("nothing was kept")
    assert [path.name for path in tmp_path.iterdir()] == ["held"]
