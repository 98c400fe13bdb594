"""Write the boundary vectors of the law below vectors/law/, one file per jurisdiction. `--check` only compares.

Each line is one record: the provision, the part of it (`applies`: whom it concerns; `holds`: what it asks),
the facts in the form of cases, and the truth: true, false or null for not known. Limits are in the currency
of the law; conversion is not part of the vectors.
"""

import json
import sys
from pathlib import Path

from polisbridge.adapters.folder import read_folder
from polisbridge.formats.factsfile import write_facts
from polisbridge.formats.lawfile import read_law
from polisbridge.services.mutation_gate import gate

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "vectors" / "law"


def main() -> int:
    """Write or check all vector files."""
    book = read_law(read_folder(ROOT / "law"))
    lines: dict[str, list[str]] = {}
    for provision in book.provisions:
        for result in gate(book, provision):
            for one in result.vectors:
                record = {
                    "provision": one.provision,
                    "part": one.part,
                    "facts": write_facts(one.facts),
                    "truth": one.truth,
                }
                lines.setdefault(provision.jurisdiction, []).append(
                    json.dumps(record, ensure_ascii=False, sort_keys=True)
                )
    files = {FOLDER / f"{name}.jsonl": "\n".join(found) + "\n" for name, found in lines.items()}
    if "--check" in sys.argv:
        stale = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
        stale += sorted(set(FOLDER.glob("*.jsonl")) - set(files))
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale; run `make vectors`", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jsonl"):
        old.unlink()
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    print(f"{sum(map(len, lines.values()))} vectors written to {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
