"""Hostile forms: whatever is sent, the answer is a page in words and never an inner error."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_node import SAMPLES, Visitor

from polisbridge.web.check_form import CARRIED

SCRIPT = "\"'><script>alert(1)</script>{{7*7}}"
FIELDS = (*CARRIED, "place")
_VISITORS: list[Visitor] = []


def visitor() -> Visitor:
    """Return one visitor for all tests: what they send leaves nothing behind."""
    if not _VISITORS:
        _VISITORS.append(Visitor())
    return _VISITORS[0]


def has_foreign_script(page: str) -> bool:
    """Say whether a page holds a script other than the site's own files."""
    return "<script" in re.sub(r'<script src="/static/\w+\.js"( defer| type="module")?></script>', "", page)


@pytest.mark.parametrize("path", ["/check", "/check/everywhere", "/verify"])
@pytest.mark.parametrize("field", [*FIELDS, "text"])
def test_a_script_in_a_field_is_shown_as_text(path: str, field: str) -> None:
    found = visitor().send(path, **{"product": "1", "state": "RU", "keep": "1", field: SCRIPT})

    assert found.status_code in (200, 422)
    assert (has_foreign_script(found.text), "49" in found.text.replace("1949", "").split("alert")[0][-9:]) == (
        False,
        False,
    )


def test_a_script_in_the_name_or_the_words_of_a_file_is_shown_as_text() -> None:
    contract = (SAMPLES / "family_in_russia.contract.yaml").read_text().replace("id: worker", "id: '<script>'")
    wrong = visitor().send("/check", {"file": (f"../{SCRIPT}.yaml", contract.encode())}, state="RU")
    named = (
        (SAMPLES / "family_in_russia.contract.yaml")
        .read_text()
        .replace("name: K. O.", "name: <script>alert(1)</script>")
    )
    right = visitor().send("/check", {"file": (SCRIPT, named.encode())}, state="RU")

    assert [(one.status_code, has_foreign_script(one.text)) for one in (wrong, right)] == [(422, False), (200, False)]


@pytest.mark.parametrize("name", ["lang", "product", "state", "gate", "first", "back"])
def test_a_script_in_an_address_is_shown_as_text(name: str) -> None:
    for path in ("/", "/check", "/verify", "/law", "/compare"):
        assert not has_foreign_script(visitor().client.get(path, params={name: SCRIPT}).text)


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"{}", "application/json", 415),
        (b"<a/>", "text/xml", 415),
        (b"", "", 415),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nbroken", "multipart/form-data", 400),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="state"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=nonsense\r\n\r\na\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (b"state=%ff%fe%00", "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a=1" for _ in range(5000)), "application/x-www-form-urlencoded", 422),
    ],
)
def test_a_form_that_is_none_is_refused(content: bytes, kind: str, expected: int) -> None:
    sender = visitor()
    headers = {"content-type": kind, "x-csrftoken": sender.token("/check")}

    assert sender.client.post("/check", content=content, headers=headers).status_code == expected


def test_a_form_that_is_none_is_refused_without_a_token_too() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="_csrf_token"\r\n\r\n\xff\r\n--x--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}

    assert visitor().client.post("/check", content=body, headers=headers).status_code == 400


def test_a_form_of_too_many_fields_is_refused() -> None:
    many = {f"f{number}": "1" for number in range(500)}

    assert visitor().send("/check", **many).status_code == 400


@pytest.mark.parametrize("path", ["/check", "/verify"])
def test_a_huge_file_is_refused(path: str) -> None:
    found = visitor().send(path, {"file": ("huge.png", b"\x89PNG\r\n\x1a\n" + b"0" * 13_000_000)})

    assert (found.status_code, "too large" in found.text) == (413, True)


@pytest.mark.parametrize(
    "data",
    [
        b"a: &a [x]\nb: *a",
        b"[" * 2000,
        b"a: !!python/object/apply:os.system [ls]",
        "number: ж".encode("utf-16"),
        "number: ж".encode("cp1251"),
        b"\x00" * 1000,
        b"null",
        b"- 1\n- 2",
        b"number: 1\n" * 3000,
        b"{" + b'"a":' * 500,
        b"number: 9" + b"9" * 100_000,
    ],
)
def test_a_file_that_is_no_contract_is_told_what_is_wrong_with_it(data: bytes) -> None:
    found = visitor().send("/check", {"file": ("c.yaml", data)}, state="RU")

    assert (found.status_code, 'href="#file"' in found.text) == (422, True)


def test_days_at_the_ends_of_the_calendar_are_no_inner_error() -> None:
    far = (
        b"number: 1\nkind: voluntary\nperiod: {from: 0001-01-01, to: 9999-12-31}\nconcluded: 0001-01-01\n"
        b"insured: [{id: a, role: worker, born: 9999-12-31, citizenship: [UZ]}]\n"
    )

    for path in ("/check", "/check/everywhere"):
        assert visitor().send(path, {"file": ("c.yaml", far)}, state="RU", first="1900-01-01").status_code == 200


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30) | st.sampled_from(["1", "RU", "2026-11-22"])))
def test_no_words_in_any_field_are_an_inner_error(fields: dict[str, str]) -> None:
    sendable = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}

    assert visitor().send("/check", **sendable).status_code in (200, 422)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_of_a_file_are_an_inner_error(data: bytes) -> None:
    assert visitor().send("/check", {"file": ("f", data)}, state="KZ").status_code in (200, 422)
