"""Run the mutation gate over the whole law and print the count; exit 1 when a mutant survives."""

import sys
from pathlib import Path

from polisbridge.adapters.folder import read_folder
from polisbridge.formats.lawfile import read_law
from polisbridge.services.mutation_gate import gate


def main(folder: str = "law") -> int:
    """Print how many changes of the law were caught, proved equivalent, or survived."""
    book = read_law(read_folder(Path(folder)))
    killed = equivalent = vectors = 0
    survived: list[str] = []
    for provision in book.provisions:
        for result in gate(book, provision):
            killed, equivalent, vectors = (
                killed + result.killed,
                equivalent + result.equivalent,
                vectors + len(result.vectors),
            )
            survived += [f"{result.provision} ({result.part}): {what}" for what in result.survived]
    for line in survived:
        print(f"survived: {line}")
    print(f"{len(book.provisions)} provisions, {killed + equivalent + len(survived)} mutants: ", end="")
    print(f"{killed} caught by {vectors} vectors, {equivalent} proved equivalent, {len(survived)} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
