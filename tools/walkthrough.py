"""Decide every sample contract and print the answers for a person to read."""

import sys
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table

from polisbridge.adapters.folder import read_file, read_folder
from polisbridge.cli.show import Shower
from polisbridge.core.assessment import Assessment
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import MAX_BYTES, Document, read_tree
from polisbridge.services.assess import assess_contract
from polisbridge.words import Words, chosen

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"


def main(language: str = "en") -> int:
    """Print all decisions, then one line each; exit 1 when one is not what its sample expects."""
    out, words = Console(highlight=False), Words(chosen(language))
    book = read_law(read_folder(ROOT / "law"))
    rates = Rates(read_rates(_document(SAMPLES / "rates.yaml")))
    table = Table("sample", "occasion", "person", "verdict", title="All decisions", title_justify="left")
    surprises = 0
    for path in sorted(SAMPLES.glob("*.contract.yaml")):
        name = path.name.removesuffix(".contract.yaml")
        for title, expected, found in _decided(book, path, path.with_name(f"{name}.stays.yaml"), rates):
            out.print(Rule(f"{name}: {title}", align="left", style="dim"))
            for one in found:
                Shower(out, words, book).assessment(one)
                verdict = one.decision.verdict.value
                as_expected = expected.get(one.person, verdict) == verdict
                surprises += not as_expected
                note = "" if as_expected else f" (expected {expected[one.person]})"
                table.add_row(name, title, one.person, words(f"verdict.{verdict}") + note)
    out.print(table)
    return 1 if surprises else 0


def _decided(
    book: LawBook, contract_path: Path, stays_path: Path, rates: Rates
) -> list[tuple[str, dict[str, str], tuple[Assessment, ...]]]:
    contract = read_contract(_document(contract_path), book.vocabulary)
    stays = read_stays(_document(stays_path), book.vocabulary)
    return [(raw.title, dict(raw.expect), assess_contract(book, contract, stay, rates)) for stay, raw in stays]


def _document(path: Path) -> Document:
    return read_tree(read_file(path, MAX_BYTES), path.relative_to(ROOT).as_posix())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
