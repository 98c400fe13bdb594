"""What makes portfolios, behind the port that commands use."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from polisbridge.batch.generate import generate_portfolio
from polisbridge.batch.held_rows import write_rows
from polisbridge.batch.importing import import_files
from polisbridge.batch.packed import unpack
from polisbridge.batch.synthetic import read_figures
from polisbridge.batch.verdict_tables import write_verdicts
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.portfolio import Progress
from polisbridge.services.portfolio_make import Imported, ImportOrder, PortfolioRow, SyntheticOrder

FIGURES = Path(__file__).with_name("synthetic.yaml")


class EmbeddedMakers:
    """Portfolios written to folders of Parquet files on this machine."""

    def generate(self, order: SyntheticOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> None:
        """Write a portfolio of persons who do not exist, by the figures of the order or those beside this file."""
        document = order.figures or shipped_figures()
        said = {"figures": hash_of(document)}
        generate_portfolio(order, read_figures(document, vocabulary), into, said, progress)

    def import_files(self, order: ImportOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> Imported:
        """Write a portfolio of what files hold; what is wrong is set aside in it with all faults."""
        return import_files(order, vocabulary, into, progress)

    def write(self, rows: Iterable[PortfolioRow], into: Path, source: str, *, synthetic: bool) -> int:
        """Write a portfolio of rows as they come; return how many. `source` says where they come from."""
        return write_rows(rows, into, source, synthetic=synthetic)

    def write_verdicts(self, result: Path, into: Path) -> tuple[Path, Path]:
        """Write the verdict of every row of a result to `verdicts.csv` and `verdicts.parquet` in the folder."""
        return write_verdicts(result, into)

    def unpack(self, archive: Path, into: Path) -> None:
        """Write the portfolio that a ZIP file holds. Raises PolisbridgeError when it is none, or too large."""
        unpack(archive, into)


def shipped_figures() -> Document:
    """Return the figures that came with the program."""
    return read_tree(FIGURES.read_bytes(), FIGURES.name)


def hash_of(document: Document) -> str:
    """Return a hash of what a document says, however it is laid out."""
    said = json.dumps(document.tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()
