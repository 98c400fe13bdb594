"""`polisbridge law sql`: a file that runs as it is, for whoever reads law or rows in SQL."""

from datetime import date
from pathlib import Path

import duckdb
import typer
from builder import DATA, LAW_FOLDER
from rich.console import Console
from typer.testing import CliRunner, Result

from polisbridge.app import RealWorld
from polisbridge.batch.layout import row_of, rows_frame
from polisbridge.batch.portfolio import PortfolioWriter
from polisbridge.cli.desk import Desk
from polisbridge.cli.law_sql import sql
from polisbridge.core.days import day_number
from polisbridge.core.facts import Facts
from polisbridge.words import Words

DAY = date(2026, 10, 31)
KZ = ("--state", "KZ", "--gate", "hiring")


class Autumn(RealWorld):
    def today(self) -> date:
        return DAY


def run(*arguments: str | Path, lang: str = "en", law: Path | None = None) -> Result:
    app = typer.Typer()
    app.command()(sql)
    desk = Desk(Autumn(), Words(lang), law, Console(highlight=False))
    return CliRunner().invoke(app, [str(one) for one in arguments], obj=desk)


def test_the_file_runs_over_the_portfolio_that_was_named(tmp_path: Path) -> None:
    writer, target = PortfolioWriter(tmp_path / "held"), tmp_path / "kz.sql"
    one = Facts(state="KZ", gate="hiring", as_of=day_number(DAY))
    writer.write(rows_frame([{"row": 5, **row_of(one, writer.lists)}]))
    writer.finish(synthetic=True)

    answer = run(*KZ, "--portfolio", tmp_path / "held", "-o", target)

    with duckdb.connect() as connection:
        rows = connection.execute(target.read_text(encoding="utf-8")).fetchall()
    assert (answer.exit_code, [row[:2] for row in rows]) == (0, [(5, "undetermined")])
    assert str(target) in answer.stdout.replace("\n", "")


def test_without_a_file_it_goes_to_standard_output_and_reads_the_folder_it_runs_in() -> None:
    answer = run(*KZ)

    assert "the law of KZ at the gate hiring on 2026-10-31" in answer.stdout
    assert "read_parquet('./rows/*.parquet')" in answer.stdout


def test_it_speaks_the_dialect_and_the_language_that_were_asked_for() -> None:
    english, russian = run(*KZ, "--dialect", "spark").stdout, run(*KZ, lang="ru").stdout

    assert ("arrays_overlap(" in english, "list_has_any(" in english) == (True, False)
    assert ("requirement: The contract covers" in english, "requirement: Договор покрывает" in russian) == (True, True)


def test_rates_from_files_convert_the_limits() -> None:
    no = ("--state", "NO", "--gate", "entry", "--as-of", "2026-06-01")
    with_rates, without = (run(*no, *more, law=LAW_FOLDER).stdout for more in (("--rates", DATA / "rates.yaml"), ()))

    assert ("'USD' THEN" in with_rates, "'USD' THEN" in without) == (True, False)


def test_an_occasion_that_is_not_named_whole_is_a_wrong_use() -> None:
    assert [run(*some).exit_code for some in (("--state", "KZ"), ("--gate", "hiring"))] == [2, 2]


def test_a_state_without_law_is_refused() -> None:
    answer = run("--state", "XX", "--gate", "hiring")

    assert (answer.exit_code, answer.stdout) == (4, "")
