"""Text into a tree: every scalar stays text, and what could mislead is refused by name, with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.formats.tree import MAX_BYTES, MAX_DEPTH, read_tree


def tree(text: str) -> object:
    return read_tree(text.encode(), "file.yaml").tree


def faults(data: bytes | str) -> list[Fault]:
    with pytest.raises(InputFaults) as caught:
        read_tree(data.encode() if isinstance(data, str) else data, "file.yaml")
    return caught.value.faults


def told(data: bytes | str) -> list[tuple[int, str, FaultCode, str]]:
    return [(fault.line, fault.path, fault.code, fault.found) for fault in faults(data)]


@pytest.mark.parametrize(
    "word",
    [
        "NO",
        "no",
        "on",
        "off",
        "yes",
        "y",
        "true",
        "0x10",
        "010",
        "1_000",
        "1e3",
        "1.10",
        "2026-06-01",
        "12:30:45",
        ".inf",
        "=",
        "<<",
    ],
)
def test_a_word_stays_the_text_it_is(word: str) -> None:
    assert tree(f"key: {word}") == {"key": word}


def test_a_key_stays_the_text_it_is() -> None:
    assert tree("NO: a\non: b\n1: c") == {"NO": "a", "on": "b", "1": "c"}


def test_an_amount_keeps_its_zeros() -> None:
    assert tree("amount: 10000.00") == {"amount": "10000.00"}


def test_a_quoted_empty_text_is_a_text() -> None:
    assert tree("a: ''") == {"a": ""}


def test_a_quoted_null_is_a_text() -> None:
    assert tree("a: 'null'") == {"a": "null"}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_tree(b"\xef\xbb\xbfa: b", "x").tree == {"a": "b"}


plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029\ufeff\ufffe\uffff"))
trees = st.recursive(
    plain, lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(plain, part, max_size=3)), max_leaves=8
)


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@given(value=st.dictionaries(plain, trees, min_size=1, max_size=3))
def test_json_is_read_as_it_was_written(indent: int | str | None, value: dict[str, object]) -> None:
    assert value == tree(json.dumps(value, ensure_ascii=False, indent=indent))


@given(value=st.dictionaries(plain, trees, min_size=1, max_size=3))
def test_json_in_plain_ascii_is_read_as_it_was_written(value: dict[str, object]) -> None:
    assert value == tree(json.dumps(value))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2", [(2, "a", FaultCode.DUPLICATE_KEY, "a")]),
        ('{"a": 1,\n "a": 2}', [(2, "a", FaultCode.DUPLICATE_KEY, "a")]),
        ("b:\n  a: 1\n  a: 2", [(3, "b.a", FaultCode.DUPLICATE_KEY, "a")]),
        ("a: null", [(1, "a", FaultCode.WRONG_VALUE, "null")]),
        ("a: ~", [(1, "a", FaultCode.WRONG_VALUE, "~")]),
        ("a:", [(1, "a", FaultCode.WRONG_VALUE, "nothing")]),
        ("a: [x, null]", [(1, "a[1]", FaultCode.WRONG_VALUE, "null")]),
        ('{"a": null}', [(1, "a", FaultCode.WRONG_VALUE, "null")]),
        ("a: &x 1", [(1, "(whole file)", FaultCode.SYNTAX, "&x")]),
        (
            "a: !!python/object:os.system x",
            [(1, "(whole file)", FaultCode.SYNTAX, "tag:yaml.org,2002:python/object:os.system")],
        ),
        ("a: !!int 1", [(1, "(whole file)", FaultCode.SYNTAX, "tag:yaml.org,2002:int")]),
        ("a: !mine {}", [(1, "(whole file)", FaultCode.SYNTAX, "!mine")]),
        ("a: 1\n---\nb: 2", [(2, "(whole file)", FaultCode.SYNTAX, "a second document")]),
        ("", [(1, "(whole file)", FaultCode.SYNTAX, "an empty file")]),
        ("# nothing\n", [(1, "(whole file)", FaultCode.SYNTAX, "an empty file")]),
    ],
)
def test_what_could_mislead_is_refused_by_name(text: str, expected: list[tuple[int, str, FaultCode, str]]) -> None:
    assert expected == told(text)


def test_an_alias_is_refused_where_it_stands() -> None:
    assert (2, FaultCode.SYNTAX, "*x") in [(line, code, found) for line, _, code, found in told("a: &x 1\nb: *x")]


def test_a_bomb_of_aliases_is_refused() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )

    assert {FaultCode.SYNTAX} == {fault.code for fault in faults(bomb)}


def test_a_list_as_a_key_is_refused() -> None:
    assert FaultCode.SYNTAX in [fault.code for fault in faults("? [a, b]\n: c")]


def test_all_faults_come_at_once_in_order_of_line() -> None:
    assert told("a: null\nb: 1\nb: 2\nc: ~\n") == [
        (1, "a", FaultCode.WRONG_VALUE, "null"),
        (3, "b", FaultCode.DUPLICATE_KEY, "b"),
        (4, "c", FaultCode.WRONG_VALUE, "~"),
    ]


def test_broken_syntax_is_told_with_its_line() -> None:
    assert [(fault.line, fault.code) for fault in faults("a: [1,\nb: }")] == [(2, FaultCode.SYNTAX)]


def test_text_that_is_not_utf_8_is_told_with_its_line() -> None:
    assert told(b"a: b\nc: \xff\xfe\n") == [(2, "(whole file)", FaultCode.SYNTAX, "not UTF-8")]


def test_utf_16_is_refused() -> None:
    assert [fault.code for fault in faults("a: b".encode("utf-16"))] == [FaultCode.SYNTAX]


def test_a_file_of_50_mb_is_refused_unread() -> None:
    assert told(b" " * 50_000_000) == [(1, "(whole file)", FaultCode.TOO_LARGE, "50000000 bytes")]


def test_a_file_of_exactly_the_limit_is_read() -> None:
    assert read_tree(b"a: b\n" + b"#" * (MAX_BYTES - 5), "x").tree == {"a": "b"}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        "\n".join(" " * depth + "a:" for depth in range(2_000)),
        "- " * 10_000 + "a",
        "[" * 10_000,
    ],
    ids=["lists", "json", "block", "dashes", "unclosed"],
)
def test_nesting_10000_deep_is_refused(text: str) -> None:
    assert [fault.code for fault in faults(text)] == [FaultCode.TOO_DEEP]


def test_nesting_of_exactly_the_limit_is_read() -> None:
    assert tree("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


def test_a_fault_says_file_line_path_found_and_expected() -> None:
    (fault,) = faults("a:\n  - b: null")

    assert (fault.file, fault.line, fault.path, fault.found) == ("file.yaml", 2, "a[0].b", "null")
    assert "leave the key out" in fault.expected
