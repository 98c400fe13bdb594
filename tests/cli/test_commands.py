"""The command line as people use it: answers on stdout, words about errors on stderr, and how it ends."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builder import DATA, LAW_FOLDER
from typer.testing import CliRunner

from polisbridge.adapters.folder import read_file, read_folder
from polisbridge.cli.main import cli
from polisbridge.core.law import LawBook
from polisbridge.formats.lawfile import read_law

YES, NO, USAGE, UNDETERMINED, ERROR = range(5)
SUMMER = ("--from", "2026-06-01", "--to", "2026-08-31", "--as-of", "2026-06-01")
ENTRY = ("--state", "NO", "--gate", "entry", "--region", "NO-11", *SUMMER)
HIRING = ("--state", "NO", "--gate", "hiring", *SUMMER)


class TestWorld:
    """The test law, files of this machine, and one fixed day."""

    __test__ = False

    def law(self, folder: Path | None) -> LawBook:
        return read_law(self.law_files(folder))

    def law_files(self, folder: Path | None) -> Mapping[str, bytes]:
        return read_folder(folder or LAW_FOLDER)

    def read(self, path: Path, limit: int) -> bytes:
        return read_file(path, limit)

    def today(self) -> date:
        return date(2026, 6, 1)


class Answer(NamedTuple):
    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: str | Path, lang: str = "en") -> Answer:
    given = ["--lang", lang, *map(str, arguments)]
    result = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(cli, given, obj=TestWorld())
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def assess(name: str, *more: str | Path, lang: str = "en") -> Answer:
    return run("contract", "assess", DATA / name, *more, lang=lang)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "file.yaml"


# Exit codes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("contract.yaml", ENTRY, YES),
        ("contract.yaml", (*ENTRY, "--person", "child"), YES),
        ("poor.yaml", ENTRY, NO),
        ("contract.yaml", HIRING, UNDETERMINED),
        ("dollars.yaml", ENTRY, UNDETERMINED),
        ("dollars.yaml", (*ENTRY, "--rates", str(DATA / "rates.yaml")), YES),
        ("contract.yaml", ("--stays", str(DATA / "stays.yaml")), UNDETERMINED),
        ("contract.yaml", (), USAGE),
        ("contract.yaml", ("--state", "NO"), USAGE),
        ("contract.yaml", ("--state", "NO", "--gate", "door"), USAGE),
        ("contract.yaml", ("--state", "NO", "--gate", "entry", "--as-of", "soon"), USAGE),
        ("contract.yaml", ("--state", "KZ", "--gate", "entry"), ERROR),
        ("contract.yaml", (*ENTRY, "--person", "stranger"), ERROR),
        ("contract.yaml", (*ENTRY, "--suppose", "nothing"), ERROR),
        ("contract.yaml", ("--state", "NO", "--gate", "entry", "--region", "SE-AB"), ERROR),
        ("contract.yaml", ("--state", "NO", "--gate", "entry", "--from", "2026-06-02", "--to", "2026-06-01"), ERROR),
        ("contract.yaml", (*ENTRY, "--purpose", "golf"), ERROR),
        ("missing.yaml", ENTRY, ERROR),
        ("rates.yaml", ENTRY, ERROR),
    ],
)
def test_how_an_assessment_ends(name: str, more: tuple[str, ...], expected: int) -> None:
    assert expected == assess(name, *more).exit


def test_without_a_day_the_day_is_today() -> None:
    answer = assess("contract.yaml", "--state", "NO", "--gate", "entry", "--json")

    assert {"2026-06-01"} == {one["as_of"] for one in answer.json["decisions"]}


# Words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "word"), [("en", "RECOGNISED"), ("ru", "ПРИЗНА")])
def test_the_answer_speaks_the_language(lang: str, word: str) -> None:
    assert word in assess("contract.yaml", *ENTRY, lang=lang).out.upper()


def test_a_russian_answer_has_the_laws_russian_words() -> None:
    assert "Договор из дома" in assess("poor.yaml", *ENTRY, lang="ru").out


def test_a_language_without_words_becomes_english() -> None:
    assert "NOT RECOGNISED" in assess("poor.yaml", *ENTRY, lang="xx").out


def test_an_answer_cites_the_law() -> None:
    assert "Aliens Act, § 1 (official source read) · https://example.org/no" in assess("contract.yaml", *ENTRY).out


def test_a_title_with_square_brackets_is_shown_whole() -> None:
    assert "each person [sic]" in assess("poor.yaml", *ENTRY).out


def test_a_no_says_what_to_change() -> None:
    assert "raise to 10,000.00 EUR" in assess("poor.yaml", *ENTRY).out


def test_an_answer_has_nothing_on_stderr() -> None:
    assert assess("poor.yaml", *ENTRY).err == ""


def test_what_is_supposed_is_said() -> None:
    assert "treaties.future" in assess("contract.yaml", *HIRING, "--suppose", "future").out


def test_a_supposed_treaty_gives_its_route() -> None:
    assert assess("contract.yaml", *HIRING, "--suppose", "future", "--person", "worker").exit == YES


@pytest.mark.parametrize(("lang", "words"), [("en", ("error:", "hint:")), ("ru", ("ошибка:", "подсказка:"))])
def test_an_error_comes_with_a_hint_on_stderr_in_the_language(lang: str, words: tuple[str, ...]) -> None:
    answer = assess("missing.yaml", *ENTRY, lang=lang)

    assert [word in answer.err.lower() for word in words] == [True, True]
    assert answer.out == ""


def test_all_faults_of_a_file_are_told_on_stderr_and_nothing_on_stdout(written: Path) -> None:
    written.write_text(
        "number: 1\nkind: cruise\nperiod: {from: 2026-02-30}\ninsured: [{id: w, role: wizard}]\ncolour: red\n"
    )
    answer = run("contract", "assess", written, *ENTRY)

    assert (answer.exit, answer.out) == (ERROR, "")
    assert [f"{written}:{line}" in answer.err for line in (2, 3, 4, 5)] == [True] * 4


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted(written: Path) -> None:
    written.write_text((DATA / "contract.yaml").read_text() + "".join(f"wrong{number}: 1\n" for number in range(250)))

    told = run("contract", "assess", written, *HIRING).err.splitlines()

    assert [line.split(":")[0] for line in told] == [str(written)] * 200 + ["… and 50 more", "error"]
    assert told[-1].startswith("error: 250 faults")


def test_a_file_of_nothing_but_faults_is_not_searched_to_its_end(written: Path) -> None:
    written.write_text((DATA / "contract.yaml").read_text() + "".join(f"wrong{number}: 1\n" for number in range(1500)))

    assert "… and at least 800 more" in run("contract", "assess", written, *HIRING).err.splitlines()


def test_a_fault_says_file_line_path_found_and_expected(written: Path) -> None:
    written.write_text("number: 1\nkind: travel\nperiod: {}\ninsured: [{id: w, role: worker}]\nhome_state: KAZ\n")
    first = run("contract", "assess", written, *ENTRY).err.splitlines()[0]

    assert [part in first for part in (str(written), "5", "home_state", "KAZ", "ISO 3166-1")] == [True] * 5


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"", b"[" * 10_000, b'{"a":' * 10_000, b" " * 6_000_000, b"a: &x 1", b"a: 1\na: 2", b"null"],
    ids=["not utf-8", "empty", "deep", "deep json", "large", "anchor", "twice", "null"],
)  # fmt: skip
def test_a_hostile_file_is_an_error_and_nothing_is_half_written(data: bytes, written: Path) -> None:
    written.write_bytes(data)
    answer = run("contract", "assess", written, *ENTRY, "--json")

    assert (answer.exit, answer.out) == (ERROR, "")


def test_a_file_of_50_mb_is_refused_at_once(written: Path) -> None:
    with written.open("wb") as file:
        file.truncate(50_000_000)

    assert run("contract", "assess", written, *ENTRY).exit == ERROR


def test_a_folder_given_as_a_file_is_an_error(tmp_path: Path) -> None:
    assert run("contract", "assess", tmp_path, *ENTRY).exit == ERROR


def test_a_contract_without_an_end_in_sight_is_no_crash(written: Path) -> None:
    written.write_text(
        (DATA / "poor.yaml").read_text(encoding="utf-8").replace("2026-08-30", "9999-12-31"), encoding="utf-8"
    )

    assert run("contract", "assess", written, *ENTRY).exit == NO


# JSON -------------------------------------------------------------------------------------------------

DECISION_KEYS = {
    "format", "law", "person", "state", "gate", "as_of", "verdict", "if_confirmed", "if_refuted", "route", "basis", "needs",
    "assumed", "duties", "exemptions", "routes", "questions", "rates", "facts",
}  # fmt: skip


def test_json_has_one_decision_per_person_in_the_published_shape() -> None:
    decisions = assess("contract.yaml", *ENTRY, "--json").json["decisions"]

    assert [one["person"] for one in decisions] == ["worker", "child"]
    assert [set()] * 2 == [DECISION_KEYS - set(one) for one in decisions]


def test_json_cites_law_with_evidence_and_hash() -> None:
    decision = assess("poor.yaml", *ENTRY, "--json").json["decisions"][0]

    assert len(decision["law"]["hash"]) == 64
    assert {"primary"} == {finding["evidence"] for finding in decision["routes"][0]["findings"]}


def test_json_has_the_same_exit_code() -> None:
    assert assess("poor.yaml", *ENTRY, "--json").exit == NO


def test_json_is_the_same_in_every_language() -> None:
    assert assess("poor.yaml", *ENTRY, "--json").out == assess("poor.yaml", *ENTRY, "--json", lang="ru").out


def test_the_matrix_in_json() -> None:
    answer = run("contract", "matrix", DATA / "contract.yaml", "--as-of", "2026-06-01", "--json").json

    assert [(cell["state"], cell["gate"]) for cell in answer["cells"]] == [
        ("NO", "entry"),
        ("NO", "hiring"),
        ("SE", "visa"),
    ]


@pytest.mark.parametrize(("lang", "name"), [("en", "Norway"), ("ru", "Норвегия")])
def test_the_matrix_in_words(lang: str, name: str) -> None:
    assert name in run("contract", "matrix", DATA / "contract.yaml", lang=lang).out


# Decisions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more"),
    [("contract.yaml", ()), ("poor.yaml", ()), ("dollars.yaml", ("--rates", str(DATA / "rates.yaml")))],
)
def test_a_saved_answer_replays(name: str, more: tuple[str, ...], written: Path) -> None:
    written.write_text(assess(name, *ENTRY, *more, "--json").out, encoding="utf-8")

    assert run("decision", "replay", written).exit == YES


def test_a_scenario_replays(written: Path) -> None:
    written.write_text(assess("contract.yaml", *HIRING, "--suppose", "future", "--json").out, encoding="utf-8")

    assert run("decision", "replay", written).exit == YES


def test_an_answer_tampered_with_does_not_replay(written: Path) -> None:
    text = assess("poor.yaml", *ENTRY, "--json").out
    written.write_text(text.replace('"verdict": "not_recognised"', '"verdict": "recognised"'), encoding="utf-8")

    assert run("decision", "replay", written).exit == NO


def test_another_law_is_told_by_its_hash(written: Path) -> None:
    saved = assess("poor.yaml", *ENTRY, "--json")
    written.write_text(saved.out.replace(saved.json["decisions"][0]["law"]["hash"], "f" * 64), encoding="utf-8")
    (replay,) = run("decision", "replay", written, "--json").json["replays"]

    assert (replay["saved_hash"], replay["law_changed"]) == ("f" * 64, True)


@pytest.mark.parametrize(
    "text", ["a: b", "{}", "[]", '{"decisions": 5}', '{"decisions": [5]}', '{"decisions": []}', "5", '{"facts": {}}']
)
def test_what_is_no_saved_answer_is_an_error(text: str, written: Path) -> None:
    written.write_text(text)

    assert run("decision", "replay", written).exit == ERROR


# Law --------------------------------------------------------------------------------------------------


def test_the_law_is_checked() -> None:
    assert run("law", "check", "--json").json | {"law": None} == {"law": None, "provisions": 12, "cases": 63}


def test_faults_of_the_law_end_in_an_error(tmp_path: Path) -> None:
    (tmp_path / "no").mkdir()
    (tmp_path / "no" / "jurisdiction.yaml").write_text("id: no\ntitle: {en: Norway}\nstate: XX\n")
    answer = run("--law", tmp_path, "law", "check")

    assert (answer.exit, "no/jurisdiction.yaml:3" in answer.err) == (ERROR, True)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert run("--law", tmp_path / "nowhere", "law", "list").exit == ERROR


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), 12),
        (("--state", "SE"), 1),
        (("--state", "NO"), 11),
        (("--kind", "exemption"), 2),
        (("--gate", "visa"), 1),
        (("--as-of", "2019-01-01"), 0),
        (("--state", "NO", "--kind", "open_question"), 1),
    ],
)
def test_the_law_is_listed(more: tuple[str, ...], expected: int) -> None:
    assert expected == len(run("law", "list", *more, "--json").json["provisions"])


@pytest.mark.parametrize("command", ["list", "coverage"])
def test_lists_show_square_brackets_as_they_are(command: str) -> None:
    assert "[sic]" in run("law", command).out


def test_a_provision_is_shown_by_id_in_the_language() -> None:
    assert "Иностранец должен быть застрахован" in run("law", "show", "no.aliens_act.duty", lang="ru").out


def test_all_provisions_below_a_beginning_are_shown() -> None:
    assert len(run("law", "show", "no.aliens_act", "--json").json["provisions"]) == 8


def test_a_provision_is_cited() -> None:
    assert "no.aliens_act.duty: Aliens Act, § 1" in run("law", "cite", "no.aliens_act.duty").out


@pytest.mark.parametrize("command", ["show", "cite"])
def test_a_provision_that_is_not_there_is_an_error(command: str) -> None:
    assert run("law", command, "no.nothing").exit == ERROR


def test_coverage_names_every_fact() -> None:
    assert len(run("law", "coverage", "--json").json["facts"]) == 13


def test_the_law_of_two_days_is_compared() -> None:
    changes = run("law", "diff", "2027-12-31", "2028-01-01", "--json").json["changes"]

    assert changes == [{"change": "gone", "on": "2028-01-01", "id": "no_oslo.city_rules.clinic"}]


# Schemas and help -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["contract", "stays", "rates", "provision", "cases", "jurisdiction", "vocabulary"])
def test_a_schema_is_published(kind: str) -> None:
    assert run("schema", kind).json["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "command", [("contract", "assess"), ("contract", "matrix"), ("law", "check"), ("decision", "replay"), ("schema",)]
)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    assert run(*command, "--help").exit == YES


def test_an_unknown_command_is_a_usage_error() -> None:
    assert run("contract", "sing").exit == USAGE
