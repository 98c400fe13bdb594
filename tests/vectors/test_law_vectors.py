"""The boundary vectors that ship with the law: read as another implementer would, they say the same."""

import json
from pathlib import Path

import pytest

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.compiled import compile_conditions
from polisbridge.core.condition import evaluate
from polisbridge.formats.factsfile import read_facts
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import read_tree
from polisbridge.services.mutation_gate import conditions_of

FOLDER = Path(__file__).parents[2] / "vectors" / "law"
BOOK = read_law(read_folder(shipped_law()))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_vector_says_what_the_interpreter_and_the_compiler_say(path: Path) -> None:
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        vector = json.loads(line)
        provision = BOOK.get(vector["provision"])
        assert provision is not None
        condition = dict(conditions_of(BOOK, provision))[vector["part"]]
        facts = read_facts(read_tree(json.dumps(vector["facts"]).encode(), path.name), None)
        if {evaluate(condition, facts), compile_conditions([condition])(facts)[0]} != {vector["truth"]}:
            wrong.append(line)

    assert wrong == []


def test_every_provision_that_asks_something_has_vectors() -> None:
    lines = [
        json.loads(line) for path in FOLDER.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    told = {(vector["provision"], vector["part"]) for vector in lines}
    asking = {(one.id, part) for one in BOOK.provisions for part, _ in conditions_of(BOOK, one)}

    assert asking - told == set()
