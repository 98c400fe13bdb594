"""What the page on CertLogic says is what the files do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certlogic_engine import Engine, running

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.applied import apply_law
from polisbridge.core.codes import Gate
from polisbridge.core.condition import Compare, Const, Field
from polisbridge.core.facts import BenefitLine, CoveredPerson, Facts, field_types
from polisbridge.core.money import Rates
from polisbridge.formats.certlogic import LARGEST, rails
from polisbridge.formats.certlogicfile import rule_file
from polisbridge.formats.lawfile import read_law

PAGE = (Path(__file__).parents[2] / "docs" / "spec" / "certlogic.md").read_text(encoding="utf-8")
ADULT = rails(Compare(Field("age"), ">=", Const(18)), "")
BOOK = read_law(read_folder(shipped_law()))
DAY = max(one.citation.checked for one in BOOK.provisions)
FILES = [
    rule_file(BOOK.hash, apply_law(BOOK, state, gate, DAY, Rates())) for state in ("KZ", "RU", "SG") for gate in Gate
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with running() as found:
        yield found


def section(heading: str) -> str:
    return PAGE.split(heading, 1)[1].split("\n## ", 1)[0]


def test_the_example_is_what_is_written() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

    assert json.loads(example) == {"met": ADULT.met, "not_met": ADULT.not_met}


def test_the_example_gives_what_its_table_says(engine: Engine) -> None:
    rows = re.findall(r"^\| `(\{.*\})` \| (true|false) \| (true|false) \|$", section("## 2."), re.MULTILINE)
    digit = {"true": "1", "false": "0"}

    assert len(rows) == 4
    told = engine.ask([ADULT.met, ADULT.not_met], [json.loads(payload) for payload, _, _ in rows]).answers
    assert told == [digit[met] + digit[not_met] for _, met, not_met in rows]


@pytest.mark.parametrize(
    ("record", "heading"),
    [
        (Facts, "Fields of the occasion, the person and the contract:"),
        (BenefitLine, "Fields of a benefit line:"),
        (CoveredPerson, "Fields of an insured person:"),
    ],
)
def test_every_field_stands_under_its_type(record: type, heading: str) -> None:
    table = PAGE.split(heading, 1)[1].strip().split("\n\n", 1)[0]
    rows = [line.split("|")[1:3] for line in table.splitlines()[2:]]

    told = {name: kind.strip() for kind, names in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {name: kind.value for name, kind in field_types(record).items()}


def operations(expression: Any) -> set[str]:
    if isinstance(expression, list):
        return {one for part in expression for one in operations(part)}
    if not isinstance(expression, dict):
        return set()
    return {*expression, *(one for part in expression.values() for one in operations(part))}


def test_only_the_operations_that_are_listed_are_in_use() -> None:
    listed = re.search(r"Operations in use: (.*?)\.", PAGE)
    assert listed is not None
    logic = [file[part] for file in FILES for part in ("required", "recognised")]
    logic += [one[part] for file in FILES for one in file["findings"] for part in ("concerns", "stated")]

    assert operations([rail for one in logic for rail in one.values()]) == set(re.findall(r"`([^`]+)`", listed[1]))


def test_every_key_of_a_file_is_told() -> None:
    told = section("## 4.")

    assert [key for file in FILES for key in file if f"`{key}`" not in told] == []
    assert [key for file in FILES for one in file["findings"] for key in one if f"`{key}`" not in told] == []


def test_the_largest_number_is_told() -> None:
    assert str(LARGEST) in section("## 3.")


def test_no_file_is_larger_than_the_page_says() -> None:
    told = re.search(r"and ([0-9]+) kB", section("## 6."))
    assert told is not None

    assert max(len(json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode()) for file in FILES) <= (
        int(told[1]) * 1000
    )
