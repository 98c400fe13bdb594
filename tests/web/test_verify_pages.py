"""*Verify*: text, picture or PDF; the answer on one screen with its reasons and the age of the data."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from builder import LAW_FOLDER
from trust_builder import NOW
from verify_scene import NOTE, Scene, new_scene
from web_node import SampleNode, Visitor

from polisbridge.formats.qr import png, symbol_of

OCCASION = {"state": "NO", "gate": "entry", "region": "NO-11", "first": "2026-12-01", "last": "2027-02-28"}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return new_scene(tmp_path)


@pytest.fixture
def visitor(scene: Scene) -> Visitor:
    return Visitor(SampleNode(scene.world.folder / "kit", LAW_FOLDER))


def answers(text: str) -> list[str]:
    return re.findall(r'<div class="answer (\w+)">', text)


def test_a_genuine_certificate_is_accepted_from_text_picture_and_text_file(visitor: Visitor, scene: Scene) -> None:
    text = scene.issue().text
    ways = [
        visitor.send("/verify", text=text),
        visitor.send("/verify", text="\n".join([text[:60], text[60:]])),
        visitor.send("/verify", {"photo": ("photo.png", png(symbol_of(text)))}),
        visitor.send("/verify", {"file": ("certificate.txt", f"{text}\r\n".encode())}),
    ]

    assert [answers(one.text) for one in ways] == [["accept"]] * 4
    assert ways[0].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Accept",
                "WORKER ANNA",
                "Trust data 5 hours old",
                "Status: valid, 5 hours old",
                "Nov 22, 2026, 17:00 UTC",
            ],
        ),
        ("ru", ["Принять", "WORKER ANNA", "Данным доверия 5 часов", "5 часов назад", "22 нояб. 2026"]),
    ],
    ids=["en", "ru"],
)
def test_the_answer_tells_holder_and_age_of_the_data(scene: Scene, language: str, said: list[str]) -> None:
    node = SampleNode(scene.world.folder / "kit", LAW_FOLDER, at=NOW + timedelta(hours=5))
    text = Visitor(node, language).send("/verify", text=scene.issue().text).text

    assert [one for one in said if one not in text] == []


def test_asked_for_an_occasion_the_law_of_the_kit_decides_with_its_reasons(visitor: Visitor, scene: Scene) -> None:
    good = visitor.send("/verify", text=scene.issue().text, **OCCASION).text
    facts = {**scene.contract.facts, "sum_insured": 1}
    poor = visitor.send("/verify", text=scene.issue(facts=facts).text, **OCCASION).text

    assert (answers(good), answers(poor)) == (["accept"], ["refuse"])
    assert 'class="finding not_met"' in poor


def test_a_revoked_certificate_is_refused(visitor: Visitor, scene: Scene) -> None:
    issued = scene.issue()
    scene.register.revoke([issued.key], NOTE)
    scene.publish(NOW + timedelta(minutes=1))
    scene.sync(NOW + timedelta(minutes=2))
    visitor.node.at = NOW + timedelta(minutes=3)

    assert answers(visitor.send("/verify", text=issued.text).text) == ["refuse"]


def test_of_a_forged_certificate_nothing_is_shown_as_if_it_were_true(visitor: Visitor, scene: Scene) -> None:
    text = scene.issue().text
    found = visitor.send("/verify", text=text[:-30] + "0" * 30).text

    assert answers(found) != ["accept"]
    assert "WORKER ANNA" not in found


def test_a_node_that_was_never_synchronised_says_so_and_decides_nothing(scene: Scene) -> None:
    found = Visitor(SampleNode(None, LAW_FOLDER)).send("/verify", text=scene.issue().text).text

    assert answers(found) == ["undetermined"]
    assert "no trust data yet" in found
    assert "WORKER ANNA" not in found


def test_the_kit_is_asked_for_the_law_of_the_state_of_stay(visitor: Visitor, scene: Scene) -> None:
    visitor.send("/verify", text=scene.issue().text)
    visitor.send("/verify", text=scene.issue().text, **OCCASION)

    assert visitor.node.asked == ["", "NO"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["text"]),
        ({"text": "PB1:X", "state": "NO"}, ["gate"]),
        ({"text": "PB1:X", "gate": "entry"}, ["state"]),
        ({"text": "PB1:X", "state": "QQ", "gate": "nothing"}, ["state", "gate"]),
        ({"text": "PB1:X", **OCCASION, "last": "2026-01-01"}, ["last"]),
    ],
)
def test_a_form_that_lacks_something_is_shown_again(visitor: Visitor, fields: dict[str, str], wrong: list[str]) -> None:
    found = visitor.send("/verify", **fields)

    assert found.status_code == 422
    assert sorted(re.findall(r'<li><a href="#(\w+)">', found.text)) == sorted(wrong)


@pytest.mark.parametrize(
    "data", [b"GIF89a", b"number: 1", b"\x00\x01", b"%PDF-1.7\nrubbish", b"\x89PNG\r\n\x1a\nrubbish"]
)
def test_a_file_that_holds_no_certificate_is_told_to_hold_none(visitor: Visitor, data: bytes) -> None:
    found = visitor.send("/verify", {"file": ("x", data)})

    assert found.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', found.text) == ["file"]


@pytest.mark.parametrize("text", ["PB1:", "PB1:0", "hello", "PB1:" + "A" * 100_000, "\x00", "ПБ1:"])
def test_a_text_that_is_no_certificate_is_refused(visitor: Visitor, text: str) -> None:
    found = visitor.send("/verify", text=text)

    assert found.status_code in (200, 422)
    assert answers(found.text) in (["refuse"], [])
