"""The commands on certificates and status lists, as an insurer and an office would run them one after the other."""

import re
import subprocess
import sys
from pathlib import Path

STORY = Path(__file__).parents[2] / "tools" / "walkthrough_certificate.py"
ANSWERS = ["ПРИНЯТЬ", "ОТКАЗАТЬ", "НЕ ОПРЕДЕЛЕНО", "НЕ ОПРЕДЕЛЕНО", "ПРИНЯТЬ", "ОТКАЗАТЬ"]


def test_the_life_of_a_certificate_from_issue_to_refusal() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(STORY), "ru"], capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    answers = re.findall(r"^([A-ZА-Я ]+?)  SAMPLE-UZ-0001/(?:worker|spouse|child)", done.stdout, re.MULTILINE)
    assert answers == ANSWERS
    assert not re.search(r"\b(reason|advice|answer_word|list_sync|certificate)\.[a-z_]+", done.stdout)
