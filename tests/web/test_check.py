"""*Check my contract*: plain words first, reasons with sources, what to do by when; faults beside their fields."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from verify_scene import new_scene
from web_node import SAMPLES, SampleNode, Visitor

from polisbridge.formats.qr import png, symbol_of

PERSON = {"role": "worker", "citizenship": "UZ", "born": "1990-05-17"}
PLACE = {"state": "RU", "gate": "work_permit", "first": "2026-12-01", "last": "2027-11-30"}


@pytest.fixture(scope="module")
def visitor() -> Visitor:
    return Visitor()


def faults(text: str) -> dict[str, str]:
    """Return the faults in the summary, by the field each leads to."""
    found = re.findall(r'<li><a href="#(\w+)">(.*?)</a></li>', text)
    return {field: html.unescape(said) for field, said in found}


def plain(text: str) -> list[str]:
    """Return the plain words of each answer."""
    return [html.unescape(one) for one in re.findall(r'class="plain"><span[^>]*>.</span> ([^<]*)</p>', text)]


def hidden(text: str) -> dict[str, str]:
    return {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
    }


@pytest.mark.parametrize(
    ("language", "said", "left"),
    [
        ("en", "Not yet. 1 thing is missing.", "9 days are left"),
        ("ru", "Ещё нет. Не хватает 1 пункта.", "Осталось 9 дней"),
    ],
    ids=["en", "ru"],
)
def test_a_product_that_is_one_step_short_says_what_to_do_and_by_when(language: str, said: str, left: str) -> None:
    visitor = Visitor(language=language)
    found = visitor.send("/check", product=visitor.product("russian_migrant_policy_short"), **PLACE, **PERSON)

    assert (found.status_code, plain(found.text)) == (200, [said])
    assert left in found.text
    assert 'href="/law/p/ru.directive_3793_u.sum_insured' in found.text or 'href="/law/p/ru.' in found.text
    assert found.headers["Cache-Control"] == "no-store"


def test_a_product_of_an_insurer_abroad_is_told_to_be_the_wrong_one(visitor: Visitor) -> None:
    found = visitor.send("/check", product=visitor.product("uzbek_home_contract"), **PLACE, **PERSON)

    assert plain(found.text) == ["No. It takes a contract of another insurer or of another kind."]


def test_without_a_gate_all_occasions_of_the_state_are_answered(visitor: Visitor) -> None:
    product = visitor.product("russian_migrant_policy")
    found = visitor.send("/check", product=product, **{**PLACE, "gate": ""}, **PERSON)

    assert len(plain(found.text)) == len(visitor.node.book.gates_of("RU"))
    assert "All occasions" in found.text


def test_the_members_of_a_family_stand_side_by_side(visitor: Visitor) -> None:
    sample = (SAMPLES / "family_in_russia.contract.yaml").read_bytes()
    found = visitor.send("/check", {"file": ("family.yaml", sample)}, **{**PLACE, "gate": "entry"})

    assert re.findall(r'<article class="answer \w+">\s*<h3>(\w+)</h3>', found.text) == [
        "worker",
        "spouse",
        "child",
        "parent",
    ]


def test_all_states_and_occasions_stand_at_a_glance_and_each_leads_to_its_answer(visitor: Visitor) -> None:
    sample = (SAMPLES / "family_in_russia.contract.yaml").read_bytes()
    glance = visitor.send("/check/everywhere", {"file": ("family.yaml", sample)}, first="2026-12-01", last="2027-01-10")
    cells = re.findall(r'name="place" value="(\w\w):(\w+)"', glance.text)
    book = visitor.node.book

    assert set(cells) == {(state, gate.value) for state in book.states() for gate in book.gates_of(state)}
    carried = hidden(glance.text)
    found = visitor.send("/check", **{**carried, "place": "KZ:hiring"})
    assert "Kazakhstan: hiring" in found.text
    assert len(plain(found.text)) == 4


def test_the_answer_can_be_had_in_another_language_without_asking_again(visitor: Visitor) -> None:
    product = visitor.product("russian_migrant_policy_short")
    carried = hidden(visitor.send("/check", product=product, **PLACE, **PERSON).text)
    found = visitor.send("/check?lang=ru", **carried)

    assert plain(found.text) == ["Ещё нет. Не хватает 1 пункта."]
    visitor.client.cookies.clear()


def test_the_link_to_share_holds_nothing_about_the_person(visitor: Visitor) -> None:
    product = visitor.product("russian_migrant_policy_short")
    text = visitor.send("/check", product=product, **PLACE, **PERSON, residence_status="refugee").text
    link = html.unescape(re.findall(r'href="(/check\?[^"]+)"', text)[0])

    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert asked == {"product": product, **PLACE}
    form = visitor.get(link).text
    assert [f'value="{value}" selected' in form for value in (product, "RU", "work_permit")] == [True] * 3


def test_what_is_personal_is_not_taken_from_an_address(visitor: Visitor) -> None:
    form = visitor.get("/check?born=1990-05-17&citizenship=UZ&contract=abc").text

    assert "1990-05-17" not in form
    assert 'value="UZ" selected' not in form


def test_all_faults_are_told_at_once_beside_their_fields_and_what_was_typed_stays(visitor: Visitor) -> None:
    wrong = {"first": "31.12.2026", "last": "2026-01-01", "born": "2027-01-01", "citizenship": "ZZ", "as_of": "soon"}
    found = visitor.send("/check", product=visitor.product("uzbek_home_contract"), role="worker", **wrong)

    assert found.status_code == 422
    assert faults(found.text) == {
        "last": "The last day is before the first.",
        "cover_last": "The last day is before the first.",
        "born": "This day is in the future.",
        "citizenship": "Choose from the list; “ZZ” is not on it.",
        "as_of": "Write a day such as 31.12.2026; “soon” is none.",
        "state": "Choose one.",
    }
    assert 'value="31.12.2026"' in found.text
    assert 'aria-describedby="state-fault" aria-invalid="true"' in re.sub(r"\s+", " ", found.text)


def test_nothing_chosen_is_a_fault_and_not_an_answer(visitor: Visitor) -> None:
    assert faults(visitor.send("/check").text) == {"product": "Choose a product or a file.", "state": "Choose one."}


def test_the_faults_of_a_file_are_told_with_their_lines(visitor: Visitor) -> None:
    broken = b"number: 1\nkind: voluntary\nperiod: {from: 2026-02-30}\ninsured: [{id: a, role: cousin}]\n"
    text = visitor.send("/check", {"file": ("c.yaml", broken)}, state="RU").text
    said = [html.unescape(one) for one in re.findall(r'<li><a href="#file">(.*?)</a>', text)]

    assert [one.split(":")[0] for one in said] == ["Line 3, period.from", "Line 4, insured[0].role"]


def test_a_good_file_is_kept_while_another_field_is_corrected(visitor: Visitor) -> None:
    sample = (SAMPLES / "family_in_russia.contract.yaml").read_bytes()
    wrong = visitor.send("/check", {"file": ("family.yaml", sample)}, state="")
    assert faults(wrong.text) == {"state": "Choose one."}

    again = visitor.send("/check", **{**hidden(wrong.text), "keep": "1", "state": "RU", "gate": "entry"})
    assert len(plain(again.text)) == 4


def test_a_contract_of_a_crowd_is_not_for_this_page(visitor: Visitor) -> None:
    persons = "\n".join(f"  - {{id: p{number}, role: worker}}" for number in range(21))
    crowd = f"number: 1\nkind: voluntary\nperiod: {{}}\ninsured:\n{persons}\n".encode()

    text = visitor.send("/check", {"file": ("crowd.yaml", crowd)}, state="RU").text
    assert faults(text) == {"file": "This page is for families: at most 20 persons at once."}


def test_a_region_of_another_state_is_a_fault(visitor: Visitor) -> None:
    text = visitor.send("/check", product="1", state="KZ", region="RU-MOW").text

    assert faults(text) == {"region": "This region is not in the state chosen (Kazakhstan)."}


def test_a_certificate_as_text_or_picture_is_decided_and_told_not_to_be_verified(tmp_path: Path) -> None:
    text = new_scene(tmp_path).issue().text
    visitor = Visitor(SampleNode())
    for file in (text.encode(), png(symbol_of(text))):
        found = visitor.send("/check", {"file": ("certificate", file)}, **PLACE)

        assert (found.status_code, len(plain(found.text))) == (200, 1)
        assert "signature of the certificate was not checked here" in found.text


def test_every_provision_that_an_answer_names_has_its_page(visitor: Visitor) -> None:
    found = visitor.send("/check", product=visitor.product("russian_migrant_policy_short"), **PLACE, **PERSON)
    links = set(re.findall(r'href="(/law/p/[^"]+)"', found.text))

    assert len(links) > 5
    assert [link for link in links if visitor.get(link).status_code != 200] == []
