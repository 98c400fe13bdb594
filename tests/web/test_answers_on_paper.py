"""An answer as PDF: the same words as on the page, in two languages, with nothing of who asked; and the link that is shared."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from builder import LAW_FOLDER
from verify_scene import new_scene
from web_node import ROOT, SAMPLES, SampleNode, Visitor

ASKED = {"state": "RU", "gate": "work_permit", "first": "2026-12-01", "last": "2027-05-30"}
FAMILY = SAMPLES / "family_in_russia.contract.yaml"
SCREENS = ROOT / "build" / "screens"


def text_of(data: bytes) -> str:
    """Return the text of a PDF file, lines joined."""
    pages = pypdfium2.PdfDocument(io.BytesIO(data))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def printed(visitor: Visitor, **fields: str) -> str:
    sent = {"file": (FAMILY.name, FAMILY.read_bytes())}
    answer = visitor.send("/check/pdf", sent, **{**ASKED, **fields})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / f"check-{visitor.client.headers['accept-language']}.pdf").write_bytes(answer.content)
    return text_of(answer.content)


def test_a_decision_on_paper_says_what_the_page_says(tmp_path: Path) -> None:
    visitor = Visitor(SampleNode(tmp_path))
    page = visitor.send("/check", {"file": (FAMILY.name, FAMILY.read_bytes())}, **ASKED).text
    paper = printed(visitor)

    plain = re.findall(r'<p class="plain"><span[^>]*>[^<]*</span> ([^<]+)</p>', page)
    assert len(plain) == 4
    assert [one for one in plain if " ".join(one.split()) not in paper] == []
    assert "Sources" in paper


@pytest.mark.parametrize(
    ("language", "state", "said"),
    [
        ("en", "RU", ("Sources", "Источники")),
        ("ru", "KZ", ("Источники", "Дереккөздер")),
        ("hy", "RU", ("Источники",)),
        ("uz-Latn", "RU", ("Manbalar", "Источники")),
    ],
)
def test_it_stands_in_two_languages(tmp_path: Path, language: str, state: str, said: tuple[str, ...]) -> None:
    gate = "work_permit" if state == "RU" else "hiring"
    paper = printed(Visitor(SampleNode(tmp_path), language), state=state, gate=gate)

    assert [one for one in said if one not in paper] == []


def test_a_form_with_faults_comes_back_as_a_page(tmp_path: Path) -> None:
    answer = Visitor(SampleNode(tmp_path)).send("/check/pdf", **{**ASKED, "state": "XX"})

    assert answer.status_code == 422
    assert "text/html" in answer.headers["content-type"]


def test_a_verification_on_paper_has_holder_answer_and_age_of_the_data(tmp_path: Path) -> None:
    scene = new_scene(tmp_path)
    visitor = Visitor(SampleNode(scene.world.folder / "kit", LAW_FOLDER))
    page = visitor.send("/verify", text=scene.issue().text).text
    carried = re.search(r'name="text" value="([^"]+)"', page)
    assert carried
    answer = visitor.send("/verify/pdf", text=scene.issue().text)
    paper = text_of(answer.content)

    assert [one for one in ("Accept", "WORKER ANNA", "hour", "Принять") if one not in paper] == []
    assert visitor.send("/verify/pdf", text="").status_code == 422
    assert visitor.send("/verify/pdf", text="PB1:NONSENSE").status_code == 200


def test_the_link_to_share_holds_nothing_of_a_person(tmp_path: Path) -> None:
    visitor = Visitor(SampleNode(tmp_path))
    personal = {"citizenship": "UZ", "born": "1990-05-17", "role": "worker"}
    page = visitor.send("/check", product=visitor.product("russian_migrant_policy_short"), **ASKED, **personal).text
    link = re.search(r'href="(/check\?[^"]+)"', page)
    assert link

    assert not re.search("born|1990|citizenship|role|name|contract=", link[1])
    shown = visitor.get(link[1].replace("&amp;", "&")).text
    assert 'value="RU" selected' in shown
    assert "1990-05-17" not in shown
