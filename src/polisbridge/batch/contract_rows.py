"""Contract files with their stays as rows: one per insured person and occasion, in the order of the files."""

from pathlib import Path
from typing import Any

from polisbridge.batch.layout import ROW, Lists, row_of
from polisbridge.core.contract import facts_of
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import MAX_BYTES, Document, read_tree

CONTRACT, STAYS = ".contract.", ".stays."


def contract_rows(
    path: Path, stays: Path | None, vocabulary: Vocabulary, lists: Lists, first: int
) -> list[dict[str, Any]]:
    """Return the rows of one contract, numbered from `first`. Without `stays` they are beside it, by name.

    Raises InputFaults with every fault of both files.
    """
    faults: list[Fault] = []
    contract = occasions = None
    try:
        contract = read_contract(_document(path), vocabulary)
    except InputFaults as exc:
        faults += exc.faults
    try:
        occasions = read_stays(_document(stays or _beside(path)), vocabulary)
    except InputFaults as exc:
        faults += exc.faults
    if contract is None or occasions is None:
        raise InputFaults(faults)
    return [
        {
            ROW: first + number,
            "contract": contract.number,
            "person": person.id,
            **row_of(facts_of(contract, person, stay)[0], lists),
        }
        for number, (stay, person) in enumerate((stay, one) for stay, _ in occasions for one in contract.insured)
    ]


def _beside(path: Path) -> Path:
    """Return where the stays of a contract file are: `<name>.stays.yaml` beside `<name>.contract.yaml`."""
    name = path.name.replace(CONTRACT, STAYS) if CONTRACT in path.name else f"{path.stem}{STAYS[:-1]}{path.suffix}"
    return path.with_name(name)


def _document(path: Path) -> Document:
    try:
        with path.open("rb") as file:
            return read_tree(file.read(MAX_BYTES + 1), str(path))
    except FileNotFoundError as exc:
        raise InputFaults([Fault(str(path), 1, "(whole file)", FaultCode.MISSING_KEY, "nothing", "a file")]) from exc
    except OSError as exc:
        raise PolisbridgeError(
            ErrorCode.NOT_READABLE, f"{path}: {exc.strerror}", hint="check what it is, and its permissions"
        ) from exc
